"""From domain objects to what staff see; `sign` returns a picture's presigned URL."""

from collections.abc import Callable

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.exams.exams import Exam, Room
from chalicelib.domain.exams.papers import AnswerProgress
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.monitoring.monitor_state import Flag, LatestCapture, MonitorState
from chalicelib.domain.rules.device_checks import CheckSummary
from chalicelib.domain.rules.findings import Finding, Observation
from chalicelib.domain.sessions.attempts import ReopenRequest
from chalicelib.domain.sessions.endings import ending_of, way_back
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, View
from chalicelib.schemas.checks import CheckSummaryOut
from chalicelib.schemas.common import TextOut
from chalicelib.schemas.serializers.recordings import recordable_tracks_out
from chalicelib.schemas.serializers.requests import proctor_request_out
from chalicelib.schemas.staff import (
    AttemptOut,
    AuditOut,
    BoxOut,
    FindingOut,
    FlagOut,
    LatestOut,
    ObservationOut,
    ReopenRequestOut,
    RoomOut,
    TileIdentity,
    TileMonitor,
    TileProgress,
    TileRecording,
    TileSession,
)

type Sign = Callable[[str], str]


def room_out(room: Room, exam: Exam) -> RoomOut:
    """Return a room."""
    return RoomOut(
        room_id=room.room_id,
        exam_id=room.exam_id,
        name=TextOut.of(room.name),
        exam_title=TextOut.of(exam.title),
        time_zone=exam.time_zone,
    )


def tile_session(session: Session) -> TileSession:
    """Return a session on the wall."""
    return TileSession(
        session_id=session.session_id,
        room_id=session.room_id,
        version=session.version,
        candidate_name=session.candidate_name,
        admission_number=session.admission_number,
        kind=session.kind,
        state=session.state,
        questions=session.questions,
        created_at=session.created_at,
        started_at=session.started_at,
        ends_at=session.ends_at,
        second_view_joined_at=session.second_view_joined_at,
        ask=proctor_request_out(session.request),
        checked=_check_summary_out(session.check_summary) if session.check_summary else None,
        reason=session.reason,
        devices=session.generation,
        credit=session.credit,
        resumes_at=session.resume_state,
        attempt=session.attempt,
        way_back=way_back(session),
        superseded=session.superseded_by is not None,
        reopen_request=_reopen_request_out(session.reopen_request)
        if session.reopen_request
        else None,
        recording=TileRecording(
            tracks=recordable_tracks_out(session), consent=session.recording_consent
        ),
    )


def _reopen_request_out(request: ReopenRequest) -> ReopenRequestOut:
    return ReopenRequestOut(
        by=request.by, at=request.at, reason=request.reason, minutes=request.span // MINUTE
    )


def attempt_out(session: Session) -> AttemptOut:
    """Return an attempt as it is listed beside the others of its sitting."""
    receipt, reopened = session.receipt, session.reopened
    return AttemptOut(
        session_id=session.session_id,
        attempt=session.attempt,
        state=session.state,
        created_at=session.created_at,
        started_at=session.started_at,
        ended_at=receipt.at if receipt else None,
        ending=ending_of(session),
        end_reason=session.reason if session.state is State.TERMINATED else None,
        receipt=receipt.number if receipt else None,
        answers_hash=receipt.answers_hash if receipt else None,
        answered=receipt.answered if receipt else None,
        reopened_by=reopened.by if reopened else None,
        confirmed_by=reopened.confirmed_by if reopened else None,
        reason=reopened.reason if reopened else None,
    )


def _check_summary_out(summary: CheckSummary) -> CheckSummaryOut:
    return CheckSummaryOut(at=summary.at, outcome=summary.outcome, ready=summary.ready)


def tile_progress(progress: AnswerProgress) -> TileProgress:
    """Return the answer progress."""
    return TileProgress(
        session_id=progress.session_id,
        version=progress.version,
        answered=len(progress.answered),
        saved_at=progress.saved_at,
    )


def tile_monitor(monitor: MonitorState, sign: Sign) -> TileMonitor:
    """Return the latest pictures and the open flags, the most severe first."""
    flags = sorted(monitor.open_flags, key=lambda flag: (-flag.severity, flag.began_at))
    return TileMonitor(
        session_id=monitor.session_id,
        version=monitor.version,
        latest=[
            _latest_out(view, capture, sign) for view, capture in sorted(monitor.latest.items())
        ],
        open_flags=[flag_out(flag) for flag in flags],
    )


def _latest_out(view: View, latest: LatestCapture, sign: Sign) -> LatestOut:
    return LatestOut(
        view=view,
        capture_id=latest.capture_id,
        at=latest.at,
        url=sign(latest.key),
        findings=_findings_out(latest.findings),
        error=latest.error,
    )


def tile_identity(identity: IdentityCheck, sign: Sign) -> TileIdentity:
    """Return identity verification with its pictures."""
    return TileIdentity(
        session_id=identity.session_id,
        version=identity.version,
        status=identity.status,
        reason=identity.reason,
        tries=identity.attempts,
        similarity=identity.similarity,
        captured_at=identity.captured_at,
        captured_url=sign(identity.key) if identity.key else None,
        registered_url=sign(identity.photo_key) if identity.photo_key else None,
        turned_url=sign(identity.turn_key) if identity.turn_key else None,
        movement=identity.movement,
        consent=identity.consent,
        note=identity.note,
    )


def flag_out(flag: Flag) -> FlagOut:
    """Return a flag."""
    return FlagOut(
        flag_id=flag.flag_id,
        session_id=flag.session_id,
        kind=flag.kind,
        view=flag.view,
        severity=flag.severity,
        began_at=flag.began_at,
        opened_at=flag.opened_at,
        seen_at=flag.last_seen_at,
        ended_at=flag.ended_at,
        score=flag.score,
        captures=list(flag.captures),
        why=flag.exit_signal,
        detail=flag.detail,
    )


def observation_out(observation: Observation, sign: Sign) -> ObservationOut:
    """Return what the models found, with the picture or clip."""
    return ObservationOut(
        capture_id=observation.capture_id,
        view=observation.view,
        medium=observation.medium,
        captured_at=observation.captured_at,
        url=sign(observation.key),
        findings=_findings_out(observation.findings),
        boxes=[
            BoxOut(
                label=box.label,
                score=box.score,
                x=box.x,
                y=box.y,
                width=box.width,
                height=box.height,
            )
            for box in observation.boxes
        ],
        similarity=observation.similarity,
        measures=observation.measures or {},
        timings_ms=observation.timings_ms or {},
        models=observation.models or {},
        error=observation.error,
    )


def _findings_out(findings: tuple[Finding, ...]) -> list[FindingOut]:
    return [FindingOut(kind=finding.kind, score=finding.score) for finding in findings]


def audit_out(entry: AuditEntry) -> AuditOut:
    """Return one entry of the audit chain."""
    return AuditOut(
        number=entry.number,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        detail=dict(entry.detail),
        hash=entry.hash,
    )
