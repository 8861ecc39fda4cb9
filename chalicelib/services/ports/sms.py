"""Text messages: mailings, the jobs that carry them out, and who sends them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.messaging.passcode_sms import Mailing, Recipient, ShortMessage, Undelivered


class Mailings(Protocol):
    """Mailings and their recipients. Reads raise NotFound.

    Each is written over the version before its own only, otherwise Conflict is raised.
    """

    def mailing(self, mailing_id: str) -> Mailing: ...
    def recipient(self, mailing_id: str, candidate_id: str) -> Recipient: ...
    def recipients(self, mailing_id: str) -> Iterator[Recipient]: ...
    def put_mailing(self, mailing: Mailing) -> None: ...
    def put_recipient(self, recipient: Recipient) -> None: ...


@dataclass(frozen=True, slots=True)
class Walk:
    """A job: go through the candidates from `after` on. `again` also takes those that failed."""

    mailing_id: str
    after: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class Send:
    """A job: send to these candidates."""

    mailing_id: str
    candidate_ids: tuple[str, ...]


type Job = Walk | Send


class Jobs(Protocol):
    """What takes longer than a request may, for data's part to carry out."""

    def add(self, *jobs: Job) -> None: ...


class NotSent(Exception):
    """A message did not go out. `passing` says that trying again later may help."""

    def __init__(self, reason: Undelivered, *, passing: bool) -> None:
        self.reason = reason
        self.passing = passing
        super().__init__(reason.value)


class Sms(Protocol):
    """Sends text messages."""

    def send(self, message: ShortMessage) -> None:
        """Hand a message over. Raises NotSent."""
        ...
