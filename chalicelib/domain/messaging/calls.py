"""Calls: WebRTC connections between a staff member and one of a candidate's devices.

A voice call («talk», 语音对话) rings on the exam page until the candidate accepts or declines. Live
video of a view starts at once: the camera is already on, and the candidate sees who is watching.
Browsers exchange signals to connect, which are stored for minutes only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.errors import Conflict, NotFound, TooMany
from chalicelib.domain.messaging.chats import Side
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis

RING_TIMEOUT: Millis = 45 * SECOND
"""How long a voice call rings before it counts as missed."""
MAX_VIEWERS = 3
"""Of one view at once: each takes a share of the candidate's bandwidth."""
MAX_ENDED_CALLS = 8
"""Ended calls that are still shown."""
SIGNAL_TTL: Millis = 15 * MINUTE
MAX_SIGNALS = 160
"""Of one call and direction; a connection needs about five."""


class CallKind(StrEnum):
    """What is connected: both microphones, or a view's camera to the staff member."""

    TALK = "talk"
    FIRST = "first"
    SECOND = "second"


MAX_CALL_DURATION: dict[CallKind, Millis] = {
    CallKind.TALK: 60 * MINUTE,
    CallKind.FIRST: 10 * MINUTE,
    CallKind.SECOND: 10 * MINUTE,
}
"""After this time a call ends; opening it again is audited again."""


class Endpoint(StrEnum):
    """The candidate's page that answers the call."""

    EXAM = "exam"
    PHONE = "phone"


class CallEnd(StrEnum):
    """How a call ended."""

    HUNG_UP = "hung_up"
    DECLINED = "declined"
    MISSED = "missed"
    LOST = "lost"  # the connection broke and was not restored
    NO_DEVICE = "no_device"  # no camera or microphone available
    OVER = "over"  # the maximum duration was reached, or the session or its device ended


@dataclass(frozen=True, slots=True)
class Call:
    """One call. Live video is accepted automatically."""

    call_id: str
    kind: CallKind
    staff: str
    staff_name: str
    requested_at: Millis
    reason: str | None = None
    accepted_at: Millis | None = None
    ended_at: Millis | None = None
    end: CallEnd | None = None

    @property
    def endpoint(self) -> Endpoint:
        """The candidate's page that answers the call."""
        return Endpoint.PHONE if self.kind is CallKind.SECOND else Endpoint.EXAM

    @property
    def deadline(self) -> Millis:
        """When the call ends automatically."""
        if self.accepted_at is None:
            return self.requested_at + RING_TIMEOUT
        return self.accepted_at + MAX_CALL_DURATION[self.kind]


@dataclass(frozen=True, slots=True)
class Calls:
    """The open calls of a session, and the last ended ones."""

    session_id: str
    room_id: str
    version: int = 0
    calls: tuple[Call, ...] = ()

    @property
    def open(self) -> tuple[Call, ...]:
        """The calls that have not ended."""
        return tuple(call for call in self.calls if call.ended_at is None)

    @property
    def wake_at(self) -> Millis | None:
        """When the scheduler must process the calls: at the earliest deadline."""
        return min((call.deadline for call in self.open), default=None)

    def find(self, call_id: str) -> Call:
        """Return the call with this id. Raises NotFound."""
        match = next((call for call in self.calls if call.call_id == call_id), None)
        if match is None:
            raise NotFound
        return match


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """An event to append to the audit chain."""

    actor: str
    action: str
    detail: dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class CallsUpdate:
    """The updated calls and the events to audit; no events means that nothing changed."""

    calls: Calls
    events: tuple[AuditEvent, ...] = field(default=())


class LineBusy(Conflict):
    """The candidate is already on a voice call."""

    code = "busy"
    text = LocalizedText(
        "该考生正在通话中，请稍后再呼叫。", "This candidate is already on a call. Try again later."
    )


class TooManyViewers(TooMany):
    """The maximum number of people is already watching this view."""

    code = "watched"
    text = LocalizedText(
        f"已有 {MAX_VIEWERS} 人正在查看此画面，请稍后再试。",
        f"{MAX_VIEWERS} people are already watching this view. Try again later.",
    )


