"""Captures that did not arrive: which moments count, what a flag tells, and what it does not."""

from dataclasses import replace

import pytest

from chalicelib.domain.capture.captures import (
    CLIPS_FIRST,
    LEAD_TIME,
    PICTURES_FIRST,
    UPLOAD_GRACE,
    CapturePlan,
    CaptureSchedule,
    PlannedCapture,
)
from chalicelib.domain.monitoring.arrivals import moments_of
from chalicelib.domain.monitoring.flags import (
    apply_elapsed_time,
    apply_observation,
    schedule_wakeup,
)
from chalicelib.domain.monitoring.monitor_state import (
    MAX_EXPECTED,
    MonitorState,
    corrections_needed,
    drop_plan,
    expect,
    start_expecting,
    stream_name,
)
from chalicelib.domain.rules.findings import PAUSED_KINDS, FindingKind, Observation
from chalicelib.domain.rules.profiles import STANDARD, MonitoringProfile, Severity
from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis, View
from tests.support import builders as build
from tests.support.builders import NOW

NEW = MonitorState("5e55", "room-1", 1)
PERIOD = PICTURES_FIRST.period


def at(second: int) -> Millis:
    return NOW + second * SECOND


def planned(
    monitor: MonitorState, begin: int, end: int, schedule: CaptureSchedule = PICTURES_FIRST
) -> MonitorState:
    """The monitor state with a capture planned in each period from one second to another."""
    captures = tuple(
        PlannedCapture(f"{moment:013d}-abc", schedule.view, schedule.medium, moment)
        for moment in range(at(begin), at(end), schedule.period)
    )
    return expect(monitor, schedule, CapturePlan(captures, at(begin), at(end)))


def seen(
    second: int, medium: Medium = Medium.PICTURE, *, late: int = 1, error: str | None = None
) -> Observation:
    observation = build.observation("5e55", at(second), medium=medium, error=error)
    return replace(observation, arrived_at=at(second + late))


def apply(monitor: MonitorState, *observations: Observation) -> MonitorState:
    for observation in observations:
        monitor = apply_observation(monitor, observation, STANDARD, flagging=True).monitor
    return monitor


def opened(
    monitor: MonitorState, second: int, profile: MonitoringProfile = STANDARD
) -> list[FindingKind]:
    update = apply_elapsed_time(monitor, at(second), profile, flagging=True)
    return [flag.kind for flag in update.flags]


def moments(monitor: MonitorState, schedule: CaptureSchedule = PICTURES_FIRST) -> str:
    stream = monitor.streams[stream_name(schedule.view, schedule.medium)]
    return "".join("+" if moment.usable else "-" for moment in moments_of(stream.arrivals))


class TestSettling:
    def test_in_whatever_order_captures_arrive_the_moments_are_the_same(self) -> None:
        monitor = planned(NEW, 0, 30)
        one = apply(monitor, seen(0), seen(5, error="empty"), seen(10))
        other = apply(monitor, seen(10), seen(5, error="empty"), seen(0))
        assert moments(one) == moments(other) == "+-+"

    def test_one_that_comes_after_its_grace_counts_neither_way(self) -> None:
        in_time = UPLOAD_GRACE // SECOND - 1
        monitor = planned(NEW, 0, 30)
        assert moments(apply(monitor, seen(0, late=in_time))) == "+"
        late = apply(monitor, seen(0, late=in_time + 1))
        assert moments(late) == ""
        assert late.streams["first/picture"].arrivals.usable_at == at(0)
        assert all(capture.due_at > at(0) for capture in late.streams["first/picture"].expected)

    def test_one_that_was_not_planned_counts_neither_way(self) -> None:
        assert moments(apply(planned(NEW, 0, 30), seen(3))) == ""

    def test_moments_between_two_plans_brought_nothing(self) -> None:
        assert moments(planned(planned(NEW, 0, 30), 42, 60)) == "--"

    def test_a_plan_that_goes_on_where_the_last_ended_leaves_no_moment_out(self) -> None:
        assert moments(planned(planned(NEW, 0, 30), 30, 60)) == ""

    def test_a_lost_plan_is_expected_no_longer(self) -> None:
        monitor = drop_plan(planned(NEW, 0, 60), PICTURES_FIRST, at(20))
        expected = monitor.streams["first/picture"].expected
        assert [capture.due_at for capture in expected] == [at(s) for s in (0, 5, 10, 15, 20)]
        assert LEAD_TIME < PERIOD

    def test_what_is_expected_stays_bounded(self) -> None:
        monitor = NEW
        for begin in range(0, 6000, 60):
            monitor = planned(monitor, begin, begin + 60)
            assert len(monitor.streams["first/picture"].expected) <= MAX_EXPECTED


