"""Calls: a WebRTC connection between one staff member and one of a candidate's devices.

A talk (语音对话) rings on the exam page until the candidate accepts or declines. Live video of a
view begins at once: the camera is on already, and the candidate sees who watches. What browsers
tell each other to connect are signals, kept for minutes only.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.errors import Conflict, NotFound, TooMany
from chalicelib.domain.messaging.chats import Side
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis

RING_TIMEOUT: Millis = 45 * SECOND
"""How long a talk rings before it counts as missed."""
MAX_VIEWERS = 3
"""Of one view at once: each takes a share of the candidate's line."""
MAX_ENDED_CALLS = 8
"""Calls that have ended and are still shown."""
SIGNAL_TTL: Millis = 15 * MINUTE
MAX_SIGNALS = 160
"""Of one call and direction: a connection takes about five."""


class CallKind(StrEnum):
    """What is connected: both microphones, or one camera to the staff member."""

    TALK = "talk"
    FIRST = "first"
    SECOND = "second"


MAX_CALL_DURATION: dict[CallKind, Millis] = {
    CallKind.TALK: 60 * MINUTE,
    CallKind.FIRST: 10 * MINUTE,
    CallKind.SECOND: 10 * MINUTE,
}
"""Then it ends by itself; whoever still watches asks again, and that is audited again."""


class Endpoint(StrEnum):
    """Which of the candidate's pages answers."""

    EXAM = "exam"
    PHONE = "phone"


class CallEnd(StrEnum):
    """How a call ended."""

    HUNG_UP = "hung_up"
    DECLINED = "declined"
    MISSED = "missed"
    LOST = "lost"  # the connection broke, and did not come back
    NO_DEVICE = "no_device"  # no camera or microphone to show
    OVER = "over"  # the longest time, or the session, was over


@dataclass(frozen=True, slots=True)
class Call:
    """One call. Live video is accepted as it is asked for."""

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
        """The page that answers."""
        return Endpoint.PHONE if self.kind is CallKind.SECOND else Endpoint.EXAM

    @property
    def deadline(self) -> Millis:
        """When it ends by itself."""
        if self.accepted_at is None:
            return self.requested_at + RING_TIMEOUT
        return self.accepted_at + MAX_CALL_DURATION[self.kind]


@dataclass(frozen=True, slots=True)
class Calls:
    """All calls of a session that are open, and the last that have ended."""

    session_id: str
    room_id: str
    version: int = 0
    calls: tuple[Call, ...] = ()

    @property
    def open(self) -> tuple[Call, ...]:
        """Those that have not ended."""
        return tuple(call for call in self.calls if call.ended_at is None)

    @property
    def wake_at(self) -> Millis | None:
        """When the clock should look at it."""
        return min((call.deadline for call in self.open), default=None)

    def find(self, call_id: str) -> Call:
        """Return a call. Raises NotFound."""
        found = next((call for call in self.calls if call.call_id == call_id), None)
        if found is None:
            raise NotFound
        return found


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """Something to be audited."""

    actor: str
    action: str
    detail: dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class CallsUpdate:
    """The calls after something happened; without events, nothing did."""

    calls: Calls
    events: tuple[AuditEvent, ...] = field(default=())


class LineBusy(Conflict):
    """There is a talk already."""

    code = "busy"
    text = LocalizedText(
        "该考生正在通话中，请稍后再呼叫。", "This candidate is on a call. Try again later."
    )


class ViewFullyWatched(TooMany):
    """As many watch this view as may."""

    code = "watched"
    text = LocalizedText(
        f"已有 {MAX_VIEWERS} 人正在查看此画面，请稍后再试。",
        f"{MAX_VIEWERS} people watch this view already. Try again later.",
    )


