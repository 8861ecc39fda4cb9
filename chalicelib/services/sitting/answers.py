"""Answering: the paper, saving an answer, handing in."""

from chalicelib.domain.errors import NotFound, NotSignedIn
from chalicelib.domain.exams.papers import Answer, Paper, validate_answer
from chalicelib.domain.exams.shuffling import shuffled_for
from chalicelib.domain.sessions.session_clock import is_expired
from chalicelib.domain.sessions.sessions import Session, submit
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.session_access import get_subject
from chalicelib.services.core.submission import finalize, finalize_timed_out
from chalicelib.services.monitoring.observations import end_monitoring
from chalicelib.services.ports import AppContext, Claims

READABLE_STATES = frozenset({State.ANSWERING, State.PAUSED})


def read_paper(context: AppContext, session_id: str) -> tuple[Paper, list[Answer]]:
    """Return the paper in this candidate's order, and what is answered.

    Raises NotFound before the start and after the end.
    """
    session = context.sessions.session(session_id)
    if session.state not in READABLE_STATES:
        raise NotFound(LocalizedText("当前无法查看试卷。", "The paper cannot be seen now."))
    paper = context.registry.paper(session.subject_id, session.kind)
    return shuffled_for(paper, session_id), context.sessions.answers(session_id)


def save_answer(
    context: AppContext, who: Claims, question_id: str, given: tuple[int, list[str]]
) -> Answer:
    """Save one answer, given as (sequence, value): one write, which holds only while answering, on
    the session's own device, and over an older sequence. A repeat of the saved one is answered as
    the first was.

    Raises BadInput, NotFound, NotSignedIn, WrongState, OtherDevice, StaleAnswer.
    """
    sequence, value = given
    sitting = who.sitting
    if sitting is None:
        raise NotSignedIn
    question = context.registry.paper(sitting.subject_id, sitting.kind).question(question_id)
    checked = validate_answer(question, value)
    answer = Answer(who.subject, question_id, sequence, checked, context.clock())
    context.sessions.save_answer(answer, who.generation)
    return answer


def submit_answers(context: AppContext, session_id: str) -> Session:
    """Hand in, once; a repeat returns the same receipt. After the end, the time's end counts.

    Raises WrongState.
    """
    now = context.clock()

    def attempt() -> Session:
        bundle = context.sessions.bundle(session_id)
        session = bundle.session
        if session.receipt is not None:
            return session
        if is_expired(session, now):
            return finalize_timed_out(context, bundle, now)
        subject = get_subject(context, session)
        return finalize(context, bundle, lambda digest: submit(session, subject, now, digest))

    session = retry_on_conflict(attempt)
    end_monitoring(context, session_id)
    return session
