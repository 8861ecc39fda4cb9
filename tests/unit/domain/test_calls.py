"""Calls: who may open a call, how calls end, and what is audited."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.messaging.calls import (
    MAX_CALL_DURATION,
    MAX_ENDED_CALLS,
    MAX_VIEWERS,
    RING_TIMEOUT,
    Call,
    CallEnd,
    CallKind,
    Calls,
    CallsUpdate,
    Endpoint,
    LineBusy,
    TooManyViewers,
    accept_call,
    end_call,
    expire_calls,
    open_call,
)
from tests.support.builders import NOW, ROOM

NONE = Calls("5e55", ROOM)


def call(kind: CallKind = CallKind.TALK, staff: str = "lin", call_id: str = "c1") -> Call:
    return Call(call_id, kind, staff, f"监考 {staff}", NOW)


def open_calls(*calls: Call) -> Calls:
    state = NONE
    for new_call in calls:
        state = open_call(state, new_call, f"proctor:{new_call.staff}").calls
    return state


def actions(update: CallsUpdate) -> list[str]:
    return [event.action for event in update.events]


def test_voice_call_rings_and_live_video_starts_at_once() -> None:
    talk = open_call(NONE, replace(call(), reason="请调整摄像头"), "proctor:lin")
    assert [item.accepted_at for item in talk.calls.open] == [None]
    assert talk.events[0].detail == {"staff": "lin", "reason": "请调整摄像头", "call": "c1"}
    live = open_call(NONE, call(CallKind.SECOND), "proctor:lin")
    assert [item.accepted_at for item in live.calls.open] == [NOW]
    assert actions(live) == ["live_begun"]
    assert live.events[0].detail["view"] == "second"


def test_second_view_is_answered_by_the_phone() -> None:
    assert [call(kind).endpoint for kind in CallKind] == [
        Endpoint.EXAM,
        Endpoint.EXAM,
        Endpoint.PHONE,
    ]


def test_opening_accepting_and_ending_are_idempotent() -> None:
    calls = open_calls(call())
    assert open_call(calls, call(), "proctor:lin") == CallsUpdate(calls)
    accepted = accept_call(calls, "c1", NOW + 1).calls
    assert accept_call(accepted, "c1", NOW + 9) == CallsUpdate(accepted)
    ended = end_call(accepted, "c1", CallEnd.HUNG_UP, "candidate", NOW + 2).calls
    assert end_call(ended, "c1", CallEnd.LOST, "proctor:lin", NOW + 3) == CallsUpdate(ended)
    assert accept_call(ended, "c1", NOW + 4) == CallsUpdate(ended)


def test_second_voice_call_and_too_many_viewers_are_rejected() -> None:
    with pytest.raises(LineBusy):
        open_call(open_calls(call()), call(staff="wu", call_id="c2"), "proctor:wu")
    watched = open_calls(*(call(CallKind.FIRST, f"s{n}", f"c{n}") for n in range(MAX_VIEWERS)))
    with pytest.raises(TooManyViewers):
        open_call(watched, call(CallKind.FIRST, "wu", "more"), "proctor:wu")
    assert len(open_call(watched, call(CallKind.SECOND, "wu", "x"), "proctor:wu").calls.open) == 4


def test_new_call_ends_the_callers_earlier_call_of_the_same_kind() -> None:
    update = open_call(
        open_calls(call(CallKind.FIRST)), call(CallKind.FIRST, call_id="c2"), "proctor:lin"
    )
    assert [item.call_id for item in update.calls.open] == ["c2"]
    assert actions(update) == ["live_ended", "live_begun"]


def test_unanswered_voice_call_is_missed() -> None:
    calls = open_calls(call())
    assert calls.wake_at == NOW + RING_TIMEOUT
    assert expire_calls(calls, NOW + RING_TIMEOUT - 1) == CallsUpdate(calls)
    missed = expire_calls(calls, NOW + RING_TIMEOUT)
    assert [item.end for item in missed.calls.calls] == [CallEnd.MISSED]
    assert (missed.calls.open, missed.calls.wake_at) == ((), None)
    lost = end_call(calls, "c1", CallEnd.LOST, "proctor:lin", NOW + 5)
    assert lost.events[0].detail["end"] == CallEnd.MISSED


def test_calls_end_at_their_deadline_and_with_the_session() -> None:
    calls = open_calls(call(CallKind.FIRST))
    late = NOW + MAX_CALL_DURATION[CallKind.FIRST]
    assert expire_calls(calls, late).calls.calls[0].end is CallEnd.OVER
    assert expire_calls(calls, NOW + 1, session_ended=True).events[0].detail["end"] == CallEnd.OVER


def test_audit_event_contains_the_duration() -> None:
    accepted = accept_call(open_calls(call()), "c1", NOW + 5_000).calls
    update = end_call(accepted, "c1", CallEnd.HUNG_UP, "candidate", NOW + 65_000)
    assert update.events[0].detail == {
        "staff": "lin", "end": CallEnd.HUNG_UP, "seconds": 60, "call": "c1"
    }  # fmt: skip


def test_oldest_ended_calls_are_dropped_and_open_calls_kept() -> None:
    state = open_calls(call(CallKind.SECOND, call_id="stays"))
    for number in range(MAX_ENDED_CALLS + 3):
        state = open_call(state, call(call_id=f"t{number}"), "proctor:lin").calls
        state = end_call(state, f"t{number}", CallEnd.DECLINED, "candidate", NOW).calls
    assert len(state.calls) == MAX_ENDED_CALLS + 1
    assert [item.call_id for item in state.open] == ["stays"]
    with pytest.raises(NotFound):
        state.find("t0")
