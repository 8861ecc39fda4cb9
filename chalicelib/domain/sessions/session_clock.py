"""A session's clock: start, pause, resume, extension, outage credit and expiry."""

from dataclasses import replace

from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.accommodations import Accommodation, unrecorded_detail
from chalicelib.domain.exams.exams import Subject, Window
from chalicelib.domain.recording.recording_rule import without_tracks
from chalicelib.domain.rules.device_checks import CheckDemand, DeviceCheck
from chalicelib.domain.rules.outages import Outage, credit_for
from chalicelib.domain.rules.page_exits import allow_one_more
from chalicelib.domain.sessions.sessions import Extension, Session, Transition, advance, with_audit
from chalicelib.domain.sessions.states import Action, State
from chalicelib.domain.types import MINUTE, LocalizedText, Millis


def start(session: Session, subject: Subject, window: Window, now: Millis) -> Transition:
    """Start answering: the session ends after the subject's duration, at the latest at `ends_at`
    of the window; the extra time of an accommodation is added to both. A reopened attempt has the
    time that it was reopened with.

    The subject's rules are copied into the session, so later changes by an admin do not affect it.
    Raises WrongState before the window starts.
    """
    if now < window.starts_at:
        raise WrongState(
            LocalizedText("考试尚未开始。", "The exam has not started yet."), "not_started"
        )
    latest_end = session.reopened.until if session.reopened else window.ends_at
    ends_at = (
        min(now + session.reopened.span, latest_end)
        if session.reopened
        else min(now + subject.duration, latest_end) + session.extra
    )
    session = replace(
        session,
        started_at=now,
        ends_at=ends_at,
        latest_end=latest_end,
        profile=subject.profile,
        rule_overrides=subject.rule_overrides,
        outages=subject.outages,
        microphone_required=subject.checks.demand(DeviceCheck.MICROPHONE) is CheckDemand.MUST,
    )
    return advance(
        session,
        Action.START,
        now,
        "candidate",
        ends_at=ends_at,
        profile=subject.profile,
        adjusted=",".join(sorted(subject.rule_overrides)),
    )


def apply_accommodation(
    session: Session,
    accommodation: Accommodation,
    extra: Millis,
    now: Millis,
    actor: str,
    reason: str,
) -> Transition:
    """Apply an accommodation to an open session: excused kinds, extra time, what is not recorded.

    What is not recorded any more stays so: the candidate was asked to consent to no more than that.
    Withdrawing extra time never ends a running session at once, but a minute from now at the
    earliest.
    """
    ends_at = session.ends_at
    if ends_at is not None:
        ends_at = max(ends_at + extra - session.extra, min(ends_at, now + MINUTE))
    recording = without_tracks(session.recording, frozenset(accommodation.unrecorded))
    session = replace(
        session,
        excused=accommodation.excused,
        extra=extra,
        ends_at=ends_at,
        recording=recording,
    )
    return with_audit(
        session,
        now,
        actor,
        "accommodated",
        reason=reason,
        excused=",".join(accommodation.excused),
        extra=extra,
        ends_at=ends_at,
        **unrecorded_detail(accommodation),
    )


def pause(session: Session, now: Millis, actor: str, reason: str) -> Transition:
    """Stop the clock. Raises WrongState."""
    session = replace(session, paused_at=now, reason=reason)
    return advance(session, Action.PAUSE, now, actor, reason=reason)


def resume(session: Session, now: Millis, actor: str) -> Transition:
    """Resume the clock and credit the duration of the pause. Raises WrongState.

    After a pause caused by page exits, one more exit is allowed.
    """
    credit = now - (session.paused_at or now)
    session = replace(
        session,
        paused_at=None,
        reason=None,
        credit=session.credit + credit,
        ends_at=(session.ends_at or now) + credit,
        exits=allow_one_more(session.exits),
    )
    return advance(session, Action.RESUME, now, actor, credit=credit)


def extend(session: Session, span: Millis, now: Millis, actor: str, reason: str) -> Transition:
    """Extend a running or paused session by a proctor's decision. Raises WrongState."""
    if session.place not in {State.ANSWERING, State.PAUSED} or session.ends_at is None:
        raise WrongState
    ends_at = session.ends_at + span
    session = replace(
        session,
        ends_at=ends_at,
        credit=session.credit + span,
        extension=Extension(now, span, reason),
    )
    return with_audit(session, now, actor, "extended", reason=reason, credit=span, ends_at=ends_at)


def credit_outage(session: Session, began_at: Millis, now: Millis) -> Transition | None:
    """Credit an outage that lasted from `began_at` until now; return None if it was no outage."""
    rule, span = session.outages, now - began_at
    if session.place is not State.ANSWERING or session.ends_at is None or span < rule.min_outage:
        return None
    ends_at = session.ends_at + credit_for(rule, span, session.outage_credit, duration_of(session))
    if session.latest_end is not None and not rule.beyond_window:
        ends_at = max(min(ends_at, session.latest_end + session.extra), session.ends_at)
    credit = ends_at - session.ends_at
    session = replace(
        session,
        ends_at=ends_at,
        credit=session.credit + credit,
        outage=Outage(began_at, now, credit),
        outage_credit=session.outage_credit + credit,
    )
    return with_audit(session, now, "system", "outage", silent=span, credit=credit, ends_at=ends_at)


def duration_of(session: Session) -> Millis:
    """Return the answering time a session started with, without what was credited since."""
    if session.started_at is None or session.ends_at is None:
        return 0
    return session.ends_at - session.started_at - session.credit


def takes_answers(session: Session, now: Millis) -> bool:
    """Return whether answers are taken: while its clock runs, up to its end."""
    ends_at = session.ends_at
    return session.state is State.ANSWERING and ends_at is not None and ends_at > now


def is_expired(session: Session, now: Millis) -> bool:
    """Return whether a running session has reached its end. A paused session does not expire."""
    return (
        session.place is State.ANSWERING and session.ends_at is not None and now >= session.ends_at
    )
