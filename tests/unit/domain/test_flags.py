"""From observations to flags: what opens one, what closes it, and what never counts."""

from dataclasses import replace

import pytest

from chalicelib.domain.capture.captures import (
    PICTURES_FIRST,
    UPLOAD_GRACE,
    CapturePlan,
    PlannedCapture,
)
from chalicelib.domain.monitoring.flags import (
    MAX_CAPTURES,
    FlagUpdate,
    apply_elapsed_time,
    apply_observation,
    close_all,
)
from chalicelib.domain.monitoring.monitor_state import (
    MAX_TRACES,
    Flag,
    MonitorState,
    expect,
    schedule_wakeup,
    start_expecting,
    stream_name,
)
from chalicelib.domain.rules.findings import FindingKind, Observation
from chalicelib.domain.rules.profiles import STANDARD, Severity
from chalicelib.domain.types import SECOND, Medium, View
from tests.support import builders as build
from tests.support.builders import NOW

NEW = MonitorState("5e55", "room-1", 1)
PATIENCE = STANDARD.missing_after + UPLOAD_GRACE


def at(second: int) -> int:
    return NOW + second * SECOND


def seen(second: int, *kinds: FindingKind, view: View = View.FIRST) -> Observation:
    return build.observation("5e55", at(second), *kinds, view=view)


def folded(
    *observations: Observation, monitor: MonitorState = NEW, flagging: bool = True
) -> tuple[MonitorState, list[Flag]]:
    """The watch after all, and every flag that changed on the way."""
    flags: list[Flag] = []
    for observation in observations:
        after = apply_observation(monitor, observation, STANDARD, flagging=flagging)
        monitor, flags = after.monitor, [*flags, *after.flags]
    return monitor, flags


def story(kind: FindingKind, marks: str) -> list[Observation]:
    """One observation each 5 s: «x» shows the kind, «.» does not."""
    return [seen(5 * n, *[kind] * (mark == "x")) for n, mark in enumerate(marks)]


class TestOpening:
    @pytest.mark.parametrize(
        ("kind", "marks", "opens"),
        [
            (FindingKind.ABSENT, "x", False),
            (FindingKind.ABSENT, "xx", True),
            (FindingKind.ABSENT, "x.x", True),
            (FindingKind.ABSENT, "x..x", False),
            (FindingKind.EXTRA_PERSON, "xx", True),
            (FindingKind.EXTRA_PERSON, "x..x..x", False),
            (FindingKind.IDENTITY_MISMATCH, "xx", False),
            (FindingKind.IDENTITY_MISMATCH, "xx.x", True),
            (FindingKind.IDENTITY_MISMATCH, "xx..x", False),
            (FindingKind.PHONE, "x..x", True),
            (FindingKind.PHONE, "x...x", False),
            (FindingKind.BOOK, "x..x", True),
            (FindingKind.FACE_OCCLUDED, "xx", False),
            (FindingKind.FACE_OCCLUDED, "xx.x", True),
            (FindingKind.LOOKING_AWAY, "xx..x", False),
            (FindingKind.LOOKING_AWAY, "xxx", True),
        ],
    )
    def test_it_takes_enough_of_the_last_pictures(
        self,
        kind: FindingKind,
        marks: str,
        opens: bool,  # noqa: FBT001
    ) -> None:
        monitor, _ = folded(*story(kind, marks))
        assert bool(monitor.open_flags) is opens

    def test_a_flag_begins_with_its_first_picture_and_names_its_causes(self) -> None:
        causes = story(FindingKind.ABSENT, "x.x")
        monitor, [flag] = folded(*causes)
        assert (flag.began_at, flag.opened_at, flag.last_seen_at) == (at(0), at(10), at(10))
        assert flag.captures == (causes[0].capture_id, causes[2].capture_id)
        assert (flag.kind, flag.view, flag.severity) == (
            FindingKind.ABSENT,
            "first",
            Severity.SERIOUS,
        )
        assert (flag.score, flag.ended_at) == (0.9, None)
        assert monitor.open_flags == (flag,)

    def test_a_picture_that_does_not_show_it_opens_nothing(self) -> None:
        not_yet = story(FindingKind.PHONE, "xx")
        monitor, _ = folded(*not_yet, flagging=False)
        _, flags = folded(seen(20), monitor=monitor)
        assert flags == []

    def test_views_are_judged_apart(self) -> None:
        monitor, _ = folded(
            seen(0, FindingKind.ABSENT), seen(5, FindingKind.ABSENT, view=View.SECOND)
        )
        assert monitor.open_flags == ()
        monitor, flags = folded(
            seen(10, FindingKind.ABSENT),
            seen(15, FindingKind.ABSENT, view=View.SECOND),
            monitor=monitor,
        )
        assert [flag.view for flag in flags] == [View.FIRST, View.SECOND]
        assert len({flag.flag_id for flag in monitor.open_flags}) == 2

    def test_kinds_are_judged_apart(self) -> None:
        monitor, _ = folded(
            seen(0, FindingKind.ABSENT, FindingKind.PHONE),
            seen(5, FindingKind.ABSENT, FindingKind.PHONE),
        )
        assert {flag.kind for flag in monitor.open_flags} == {FindingKind.ABSENT, FindingKind.PHONE}

    def test_no_flag_opens_outside_answering(self) -> None:
        monitor, flags = folded(*story(FindingKind.ABSENT, "xxxx"), flagging=False)
        assert flags == []
        assert monitor.latest[View.FIRST].at == at(15)

    def test_speech_is_heard_in_clips_alone(self) -> None:
        clips = [
            build.observation("5e55", at(30 * n), FindingKind.VOICE, medium=Medium.SOUND)
            for n in (0, 1)
        ]
        monitor, [flag] = folded(*clips)
        assert (flag.kind, flag.severity) == (FindingKind.VOICE, Severity.NOTICE)
        assert monitor.latest == {}
        _, flags = folded(*story(FindingKind.VOICE, "xxxx"))
        assert flags == []


