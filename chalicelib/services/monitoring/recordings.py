"""Recordings: which segments a device records next, the forms to upload them, and its gaps."""

from collections.abc import Iterable
from dataclasses import dataclass

from chalicelib.domain.recording.recording_gaps import RecordingGap, merged_gaps
from chalicelib.domain.recording.recording_plans import (
    FORM_GRACE,
    LEAD_TIME,
    PENDING_GRACE,
    PLAN_LENGTH,
    REPLAN_MARGIN,
    TRACKS_OF,
    KeptRange,
    PlannedSegment,
    RecordingDevice,
    kept_ranges,
    next_plan,
    tell_gaps,
)
from chalicelib.domain.recording.recording_rule import RecordingMode, Track
from chalicelib.domain.recording.segments import (
    MAX_SEGMENT_BYTES,
    SEGMENT_LENGTH,
    Container,
    SegmentPlace,
    begins_at_from_id,
    is_segment_of,
)
from chalicelib.domain.sessions.recorded_tracks import recordable_tracks, recorded_tracks
from chalicelib.domain.sessions.sessions import Details, Session, audit_all
from chalicelib.domain.sessions.states import FINAL_STATES, MONITORED_STATES
from chalicelib.domain.types import SECOND, Millis
from chalicelib.retry import retry_on_conflict
from chalicelib.services.monitoring import screen_sharing
from chalicelib.services.ports import AppContext, SignedForm

SEGMENT_METADATA = ("sha256", "began-at", "ended-at")
"""What a device says of a segment, in fields of its form."""


@dataclass(frozen=True, slots=True)
class PendingSegment:
    """A segment that a device recorded and has not uploaded."""

    track: Track
    segment_id: str


@dataclass(frozen=True, slots=True)
class RecordingReport:
    """What a device can record, has still to upload, and could not record."""

    container: Container
    tracks: tuple[Track, ...]
    pending: tuple[PendingSegment, ...] = ()
    gaps: tuple[RecordingGap, ...] = ()


@dataclass(frozen=True, slots=True)
class PlannedSegmentUpload:
    """A segment to be recorded, and the form that uploads it."""

    segment: PlannedSegment
    form: SignedForm


@dataclass(frozen=True, slots=True)
class RenewedUpload:
    """Another form for a segment that was recorded earlier."""

    pending: PendingSegment
    form: SignedForm


@dataclass(frozen=True, slots=True)
class RecordingUploads:
    """A device's next plan, with the forms of what it still has to upload."""

    session: Session
    tracks: dict[Track, RecordingMode]
    segments: tuple[PlannedSegmentUpload, ...]
    renewed: tuple[RenewedUpload, ...]
    dropped: tuple[str, ...]
    kept: tuple[KeptRange, ...]
    now: Millis
    next_at: Millis


def plan_recordings(
    context: AppContext, session_id: str, device: RecordingDevice, report: RecordingReport
) -> RecordingUploads:
    """Plan a device's next segments, renew expired forms, and audit its gaps. Raises TooMany."""
    session, segments = retry_on_conflict(lambda: _write_plan(context, session_id, device, report))
    if device is RecordingDevice.COMPUTER and Track.SCREEN not in report.tracks:
        _tell_screen(context, session)
    now = context.clock()
    modes = recorded_tracks(session)
    tracks = {track: modes[track] for track in TRACKS_OF[device] if track in modes}
    renewed, dropped = _renew(context, session, device, report)
    return RecordingUploads(
        session=session,
        tracks=tracks,
        segments=tuple(
            PlannedSegmentUpload(
                segment,
                _form(context, session_id, report.container, segment.track, segment.segment_id),
            )
            for segment in segments
        ),
        renewed=renewed,
        dropped=dropped,
        kept=_kept(context, session_id, tracks, now),
        now=now,
        next_at=_next_at(segments, now),
    )


def _tell_screen(context: AppContext, session: Session) -> None:
    """A page that records no screen has reported why, or its report was lost."""
    is_recorded = Track.SCREEN in recorded_tracks(session)
    if is_recorded and session.place not in FINAL_STATES:
        screen_sharing.tell_screen(context, session.session_id)


def _next_at(segments: Iterable[PlannedSegment], now: Millis) -> Millis:
    latest = max((segment.begins_at for segment in segments), default=None)
    return now + PLAN_LENGTH if latest is None else latest + SEGMENT_LENGTH - REPLAN_MARGIN


