"""Repeating a practice session (调试): as often as wanted, each time as a new attempt that is kept."""

from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.exams import require_open
from chalicelib.domain.sessions.reopening import repeat_practice
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import Millis, SittingKind
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.attempts import open_next_attempt
from chalicelib.services.core.session_access import get_subject, read_session_view
from chalicelib.services.ports import AppContext
from chalicelib.services.sign_in.candidate import SignInResult, issue_sign_in


def repeat(context: AppContext, session_id: str) -> SignInResult:
    """Begin an ended practice session again, and sign its device in to the new attempt. Idempotent.

    Raises WrongState where it has not ended, and SittingClosed outside the window.
    """
    now = context.clock()
    following_id = retry_on_conflict(lambda: _following_attempt(context, session_id, now))
    return issue_sign_in(context, read_session_view(context, following_id), now)


def _following_attempt(context: AppContext, session_id: str, now: Millis) -> str:
    session = context.sessions.session(session_id)
    if session.superseded_by is not None:
        return _opened_by(context, session).session_id
    subject = get_subject(context, session)
    candidate = context.registry.candidate(session.candidate_id)
    extra = candidate.accommodation.extra_time(subject.duration)
    following = repeat_practice(session, subject, candidate, now)
    require_open(subject.windows[session.kind], now, extra)
    return open_next_attempt(context, following, carry_answers=False).session_id


def _opened_by(context: AppContext, session: Session) -> Session:
    """Return the attempt that this device began before; another one has to be signed in to."""
    following = context.sessions.session(session.superseded_by or "")
    is_own = following.kind is SittingKind.TRIAL and following.generation == 1
    if not is_own or following.browser_id != session.browser_id:
        raise WrongState
    return following
