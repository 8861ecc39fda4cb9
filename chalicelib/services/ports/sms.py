"""Text messages: mailings, the jobs that carry them out, and who sends them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.messaging.passcode_sms import (
    DeliveryFailure,
    Recipient,
    SmsBatch,
    SmsMessage,
)


class SmsBatches(Protocol):
    """Mailings and their recipients. Reads raise NotFound.

    Each is written over the version before its own only, otherwise Conflict is raised.
    """

    def batch(self, mailing_id: str) -> SmsBatch: ...
    def recipient(self, mailing_id: str, candidate_id: str) -> Recipient: ...
    def recipients(self, mailing_id: str) -> Iterator[Recipient]: ...
    def put_batch(self, batch: SmsBatch) -> None: ...
    def put_recipient(self, recipient: Recipient) -> None: ...


@dataclass(frozen=True, slots=True)
class EnqueueRecipients:
    """A job: go through the candidates from `after` on. `again` also takes those that failed."""

    batch_id: str
    after: str = ""
    again: bool = False


@dataclass(frozen=True, slots=True)
class SendToRecipients:
    """A job: send to these candidates."""

    batch_id: str
    candidate_ids: tuple[str, ...]


type SmsJob = EnqueueRecipients | SendToRecipients


class SmsQueue(Protocol):
    """What takes longer than a request may, for data's part to carry out."""

    def add(self, *jobs: SmsJob) -> None: ...


class NotSent(Exception):
    """A message did not go out. `passing` says that trying again later may help."""

    def __init__(self, reason: DeliveryFailure, *, retryable: bool) -> None:
        self.reason = reason
        self.retryable = retryable
        super().__init__(reason.value)


class SmsSender(Protocol):
    """Sends text messages."""

    def send(self, message: SmsMessage) -> None:
        """Hand a message over. Raises NotSent."""
        ...
