"""A further attempt beside a sealed one: a practice session repeated, an official sitting reopened."""

from dataclasses import dataclass, replace

from chalicelib.domain.errors import NotAllowed, WrongState
from chalicelib.domain.exams.exams import Candidate, Subject
from chalicelib.domain.sessions.attempts import REOPEN_SIGN_IN, Reopening, ReopenRequest
from chalicelib.domain.sessions.endings import WayBack, way_back
from chalicelib.domain.sessions.opening import open_session
from chalicelib.domain.sessions.sessions import Session, Transition, with_audit
from chalicelib.domain.types import LocalizedText, Millis

NOT_REQUESTED = LocalizedText(
    "该场考试没有待确认的重新开放申请。", "Nobody has asked to reopen this sitting."
)


@dataclass(frozen=True, slots=True)
class NextAttempt:
    """A new attempt with its first audit entry, and the sealed one that names it."""

    opened: Transition
    sealed: Transition


def request_reopening(
    session: Session, now: Millis, actor: str, reason: str, span: Millis
) -> Transition:
    """Ask to reopen a sealed official sitting; the newest request takes the place of another.

    Raises WrongState.
    """
    if way_back(session) is not WayBack.REOPEN:
        raise WrongState
    asked = replace(session, reopen_request=ReopenRequest(actor, now, reason, span))
    return with_audit(asked, now, actor, "reopen_requested", reason=reason, span=span)


def refuse_reopening(session: Session, now: Millis, actor: str, reason: str) -> Transition:
    """Drop a request; whoever made it may take it back. Raises WrongState."""
    request = _pending(session)
    dropped = replace(session, reopen_request=None)
    return with_audit(dropped, now, actor, "reopen_refused", reason=reason, requested_by=request.by)


def confirm_reopening(
    session: Session, subject: Subject, candidate: Candidate, now: Millis, actor: str
) -> NextAttempt:
    """Reopen a sealed official sitting as a new attempt.

    Raises WrongState without a request, NotAllowed where the same person made it.
    """
    request = _pending(session)
    if request.by == actor:
        raise NotAllowed(
            LocalizedText(
                "须由另一位人员确认重新开放。", "Somebody else has to confirm the reopening."
            ),
            "same_person",
        )
    until = max(subject.windows[session.kind].ends_at, now + REOPEN_SIGN_IN + request.span)
    grant = Reopening(request.by, actor, now, request.reason, request.span, until)
    return _next_attempt(session, subject, candidate, now, actor, grant)


def repeat_practice(
    session: Session, subject: Subject, candidate: Candidate, now: Millis
) -> NextAttempt:
    """Begin a practice session again, on the same device. Raises WrongState where it has not ended."""
    if way_back(session) is not WayBack.REPEAT:
        raise WrongState
    return _next_attempt(session, subject, candidate, now, "candidate", None)


def _pending(session: Session) -> ReopenRequest:
    if session.reopen_request is None or way_back(session) is not WayBack.REOPEN:
        raise WrongState(NOT_REQUESTED, "not_requested")
    return session.reopen_request


def _next_attempt(
    session: Session,
    subject: Subject,
    candidate: Candidate,
    now: Millis,
    actor: str,
    grant: Reopening | None,
) -> NextAttempt:
    """The new attempt names the sealed one, and the sealed one what follows it; nothing else changes."""
    reason = grant.reason if grant else None
    opened = open_session(
        subject,
        candidate,
        session.kind,
        now,
        actor,
        attempt=session.attempt + 1,
        retention=session.retention,
        follows=session.session_id,
        reason=reason,
    )
    fresh = replace(opened.session, reopened=grant)
    if grant is None:
        # A practice session goes on where its candidate is; a reopened one is signed in to anew.
        fresh = replace(fresh, browser_id=session.browser_id, origins=session.origins[-1:])
    sealed = with_audit(
        replace(session, superseded_by=fresh.session_id, reopen_request=None),
        now,
        actor,
        "attempt_followed",
        reason=reason,
        attempt=fresh.attempt,
        followed_by=fresh.session_id,
    )
    return NextAttempt(Transition(fresh, opened.entry), sealed)
