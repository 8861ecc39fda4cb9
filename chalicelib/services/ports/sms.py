"""Text messages: batches, the jobs that process them, and the sender."""

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
    """Batches and their recipients. Reads raise NotFound.

    Writes raise Conflict unless the stored version precedes the one written.
    """

    def batch(self, batch_id: str) -> SmsBatch: ...
    def recipient(self, batch_id: str, candidate_id: str) -> Recipient: ...
    def recipients(self, batch_id: str) -> Iterator[Recipient]: ...
    def put_batch(self, batch: SmsBatch) -> None: ...
    def put_recipient(self, recipient: Recipient) -> None: ...


@dataclass(frozen=True, slots=True)
class EnqueueRecipients:
    """A job: enqueue the candidates after `after`; with `resend` also those whose SMS failed."""

    batch_id: str
    after: str = ""
    resend: bool = False


@dataclass(frozen=True, slots=True)
class SendToRecipients:
    """A job: send to these candidates."""

    batch_id: str
    candidate_ids: tuple[str, ...]


type SmsJob = EnqueueRecipients | SendToRecipients


class SmsQueue(Protocol):
    """The queue of jobs, which the function `sms` processes."""

    def add(self, *jobs: SmsJob) -> None: ...


class NotSent(Exception):
    """A message was not sent; `retryable` says whether a later attempt may succeed."""

    def __init__(self, reason: DeliveryFailure, *, retryable: bool) -> None:
        self.reason = reason
        self.retryable = retryable
        super().__init__(reason.value)


class SmsSender(Protocol):
    """Sends text messages."""

    def send(self, message: SmsMessage) -> None:
        """Send a message. Raises NotSent."""
        ...
