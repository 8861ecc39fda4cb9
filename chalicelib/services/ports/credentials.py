"""Tokens, passwords, one-time codes and passcodes."""

from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.types import Millis, Role, SittingKind


@dataclass(frozen=True, slots=True)
class ClaimedSitting:
    """The sitting of a candidate's token, so that saving an answer need not read the session."""

    subject_id: str
    kind: SittingKind


@dataclass(frozen=True, slots=True)
class Claims:
    """A token's claims: role, subject (a session's id or a username) and expiry."""

    role: Role
    subject: str
    expires_at: Millis
    sitting: ClaimedSitting | None = None
    seb_verified: bool = False
    """Whether the device has proven that it runs Safe Exam Browser."""
    generation: int = 1
    """The generation of the session's device or phone, or of a staff account's sessions."""


class Tokens(Protocol):
    """Signed tokens; `purpose` keeps socket tickets and API tokens from being exchanged."""

    def issue(self, claims: Claims, purpose: str) -> str: ...
    def read(self, token: str, purpose: str, now: Millis) -> Claims:
        """Return a token's claims. Raises NotSignedIn where it is invalid or has expired."""
        ...


class Passwords(Protocol):
    """Slow, salted hashes of staff passwords."""

    def hash(self, password: str) -> str: ...
    def matches(self, password: str, stored: str) -> bool: ...


class OneTimeCodes(Protocol):
    """One-time codes of an authenticator app, the second factor of staff."""

    def new_secret(self) -> str: ...
    def provisioning_uri(self, secret: str, username: str) -> str:
        """Return the `otpauth://` address that sets an authenticator app up."""
        ...

    def time_step(self, secret: str, code: str, now: Millis) -> int | None:
        """Return the time step near `now` that a code is valid for, or None."""
        ...


class Passcodes(Protocol):
    """Passcodes, or the secrets of personal ones, in clear; each under the hash in the exam."""

    def keep(
        self, subject_id: str, kind: SittingKind, passcode_hash: str, passcode: str
    ) -> None: ...
    def reveal(self, subject_id: str, kind: SittingKind, passcode_hash: str) -> str | None:
        """Return what is kept under a hash; a worker reads each but once."""
        ...

    def forget(self, subject_id: str, kind: SittingKind, passcode_hash: str) -> None:
        """Delete what is kept under a hash, if anything."""
        ...
