"""How a session begins: what it takes over of the subject and the candidate at that moment."""

from chalicelib.domain.audit import ChainHead, append
from chalicelib.domain.exams.exams import Candidate, Subject
from chalicelib.domain.recording.recording_rule import RecordingRule, Track, without_tracks
from chalicelib.domain.rules.device_changes import Device
from chalicelib.domain.rules.retention import KeptKind, RetentionRule
from chalicelib.domain.rules.safe_exam_browser import SebUse
from chalicelib.domain.sessions.attempts import attempt_id
from chalicelib.domain.sessions.sessions import Detail, Session, Transition, make_session_id
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Millis, SittingKind


def open_session(  # noqa: PLR0913  (all that a session begins with)
    subject: Subject,
    candidate: Candidate,
    kind: SittingKind,
    now: Millis,
    actor: str,
    *,
    attempt: int = 1,
    device: Device | None = None,
    retention: RetentionRule | None = None,
    **detail: Detail,
) -> Transition:
    """Return a new session with its first audit entry, at the state `signed_in`."""
    sitting_id = make_session_id(candidate.candidate_id, subject.subject_id, kind)
    session_id = attempt_id(sitting_id, attempt)
    action = "signed_in" if attempt == 1 else "attempt_opened"
    if device is not None:
        detail |= {"address": device.origin.address, "browser": device.origin.user_agent}
    retention = retention or RetentionRule()
    # The chain attests for how long things are kept: a receipt of deletion is measured by it.
    detail |= {f"keep_{kept}": retention.days(kept) for kept in KeptKind}
    recording = recording_of(subject, candidate)
    if recording.records:
        detail |= {f"record_{track}": recording.mode(track).value for track in Track}
        detail |= {
            "second_speech": recording.second_speech,
            "compare_voices": recording.compare_voices,
        }
    entry, head = append(ChainHead(), session_id, now, actor, action, kind=kind, **detail)
    session = Session(
        session_id=session_id,
        sitting_id=sitting_id,
        attempt=attempt,
        exam_id=subject.exam_id,
        subject_id=subject.subject_id,
        candidate_id=candidate.candidate_id,
        candidate_name=candidate.name,
        admission_number=candidate.admission_number,
        room_id=candidate.rooms[subject.subject_id],
        kind=kind,
        state=State.SIGNED_IN,
        version=1,
        created_at=now,
        starts_at=subject.windows[kind].starts_at,
        questions=subject.questions[kind],
        profile=subject.profile,
        rule_overrides=subject.rule_overrides,
        excused=candidate.accommodation.excused,
        extra=candidate.accommodation.extra_time(subject.duration),
        has_photo=candidate.photo_key is not None,
        browser_id=device.browser_id if device else "",
        origins=(device.origin,) if device else (),
        head=head,
        retention=retention,
        recording=recording,
    )
    return Transition(session, entry)


def recording_of(subject: Subject, candidate: Candidate) -> RecordingRule:
    """Return what a candidate's session may record: no screen that Safe Exam Browser locks."""
    excepted = frozenset(candidate.accommodation.unrecorded)
    if subject.safe_browser.use is SebUse.REQUIRED:
        excepted |= {Track.SCREEN}
    return without_tracks(subject.recording, excepted)
