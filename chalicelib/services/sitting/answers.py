"""Answering: the paper, saving an answer, handing in."""

from chalicelib.domain.errors import NotFound, NotSignedIn
from chalicelib.domain.exams.papers import Answer, Paper, checked_value
from chalicelib.domain.exams.shuffling import arranged
from chalicelib.domain.sessions.session_clock import time_is_up
from chalicelib.domain.sessions.sessions import Session, submit
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Text
from chalicelib.retry import until_written
from chalicelib.services.core.session_access import subject_of
from chalicelib.services.core.submission import end, end_by_time
from chalicelib.services.monitoring.observations import end_watch
from chalicelib.services.ports import Claims, World

READABLE = frozenset({State.ANSWERING, State.PAUSED})


def read_paper(world: World, session_id: str) -> tuple[Paper, list[Answer]]:
    """Return the paper in this candidate's order, and what is answered.

    Raises NotFound before the start and after the end.
    """
    session = world.sessions.session(session_id)
    if session.state not in READABLE:
        raise NotFound(Text("当前无法查看试卷。", "The paper cannot be seen now."))
    paper = world.registry.paper(session.subject_id, session.kind)
    return arranged(paper, session_id), world.sessions.answers(session_id)


def save_answer(
    world: World, who: Claims, question_id: str, given: tuple[int, list[str]]
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
    question = world.registry.paper(sitting.subject_id, sitting.kind).question(question_id)
    checked = checked_value(question, value)
    answer = Answer(who.subject, question_id, sequence, checked, world.clock())
    world.sessions.save_answer(answer, who.generation)
    return answer


def hand_in(world: World, session_id: str) -> Session:
    """Hand in, once; a repeat returns the same receipt. After the end, the time's end counts.

    Raises WrongState.
    """
    now = world.clock()

    def attempt() -> Session:
        whole = world.sessions.whole(session_id)
        session = whole.session
        if session.receipt is not None:
            return session
        if time_is_up(session, now):
            return end_by_time(world, whole, now)
        subject = subject_of(world, session)
        return end(world, whole, lambda tally: submit(session, subject, now, tally))

    session = until_written(attempt)
    end_watch(world, session_id)
    return session
