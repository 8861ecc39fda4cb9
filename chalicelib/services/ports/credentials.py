"""Who somebody is: tokens, passwords, passcodes."""

from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.types import Millis, Role, SittingKind


@dataclass(frozen=True, slots=True)
class ClaimedSitting:
    """Which paper a candidate's token is for, so that saving an answer need not read the session."""

    subject_id: str
    kind: SittingKind


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: the role, whose it is (a session's id or a username), until when."""

    role: Role
    subject: str
    expires_at: Millis
    sitting: ClaimedSitting | None = None
    seb_verified: bool = False
    """Whether the device that holds it has proven to run Safe Exam Browser."""
    generation: int = 1
    """Of a candidate's or a phone's token: for which of the session's devices, or phones, it is."""


class Tokens(Protocol):
    """Signed tokens. `purpose` keeps a socket ticket from being used at the API, and the reverse."""

    def issue(self, claims: Claims, purpose: str) -> str: ...
    def read(self, token: str, purpose: str, now: Millis) -> Claims:
        """Return the claims. Raises NotSignedIn."""
        ...


class Passwords(Protocol):
    """Slow, salted hashes of staff passwords."""

    def hash(self, password: str) -> str: ...
    def matches(self, password: str, stored: str) -> bool: ...


class OneTimeCodes(Protocol):
    """Codes of an authenticator app, the second factor of staff who have one."""

    def new_secret(self) -> str: ...
    def provisioning_uri(self, secret: str, username: str) -> str:
        """Return what an app is given to make the codes, as an `otpauth://` address."""
        ...

    def time_step(self, secret: str, code: str, now: Millis) -> int | None:
        """Return of which time step a code is, or None where it is of none near `now`."""
        ...


class Passcodes(Protocol):
    """Passcodes in clear, for the messages that tell them. Only the newest of a sitting is kept."""

    def keep(self, subject_id: str, kind: SittingKind, passcode: str) -> None: ...
    def reveal(self, subject_id: str, kind: SittingKind) -> str | None: ...
