"""Contexts: the ports that the use cases get, for each deployment unit."""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.messaging.ice import IceConfig
from chalicelib.domain.types import Millis
from chalicelib.services.ports.credentials import OneTimeCodes, Passcodes, Passwords, Tokens
from chalicelib.services.ports.files import EvidenceStore, MediaStore
from chalicelib.services.ports.retention import RetentionQueue
from chalicelib.services.ports.sms import SmsBatches, SmsQueue, SmsSender
from chalicelib.services.ports.sockets import Connections
from chalicelib.services.ports.stores import ExamRegistry, MessageStore, SessionStore


@dataclass(frozen=True)
class SmsContext:
    """The ports for sending passcodes."""

    registry: ExamRegistry
    sms_batches: SmsBatches
    passcodes: Passcodes
    jobs: SmsQueue
    sms: SmsSender
    clock: Callable[[], Millis]


@dataclass(frozen=True)
class FunctionContext:
    """The ports for use cases that uploads and table changes trigger: no credentials, no registry."""

    sessions: SessionStore
    messages: MessageStore
    connections: Connections
    media: MediaStore
    clock: Callable[[], Millis]


@dataclass(frozen=True)
class RetentionContext:
    """The ports for deleting what is due."""

    sessions: SessionStore
    media: MediaStore
    evidence_store: EvidenceStore
    deletions: RetentionQueue
    clock: Callable[[], Millis]


@dataclass(frozen=True)
class AppContext(FunctionContext):
    """All ports, for the use cases behind the API."""

    registry: ExamRegistry
    tokens: Tokens
    passwords: Passwords
    one_time_codes: OneTimeCodes
    evidence_store: EvidenceStore
    passcodes: Passcodes
    sms_batches: SmsBatches
    jobs: SmsQueue
    deletions: RetentionQueue
    retention_days: int
    """The most days for which an exam may keep media: the stage's maximum."""
    randbelow: Callable[[Millis], Millis]
    """randbelow(n) returns a random integer from 0 to n - 1, from a secure source."""
    pages_url: str
    """The address of the pages, without a trailing slash."""
    new_id: Callable[[], str]
    """Returns 10 random characters of [a-z0-9]."""
    ice: Callable[[], IceConfig]
    """Returns the operator's current ICE configuration."""
