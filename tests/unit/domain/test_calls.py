"""Calls: who may open one, how they end, and what is audited."""

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
    ViewFullyWatched,
    accept_call,
    end_call,
    expire_calls,
    open_call,
)
from tests.support.builders import NOW, ROOM

NONE = Calls("5e55", ROOM)


def call(kind: CallKind = CallKind.TALK, staff: str = "lin", call_id: str = "c1") -> Call:
    return Call(call_id, kind, staff, f"监考 {staff}", NOW)


def opened(*calls: Call) -> Calls:
    state = NONE
    for one in calls:
        state = open_call(state, one, f"proctor:{one.staff}").calls
    return state


def actions(changed: CallsUpdate) -> list[str]:
    return [event.action for event in changed.events]


def test_a_talk_rings_and_live_video_begins_at_once() -> None:
    asked = open_call(NONE, replace(call(), reason="请调整摄像头"), "proctor:lin")
    assert [one.accepted_at for one in asked.calls.open] == [None]
    assert asked.events[0].detail == {"staff": "lin", "reason": "请调整摄像头", "call": "c1"}
    looked = open_call(NONE, call(CallKind.SECOND), "proctor:lin")
    assert [one.accepted_at for one in looked.calls.open] == [NOW]
    assert actions(looked) == ["live_begun"]
    assert looked.events[0].detail["view"] == "second"


def test_the_second_view_is_the_phones() -> None:
    assert [call(kind).endpoint for kind in CallKind] == [
        Endpoint.EXAM,
        Endpoint.EXAM,
        Endpoint.PHONE,
    ]


def test_the_same_call_again_changes_nothing() -> None:
    calls = opened(call())
    assert open_call(calls, call(), "proctor:lin") == CallsUpdate(calls)
    taken = accept_call(calls, "c1", NOW + 1).calls
    assert accept_call(taken, "c1", NOW + 9) == CallsUpdate(taken)
    over = end_call(taken, "c1", CallEnd.HUNG_UP, "candidate", NOW + 2).calls
    assert end_call(over, "c1", CallEnd.LOST, "proctor:lin", NOW + 3) == CallsUpdate(over)
    assert accept_call(over, "c1", NOW + 4) == CallsUpdate(over)


def test_one_talk_at_a_time_and_few_who_watch() -> None:
    with pytest.raises(LineBusy):
        open_call(opened(call()), call(staff="wu", call_id="c2"), "proctor:wu")
    watched = opened(*(call(CallKind.FIRST, f"s{n}", f"c{n}") for n in range(MAX_VIEWERS)))
    with pytest.raises(ViewFullyWatched):
        open_call(watched, call(CallKind.FIRST, "wu", "more"), "proctor:wu")
    assert len(open_call(watched, call(CallKind.SECOND, "wu", "x"), "proctor:wu").calls.open) == 4


def test_asking_anew_ends_ones_own_earlier_call_of_the_kind() -> None:
    again = open_call(
        opened(call(CallKind.FIRST)), call(CallKind.FIRST, call_id="c2"), "proctor:lin"
    )
    assert [one.call_id for one in again.calls.open] == ["c2"]
    assert actions(again) == ["live_ended", "live_begun"]


def test_a_talk_that_nobody_takes_is_missed() -> None:
    calls = opened(call())
    assert calls.wake_at == NOW + RING_TIMEOUT
    assert expire_calls(calls, NOW + RING_TIMEOUT - 1) == CallsUpdate(calls)
    missed = expire_calls(calls, NOW + RING_TIMEOUT)
    assert [one.end for one in missed.calls.calls] == [CallEnd.MISSED]
    assert (missed.calls.open, missed.calls.wake_at) == ((), None)
    lost = end_call(calls, "c1", CallEnd.LOST, "proctor:lin", NOW + 5)
    assert lost.events[0].detail["end"] == CallEnd.MISSED


def test_nothing_lasts_for_ever_or_longer_than_the_session() -> None:
    calls = opened(call(CallKind.FIRST))
    late = NOW + MAX_CALL_DURATION[CallKind.FIRST]
    assert expire_calls(calls, late).calls.calls[0].end is CallEnd.OVER
    assert expire_calls(calls, NOW + 1, over=True).events[0].detail["end"] == CallEnd.OVER


def test_the_audit_tells_how_long_it_was() -> None:
    taken = accept_call(opened(call()), "c1", NOW + 5_000).calls
    over = end_call(taken, "c1", CallEnd.HUNG_UP, "candidate", NOW + 65_000)
    assert over.events[0].detail == {
        "staff": "lin", "end": CallEnd.HUNG_UP, "seconds": 60, "call": "c1"
    }  # fmt: skip


def test_few_that_ended_are_kept_and_every_open_one() -> None:
    state = opened(call(CallKind.SECOND, call_id="stays"))
    for number in range(MAX_ENDED_CALLS + 3):
        state = open_call(state, call(call_id=f"t{number}"), "proctor:lin").calls
        state = end_call(state, f"t{number}", CallEnd.DECLINED, "candidate", NOW).calls
    assert len(state.calls) == MAX_ENDED_CALLS + 1
    assert [one.call_id for one in state.open] == ["stays"]
    with pytest.raises(NotFound):
        state.find("t0")