def open_call(before: Calls, call: Call, actor: str) -> CallsUpdate:
    """Open a call. Idempotent; it ends an earlier call of the same staff member and kind.

    Raises LineBusy, TooManyViewers.
    """
    if any(other.call_id == call.call_id for other in before.calls):
        return CallsUpdate(before)
    same_kind = [other for other in before.open if other.kind is call.kind]
    others = [other for other in same_kind if other.staff != call.staff]
    if call.kind is CallKind.TALK and others:
        raise LineBusy
    if len(others) >= MAX_VIEWERS:
        raise TooManyViewers
    ending = _end_matching(
        before, same_kind, lambda other: other.staff == call.staff, call.requested_at
    )
    talk = call.kind is CallKind.TALK
    new_call = call if talk else replace(call, accepted_at=call.requested_at)
    action = "talk_asked" if talk else "live_begun"
    event = _audit_event(new_call, actor, action, reason=call.reason)
    return CallsUpdate(
        _without_oldest(ending.calls, (*ending.calls.calls, new_call)), (*ending.events, event)
    )


def accept_call(before: Calls, call_id: str, now: Millis) -> CallsUpdate:
    """Record that the candidate accepts a voice call. Idempotent; ignored after its end."""
    call = before.find(call_id)
    if call.accepted_at is not None or call.ended_at is not None:
        return CallsUpdate(before)
    call = replace(call, accepted_at=now)
    return CallsUpdate(
        _with_call(before, call), (_audit_event(call, "candidate", "talk_accepted"),)
    )


def end_call(before: Calls, call_id: str, how: CallEnd, actor: str, now: Millis) -> CallsUpdate:
    """End a call. Idempotent."""
    call = before.find(call_id)
    if call.ended_at is not None:
        return CallsUpdate(before)
    unanswered = call.accepted_at is None and how is CallEnd.LOST
    call = replace(call, ended_at=now, end=CallEnd.MISSED if unanswered else how)
    action = "talk_ended" if call.kind is CallKind.TALK else "live_ended"
    span = now - call.accepted_at if call.accepted_at is not None else 0
    event = _audit_event(call, actor, action, end=call.end, seconds=round(span / SECOND))
    return CallsUpdate(_with_call(before, call), (event,))


def expire_calls(before: Calls, now: Millis, *, session_ended: bool = False) -> CallsUpdate:
    """End calls past their deadline; all calls, if the session has ended."""
    due = [call for call in before.open if session_ended or call.deadline <= now]
    return _end_matching(before, due, lambda _: True, now)


def end_calls_of(before: Calls, endpoint: Endpoint, now: Millis) -> CallsUpdate:
    """End the open calls of a page whose device was replaced: it no longer speaks for the session."""
    due = [call for call in before.open if call.endpoint is endpoint]
    return _end_matching(before, due, lambda _: True, now)


def _end_matching(
    before: Calls, calls: Iterable[Call], matches: Callable[[Call], bool], now: Millis
) -> CallsUpdate:
    result = CallsUpdate(before)
    for call in calls:
        if matches(call):
            how = CallEnd.MISSED if call.accepted_at is None else CallEnd.OVER
            update = end_call(result.calls, call.call_id, how, "system", min(now, call.deadline))
            result = CallsUpdate(update.calls, (*result.events, *update.events))
    return result


def _with_call(before: Calls, call: Call) -> Calls:
    return _without_oldest(
        before, tuple(call if other.call_id == call.call_id else other for other in before.calls)
    )


def _without_oldest(before: Calls, calls: tuple[Call, ...]) -> Calls:
    ended_ids = [call.call_id for call in calls if call.ended_at is not None][-MAX_ENDED_CALLS:]
    remaining = tuple(call for call in calls if call.ended_at is None or call.call_id in ended_ids)
    return replace(before, calls=remaining)


def _audit_event(
    call: Call, actor: str, action: str, **detail: str | int | float | bool | None
) -> AuditEvent:
    about: dict[str, str | int | float | bool | None] = {"staff": call.staff}
    if call.kind is not CallKind.TALK:
        about["view"] = call.kind.value
    present = {name: value for name, value in detail.items() if value is not None}
    return AuditEvent(actor, action, about | present | {"call": call.call_id})


@dataclass(frozen=True, slots=True)
class IceCandidate:
    """An ICE candidate: an address at which a browser may be reached, as the browser sends it."""

    candidate: str
    sdp_mid: str | None = None
    sdp_m_line_index: int | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """A signaling message from one browser to the other. `peer` identifies a connection attempt."""

    session_id: str
    call_id: str
    to: Side
    staff: str
    """The staff member in the call: recipient or sender."""
    device: Endpoint
    peer: str
    number: int
    sent_at: Millis
    expires_at: Millis
    type: str | None = None
    sdp: str | None = None
    candidates: tuple[IceCandidate, ...] = ()
