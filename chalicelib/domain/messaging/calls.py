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
from chalicelib.domain.types import MINUTE, SECOND, Millis, Text

RING: Millis = 45 * SECOND
"""How long a talk rings before it counts as missed."""
MOST_WATCHERS = 3
"""Of one view at once: each takes a share of the candidate's line."""
KEPT = 8
"""Calls that have ended and are still shown."""
SIGNAL_LIFE: Millis = 15 * MINUTE
MOST_SIGNALS = 160
"""Of one call and direction: a connection takes about five."""


class CallKind(StrEnum):
    """What is connected: both microphones, or one camera to the staff member."""

    TALK = "talk"
    FIRST = "first"
    SECOND = "second"


LONGEST: dict[CallKind, Millis] = {
    CallKind.TALK: 60 * MINUTE,
    CallKind.FIRST: 10 * MINUTE,
    CallKind.SECOND: 10 * MINUTE,
}
"""Then it ends by itself; whoever still watches asks again, and that is audited again."""


class Device(StrEnum):
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
    asked_at: Millis
    reason: str | None = None
    accepted_at: Millis | None = None
    ended_at: Millis | None = None
    end: CallEnd | None = None

    @property
    def device(self) -> Device:
        """The page that answers."""
        return Device.PHONE if self.kind is CallKind.SECOND else Device.EXAM

    @property
    def deadline(self) -> Millis:
        """When it ends by itself."""
        if self.accepted_at is None:
            return self.asked_at + RING
        return self.accepted_at + LONGEST[self.kind]


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
        return tuple(one for one in self.calls if one.ended_at is None)

    @property
    def wake_at(self) -> Millis | None:
        """When the clock should look at it."""
        return min((one.deadline for one in self.open), default=None)

    def one(self, call_id: str) -> Call:
        """Return a call. Raises NotFound."""
        found = next((one for one in self.calls if one.call_id == call_id), None)
        if found is None:
            raise NotFound
        return found


@dataclass(frozen=True, slots=True)
class Event:
    """Something to be audited."""

    actor: str
    action: str
    detail: dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class Changed:
    """The calls after something happened; without events, nothing did."""

    calls: Calls
    events: tuple[Event, ...] = field(default=())


class Busy(Conflict):
    """There is a talk already."""

    code = "busy"
    text = Text("该考生正在通话中，请稍后再呼叫。", "This candidate is on a call. Try again later.")


class Watched(TooMany):
    """As many watch this view as may."""

    code = "watched"
    text = Text(
        f"已有 {MOST_WATCHERS} 人正在查看此画面，请稍后再试。",
        f"{MOST_WATCHERS} people watch this view already. Try again later.",
    )


def ask(before: Calls, call: Call, actor: str) -> Changed:
    """Open a call. The same one again changes nothing; one's own earlier of the kind ends.

    Raises Busy, Watched.
    """
    if any(one.call_id == call.call_id for one in before.calls):
        return Changed(before)
    alike = [one for one in before.open if one.kind is call.kind]
    others = [one for one in alike if one.staff != call.staff]
    if call.kind is CallKind.TALK and others:
        raise Busy
    if len(others) >= MOST_WATCHERS:
        raise Watched
    ended = _end_those(before, alike, lambda one: one.staff == call.staff, call.asked_at)
    talk = call.kind is CallKind.TALK
    opened = call if talk else replace(call, accepted_at=call.asked_at)
    action = "talk_asked" if talk else "live_begun"
    told = _event(opened, actor, action, reason=call.reason)
    return Changed(_kept(ended.calls, (*ended.calls.calls, opened)), (*ended.events, told))


def accept(before: Calls, call_id: str, now: Millis) -> Changed:
    """The candidate takes a talk. Again, or after its end, it changes nothing."""
    call = before.one(call_id)
    if call.accepted_at is not None or call.ended_at is not None:
        return Changed(before)
    taken = replace(call, accepted_at=now)
    return Changed(_with(before, taken), (_event(taken, "candidate", "talk_accepted"),))


def end(before: Calls, call_id: str, how: CallEnd, actor: str, now: Millis) -> Changed:
    """End a call; one that has ended stays as it is."""
    call = before.one(call_id)
    if call.ended_at is not None:
        return Changed(before)
    unanswered = call.accepted_at is None and how is CallEnd.LOST
    over = replace(call, ended_at=now, end=CallEnd.MISSED if unanswered else how)
    action = "talk_ended" if call.kind is CallKind.TALK else "live_ended"
    span = now - call.accepted_at if call.accepted_at is not None else 0
    told = _event(over, actor, action, end=over.end, seconds=round(span / SECOND))
    return Changed(_with(before, over), (told,))


def settle(before: Calls, now: Millis, *, over: bool = False) -> Changed:
    """End what nobody took and what lasted too long; everything, where the session is over."""
    due = [one for one in before.open if over or one.deadline <= now]
    return _end_those(before, due, lambda _: True, now)


def _end_those(
    before: Calls, calls: Iterable[Call], which: Callable[[Call], bool], now: Millis
) -> Changed:
    changed = Changed(before)
    for call in calls:
        if which(call):
            how = CallEnd.MISSED if call.accepted_at is None else CallEnd.OVER
            one = end(changed.calls, call.call_id, how, "system", min(now, call.deadline))
            changed = Changed(one.calls, (*changed.events, *one.events))
    return changed


def _with(before: Calls, call: Call) -> Calls:
    return _kept(
        before, tuple(call if one.call_id == call.call_id else one for one in before.calls)
    )


def _kept(before: Calls, calls: tuple[Call, ...]) -> Calls:
    ended = [one.call_id for one in calls if one.ended_at is not None][-KEPT:]
    kept = tuple(one for one in calls if one.ended_at is None or one.call_id in ended)
    return replace(before, calls=kept)


def _event(call: Call, actor: str, action: str, **detail: str | int | float | bool | None) -> Event:
    about: dict[str, str | int | float | bool | None] = {"staff": call.staff}
    if call.kind is not CallKind.TALK:
        about["view"] = call.kind.value
    told = {name: value for name, value in detail.items() if value is not None}
    return Event(actor, action, about | told | {"call": call.call_id})


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
    device: Device
    peer: str
    number: int
    sent_at: Millis
    expires_at: Millis
    type: str | None = None
    sdp: str | None = None
    candidates: tuple[IceCandidate, ...] = ()
