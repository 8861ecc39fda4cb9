"""Recordings as evidence: the segments of a range, copied under lock and named in the audit chain."""

from dataclasses import dataclass, replace

from chalicelib.domain.errors import BadInput, NotFound
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.recording.segments import MAX_SEGMENT_BYTES, TIME_TOLERANCE, Segment
from chalicelib.domain.review.evidence import (
    Evidence,
    Exhibit,
    RelativePosition,
    Source,
    make_evidence_id,
)
from chalicelib.domain.sessions.sessions import Details, Session, audit_all
from chalicelib.domain.types import MINUTE, LocalizedText, Medium, Millis, View
from chalicelib.retry import find_or_none
from chalicelib.services.core.access import audit_actor, authorized_session
from chalicelib.services.core.staff_acts import ActBy, act_once
from chalicelib.services.monitoring.segments import check_segment
from chalicelib.services.ports import AppContext, StaffAct
from chalicelib.services.review.evidence import find_evidence, kept_entries, locked_until

MAX_RANGE: Millis = 2 * MINUTE
MAX_COPIES = 40
SEARCHED = 60
"""More segments than three tracks have in the longest range."""
ACTION = "keep_recording"
RECORDING_KEPT = "recording_kept"
"""The action of the audit entry that names the range and the reason; each file has its own."""


@dataclass(frozen=True, slots=True)
class RecordingRange:
    """A stretch of a session's recordings. Times are the server's, ms."""

    began_at: Millis
    ended_at: Millis


def keep_recording(context: AppContext, by: ActBy, kept: RecordingRange, reason: str) -> Evidence:
    """Keep the segments that overlap a range as evidence, once.

    A file that is not the one that arrived is kept too, and said to be another. Raises NotFound
    where nothing is recorded there, BadInput where the range is too long.
    """
    session = authorized_session(context, by.staff, by.session_id).session
    known = context.sessions.staff_act(by.session_id, by.act_id)
    evidence = _evidence(context, session, by, kept, reason) if known is None else None
    act_once(
        context, by, ACTION, lambda act: _write(context, act, evidence, kept) if evidence else None
    )
    evidence_id = make_evidence_id(by.session_id, Source.RECORDING, by.act_id)
    stored = find_evidence(context, by.session_id, evidence_id)
    if stored is None:
        raise NotFound
    return stored


def segments_within(context: AppContext, session_id: str, kept: RecordingRange) -> list[Segment]:
    """Return the segments that overlap a range and can be kept, in order. Raises BadInput."""
    if not 0 < kept.ended_at - kept.began_at <= MAX_RANGE:
        raise BadInput(
            LocalizedText("最多可保留两分钟。", "At most two minutes can be kept at a time."),
            "range_too_long",
        )
    before = f"{kept.ended_at + TIME_TOLERANCE:013d}"
    found = [
        segment
        for segment in context.sessions.segments(session_id, limit=SEARCHED, before=before)
        if segment.began_at < kept.ended_at
        and segment.ended_at > kept.began_at
        and 0 < segment.size <= MAX_SEGMENT_BYTES
    ]
    if len(found) > MAX_COPIES:
        raise BadInput(
            LocalizedText(
                f"这段时间有超过 {MAX_COPIES} 个录像分段，请缩短范围。",
                f"There are more than {MAX_COPIES} segments in it: choose a shorter range.",
            ),
            "too_many_segments",
        )
    return sorted(found, key=lambda segment: segment.segment_id)


def _evidence(
    context: AppContext, session: Session, by: ActBy, kept: RecordingRange, reason: str
) -> Evidence:
    segments = segments_within(context, session.session_id, kept)
    until = locked_until(session, context.clock())
    copies = [_exhibit(context, segment, until) for segment in segments]
    exhibits = tuple(exhibit for exhibit in copies if exhibit is not None)
    if not exhibits:
        raise NotFound
    is_second = {exhibit.track for exhibit in exhibits} == {Track.SECOND}
    return Evidence(
        evidence_id=make_evidence_id(session.session_id, Source.RECORDING, by.act_id),
        session_id=session.session_id,
        room_id=session.room_id,
        version=1,
        view=View.SECOND if is_second else View.FIRST,
        medium=Medium.PICTURE,
        source=Source.RECORDING,
        at=kept.began_at,
        taken_by=audit_actor(by.staff),
        taken_at=context.clock(),
        note=reason,
        exhibits=exhibits,
    )


def _exhibit(context: AppContext, segment: Segment, until: Millis) -> Exhibit | None:
    """Copy a segment; None where it is gone from the bucket."""
    file = find_or_none(lambda: context.evidence_store.keep(segment.key, segment.session_id, until))
    if file is None:
        return None
    check_segment(context, segment, file.sha256)
    return Exhibit(
        position=RelativePosition.MOMENT,
        at=segment.began_at,
        key=file.key,
        sha256=file.sha256,
        size=file.size,
        content_type=file.content_type,
        capture_id=segment.segment_id,
        judged_sha256=segment.sha256,
        track=segment.track,
    )


def _write(
    context: AppContext, act: StaffAct, evidence: Evidence, kept: RecordingRange
) -> StaffAct:
    kept_range: Details = {
        "evidence": evidence.evidence_id,
        "began_at": kept.began_at,
        "ended_at": kept.ended_at,
        "segments": len(evidence.exhibits),
        "reason": evidence.note,
    }
    session, entries = audit_all(
        context.sessions.session(evidence.session_id),
        act.at,
        act.by,
        [(RECORDING_KEPT, kept_range), *kept_entries(evidence, evidence.exhibits)],
    )
    written = replace(act, result=evidence.evidence_id)
    context.sessions.commit(evidence, session, *entries, written)
    return written
