"""The scheduler: time-outs, missing captures, credit for outages, anchors of recordings.

Each minute the sessions whose wake-up time has passed are processed; a request of the candidate's
own device does the same for its session.
"""

from dataclasses import replace

from chalicelib.domain.monitoring.monitor_state import has_sent_picture
from chalicelib.domain.rules.outages import last_seen
from chalicelib.domain.sessions.session_clock import credit_outage, is_expired
from chalicelib.domain.sessions.sessions import require_current_device
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import Millis, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.submission import finalize_timed_out
from chalicelib.services.messaging.calls import expire_session_calls
from chalicelib.services.monitoring.missing_captures import update_missing
from chalicelib.services.monitoring.observations import (
    end_monitoring,
    flag_records,
    is_monitored,
    with_wakeup,
)
from chalicelib.services.monitoring.segments import anchor_recordings
from chalicelib.services.ports import FunctionContext, Record, SessionBundle


def credit_reconnection(
    context: FunctionContext, bundle: SessionBundle, now: Millis
) -> tuple[SessionBundle, tuple[Record, ...]]:
    """Record contact with the first view's device, and credit the outage before it, if any.

    Returns the changed bundle and the records to write, but for the monitor state, which the
    caller writes.
    """
    last_contact_at = bundle.monitor.last_contact_at
    if last_contact_at is None or bundle.session.place is not State.ANSWERING:
        return bundle, ()
    monitor = replace(bundle.monitor, last_contact_at=now)
    transition = None
    is_outage = now - last_contact_at >= bundle.session.outages.min_outage
    if is_outage and has_sent_picture(bundle.monitor, View.FIRST):
        saved_at = (
            answer.saved_at for answer in context.sessions.answers(bundle.session.session_id)
        )
        transition = credit_outage(bundle.session, last_seen(last_contact_at, saved_at, now), now)
    if transition is None:
        return replace(bundle, monitor=monitor), ()
    return replace(bundle, session=transition.session, monitor=monitor), (
        transition.session,
        transition.entry,
    )


def run_due_sessions(context: FunctionContext) -> int:
    """Process the sessions whose deadline has passed. Returns how many.

    Raises all errors together, after every session was processed.
    """
    session_ids = context.sessions.due_sessions(context.clock())
    errors = []
    for session_id in session_ids:
        try:
            bring_up_to_date(context, session_id)
            expire_session_calls(context, session_id)
            anchor_recordings(context, session_id)
        except Exception as error:  # noqa: BLE001  (one session must not hold up the others)
            errors.append(error)
    if errors:
        raise ExceptionGroup(f"{len(errors)} of {len(session_ids)} sessions", errors)
    return len(session_ids)


def bring_up_to_date(
    context: FunctionContext, session_id: str, *, generation: int | None = None
) -> SessionBundle:
    """Apply what is due in one session, and return the session after it.

    `generation` is given where the session's own device makes the request; raises OtherDevice
    where it is not the current one. A session with nothing due is read once.
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
    """Credit an outage whose device is back, or that still lasts when the session's time ends.

    Returns whether something was written.
    """
    if not back and not is_expired(bundle.session, now):
        return False
    after, records = credit_reconnection(context, bundle, now)
    has_credit = after.session.ends_at != bundle.session.ends_at
    # During an outage only a credit is written; the outage itself is written when it ends.
    if not records or not (back or has_credit):
        return False
    monitor = replace(after.monitor, version=bundle.monitor.version + 1)
    context.sessions.commit(*records, with_wakeup(monitor, after.session))
    return True


def _flag_missing_captures(context: FunctionContext, bundle: SessionBundle, now: Millis) -> bool:
    kinds = bundle.session.openable_kinds
    if not kinds:
        return False
    update, changes = update_missing(context, bundle, now, kinds)
    if update.monitor is bundle.monitor:
        return False
    context.sessions.commit(*flag_records(bundle, update, now, changes))
    return True
