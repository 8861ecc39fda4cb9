"""Waking: what time alone brings to a session, and what a device brings that is there again."""

from dataclasses import replace

from chalicelib.domain.monitoring.flags import apply_elapsed_time
from chalicelib.domain.rules.outages import last_seen
from chalicelib.domain.sessions.session_clock import credit_outage, is_expired
from chalicelib.domain.sessions.sessions import require_current_device
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import Millis
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.submission import finalize_timed_out
from chalicelib.services.messaging.calls import expire_session_calls
from chalicelib.services.monitoring.observations import (
    end_monitoring,
    flag_records,
    flags_enabled,
    is_monitored,
    profile_of,
    with_wakeup,
)
from chalicelib.services.ports import FunctionContext, Record, SessionBundle


def credit_reconnection(
    context: FunctionContext, bundle: SessionBundle, now: Millis
) -> tuple[SessionBundle, tuple[Record, ...]]:
    """The first view's device is there: give back what it was cut off for, and note the word.

    Returns the whole after it, of which the watch is still to be written, and what else is.
    """
    heard_at = bundle.monitor.last_contact_at
    if heard_at is None or bundle.session.state is not State.ANSWERING:
        return bundle, ()
    monitor = replace(bundle.monitor, last_contact_at=now)
    transition = None
    if now - heard_at >= bundle.session.outages.min_outage:
        answered = (
            answer.saved_at for answer in context.sessions.answers(bundle.session.session_id)
        )
        transition = credit_outage(bundle.session, last_seen(heard_at, answered, now), now)
    if transition is None:
        return replace(bundle, monitor=monitor), ()
    return replace(bundle, session=transition.session, monitor=monitor), (
        transition.session,
        transition.entry,
    )


def run_due_sessions(context: FunctionContext) -> int:
    """Do what time alone brings: sessions that end, captures that never came. Returns how many.

    Raises all failures together, after every session was looked at.
    """
    due = context.sessions.due_sessions(context.clock())
    failures = []
    for session_id in due:
        try:
            bring_up_to_date(context, session_id)
            expire_session_calls(context, session_id)
        except Exception as error:  # noqa: BLE001  (one session must not hold up the others)
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(due)} sessions", failures)
    return len(due)


def bring_up_to_date(
    context: FunctionContext, session_id: str, *, generation: int | None = None
) -> SessionBundle:
    """Do what time alone brings to one session, and return it as it is then.

    `back` says that its own device is there, and of which generation it is: Raises OtherDevice.
    Where nothing happens it is read once.
    """
    now = context.clock()

    def attempt() -> SessionBundle:
        bundle = context.sessions.bundle(session_id)
        if generation is not None:
            require_current_device(bundle.session, generation)
        if _credit_outage(context, bundle, now, back=generation is not None):
            return context.sessions.bundle(session_id)
        if is_expired(bundle.session, now):
            finalize_timed_out(context, bundle, now)
            return context.sessions.bundle(session_id)
        if _flag_missing_captures(context, bundle, now):
            return context.sessions.bundle(session_id)
        return bundle

    bundle = retry_on_conflict(attempt)
    if bundle.session.state in FINAL_STATES and is_monitored(bundle.monitor):
        end_monitoring(context, session_id)
        return context.sessions.bundle(session_id)
    return bundle


def _credit_outage(
    context: FunctionContext, bundle: SessionBundle, now: Millis, *, back: bool
) -> bool:
    """Give time back to a device that is back, or that is still cut off when its time ends."""
    if not back and not is_expired(bundle.session, now):
        return False
    after, records = credit_reconnection(context, bundle, now)
    given_back = after.session.ends_at != bundle.session.ends_at
    # While it is cut off, only time that is given back is worth a word.
    if not records or not (back or given_back):
        return False
    monitor = replace(after.monitor, version=bundle.monitor.version + 1)
    context.sessions.commit(*records, with_wakeup(monitor, after.session))
    return True


def _flag_missing_captures(context: FunctionContext, bundle: SessionBundle, now: Millis) -> bool:
    profile = profile_of(bundle.session)
    update = apply_elapsed_time(
        bundle.monitor, now, profile, flagging=flags_enabled(bundle.session)
    )
    if update.flags:
        context.sessions.commit(*flag_records(bundle, update, now))
    return bool(update.flags)
