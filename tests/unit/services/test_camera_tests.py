"""Test shots: bounded, judged once, told to the candidate, and never a flag."""

import pytest

from chalicelib.domain.capture.cameras import (
    CAMERA_TEST_INTERVAL,
    CAMERA_TEST_WINDOW,
    MAX_CAMERA_TESTS,
)
from chalicelib.domain.errors import TooMany, WrongState
from chalicelib.domain.rules.camera_placement import PlacementProblem, PlacementScene
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import View
from chalicelib.services.sitting.camera_tests import record_camera_test, start_camera_test
from tests.support.fake_context import FakeContext, seat

NOBODY = PlacementScene(light=120, texture=50, sharpness=0.4)


@pytest.mark.parametrize("state", set(State) - FINAL_STATES)
def test_from_signing_in_to_the_end(world: FakeContext, state: State) -> None:
    session_id = seat(world, state=state).session_id
    shot, form = start_camera_test(world, session_id, View.FIRST)
    assert form.fields["key"] == f"shots/{session_id}/first/{shot.capture_id}.jpg"
    assert world.sessions.bundle(session_id).cameras.tests == {View.FIRST: shot}


@pytest.mark.parametrize("state", FINAL_STATES)
def test_but_not_after_it(world: FakeContext, state: State) -> None:
    session_id = seat(world, state=state).session_id
    with pytest.raises(WrongState):
        start_camera_test(world, session_id, View.FIRST)


def test_what_is_seen_stays_with_the_session_and_flags_nothing(world: FakeContext) -> None:
    session_id = seat(world).session_id
    shot, _ = start_camera_test(world, session_id, View.SECOND)
    record_camera_test(world, session_id, View.SECOND, shot.capture_id, NOBODY)
    kept = world.sessions.bundle(session_id)
    seen = kept.cameras.tests[View.SECOND]
    assert (seen.problems, seen.passed, seen.analyzed_at) == (
        (PlacementProblem.NOBODY,),
        False,
        world.clock(),
    )
    assert (world.sessions.flags(session_id), kept.monitor.latest) == ([], {})
    assert world.sessions.observations(session_id, most=9) == []
    before = world.sessions.of(session_id)
    record_camera_test(world, session_id, View.SECOND, shot.capture_id, None)
    assert world.sessions.of(session_id) == before


def test_only_the_newest_counts_and_the_views_are_apart(world: FakeContext) -> None:
    session_id = seat(world).session_id
    older, _ = start_camera_test(world, session_id, View.FIRST)
    start_camera_test(world, session_id, View.SECOND)
    world.clock.move(CAMERA_TEST_INTERVAL)
    newer, _ = start_camera_test(world, session_id, View.FIRST)
    record_camera_test(world, session_id, View.FIRST, older.capture_id, NOBODY)
    assert world.sessions.bundle(session_id).cameras.tests[View.FIRST] == newer
    record_camera_test(world, session_id, View.FIRST, newer.capture_id, None)
    [problem] = world.sessions.bundle(session_id).cameras.tests[View.FIRST].problems
    assert problem is PlacementProblem.UNREADABLE


def test_they_are_limited_in_rate_and_number(world: FakeContext) -> None:
    session_id = seat(world).session_id
    start_camera_test(world, session_id, View.FIRST)
    with pytest.raises(TooMany):
        start_camera_test(world, session_id, View.FIRST)
    for _ in range(MAX_CAMERA_TESTS - 1):
        world.clock.move(CAMERA_TEST_INTERVAL)
        start_camera_test(world, session_id, View.FIRST)
    world.clock.move(CAMERA_TEST_INTERVAL)
    with pytest.raises(TooMany):
        start_camera_test(world, session_id, View.FIRST)
    world.clock.move(CAMERA_TEST_WINDOW)
    start_camera_test(world, session_id, View.FIRST)