class TestClosing:
    @pytest.mark.parametrize(
        ("kind", "marks", "closed"),
        [
            (FindingKind.ABSENT, "xx.", False),
            (FindingKind.ABSENT, "xx..", True),
            (FindingKind.ABSENT, "xx.x.", False),
            (FindingKind.PHONE, "xx..", False),
            (FindingKind.PHONE, "xx...", True),
        ],
    )
    def test_it_takes_enough_in_a_row_without(
        self,
        kind: FindingKind,
        marks: str,
        closed: bool,  # noqa: FBT001
    ) -> None:
        monitor, _ = folded(*story(kind, marks))
        assert (monitor.open_flags == ()) is closed

    def test_it_ended_with_the_first_picture_without(self) -> None:
        _, flags = folded(*story(FindingKind.ABSENT, "xxx.."))
        assert flags[-1].ended_at == at(15)
        assert flags[-1].last_seen_at == at(10)

    def test_an_open_flag_closes_outside_answering_too(self) -> None:
        monitor, _ = folded(*story(FindingKind.ABSENT, "xx"))
        monitor, [closed] = folded(seen(10), seen(15), monitor=monitor, flagging=False)
        assert closed.ended_at == at(10)
        assert monitor.open_flags == ()

    def test_the_same_again_is_another_flag(self) -> None:
        _, flags = folded(*story(FindingKind.ABSENT, "xx..xx"))
        assert len({flag.flag_id for flag in flags}) == 2
        assert [flag.ended_at is None for flag in flags] == [True, False, True]

    def test_all_end_with_the_session(self) -> None:
        monitor, _ = folded(
            seen(0, FindingKind.ABSENT, FindingKind.PHONE),
            seen(5, FindingKind.ABSENT, FindingKind.PHONE),
        )
        over = close_all(monitor, at(60))
        assert {flag.ended_at for flag in over.flags} == {at(60)}
        assert over.monitor.open_flags == ()
        assert close_all(over.monitor, at(90)).flags == ()


