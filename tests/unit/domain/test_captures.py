"""Capture plans: random moments within a fixed schedule."""

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.capture.captures import (
    CLIPS_FIRST,
    LEAD_TIME,
    PICTURES_FIRST,
    PICTURES_SECOND,
    PLAN_LENGTH,
    CapturePlan,
    CaptureSchedule,
    due_at_from_id,
    make_plan,
)
from chalicelib.domain.types import SECOND
from tests.support.builders import NOW

schedules = st.sampled_from([PICTURES_FIRST, PICTURES_SECOND, CLIPS_FIRST])
seeds = st.integers(0, 10**6)


def plan(schedule: CaptureSchedule, seed: int = 1, begins_at: int = 0) -> CapturePlan:
    dice = random.Random(seed)  # noqa: S311
    return make_plan(schedule, NOW, begins_at, dice.randrange, lambda: f"{dice.randrange(10**9)}")


@given(schedules, seeds)
def test_every_capture_is_due_within_its_period(schedule: CaptureSchedule, seed: int) -> None:
    capture_plan = plan(schedule, seed)
    assert len(capture_plan.captures) == PLAN_LENGTH // schedule.period
    for slot, capture in enumerate(capture_plan.captures):
        begins_at = capture_plan.begins_at + slot * schedule.period
        assert begins_at <= capture.due_at
        assert capture.due_at + capture.length <= begins_at + schedule.period
        assert (capture.view, capture.medium, capture.length) == (
            schedule.view, schedule.medium, schedule.length,
        )  # fmt: skip


@given(schedules, seeds, seeds)
def test_consecutive_captures_are_less_than_two_periods_apart_across_plans(
    schedule: CaptureSchedule, seed: int, other: int
) -> None:
    first = plan(schedule, seed)
    second = plan(schedule, other, first.ends_at)
    moments = [capture.due_at for capture in (*first.captures, *second.captures)]
    assert all(0 < later - earlier < 2 * schedule.period for earlier, later in pairwise(moments))


@given(st.sampled_from([CLIPS_FIRST]), seeds)
def test_clips_do_not_overlap(schedule: CaptureSchedule, seed: int) -> None:
    for capture, following in pairwise(plan(schedule, seed).captures):
        assert capture.due_at + capture.length <= following.due_at


@given(schedules, seeds)
def test_capture_ids_contain_the_due_time_and_sort_by_it(
    schedule: CaptureSchedule, seed: int
) -> None:
    ids = [capture.capture_id for capture in plan(schedule, seed).captures]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert [due_at_from_id(id_) for id_ in ids] == [
        capture.due_at for capture in plan(schedule, seed).captures
    ]


@pytest.mark.parametrize(
    ("begins_at", "expected"),
    [(0, NOW + LEAD_TIME), (NOW, NOW + LEAD_TIME), (NOW + LEAD_TIME + 1, NOW + LEAD_TIME + 1)],
)
def test_plan_begins_at_the_end_of_the_last_or_after_the_lead_time(
    begins_at: int, expected: int
) -> None:
    capture_plan = plan(PICTURES_FIRST, begins_at=begins_at)
    assert (capture_plan.begins_at, capture_plan.ends_at) == (expected, expected + PLAN_LENGTH)


def test_due_times_cover_the_whole_period() -> None:
    seconds = {
        (capture.due_at - capture_plan.begins_at) % PICTURES_FIRST.period // SECOND
        for capture_plan in (plan(PICTURES_FIRST, seed) for seed in range(20))
        for capture in capture_plan.captures
    }
    assert seconds == {0, 1, 2, 3, 4}


@pytest.mark.parametrize("broken", ["", "-", "abc", "abc-1", "-5-abc", "1.5-a"])
def test_malformed_capture_id_is_rejected(broken: str) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        due_at_from_id(broken)