def _write_plan(
    context: AppContext, session_id: str, device: RecordingDevice, report: RecordingReport
) -> tuple[Session, tuple[PlannedSegment, ...]]:
    now = context.clock()
    session = context.sessions.session(session_id)
    modes = recorded_tracks(session) if session.place in MONITORED_STATES else {}
    tracks = [track for track in TRACKS_OF[device] if track in modes and track in report.tracks]
    stored = context.sessions.recording_plan(session_id, device)
    plan, segments = next_plan(stored, tracks, now)
    told = frozenset(recordable_tracks(session)) & frozenset(TRACKS_OF[device])
    gaps = merged_gaps(report.gaps, told, session.created_at, now)
    plan, new_gaps = tell_gaps(plan, gaps)
    if not new_gaps:
        context.sessions.commit(plan)
        return session, segments
    actor = "candidate" if device is RecordingDevice.COMPUTER else "phone"
    session, entries = audit_all(session, now, actor, map(_gap_entry, new_gaps))
    context.sessions.commit(plan, session, *entries)
    return session, segments


def _gap_entry(gap: RecordingGap) -> tuple[str, Details]:
    """Return what is audited of a gap."""
    return "recording_gap", {
        "track": gap.track.value,
        "began_at": gap.began_at,
        "ended_at": gap.ended_at,
        "reason": gap.reason.value,
    }


def _renew(
    context: AppContext, session: Session, device: RecordingDevice, report: RecordingReport
) -> tuple[tuple[RenewedUpload, ...], tuple[str, ...]]:
    """Return new forms for pending segments, and the ids of those to be deleted."""
    if not report.pending:
        return (), ()
    here = {
        segment.segment_id
        for segment in context.sessions.segments_of(
            session.session_id, [pending.segment_id for pending in report.pending]
        )
    }
    now = context.clock()
    renewed, dropped = [], []
    for pending in report.pending:
        if pending.segment_id in here or not _may_upload(session, device, pending, now):
            dropped.append(pending.segment_id)
            continue
        form = _form(
            context, session.session_id, report.container, pending.track, pending.segment_id
        )
        renewed.append(RenewedUpload(pending, form))
    return tuple(renewed), tuple(dropped)


def _may_upload(
    session: Session, device: RecordingDevice, pending: PendingSegment, now: Millis
) -> bool:
    """Return whether a pending segment is one of the sitting, and may still be uploaded.

    It need not have been planned: a device without a line goes on recording in the session's slots.
    """
    track, segment_id = pending.track, pending.segment_id
    if track not in recorded_tracks(session) or track not in TRACKS_OF[device]:
        return False
    if not is_segment_of(session.session_id, track, segment_id):
        return False
    begins_at, ended_at = begins_at_from_id(segment_id), _ended_at(session)
    if not session.created_at <= begins_at <= now + LEAD_TIME:
        return False
    return ended_at is None or (begins_at < ended_at and now < ended_at + PENDING_GRACE)


def _ended_at(session: Session) -> Millis | None:
    if session.place not in FINAL_STATES:
        return None
    return session.receipt.at if session.receipt else session.ends_at


def _form(
    context: AppContext, session_id: str, container: Container, track: Track, segment_id: str
) -> SignedForm:
    """Return the form that uploads a segment, valid for FORM_GRACE after its slot or after now."""
    ends_at = begins_at_from_id(segment_id) + SEGMENT_LENGTH
    now = context.clock()
    return context.media.upload_form(
        SegmentPlace(session_id, track, segment_id, container).key,
        container.content_type,
        MAX_SEGMENT_BYTES,
        (max(ends_at, now) - now + FORM_GRACE) // SECOND,
        SEGMENT_METADATA,
    )


def _kept(
    context: AppContext, session_id: str, tracks: dict[Track, RecordingMode], now: Millis
) -> tuple[KeptRange, ...]:
    """Return what is kept around flags, where a track is recorded around flags only."""
    if RecordingMode.FLAGS not in tracks.values():
        return ()
    flags = context.sessions.flags(session_id)
    times = ((flag.began_at, flag.ended_at) for flag in flags)
    return tuple(kept_ranges(times, now - PENDING_GRACE, now))
