"""The recording log: which segments arrived, as a hash chain of its own.

Some thousand segments arrive in a sitting. Their entries must not contend for the session's audit
chain, so a session's recordings have a second chain; `verify-audit` checks it as well.
"""

from dataclasses import dataclass, field, replace

from chalicelib.domain.audit import AuditEntry, ChainHead, append
from chalicelib.domain.recording.segments import Segment

ARRIVED = "segment_arrived"


@dataclass(frozen=True, slots=True)
class RecordingLogHead:
    """The head of a recording log; `topic` is the session's id."""

    topic: str
    version: int = 0
    head: ChainHead = field(default_factory=ChainHead)


@dataclass(frozen=True, slots=True)
class SegmentEntry:
    """One entry of a recording log."""

    entry: AuditEntry


def log_segment(
    log_head: RecordingLogHead, segment: Segment
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
    return replace(log_head, version=log_head.version + 1, head=head), SegmentEntry(entry)
