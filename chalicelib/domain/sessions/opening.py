"""How a session begins: what it takes over of the subject and the candidate at that moment."""

from chalicelib.domain.audit import ChainHead, append
from chalicelib.domain.exams.exams import Candidate, Subject
from chalicelib.domain.rules.device_changes import Device
from chalicelib.domain.sessions.attempts import attempt_id
from chalicelib.domain.sessions.sessions import Detail, Session, Transition, make_session_id
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Millis, SittingKind


def open_session(
    subject: Subject,
    candidate: Candidate,
    kind: SittingKind,
    now: Millis,
    actor: str,
    *,
    attempt: int = 1,
    device: Device | None = None,
    **detail: Detail,
) -> Transition:
    """Return a new session with its first audit entry, at the state `signed_in`."""
    sitting_id = make_session_id(candidate.candidate_id, subject.subject_id, kind)
    session_id = attempt_id(sitting_id, attempt)
    action = "signed_in" if attempt == 1 else "attempt_opened"
    if device is not None:
        detail |= {"address": device.origin.address, "browser": device.origin.user_agent}
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
    )
    return Transition(session, entry)
