"""Reading a session for its candidate, and changing it together with its audit chain."""

from collections.abc import Callable

from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.monitoring.monitor_state import corrections_needed
from chalicelib.domain.sessions.session_view import CandidateSessionView
from chalicelib.domain.sessions.sessions import Session, Transition
from chalicelib.domain.sessions.states import MONITORED_STATES
from chalicelib.domain.types import LocalizedText, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.ports import AppContext, SessionBundle


def read_session_view(context: AppContext, session_id: str) -> CandidateSessionView:
    """Read what a session's candidate sees. Raises NotFound, WrongState."""
    return session_view(context, context.sessions.bundle(session_id))


def session_view(context: AppContext, bundle: SessionBundle) -> CandidateSessionView:
    """Return what the candidate of a session sees. Raises NotFound, WrongState."""
    session = bundle.session
    latest = bundle.monitor.latest.get(View.SECOND)
    return CandidateSessionView(
        session=session,
        exam=context.registry.exam(session.exam_id),
        subject=get_subject(context, session),
        candidate=context.registry.candidate(session.candidate_id),
        identity=bundle.identity,
        cameras=bundle.cameras,
        latest_picture_at=latest.at if latest else 0,
        corrections=tuple(
            kind
            for kind in corrections_needed(bundle.monitor)
            if session.place in MONITORED_STATES and kind not in session.excused_kinds
        ),
    )


def change_session(
    context: AppContext, session_id: str, decide: Callable[[Session], Transition]
) -> Session:
    """Read a session, let `decide` change it, and write it with its audit entry; with retries."""

    def attempt() -> Session:
        transition = decide(context.sessions.session(session_id))
        context.sessions.commit(transition.session, transition.entry)
        return transition.session

    return retry_on_conflict(attempt)


def get_subject(context: AppContext, session: Session) -> Subject:
    """Return a session's subject. Raises WrongState where it was withdrawn."""
    exam = context.registry.exam_with_subject(session.exam_id, session.subject_id)
    subject = exam.subject(session.subject_id)
    if subject is None:
        raise WrongState(
            LocalizedText("该科目已被撤销。", "This subject has been withdrawn."), "no_subject"
        )
    return subject
