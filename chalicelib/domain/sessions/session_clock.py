"""A session's time: the clock is set, stops, runs on, and gets longer; and when it is up."""

from dataclasses import replace

from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.accommodations import Accommodation
from chalicelib.domain.exams.exams import Subject, Window
from chalicelib.domain.rules.outages import Outage, credit_for
from chalicelib.domain.rules.page_exits import allow_one_more
from chalicelib.domain.sessions.sessions import Extension, Session, Transition, advance, with_audit
from chalicelib.domain.sessions.states import Action, State
from chalicelib.domain.types import MINUTE, LocalizedText, Millis


def start(session: Session, subject: Subject, window: Window, now: Millis) -> Transition:
    """Open the paper and set the clock: the subject's duration, but not beyond the window's end.

    Extra time comes on top of both.

    From here on the subject's rules stand for this session, whatever an admin changes later.
    Raises WrongState before the start.
    """
    if now < window.starts_at:
        raise WrongState(
            LocalizedText("考试尚未开始。", "The exam has not started yet."), "not_started"
        )
    ends_at = min(now + subject.duration, window.ends_at) + session.extra
    timed = replace(
        session,
        started_at=now,
        ends_at=ends_at,
        latest_end=window.ends_at,
        profile=subject.profile,
        rule_overrides=subject.rule_overrides,
        outages=subject.outages,
    )
    return advance(
        timed,
        Action.START,
        now,
        "candidate",
        ends_at=ends_at,
        profile=subject.profile,
        adjusted=",".join(sorted(subject.rule_overrides)),
    )


def accommodate(
    session: Session, given: Accommodation, extra: Millis, now: Millis, actor: str, reason: str
) -> Transition:
    """Let an accommodation hold for a session that is under way: what raises no flag, and when it ends.

    Extra time that is taken back again never ends a running session at once: it ends a minute
    from now at the soonest.
    """
    ends_at = session.ends_at
    if ends_at is not None:
        ends_at = max(ends_at + extra - session.extra, min(ends_at, now + MINUTE))
    changed = replace(session, excused=given.excused, extra=extra, ends_at=ends_at)
    return with_audit(
        changed,
        now,
        actor,
        "accommodated",
        reason=reason,
        excused=",".join(given.excused),
        extra=extra,
        ends_at=ends_at,
    )


def pause(session: Session, now: Millis, actor: str, reason: str) -> Transition:
    """Stop the clock. Raises WrongState."""
    stopped = replace(session, paused_at=now, reason=reason)
    return advance(stopped, Action.PAUSE, now, actor, reason=reason)


def resume(session: Session, now: Millis, actor: str) -> Transition:
    """Let the clock run on; the pause's length is credited. Raises WrongState.

    Where leaving the page had led to the pause, one more leave is allowed than there were.
    """
    credit = now - (session.paused_at or now)
    running = replace(
        session,
        paused_at=None,
        reason=None,
        credit=session.credit + credit,
        ends_at=(session.ends_at or now) + credit,
        exits=allow_one_more(session.exits),
    )
    return advance(running, Action.RESUME, now, actor, credit=credit)


def extend(session: Session, span: Millis, now: Millis, actor: str, reason: str) -> Transition:
    """Give a running or paused session more time, by a person's decision. Raises WrongState."""
    if session.state not in {State.ANSWERING, State.PAUSED} or session.ends_at is None:
        raise WrongState
    ends_at = session.ends_at + span
    longer = replace(
        session,
        ends_at=ends_at,
        credit=session.credit + span,
        extension=Extension(now, span, reason),
    )
    return with_audit(longer, now, actor, "extended", reason=reason, credit=span, ends_at=ends_at)


def credit_outage(session: Session, began_at: Millis, now: Millis) -> Transition | None:
    """Give time back for a silence that lasted from `began_at` until now; None where it is none."""
    rule, span = session.outages, now - began_at
    if session.state is not State.ANSWERING or session.ends_at is None or span < rule.min_outage:
        return None
    ends_at = session.ends_at + credit_for(rule, span, session.outage_credit)
    if session.latest_end is not None and not rule.beyond_window:
        ends_at = max(min(ends_at, session.latest_end + session.extra), session.ends_at)
    credit = ends_at - session.ends_at
    credited = replace(
        session,
        ends_at=ends_at,
        credit=session.credit + credit,
        outage=Outage(began_at, now, credit),
        outage_credit=session.outage_credit + credit,
    )
    return with_audit(
        credited, now, "system", "outage", silent=span, credit=credit, ends_at=ends_at
    )


def is_expired(session: Session, now: Millis) -> bool:
    """Tell whether a running session has reached its end. A paused clock does not run."""
    return (
        session.state is State.ANSWERING and session.ends_at is not None and now >= session.ends_at
    )
