"""Camera tests: limited, judged once, shown to the candidate, and never a flag."""

import pytest

from chalicelib.domain.capture.cameras import (
    CAMERA_TEST_INTERVAL,
    CAMERA_TEST_WINDOW,
    MAX_CAMERA_TESTS,
)
from chalicelib.domain.errors import TooMany, WrongState
from chalicelib.domain.rules.camera_placement import PlacementProblem, PlacementScene
from chalicelib.domain.sessions.states import ENDED_STATES, State
from chalicelib.domain.types import View
from chalicelib.services.sitting.camera_tests import record_camera_test, start_camera_test
from tests.support.fake_context import FakeContext, add_session

EMPTY_SCENE = PlacementScene(light=120, texture=50, sharpness=0.4)


@pytest.mark.parametrize("state", sorted(set(State) - ENDED_STATES))
def test_camera_test_starts_in_every_active_state(context: FakeContext, state: State) -> None:
    session_id = add_session(context, state=state).session_id
    camera_test, form = start_camera_test(context, session_id, View.FIRST)
    assert form.fields["key"] == f"test-pictures/{session_id}/first/{camera_test.capture_id}.jpg"
    assert context.sessions.bundle(session_id).cameras.tests == {View.FIRST: camera_test}
    other, _ = start_camera_test(context, session_id, View.SECOND)
    assert other.capture_id != camera_test.capture_id


@pytest.mark.parametrize("state", sorted(ENDED_STATES))
def test_camera_test_after_the_end_is_rejected(context: FakeContext, state: State) -> None:
    session_id = add_session(context, state=state).session_id
    with pytest.raises(WrongState):
        start_camera_test(context, session_id, View.FIRST)


def test_result_is_stored_and_raises_no_flag(context: FakeContext) -> None:
    session_id = add_session(context).session_id
    camera_test, _ = start_camera_test(context, session_id, View.SECOND)
    record_camera_test(context, session_id, View.SECOND, camera_test.capture_id, EMPTY_SCENE)
    bundle = context.sessions.bundle(session_id)
    camera_test = bundle.cameras.tests[View.SECOND]
    assert (camera_test.problems, camera_test.passed, camera_test.analyzed_at) == (
        (PlacementProblem.NOBODY,),
        False,
        context.clock(),
    )
    assert (context.sessions.flags(session_id), bundle.monitor.latest) == ([], {})
    assert context.sessions.observations(session_id, limit=9) == []
    before = context.sessions.stored_records(session_id)
    record_camera_test(context, session_id, View.SECOND, camera_test.capture_id, None)
    assert context.sessions.stored_records(session_id) == before


def test_only_newest_test_of_each_view_counts(context: FakeContext) -> None:
    session_id = add_session(context).session_id
    older, _ = start_camera_test(context, session_id, View.FIRST)
    start_camera_test(context, session_id, View.SECOND)
    context.clock.advance(CAMERA_TEST_INTERVAL)
    newer, _ = start_camera_test(context, session_id, View.FIRST)
    record_camera_test(context, session_id, View.FIRST, older.capture_id, EMPTY_SCENE)
    assert context.sessions.bundle(session_id).cameras.tests[View.FIRST] == newer
    record_camera_test(context, session_id, View.FIRST, newer.capture_id, None)
    [problem] = context.sessions.bundle(session_id).cameras.tests[View.FIRST].problems
    assert problem is PlacementProblem.UNREADABLE


def test_rate_and_number_are_limited(context: FakeContext) -> None:
    session_id = add_session(context).session_id
    start_camera_test(context, session_id, View.FIRST)
    with pytest.raises(TooMany):
        start_camera_test(context, session_id, View.FIRST)
    for _ in range(MAX_CAMERA_TESTS - 1):
        context.clock.advance(CAMERA_TEST_INTERVAL)
        start_camera_test(context, session_id, View.FIRST)
    context.clock.advance(CAMERA_TEST_INTERVAL)
    with pytest.raises(TooMany):
        start_camera_test(context, session_id, View.FIRST)
    context.clock.advance(CAMERA_TEST_WINDOW)
    start_camera_test(context, session_id, View.FIRST)