class TestThinning:
    def thinned(self) -> MonitorState:
        """A minute with one picture in six, the last of them fresh."""
        return apply(planned(NEW, 0, 60), seen(0), seen(30), seen(55))

    def test_it_opens_and_is_told_once(self) -> None:
        update = apply_elapsed_time(self.thinned(), at(75), STANDARD, flagging=True)
        [flag] = update.flags
        assert (flag.kind, flag.began_at, flag.severity) == (
            FindingKind.CAPTURES_MISSING, at(5), Severity.SERIOUS,
        )  # fmt: skip
        assert opened(update.monitor, 80) == []

    def test_it_wakes_the_scheduler_in_time(self) -> None:
        wake_at = schedule_wakeup(self.thinned(), STANDARD, flagging=True).wake_at
        assert wake_at == at(45) + UPLOAD_GRACE
        assert opened(self.thinned(), 64) == []
        assert opened(self.thinned(), 65) == [FindingKind.CAPTURES_MISSING]

    def test_it_ends_after_enough_in_a_row_and_is_not_told_again(self) -> None:
        open_ = apply_elapsed_time(self.thinned(), at(75), STANDARD, flagging=True).monitor
        monitor = planned(open_, 60, 120)
        for second in range(60, 80, 5):
            monitor = apply(monitor, seen(second))
            assert monitor.open_flags
        update = apply_observation(monitor, seen(80), STANDARD, flagging=True)
        [ended] = update.flags
        assert (ended.kind, ended.ended_at) == (FindingKind.CAPTURES_MISSING, at(55))
        assert opened(apply(update.monitor, seen(85)), 90) == []

    def test_it_escalates_with_time(self) -> None:
        open_ = apply_elapsed_time(self.thinned(), at(75), STANDARD, flagging=True).monitor
        escalates_after = STANDARD.rules[FindingKind.CAPTURES_MISSING].escalates_after
        quiet = replace(open_, streams={})
        update = apply_elapsed_time(quiet, at(5) + escalates_after, STANDARD, flagging=True)
        assert [flag.severity for flag in update.flags] == [Severity.CRITICAL]
        early = apply_elapsed_time(quiet, at(5) + escalates_after - 1, STANDARD, flagging=True)
        assert early.flags == ()