class TestGrowing:
    def test_what_lasts_is_one_step_more_severe(self) -> None:
        _, flags = folded(*story(FindingKind.ABSENT, "x" * 9))
        assert [flag.severity for flag in flags[-3:]] == [
            Severity.SERIOUS, Severity.CRITICAL, Severity.CRITICAL,
        ]  # fmt: skip
        assert len({flag.flag_id for flag in flags}) == 1

    def test_nothing_is_more_than_critical(self) -> None:
        _, flags = folded(*story(FindingKind.EXTRA_PERSON, "x" * 30))
        assert {flag.severity for flag in flags} == {Severity.CRITICAL}

    def test_the_first_pictures_and_the_latest_are_kept(self) -> None:
        pictures = story(FindingKind.ABSENT, "x" * 40)
        monitor, _ = folded(*pictures)
        [flag] = monitor.open_flags
        assert len(flag.captures) == MAX_CAPTURES
        assert flag.captures[: MAX_CAPTURES - 1] == tuple(
            observation.capture_id for observation in pictures[: MAX_CAPTURES - 1]
        )
        assert flag.captures[-1] == pictures[-1].capture_id
        assert len(monitor.streams[stream_name(View.FIRST, Medium.PICTURE)].traces) == MAX_TRACES


class TestWhatNeverCounts:
    def test_the_same_observation_again(self) -> None:
        monitor, _ = folded(*story(FindingKind.ABSENT, "xx"))
        again, flags = folded(*story(FindingKind.ABSENT, "xx"), monitor=monitor)
        assert flags == []
        assert replace(again, version=monitor.version) == monitor

    def test_one_that_comes_late(self) -> None:
        monitor, _ = folded(seen(5), seen(10))
        after, flags = folded(
            seen(0, FindingKind.ABSENT), seen(7, FindingKind.ABSENT), monitor=monitor
        )
        assert flags == []
        assert replace(after, version=monitor.version) == monitor

    @pytest.mark.parametrize("kind", FindingKind)
    def test_one_that_could_not_be_read(self, kind: FindingKind) -> None:
        broken = [replace(seen(5 * n, kind), error="truncated") for n in range(10)]
        monitor, flags = folded(*broken)
        assert flags == []
        assert monitor.latest[View.FIRST].error == "truncated"
        assert not any(stream.traces for stream in monitor.streams.values())

    def test_nor_does_such_a_one_close_a_flag(self) -> None:
        monitor, _ = folded(*story(FindingKind.ABSENT, "xx"))
        broken = [replace(seen(second), error="truncated") for second in (10, 15, 20)]
        after, flags = folded(*broken, monitor=monitor)
        assert flags == []
        assert after.open_flags == monitor.open_flags

    def test_the_latest_picture_never_goes_back(self) -> None:
        monitor, _ = folded(replace(seen(10), error="truncated"), seen(5))
        assert monitor.latest[View.FIRST].at == at(10)


def planned(*seconds: int, monitor: MonitorState = NEW) -> MonitorState:
    """The watch with pictures planned for these seconds of the minute to come."""
    captures = tuple(
        PlannedCapture(f"{at(second):013d}-x", View.FIRST, Medium.PICTURE, at(second))
        for second in seconds
    )
    return expect(monitor, PICTURES_FIRST, CapturePlan(captures, NOW, at(60)))


def silence(monitor: MonitorState, now: int, *, flagging: bool = True) -> FlagUpdate:
    return apply_elapsed_time(monitor, now, STANDARD, flagging=flagging)


