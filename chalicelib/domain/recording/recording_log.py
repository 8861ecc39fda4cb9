"""The recording log: which segments arrived, as a hash chain of its own.

Some thousand segments arrive in a sitting. Their entries must not contend for the session's audit
chain, so a session's recordings have a second chain. Its head is **anchored** in the session's: an
audit entry names it, ANCHOR_DELAY after the first segment that no entry covers yet. Whoever cuts off
this chain's end therefore has to break the other. `verify-audit` checks both.
"""

from dataclasses import dataclass, field, replace

from chalicelib.domain.audit import AuditEntry, ChainHead, append
from chalicelib.domain.recording.segments import Segment
from chalicelib.domain.types import MINUTE, Millis

ARRIVED = "segment_arrived"
ANCHORED = "recordings_anchored"
"""The action of the audit entries that name the head of a recording log."""
ANCHOR_DELAY: Millis = 10 * MINUTE


@dataclass(frozen=True, slots=True)
class RecordingLogHead:
    """The head of a recording log; `topic` is the session's id.

    `wake_at` is when its head is to be anchored; None where it is.
    """

    topic: str
    version: int = 0
    head: ChainHead = field(default_factory=ChainHead)
    wake_at: Millis | None = None


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """One entry of a recording log."""

    entry: AuditEntry


def log_segment(
    log_head: RecordingLogHead, segment: Segment, now: Millis
) -> tuple[RecordingLogHead, SegmentEntry]:
    """Log that a segment arrived, with the hash of what was read."""
    entry, head = append(
        log_head.head,
        log_head.topic,
        segment.arrived_at,
        "system",
        ARRIVED,
        track=segment.track.value,
        segment=segment.segment_id,
        sha256=segment.sha256,
        size=segment.size,
        error=segment.error.value if segment.error else None,
    )
    wake_at = log_head.wake_at or now + ANCHOR_DELAY
    logged = replace(log_head, version=log_head.version + 1, head=head, wake_at=wake_at)
    return logged, SegmentEntry(entry)


def anchored(log_head: RecordingLogHead) -> RecordingLogHead:
    """Return the log's head once an audit entry names it."""
    return replace(log_head, version=log_head.version + 1, wake_at=None)
