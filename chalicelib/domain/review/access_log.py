"""Looks: who looked at whose pictures, as a hash chain of its own.

Looking is not part of what happened in the exam, and must not slow its chain down; so a session,
or a room's wall, has a second chain. Of looks of one person at one thing only the first in five
minutes is written.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.audit import AuditEntry, Head, append
from chalicelib.domain.types import MINUTE, Millis

AGAIN: Millis = 5 * MINUTE
MOST_RECENT = 40


class Shown(StrEnum):
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
class Glance:
    """One of the last looks, so that its repeats are not written."""

    actor: str
    shown: Shown
    at: Millis


@dataclass(frozen=True, slots=True)
class Looks:
    """The end of a chain of looks; `topic` is a session's or a room's id."""

    topic: str
    version: int = 0
    head: Head = field(default_factory=Head)
    recent: tuple[Glance, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """One entry of a chain of looks."""

    entry: AuditEntry


def look(looks: Looks, actor: str, shown: Shown, now: Millis) -> tuple[Looks, Look] | None:
    """Return the chain with one more look, or None where the same was written a moment ago."""
    recent = tuple(one for one in looks.recent if now - one.at < AGAIN)
    if any((one.actor, one.shown) == (actor, shown) for one in recent):
        return None
    entry, head = append(looks.head, looks.topic, now, actor, "looked", shown=shown)
    kept = (*recent, Glance(actor, shown, now))[-MOST_RECENT:]
    return replace(looks, version=looks.version + 1, head=head, recent=kept), Look(entry)