class TestTold:
    def test_a_silence_explains_the_thinning_and_the_missing_sound(self) -> None:
        monitor = planned(start_expecting(NEW, (View.FIRST,), NOW), 2, 62)
        monitor = planned(monitor, 2, 62, CLIPS_FIRST)
        assert opened(monitor, 600) == [FindingKind.NO_SNAPSHOT]

    def test_without_its_rule_the_thinning_tells_it(self) -> None:
        rules = dict(STANDARD.rules)
        del rules[FindingKind.NO_SNAPSHOT]
        monitor = planned(start_expecting(NEW, (View.FIRST,), NOW), 2, 62)
        assert opened(monitor, 600, replace(STANDARD, rules=rules)) == [
            FindingKind.CAPTURES_MISSING, FindingKind.NO_SOUND,
        ]  # fmt: skip

    def test_what_a_silence_has_told_is_not_told_again(self) -> None:
        monitor = planned(start_expecting(NEW, (View.FIRST,), NOW), 2, 62)
        silent = apply_elapsed_time(monitor, at(100), STANDARD, flagging=True).monitor
        back = planned(silent, 102, 162)
        update = apply_observation(back, seen(102), STANDARD, flagging=True)
        assert [flag.ended_at for flag in update.flags] == [at(102)]
        assert opened(apply(update.monitor, seen(107)), 112) == []

    def test_a_silence_that_was_over_before_the_clock_looked_ends_with_its_first_picture(
        self,
    ) -> None:
        monitor = apply(planned(planned(NEW, 0, 60), 60, 120), seen(0), seen(50), seen(55))
        update = apply_elapsed_time(monitor, at(58), STANDARD, flagging=True)
        assert [(flag.kind, flag.began_at) for flag in update.flags] == [
            (FindingKind.NO_SNAPSHOT, at(5))
        ]
        [ended] = apply_observation(update.monitor, seen(60), STANDARD, flagging=True).flags
        assert ended.ended_at == at(50)

    @pytest.mark.parametrize(("second", "kinds"), [(0, []), (700, [FindingKind.NO_SNAPSHOT])])
    def test_during_a_pause_only_some_things_open(
        self, second: int, kinds: list[FindingKind]
    ) -> None:
        monitor = planned(start_expecting(NEW, (View.FIRST,), NOW), 2, 62)
        update = apply_elapsed_time(
            monitor, at(second), STANDARD, flagging=True, kinds=PAUSED_KINDS
        )
        assert [flag.kind for flag in update.flags] == kinds

    def test_speaking_opens_nothing_during_a_pause_and_somebody_else_does(self) -> None:
        monitor = NEW
        for second in (0, 30, 60):
            clip = build.observation("5e55", at(second), FindingKind.VOICE, medium=Medium.SOUND)
            monitor = apply_observation(
                monitor, clip, STANDARD, flagging=True, kinds=PAUSED_KINDS
            ).monitor
        assert monitor.open_flags == ()
        for second in (90, 95):
            picture = build.observation("5e55", at(second), FindingKind.EXTRA_PERSON)
            monitor = apply_observation(
                monitor, picture, STANDARD, flagging=True, kinds=PAUSED_KINDS
            ).monitor
        assert [flag.kind for flag in monitor.open_flags] == [FindingKind.EXTRA_PERSON]


class TestMuted:
    def clips(self, marks: str) -> MonitorState:
        """One clip each 30 s: «x» is digital silence."""
        return apply(
            NEW,
            *(
                build.observation(
                    "5e55",
                    NOW + number * 30 * SECOND,
                    *[FindingKind.MUTED] * (mark == "x"),
                    medium=Medium.SOUND,
                )
                for number, mark in enumerate(marks)
            ),
        )

    @pytest.mark.parametrize(
        ("marks", "told", "flagged"),
        [
            ("x", False, False),
            ("xx", True, False),
            ("x.x", False, False),
            ("xxx", True, True),
            ("xxx.", False, True),
            ("xxx..", False, False),
        ],
    )
    def test_it_is_told_to_the_candidate_before_it_is_flagged(
        self,
        marks: str,
        told: bool,  # noqa: FBT001
        flagged: bool,  # noqa: FBT001
    ) -> None:
        monitor = self.clips(marks)
        assert (FindingKind.MUTED in corrections_needed(monitor)) is told
        assert bool(monitor.open_flags) is flagged


def test_two_minutes_are_remembered_at_least() -> None:
    monitor = NEW
    for begin in range(0, 600, 60):
        monitor = planned(monitor, begin, begin + 60)
        monitor = apply(monitor, *(seen(second) for second in range(begin, begin + 60, 5)))
    assert len(moments(monitor)) * PERIOD >= 2 * MINUTE
