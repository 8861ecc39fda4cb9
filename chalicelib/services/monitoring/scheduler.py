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
    world: FunctionContext, whole: SessionBundle, now: Millis
) -> tuple[SessionBundle, tuple[Record, ...]]:
    """The first view's device is there: give back what it was cut off for, and note the word.

    Returns the whole after it, of which the watch is still to be written, and what else is.
    """
    heard_at = whole.monitor.last_contact_at
    if heard_at is None or whole.session.state is not State.ANSWERING:
        return whole, ()
    watch = replace(whole.monitor, last_contact_at=now)
    change = None
    if now - heard_at >= whole.session.outages.min_outage:
        answered = (answer.saved_at for answer in world.sessions.answers(whole.session.session_id))
        change = credit_outage(whole.session, last_seen(heard_at, answered, now), now)
    if change is None:
        return replace(whole, monitor=watch), ()
    return replace(whole, session=change.session, monitor=watch), (change.session, change.entry)


def run_due_sessions(world: FunctionContext) -> int:
    """Do what time alone brings: sessions that end, captures that never came. Returns how many.

    Raises all failures together, after every session was looked at.
    """
    due = world.sessions.due_sessions(world.clock())
    failures = []
    for session_id in due:
        try:
            bring_up_to_date(world, session_id)
            expire_session_calls(world, session_id)
        except Exception as error:  # noqa: BLE001  (one session must not hold up the others)
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} of {len(due)} sessions", failures)
    return len(due)


def bring_up_to_date(
    world: FunctionContext, session_id: str, *, generation: int | None = None
) -> SessionBundle:
    """Do what time alone brings to one session, and return it as it is then.

    `back` says that its own device is there, and of which generation it is: Raises OtherDevice.
    Where nothing happens it is read once.
    """
    now = world.clock()

    def attempt() -> SessionBundle:
        whole = world.sessions.bundle(session_id)
        if generation is not None:
            require_current_device(whole.session, generation)
        if _credit_outage(world, whole, now, back=generation is not None):
            return world.sessions.bundle(session_id)
        if is_expired(whole.session, now):
            finalize_timed_out(world, whole, now)
            return world.sessions.bundle(session_id)
        if _flag_missing_captures(world, whole, now):
            return world.sessions.bundle(session_id)
        return whole

    whole = retry_on_conflict(attempt)
    if whole.session.state in FINAL_STATES and is_monitored(whole.monitor):
        end_monitoring(world, session_id)
        return world.sessions.bundle(session_id)
    return whole


def _credit_outage(
    world: FunctionContext, whole: SessionBundle, now: Millis, *, back: bool
) -> bool:
    """Give time back to a device that is back, or that is still cut off when its time ends."""
    if not back and not is_expired(whole.session, now):
        return False
    after, records = credit_reconnection(world, whole, now)
    given_back = after.session.ends_at != whole.session.ends_at
    # While it is cut off, only time that is given back is worth a word.
    if not records or not (back or given_back):
        return False
    watch = replace(after.monitor, version=whole.monitor.version + 1)
    world.sessions.commit(*records, with_wakeup(watch, after.session))
    return True


def _flag_missing_captures(world: FunctionContext, whole: SessionBundle, now: Millis) -> bool:
    profile = profile_of(whole.session)
    folded = apply_elapsed_time(whole.monitor, now, profile, flagging=flags_enabled(whole.session))
    if folded.flags:
        world.sessions.commit(*flag_records(whole, folded, now))
    return bool(folded.flags)
