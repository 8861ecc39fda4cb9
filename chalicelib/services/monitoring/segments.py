"""Segments that arrived: recorded once, with their entry in the session's recording chain.

A form can be used again while it is valid, and S3 keeps the last upload under its key. A segment's
record names the bytes that were read first; a later upload with other bytes is told.
"""

from chalicelib.domain.errors import Conflict
from chalicelib.domain.monitoring.signs import CertainSign
from chalicelib.domain.recording.recording_log import ANCHORED, anchored, log_segment
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.recording.segments import Segment, SegmentError
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.recorded_tracks import heard_tracks
from chalicelib.domain.sessions.sessions import Session, with_audit
from chalicelib.domain.types import View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.monitoring.signs import record_sign
from chalicelib.services.ports import FunctionContext


def find_segment(context: FunctionContext, session_id: str, segment_id: str) -> Segment | None:
    """Return a segment that was recorded already, or None."""
    return next(iter(context.sessions.segments_of(session_id, [segment_id])), None)


def record_segment(context: FunctionContext, segment: Segment) -> Segment:
    """Record a segment and its chain entry. Idempotent: of two, the first is kept, and returned."""

    def attempt() -> Segment:
        head = context.sessions.recording_log_head(segment.session_id)
        try:
            context.sessions.commit(segment, *log_segment(head, segment, context.clock()))
        except Conflict:
            first = find_segment(context, segment.session_id, segment.segment_id)
            if first is None:
                raise
            return first
        return segment

    return retry_on_conflict(attempt)


def is_heard(session: Session, segment: Segment) -> bool:
    """Return whether a segment's sound is to be judged for speech.

    Of bytes that are not the announced ones nothing is judged: they may be anybody's.
    """
    is_sound = segment.silent is not None and segment.error in {None, SegmentError.TRUNCATED}
    return is_sound and segment.track in heard_tracks(session)


def is_judged(context: FunctionContext, segment: Segment) -> bool:
    """Return whether a segment's sound was judged already."""
    return bool(context.sessions.observations_of(segment.session_id, [segment.segment_id]))


def anchor_recordings(context: FunctionContext, session_id: str) -> None:
    """Name the recording chain's head in the session's audit chain, where that is due. Idempotent."""

    def attempt() -> None:
        log_head, now = context.sessions.recording_log_head(session_id), context.clock()
        if log_head.wake_at is None or now < log_head.wake_at:
            return
        session, head = context.sessions.session(session_id), log_head.head
        named = with_audit(session, now, "system", ANCHORED, segments=head.count, sha256=head.hash)
        context.sessions.commit(named.session, named.entry, anchored(log_head))

    retry_on_conflict(attempt)


def check_segment(context: FunctionContext, recorded: Segment, sha256: str) -> None:
    """Tell a segment that was replaced after it was read; a redelivery changes nothing."""
    if recorded.sha256 == sha256:
        return
    view = View.SECOND if recorded.track is Track.SECOND else View.FIRST
    sign = CertainSign(FindingKind.CAPTURE_REPLACED, view, recorded.began_at, recorded.segment_id)
    record_sign(context, recorded.session_id, sign)
