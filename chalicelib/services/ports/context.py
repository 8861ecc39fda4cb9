"""What the use cases act on, for each part of the product."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.messaging.ice import IceConfig
from chalicelib.domain.types import Millis
from chalicelib.services.ports.credentials import OneTimeCodes, Passcodes, Passwords, Tokens
from chalicelib.services.ports.files import EvidenceStore, MediaStore
from chalicelib.services.ports.sms import SmsBatches, SmsQueue, SmsSender
from chalicelib.services.ports.sockets import Connections
from chalicelib.services.ports.stores import ExamRegistry, MessageStore, SessionStore


@dataclass(frozen=True)
class SmsContext:
    """What sending passcodes acts on."""

    registry: ExamRegistry
    sms_batches: SmsBatches
    passcodes: Passcodes
    jobs: SmsQueue
    sms: SmsSender
    clock: Callable[[], Millis]


@dataclass(frozen=True)
class FunctionContext:
    """What the use cases that data triggers act on: no passwords, no tokens, no registry."""

    sessions: SessionStore
    messages: MessageStore
    connections: Connections
    media: MediaStore
    clock: Callable[[], Millis]


@dataclass(frozen=True)
class AppContext(FunctionContext):
    """Everything that the use cases of people act on and with."""

    registry: ExamRegistry
    tokens: Tokens
    passwords: Passwords
    one_time_codes: OneTimeCodes
    evidence_store: EvidenceStore
    passcodes: Passcodes
    sms_batches: SmsBatches
    jobs: SmsQueue
    randbelow: Callable[[Millis], Millis]
    """draw(n) returns a random whole number from 0 to n - 1, hard to foresee."""
    pages_url: str
    """Where the pages are, without a slash at the end."""
    new_id: Callable[[], str]
    """Returns 10 random characters of [a-z0-9]."""
    ice: Callable[[], IceConfig]
    """Returns what the operator says of ICE at this moment."""
