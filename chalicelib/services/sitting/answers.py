"""Answers: reading the paper, saving an answer, submitting."""

from dataclasses import dataclass

from chalicelib.domain.errors import NotFound, NotSignedIn
from chalicelib.domain.exams.papers import Answer, Paper, validate_answer
from chalicelib.domain.exams.shuffling import shuffled_for
from chalicelib.domain.rules.device_changes import Origin
from chalicelib.domain.sessions.sealing import submit
from chalicelib.domain.sessions.session_clock import is_expired
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.session_access import get_subject
from chalicelib.services.core.submission import finalize, finalize_timed_out
from chalicelib.services.monitoring.observations import end_monitoring
from chalicelib.services.monitoring.origins import note_origin_of
from chalicelib.services.ports import AppContext, Claims, NewOrigin


class PaperCovered(NotFound):
    """The session is paused: the paper is covered until its clock runs again."""

    code = "paused"
    text = LocalizedText(
        "考试已暂停，恢复后可继续查看试卷。",
        "The exam is paused. The paper is shown again when it goes on.",
    )


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """An answer as the page sends it; of two with one question, the higher `sequence` is newer."""

    sequence: int
    value: list[str]


def read_paper(context: AppContext, session_id: str) -> tuple[Paper, list[Answer]]:
    """Return the paper, shuffled for this candidate, and the saved answers.

    Raises NotFound before the start and after the end, while the person is verified on another
    device, and as PaperCovered during a pause: what is not watched is not read.
    """
    session = context.sessions.session(session_id)
    if session.state is State.PAUSED:
        raise PaperCovered
    if session.state is not State.ANSWERING:
        raise NotFound(
            LocalizedText("当前无法查看试卷。", "The paper is not available at this stage.")
        )
    paper = context.registry.paper(session.subject_id, session.kind)
    return shuffled_for(paper, session.sitting), context.sessions.answers(session_id)


def save_answer(
    context: AppContext,
    caller: Claims,
    question_id: str,
    answer_input: AnswerInput,
    origin: Origin,
) -> Answer:
    """Save one answer. Idempotent.

    One conditional write: only while answering, on the session's current device, from where it was
    seen, and over an older sequence. A device that calls from elsewhere is told first. Raises
    BadInput, NotFound, NotSignedIn, WrongState, OtherDevice, StaleAnswer, SequenceTooHigh.
    """
    sitting = caller.sitting
    if sitting is None:
        raise NotSignedIn
    question = context.registry.paper(sitting.subject_id, sitting.kind).question(question_id)
    value = validate_answer(question, answer_input.value)
    answer = Answer(caller.subject, question_id, answer_input.sequence, value, context.clock())
    try:
        context.sessions.save_answer(answer, caller.generation, origin)
    except NewOrigin as news:
        note_origin_of(context, news.session, origin)
        context.sessions.save_answer(answer, caller.generation)
    return answer


def submit_answers(context: AppContext, session_id: str) -> Session:
    """Submit the answers; a repeat returns the same receipt.

    A session whose time is up ends as timed out instead. Raises WrongState.
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
