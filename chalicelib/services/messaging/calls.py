"""Calls between staff and a candidate's devices: opening, answering, ending, signalling."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.domain.errors import Conflict, NotFound, TooMany, WrongState
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.messaging.calls import (
    MAX_SIGNALS,
    SIGNAL_TTL,
    Call,
    CallEnd,
    CallKind,
    Calls,
    CallsUpdate,
    Endpoint,
    IceCandidate,
    Signal,
    accept_call,
    end_call,
    expire_calls,
    open_call,
)
from chalicelib.domain.messaging.chats import Side
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import ENDED_STATES
from chalicelib.domain.types import Millis
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.access import audit_actor, authorized_session
from chalicelib.services.core.audit_trail import append_events
from chalicelib.services.ports import AppContext, FunctionContext


@dataclass(frozen=True, slots=True)
class SignalStep:
    """One step of WebRTC signalling from one side's browser, relayed once."""

    peer: str
    number: int
    type: str | None
    sdp: str | None
    candidates: tuple[IceCandidate, ...]


def request_call(
    context: AppContext,
    staff: Staff,
    session_id: str,
    call_id: str,
    kind: CallKind,
    reason: str | None,
) -> Call:
    """Open a call. Idempotent. Raises NotFound, WrongState, LineBusy, TooManyViewers."""
    authorized_session(context, staff, session_id)
    now, actor = context.clock(), audit_actor(staff)
    call = Call(call_id, kind, staff.username, staff.display_name, now, reason)

    def decide(session: Session, calls: Calls) -> CallsUpdate:
        if session.state in ENDED_STATES:
            raise WrongState
        return open_call(calls, call, actor)

    opened = change_calls(context, session_id, now, decide).find(call_id)
    if opened.staff != staff.username:
        raise NotFound
    return opened


def answer_call(
    context: AppContext, session_id: str, endpoint: Endpoint, call_id: str, end: CallEnd | None
) -> Call:
    """Accept a call on a device (`end` is None) or end it. Raises NotFound for another device's."""
    now = context.clock()
    actor = "candidate" if endpoint is Endpoint.EXAM else "phone"

    def decide(_: Session, calls: Calls) -> CallsUpdate:
        if calls.find(call_id).endpoint is not endpoint:
            raise NotFound
        if end is None:
            return accept_call(calls, call_id, now)
        return end_call(calls, call_id, end, actor, now)

    return change_calls(context, session_id, now, decide).find(call_id)


def hang_up_call(
    context: AppContext, staff: Staff, session_id: str, call_id: str, end: CallEnd
) -> Call:
    """End a staff member's own call. Raises NotFound."""
    authorized_session(context, staff, session_id)
    now = context.clock()

    def decide(_: Session, calls: Calls) -> CallsUpdate:
        _require_own_call(calls, staff, call_id)
        return end_call(calls, call_id, end, audit_actor(staff), now)

    return change_calls(context, session_id, now, decide).find(call_id)


def signal_from_device(
    context: AppContext, session_id: str, endpoint: Endpoint, call_id: str, step: SignalStep
) -> None:
    """Relay a device's signal to the staff member in its call. Raises NotFound, TooMany."""
    call = _accepted_call(context, session_id, call_id)
    if call.endpoint is not endpoint:
        raise NotFound
    _relay(context, session_id, call, Side.STAFF, step)


def signal_from_staff(
    context: AppContext, staff: Staff, session_id: str, call_id: str, step: SignalStep
) -> None:
    """Relay a staff member's signal to the device in their call. Raises NotFound, TooMany."""
    authorized_session(context, staff, session_id)
    call = _accepted_call(context, session_id, call_id)
    if call.staff != staff.username:
        raise NotFound
    _relay(context, session_id, call, Side.DEVICE, step)


def pending_signals(
    context: AppContext, calls: Calls, to: Side, is_own: Callable[[Call], bool]
) -> list[Signal]:
    """Return the signals to a side in its own open calls, for clients without an open socket."""
    return [
        signal
        for call in calls.open
        if is_own(call)
        for signal in context.messages.signals(calls.session_id, call.call_id, to)
    ]


def _accepted_call(context: AppContext, session_id: str, call_id: str) -> Call:
    """Return a call that is accepted and has not ended. Raises NotFound."""
    calls = context.messages.calls(session_id)
    call = calls.find(call_id) if calls else None
    if call is None or call.ended_at is not None or call.accepted_at is None:
        raise NotFound
    return call


def _require_own_call(calls: Calls, staff: Staff, call_id: str) -> None:
    if calls.find(call_id).staff != staff.username:
        raise NotFound


def _relay(context: AppContext, session_id: str, call: Call, to: Side, step: SignalStep) -> None:
    now = context.clock()
    if len(context.messages.signals(session_id, call.call_id, to)) >= MAX_SIGNALS:
        raise TooMany
    signal = Signal(
        session_id=session_id,
        call_id=call.call_id,
        to=to,
        staff=call.staff,
        device=call.endpoint,
        peer=step.peer,
        number=step.number,
        sent_at=now,
        expires_at=now + SIGNAL_TTL,
        type=step.type,
        sdp=step.sdp,
        candidates=step.candidates,
    )
    try:
        context.sessions.commit(signal)
    except Conflict:
        return  # a repeat: this step was relayed already


def read_calls(context: FunctionContext, session: Session) -> Calls:
    """Return a session's calls, empty before the first."""
    return context.messages.calls(session.session_id) or Calls(session.session_id, session.room_id)


def expire_session_calls(context: FunctionContext, session_id: str) -> None:
    """End the calls whose time has passed. Idempotent."""
    if context.messages.calls(session_id) is not None:
        change_calls(context, session_id, context.clock(), lambda _, calls: CallsUpdate(calls))


def change_calls(
    context: FunctionContext,
    session_id: str,
    now: Millis,
    decide: Callable[[Session, Calls], CallsUpdate],
) -> Calls:
    """End expired calls, let `decide` change the others, and write calls and audit together."""

    def attempt() -> Calls:
        session = context.sessions.session(session_id)
        before = read_calls(context, session)
        expiry = expire_calls(before, now, session_ended=session.state in ENDED_STATES)
        update = decide(session, expiry.calls)
        events = (*expiry.events, *update.events)
        if not events:
            return before
        after = replace(update.calls, version=before.version + 1)
        audited, entries = append_events(session, now, events)
        context.sessions.commit(after, audited, *entries)
        return after

    return retry_on_conflict(attempt)
