"""Reopening a sealed official sitting: an admin asks with a reason, somebody else confirms or refuses."""

from chalicelib.domain.sessions.attempts import attempt_id
from chalicelib.domain.sessions.reopening import (
    confirm_reopening,
    refuse_reopening,
    request_reopening,
)
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import MINUTE
from chalicelib.services.core.access import audit_actor
from chalicelib.services.core.attempts import open_next_attempt
from chalicelib.services.core.session_access import get_subject
from chalicelib.services.core.staff_acts import ActBy, act_once, change_once
from chalicelib.services.ports import AppContext, StaffAct

MAX_SHOWN_ATTEMPTS = 20


def ask_to_reopen(context: AppContext, by: ActBy, reason: str, minutes: int) -> Session:
    """Ask for a sitting to be reopened with so much answering time. Raises NotFound, WrongState."""
    now, actor = context.clock(), audit_actor(by.staff)
    return change_once(
        context,
        by,
        "reopen",
        lambda session: request_reopening(session, now, actor, reason, minutes * MINUTE),
    )


def refuse_to_reopen(context: AppContext, by: ActBy, reason: str) -> Session:
    """Drop a request. Raises NotFound, WrongState."""
    now, actor = context.clock(), audit_actor(by.staff)
    return change_once(
        context, by, "reopen_refuse", lambda session: refuse_reopening(session, now, actor, reason)
    )


def reopen(context: AppContext, by: ActBy) -> Session:
    """Confirm a request: the new attempt is there at once, with copies of the sealed one's answers.

    Raises NotFound, WrongState, and NotAllowed where the same person asked.
    """
    now, actor = context.clock(), audit_actor(by.staff)

    def perform(act: StaffAct) -> None:
        session = context.sessions.session(by.session_id)
        candidate = context.registry.candidate(session.candidate_id)
        subject = get_subject(context, session)
        following = confirm_reopening(session, subject, candidate, now, actor)
        open_next_attempt(context, following, act, carry_answers=True)

    act_once(context, by, "reopen_confirm", perform)
    return context.sessions.session(by.session_id)


def attempts_of(context: AppContext, session: Session) -> list[Session]:
    """Return the newest attempts of a session's sitting, the newest first."""
    current = context.sessions.current_attempt(session.sitting)
    newest = range(current.attempt, max(current.attempt - MAX_SHOWN_ATTEMPTS, 0), -1)
    return context.sessions.sessions(attempt_id(session.sitting, number) for number in newest)