class TestSilence:
    def test_a_picture_that_never_comes_opens_a_flag_in_time(self) -> None:
        monitor = planned(3, 8)
        assert silence(monitor, at(3) + PATIENCE - 1) == FlagUpdate(monitor)
        [flag] = silence(monitor, at(3) + PATIENCE).flags
        assert (flag.kind, flag.began_at) == (FindingKind.NO_SNAPSHOT, at(3))
        assert flag.opened_at == at(3) + PATIENCE
        assert flag.captures == ()

    def test_it_opens_once(self) -> None:
        once = silence(planned(3), at(90))
        assert silence(once.monitor, at(120)) == FlagUpdate(once.monitor)

    def test_a_device_that_asks_for_no_more_plans_is_silent_too(self) -> None:
        monitor, _ = folded(seen(3), monitor=planned(3))
        assert silence(monitor, at(60) + PATIENCE - 1).flags == ()
        assert [flag.began_at for flag in silence(monitor, at(60) + PATIENCE).flags] == [at(60)]

    def test_what_comes_before_it_is_waited_for_no_longer(self) -> None:
        monitor, _ = folded(seen(8), monitor=planned(3, 8, 13))
        assert [flag.began_at for flag in silence(monitor, at(300)).flags] == [at(13)]

    @pytest.mark.parametrize("error", [None, "truncated"])
    def test_a_picture_ends_it_readable_or_not(self, error: str | None) -> None:
        silent = silence(planned(3), at(90)).monitor
        monitor, [flag] = folded(replace(seen(95), error=error), monitor=silent)
        assert (flag.kind, flag.ended_at) == (FindingKind.NO_SNAPSHOT, at(95))
        assert monitor.open_flags == ()

    def test_a_picture_from_before_it_does_not_end_it(self) -> None:
        monitor, _ = folded(seen(3), monitor=planned(3))
        silent = silence(monitor, at(60) + PATIENCE).monitor
        after, flags = folded(seen(58), monitor=silent)
        assert flags == []
        assert after.open_flags == silent.open_flags

    def test_sound_does_not_end_it(self) -> None:
        silent = silence(planned(3), at(90)).monitor
        clip = build.observation("5e55", at(95), medium=Medium.SOUND)
        monitor, flags = folded(clip, monitor=silent)
        assert flags == []
        assert monitor.open_flags == silent.open_flags

    def test_a_picture_of_the_other_view_does_not_end_it(self) -> None:
        silent = silence(planned(3), at(90)).monitor
        monitor, _ = folded(seen(95, view=View.SECOND), monitor=silent)
        assert monitor.open_flags == silent.open_flags

    def test_nobody_is_silent_outside_answering(self) -> None:
        assert silence(planned(3), at(900), flagging=False).flags == ()
        assert schedule_wakeup(planned(3), STANDARD, flagging=False).wake_at is None

    def test_nobody_is_silent_who_was_never_asked(self) -> None:
        assert silence(NEW, at(900)).flags == ()
        assert schedule_wakeup(NEW, STANDARD, flagging=True).wake_at is None

    def test_the_alarm_rings_when_the_flag_would_open(self) -> None:
        monitor = schedule_wakeup(planned(3), STANDARD, flagging=True)
        assert monitor.wake_at == at(3) + PATIENCE
        assert silence(monitor, monitor.wake_at).flags

    def test_the_alarm_rings_again_when_it_would_grow_and_then_no_more(self) -> None:
        opened = schedule_wakeup(
            silence(planned(3), at(3) + PATIENCE).monitor, STANDARD, flagging=True
        )
        assert opened.wake_at == at(3) + STANDARD.rules[FindingKind.NO_SNAPSHOT].escalates_after
        grown = silence(opened, opened.wake_at)
        assert [flag.severity for flag in grown.flags] == [Severity.CRITICAL]
        assert schedule_wakeup(grown.monitor, STANDARD, flagging=True).wake_at is None
        assert silence(grown.monitor, at(900)).flags == ()

    def test_asking_for_plans_again_and_again_hides_nothing(self) -> None:
        monitor = planned(3)
        for number in range(1, 20):
            monitor = planned(*(range(number * 10, number * 10 + 10)), monitor=monitor)
        assert [flag.began_at for flag in silence(monitor, at(300)).flags] == [at(3)]

    def test_after_the_end_nothing_is_missed(self) -> None:
        assert silence(close_all(planned(3), at(5)).monitor, at(900)).flags == ()


class TestAsking:
    def test_who_sends_nothing_from_the_start_is_silent(self) -> None:
        monitor = start_expecting(NEW, (View.FIRST, View.SECOND), NOW)
        flags = silence(monitor, NOW + PATIENCE).flags
        assert [(flag.view, flag.began_at) for flag in flags] == [("first", NOW), ("second", NOW)]

    def test_what_was_due_before_is_not_missed(self) -> None:
        monitor = start_expecting(planned(3, 8, 70), (View.FIRST,), at(50))
        assert silence(monitor, at(70) + PATIENCE - 1).flags == ()
        assert [flag.began_at for flag in silence(monitor, at(70) + PATIENCE).flags] == [at(70)]

    def test_a_pause_longer_than_the_plan_starts_the_count_anew(self) -> None:
        monitor = start_expecting(planned(3, 8), (View.FIRST,), at(500))
        assert silence(monitor, at(500) + PATIENCE - 1).flags == ()
        assert [flag.began_at for flag in silence(monitor, at(500) + PATIENCE).flags] == [at(500)]
