"""Opening an attempt: what is written for a session's beginning, and for one beside a sealed one."""

from dataclasses import replace

from chalicelib.domain.exams.papers import Answer, AnswerProgress
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.review.deletion import make_plan
from chalicelib.domain.sessions.attempts import CurrentAttempt
from chalicelib.domain.sessions.reopening import NextAttempt
from chalicelib.domain.sessions.sessions import Session, Transition
from chalicelib.services.ports import AppContext, Record


def opening_records(opened: Transition, answers: tuple[Answer, ...] = ()) -> tuple[Record, ...]:
    """Return all that is written when a session opens."""
    session = opened.session
    place = session.session_id, session.room_id
    answered = frozenset(answer.question_id for answer in answers if answer.value)
    progress = AnswerProgress(*place, 1, answered)
    plan = make_plan(session.session_id, session.created_at, session.retention)
    return session, progress, MonitorState(*place, 1), IdentityCheck(*place, 1), plan, opened.entry


def open_next_attempt(
    context: AppContext, following: NextAttempt, *extra: Record, carry_answers: bool
) -> Session:
    """Write a further attempt, the pointer to it, and on the sealed one what follows it, at once.

    With `carry_answers` the new attempt begins with copies of the sealed one's answers; they are
    written before, under a session that is not there yet, so that a repeat finds them as they are.
    Raises Conflict, to be tried again.
    """
    session, sealed = following.opened.session, following.sealed
    answers = _copy_answers(context, sealed.session, session) if carry_answers else ()
    before = context.sessions.current_attempt(session.sitting)
    pointer = CurrentAttempt(session.sitting, session.attempt, before.version + 1)
    context.sessions.commit(
        *opening_records(following.opened, answers), sealed.session, sealed.entry, pointer, *extra
    )
    return session


def _copy_answers(context: AppContext, source: Session, target: Session) -> tuple[Answer, ...]:
    answers = tuple(
        replace(answer, session_id=target.session_id)
        for answer in context.sessions.answers(source.session_id)
    )
    context.sessions.carry_answers(answers)
    return answers
