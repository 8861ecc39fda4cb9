"""Test shots: bounded, judged once, told to the candidate, and never a flag."""

import pytest

from chalicelib.domain.capture.cameras import MOST_SHOTS, SHOTS_APART, SHOTS_SPAN
from chalicelib.domain.errors import TooMany, WrongState
from chalicelib.domain.rules.camera_placement import Framing, Scene
from chalicelib.domain.sessions.states import FINAL, State
from chalicelib.domain.types import View
from chalicelib.services.sitting.camera_tests import begin_shot, record_shot
from tests.support.fake_context import FakeWorld, seat

NOBODY = Scene(light=120, texture=50, sharpness=0.4)


@pytest.mark.parametrize("state", set(State) - FINAL)
def test_from_signing_in_to_the_end(world: FakeWorld, state: State) -> None:
    session_id = seat(world, state=state).session_id
    shot, form = begin_shot(world, session_id, View.FIRST)
    assert form.fields["key"] == f"shots/{session_id}/first/{shot.capture_id}.jpg"
    assert world.sessions.whole(session_id).devices.shots == {View.FIRST: shot}


@pytest.mark.parametrize("state", FINAL)
def test_but_not_after_it(world: FakeWorld, state: State) -> None:
    session_id = seat(world, state=state).session_id
    with pytest.raises(WrongState):
        begin_shot(world, session_id, View.FIRST)


def test_what_is_seen_stays_with_the_session_and_flags_nothing(world: FakeWorld) -> None:
    session_id = seat(world).session_id
    shot, _ = begin_shot(world, session_id, View.SECOND)
    record_shot(world, session_id, View.SECOND, shot.capture_id, NOBODY)
    kept = world.sessions.whole(session_id)
    seen = kept.devices.shots[View.SECOND]
    assert (seen.problems, seen.fine, seen.seen_at) == ((Framing.NOBODY,), False, world.clock())
    assert (world.sessions.flags(session_id), kept.watch.latest) == ([], {})
    assert world.sessions.observations(session_id, most=9) == []
    before = world.sessions.of(session_id)
    record_shot(world, session_id, View.SECOND, shot.capture_id, None)
    assert world.sessions.of(session_id) == before


def test_only_the_newest_counts_and_the_views_are_apart(world: FakeWorld) -> None:
    session_id = seat(world).session_id
    older, _ = begin_shot(world, session_id, View.FIRST)
    begin_shot(world, session_id, View.SECOND)
    world.clock.move(SHOTS_APART)
    newer, _ = begin_shot(world, session_id, View.FIRST)
    record_shot(world, session_id, View.FIRST, older.capture_id, NOBODY)
    assert world.sessions.whole(session_id).devices.shots[View.FIRST] == newer
    record_shot(world, session_id, View.FIRST, newer.capture_id, None)
    [problem] = world.sessions.whole(session_id).devices.shots[View.FIRST].problems
    assert problem is Framing.UNREADABLE


def test_they_are_limited_in_rate_and_number(world: FakeWorld) -> None:
    session_id = seat(world).session_id
    begin_shot(world, session_id, View.FIRST)
    with pytest.raises(TooMany):
        begin_shot(world, session_id, View.FIRST)
    for _ in range(MOST_SHOTS - 1):
        world.clock.move(SHOTS_APART)
        begin_shot(world, session_id, View.FIRST)
    world.clock.move(SHOTS_APART)
    with pytest.raises(TooMany):
        begin_shot(world, session_id, View.FIRST)
    world.clock.move(SHOTS_SPAN)
    begin_shot(world, session_id, View.FIRST)
