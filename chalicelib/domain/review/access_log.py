"""Looks: who looked at whose pictures, as a hash chain of its own.

Looking is not part of what happened in the exam, and must not slow its chain down; so a session,
or a room's wall, has a second chain. Of looks of one person at one thing only the first in five
minutes is written.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.audit import AuditEntry, ChainHead, append
from chalicelib.domain.types import MINUTE, Millis

REPEAT_INTERVAL: Millis = 5 * MINUTE
MAX_RECENT = 40


class AccessedItem(StrEnum):
    """What was looked at."""

    ROOM = "room"
    CANDIDATE = "candidate"
    CAPTURES = "captures"
    EVIDENCE = "evidence"
    QUEUE = "queue"
    RECORD = "record"
    LIVE_FIRST = "live_first"
    LIVE_SECOND = "live_second"


@dataclass(frozen=True, slots=True)
class RecentAccess:
    """One of the last looks, so that its repeats are not written."""

    actor: str
    item: AccessedItem
    at: Millis


@dataclass(frozen=True, slots=True)
class AccessLogHead:
    """The end of a chain of looks; `topic` is a session's or a room's id."""

    topic: str
    version: int = 0
    head: ChainHead = field(default_factory=ChainHead)
    recent: tuple[RecentAccess, ...] = ()


@dataclass(frozen=True, slots=True)
class AccessUpdate:
    """One entry of a chain of looks."""

    entry: AuditEntry


def log_access(
    access_head: AccessLogHead, actor: str, item: AccessedItem, now: Millis
) -> tuple[AccessLogHead, AccessUpdate] | None:
    """Return the chain with one more look, or None where the same was written a moment ago."""
    recent = tuple(access for access in access_head.recent if now - access.at < REPEAT_INTERVAL)
    if any((access.actor, access.item) == (actor, item) for access in recent):
        return None
    entry, head = append(access_head.head, access_head.topic, now, actor, "looked", shown=item)
    kept = (*recent, RecentAccess(actor, item, now))[-MAX_RECENT:]
    return replace(
        access_head, version=access_head.version + 1, head=head, recent=kept
    ), AccessUpdate(entry)