def open_call(before: Calls, call: Call, actor: str) -> CallsUpdate:
    """Open a call. The same one again changes nothing; one's own earlier of the kind ends.

    Raises Busy, Watched.
    """
    if any(one.call_id == call.call_id for one in before.calls):
        return CallsUpdate(before)
    alike = [one for one in before.open if one.kind is call.kind]
    others = [one for one in alike if one.staff != call.staff]
    if call.kind is CallKind.TALK and others:
        raise LineBusy
    if len(others) >= MAX_VIEWERS:
        raise ViewFullyWatched
    ended = _end_matching(before, alike, lambda one: one.staff == call.staff, call.requested_at)
    talk = call.kind is CallKind.TALK
    opened = call if talk else replace(call, accepted_at=call.requested_at)
    action = "talk_asked" if talk else "live_begun"
    told = _audit_event(opened, actor, action, reason=call.reason)
    return CallsUpdate(
        _without_oldest(ended.calls, (*ended.calls.calls, opened)), (*ended.events, told)
    )


def accept_call(before: Calls, call_id: str, now: Millis) -> CallsUpdate:
    """The candidate takes a talk. Again, or after its end, it changes nothing."""
    call = before.find(call_id)
    if call.accepted_at is not None or call.ended_at is not None:
        return CallsUpdate(before)
    taken = replace(call, accepted_at=now)
    return CallsUpdate(
        _with_call(before, taken), (_audit_event(taken, "candidate", "talk_accepted"),)
    )


def end_call(before: Calls, call_id: str, how: CallEnd, actor: str, now: Millis) -> CallsUpdate:
    """End a call; one that has ended stays as it is."""
    call = before.find(call_id)
    if call.ended_at is not None:
        return CallsUpdate(before)
    unanswered = call.accepted_at is None and how is CallEnd.LOST
    over = replace(call, ended_at=now, end=CallEnd.MISSED if unanswered else how)
    action = "talk_ended" if call.kind is CallKind.TALK else "live_ended"
    span = now - call.accepted_at if call.accepted_at is not None else 0
    told = _audit_event(over, actor, action, end=over.end, seconds=round(span / SECOND))
    return CallsUpdate(_with_call(before, over), (told,))


def expire_calls(before: Calls, now: Millis, *, over: bool = False) -> CallsUpdate:
    """End what nobody took and what lasted too long; everything, where the session is over."""
    due = [call for call in before.open if over or call.deadline <= now]
    return _end_matching(before, due, lambda _: True, now)


def _end_matching(
    before: Calls, calls: Iterable[Call], which: Callable[[Call], bool], now: Millis
) -> CallsUpdate:
    changed = CallsUpdate(before)
    for call in calls:
        if which(call):
            how = CallEnd.MISSED if call.accepted_at is None else CallEnd.OVER
            update = end_call(changed.calls, call.call_id, how, "system", min(now, call.deadline))
            changed = CallsUpdate(update.calls, (*changed.events, *update.events))
    return changed


def _with_call(before: Calls, call: Call) -> Calls:
    return _without_oldest(
        before, tuple(call if one.call_id == call.call_id else one for one in before.calls)
    )


def _without_oldest(before: Calls, calls: tuple[Call, ...]) -> Calls:
    ended = [call.call_id for call in calls if call.ended_at is not None][-MAX_ENDED_CALLS:]
    kept = tuple(call for call in calls if call.ended_at is None or call.call_id in ended)
    return replace(before, calls=kept)


def _audit_event(
    call: Call, actor: str, action: str, **detail: str | int | float | bool | None
) -> AuditEvent:
    about: dict[str, str | int | float | bool | None] = {"staff": call.staff}
    if call.kind is not CallKind.TALK:
        about["view"] = call.kind.value
    told = {name: value for name, value in detail.items() if value is not None}
    return AuditEvent(actor, action, about | told | {"call": call.call_id})


@dataclass(frozen=True, slots=True)
class IceCandidate:
    """One address by which a browser may be reached, in the browser's own words."""

    candidate: str
    sdp_mid: str | None = None
    sdp_m_line_index: int | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """What one side's browser tells the other's. `peer` names one attempt to connect."""

    session_id: str
    call_id: str
    to: Side
    staff: str
    """The staff member in the call, to whom it goes or from whom it comes."""
    device: Endpoint
    peer: str
    number: int
    sent_at: Millis
    expires_at: Millis
    type: str | None = None
    sdp: str | None = None
    candidates: tuple[IceCandidate, ...] = ()
