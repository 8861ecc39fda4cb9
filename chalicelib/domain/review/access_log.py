"""The access log: who viewed whose pictures, as a hash chain of its own.

Access is not part of what happened in the exam and must not contend for its audit chain, so a
session, or a room's wall, has a second chain. Repeated access of one person to one item is logged
once in five minutes.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.audit import AuditEntry, ChainHead, append
from chalicelib.domain.types import MINUTE, Millis

REPEAT_INTERVAL: Millis = 5 * MINUTE
MAX_RECENT = 40


class AccessedItem(StrEnum):
    """What was viewed."""

    ROOM = "room"
    CANDIDATE = "candidate"
    CAPTURES = "captures"
    EVIDENCE = "evidence"
    RECORDINGS = "recordings"
    QUEUE = "queue"
    RECORD = "record"
    LIVE_FIRST = "live_first"
    LIVE_SECOND = "live_second"


@dataclass(frozen=True, slots=True)
class RecentAccess:
    """A recent access, kept so that repeats of it are not logged."""

    actor: str
    item: AccessedItem
    at: Millis


@dataclass(frozen=True, slots=True)
class AccessLogHead:
    """The head of an access log; `topic` is a session's or a room's id."""

    topic: str
    version: int = 0
    head: ChainHead = field(default_factory=ChainHead)
    recent: tuple[RecentAccess, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """One entry of an access log."""

    entry: AuditEntry


def log_access(
    access_head: AccessLogHead, actor: str, item: AccessedItem, now: Millis
) -> tuple[AccessLogHead, AccessEntry] | None:
    """Log an access; return None if the same was logged within REPEAT_INTERVAL."""
    recent = tuple(access for access in access_head.recent if now - access.at < REPEAT_INTERVAL)
    if any((access.actor, access.item) == (actor, item) for access in recent):
        return None
    entry, head = append(access_head.head, access_head.topic, now, actor, "looked", shown=item)
    latest = (*recent, RecentAccess(actor, item, now))[-MAX_RECENT:]
    return replace(
        access_head, version=access_head.version + 1, head=head, recent=latest
    ), AccessEntry(entry)
