"""Calls: who may open one, how they end, and what is audited."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.messaging.calls import (
    KEPT,
    LONGEST,
    MOST_WATCHERS,
    RING,
    Busy,
    Call,
    CallEnd,
    CallKind,
    Calls,
    Changed,
    Device,
    Watched,
    accept,
    ask,
    end,
    settle,
)
from tests.support.builders import NOW, ROOM

NONE = Calls("5e55", ROOM)


def call(kind: CallKind = CallKind.TALK, staff: str = "lin", call_id: str = "c1") -> Call:
    return Call(call_id, kind, staff, f"监考 {staff}", NOW)


def opened(*calls: Call) -> Calls:
    state = NONE
    for one in calls:
        state = ask(state, one, f"proctor:{one.staff}").calls
    return state


def actions(changed: Changed) -> list[str]:
    return [one.action for one in changed.events]


def test_a_talk_rings_and_live_video_begins_at_once() -> None:
    asked = ask(NONE, replace(call(), reason="请调整摄像头"), "proctor:lin")
    assert [one.accepted_at for one in asked.calls.open] == [None]
    assert asked.events[0].detail == {"staff": "lin", "reason": "请调整摄像头", "call": "c1"}
    looked = ask(NONE, call(CallKind.SECOND), "proctor:lin")
    assert [one.accepted_at for one in looked.calls.open] == [NOW]
    assert actions(looked) == ["live_begun"]
    assert looked.events[0].detail["view"] == "second"


def test_the_second_view_is_the_phones() -> None:
    assert [call(kind).device for kind in CallKind] == [Device.EXAM, Device.EXAM, Device.PHONE]


def test_the_same_call_again_changes_nothing() -> None:
    calls = opened(call())
    assert ask(calls, call(), "proctor:lin") == Changed(calls)
    taken = accept(calls, "c1", NOW + 1).calls
    assert accept(taken, "c1", NOW + 9) == Changed(taken)
    over = end(taken, "c1", CallEnd.HUNG_UP, "candidate", NOW + 2).calls
    assert end(over, "c1", CallEnd.LOST, "proctor:lin", NOW + 3) == Changed(over)
    assert accept(over, "c1", NOW + 4) == Changed(over)


def test_one_talk_at_a_time_and_few_who_watch() -> None:
    with pytest.raises(Busy):
        ask(opened(call()), call(staff="wu", call_id="c2"), "proctor:wu")
    watched = opened(*(call(CallKind.FIRST, f"s{n}", f"c{n}") for n in range(MOST_WATCHERS)))
    with pytest.raises(Watched):
        ask(watched, call(CallKind.FIRST, "wu", "more"), "proctor:wu")
    assert len(ask(watched, call(CallKind.SECOND, "wu", "x"), "proctor:wu").calls.open) == 4


def test_asking_anew_ends_ones_own_earlier_call_of_the_kind() -> None:
    again = ask(opened(call(CallKind.FIRST)), call(CallKind.FIRST, call_id="c2"), "proctor:lin")
    assert [one.call_id for one in again.calls.open] == ["c2"]
    assert actions(again) == ["live_ended", "live_begun"]


def test_a_talk_that_nobody_takes_is_missed() -> None:
    calls = opened(call())
    assert calls.wake_at == NOW + RING
    assert settle(calls, NOW + RING - 1) == Changed(calls)
    missed = settle(calls, NOW + RING)
    assert [one.end for one in missed.calls.calls] == [CallEnd.MISSED]
    assert (missed.calls.open, missed.calls.wake_at) == ((), None)
    lost = end(calls, "c1", CallEnd.LOST, "proctor:lin", NOW + 5)
    assert lost.events[0].detail["end"] == CallEnd.MISSED


def test_nothing_lasts_for_ever_or_longer_than_the_session() -> None:
    calls = opened(call(CallKind.FIRST))
    late = NOW + LONGEST[CallKind.FIRST]
    assert settle(calls, late).calls.calls[0].end is CallEnd.OVER
    assert settle(calls, NOW + 1, over=True).events[0].detail["end"] == CallEnd.OVER


def test_the_audit_tells_how_long_it_was() -> None:
    taken = accept(opened(call()), "c1", NOW + 5_000).calls
    over = end(taken, "c1", CallEnd.HUNG_UP, "candidate", NOW + 65_000)
    assert over.events[0].detail == {
        "staff": "lin", "end": CallEnd.HUNG_UP, "seconds": 60, "call": "c1"
    }  # fmt: skip


def test_few_that_ended_are_kept_and_every_open_one() -> None:
    state = opened(call(CallKind.SECOND, call_id="stays"))
    for number in range(KEPT + 3):
        state = ask(state, call(call_id=f"t{number}"), "proctor:lin").calls
        state = end(state, f"t{number}", CallEnd.DECLINED, "candidate", NOW).calls
    assert len(state.calls) == KEPT + 1
    assert [one.call_id for one in state.open] == ["stays"]
    with pytest.raises(NotFound):
        state.one("t0")
