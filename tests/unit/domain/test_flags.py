"""From observations to flags: what opens and closes a flag, and what never counts."""

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
    schedule_wakeup,
)
from chalicelib.domain.monitoring.monitor_state import (
    MAX_TRACES,
    Flag,
    MonitorState,
    expect,
    start_expecting,
    stream_name,
)
from chalicelib.domain.rules.findings import FindingKind, Observation
from chalicelib.domain.rules.profiles import STANDARD, Severity, get_profile
from chalicelib.domain.types import SECOND, Medium, View
from tests.support import builders as build
from tests.support.builders import NOW

NEW = MonitorState("5e55", "room-1", 1)
MISSING_AFTER = STANDARD.missing_after + UPLOAD_GRACE


def at(second: int) -> int:
    return NOW + second * SECOND


def picture(second: int, *kinds: FindingKind, view: View = View.FIRST) -> Observation:
    return build.observation("5e55", at(second), *kinds, view=view)


def apply_all(
    *observations: Observation, monitor: MonitorState = NEW, flagging: bool = True
) -> tuple[MonitorState, list[Flag]]:
    """The monitor state after all observations, and every changed flag."""
    flags: list[Flag] = []
    for observation in observations:
        after = apply_observation(monitor, observation, STANDARD, flagging=flagging)
        monitor, flags = after.monitor, [*flags, *after.flags]
    return monitor, flags


def sequence(kind: FindingKind, marks: str) -> list[Observation]:
    """One observation each 5 s: «x» shows the kind, «.» does not."""
    return [picture(5 * n, *[kind] * (mark == "x")) for n, mark in enumerate(marks)]


PHONE, POSSIBLE = FindingKind.PHONE, FindingKind.POSSIBLE_PHONE


def phones(marks: str, first: int = 0) -> list[Observation]:
    """One observation each 5 s: «X» shows a phone, «x» a possible one, «.» neither."""
    kinds = {"X": [PHONE], "x": [POSSIBLE], ".": []}
    return [picture(5 * (first + n), *kinds[mark]) for n, mark in enumerate(marks)]


class TestPossiblePhone:
    """The weak kind: a notice, and never beside the stronger one."""

    @pytest.mark.parametrize(
        ("marks", "opened"),
        [
            ("xx", []),
            ("x.x.x", [POSSIBLE]),
            ("xx..x", [POSSIBLE]),
            ("xx...x", []),
            ("X..X", [PHONE]),
            ("x..X.x", []),  # 1 of 4, and 3 of 6
            ("x.X.x", [POSSIBLE]),  # a phone is a possible phone too
            ("XX", [PHONE]),
            ("XXxxx", [PHONE]),
        ],
    )
    def test_what_opens(self, marks: str, opened: list[FindingKind]) -> None:
        monitor, _ = apply_all(*phones(marks))
        assert [flag.kind for flag in monitor.open_flags] == opened

    def test_it_stays_a_notice(self) -> None:
        monitor, _ = apply_all(*phones("x" * 60))
        [flag] = monitor.open_flags
        assert (flag.severity, flag.last_seen_at) == (Severity.NOTICE, at(295))

    def test_phone_flag_takes_its_place(self) -> None:
        monitor, flags = apply_all(*phones("xxxXX"))
        assert [flag.kind for flag in monitor.open_flags] == [PHONE]
        ended = [flag for flag in flags if flag.kind is POSSIBLE][-1]
        assert ended.ended_at == at(20) == monitor.open_flags[0].opened_at

    def test_possible_phone_keeps_a_phone_flag_open_but_does_not_extend_it(self) -> None:
        monitor, _ = apply_all(*phones("XXxxxxxx"))
        [flag] = monitor.open_flags
        assert (flag.kind, flag.last_seen_at) == (PHONE, at(5))
        monitor, flags = apply_all(*phones("...", 8), monitor=monitor)
        assert monitor.open_flags == ()
        assert flags[-1].ended_at == at(40)

    def test_none_follows_from_the_pictures_of_a_closed_phone_flag(self) -> None:
        monitor, flags = apply_all(*phones("XXXX...xx"))
        assert monitor.open_flags == ()
        assert {flag.kind for flag in flags} == {PHONE}

    @pytest.mark.parametrize("other", [View.FIRST, View.SECOND])
    def test_views_are_separate(self, other: View) -> None:
        opened, _ = apply_all(*phones("XX"))
        monitor, _ = apply_all(
            *(picture(15 + 5 * n, POSSIBLE, view=other) for n in range(3)), monitor=opened
        )
        kinds = {(flag.kind, flag.view) for flag in monitor.open_flags}
        assert ((POSSIBLE, View.SECOND) in kinds) is (other is View.SECOND)

    def test_whoever_may_have_a_phone_is_not_told_of_a_possible_one(self) -> None:
        monitor, profile = NEW, get_profile("standard", (PHONE,))
        for observation in phones("xXxXxX"):
            monitor = apply_observation(monitor, observation, profile, flagging=True).monitor
        assert monitor.open_flags == ()


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
    def test_flag_opens_after_enough_hits_in_the_window(
        self,
        kind: FindingKind,
        marks: str,
        opens: bool,  # noqa: FBT001
    ) -> None:
        monitor, _ = apply_all(*sequence(kind, marks))
        assert bool(monitor.open_flags) is opens

    def test_flag_begins_with_its_first_picture_and_lists_its_captures(self) -> None:
        causes = sequence(FindingKind.ABSENT, "x.x")
        monitor, [flag] = apply_all(*causes)
        assert (flag.began_at, flag.opened_at, flag.last_seen_at) == (at(0), at(10), at(10))
        assert flag.captures == (causes[0].capture_id, causes[2].capture_id)
        assert (flag.kind, flag.view, flag.severity) == (
            FindingKind.ABSENT,
            "first",
            Severity.SERIOUS,
        )
        assert (flag.score, flag.ended_at) == (0.9, None)
        assert monitor.open_flags == (flag,)

    def test_picture_without_the_finding_opens_no_flag(self) -> None:
        not_yet = sequence(FindingKind.PHONE, "xx")
        monitor, _ = apply_all(*not_yet, flagging=False)
        _, flags = apply_all(picture(20), monitor=monitor)
        assert flags == []

    def test_views_are_evaluated_separately(self) -> None:
        monitor, _ = apply_all(
            picture(0, FindingKind.ABSENT), picture(5, FindingKind.ABSENT, view=View.SECOND)
        )
        assert monitor.open_flags == ()
        monitor, flags = apply_all(
            picture(10, FindingKind.ABSENT),
            picture(15, FindingKind.ABSENT, view=View.SECOND),
            monitor=monitor,
        )
        assert [flag.view for flag in flags] == [View.FIRST, View.SECOND]
        assert len({flag.flag_id for flag in monitor.open_flags}) == 2

    def test_kinds_are_evaluated_separately(self) -> None:
        monitor, _ = apply_all(
            picture(0, FindingKind.ABSENT, FindingKind.PHONE),
            picture(5, FindingKind.ABSENT, FindingKind.PHONE),
        )
        assert {flag.kind for flag in monitor.open_flags} == {FindingKind.ABSENT, FindingKind.PHONE}

    def test_no_flag_opens_outside_answering(self) -> None:
        monitor, flags = apply_all(*sequence(FindingKind.ABSENT, "xxxx"), flagging=False)
        assert flags == []
        assert monitor.latest[View.FIRST].at == at(15)

    def test_voice_flag_opens_from_sound_clips_only(self) -> None:
        clips = [
            build.observation("5e55", at(30 * n), FindingKind.VOICE, medium=Medium.SOUND)
            for n in (0, 1)
        ]
        monitor, [flag] = apply_all(*clips)
        assert (flag.kind, flag.severity) == (FindingKind.VOICE, Severity.NOTICE)
        assert monitor.latest == {}
        _, flags = apply_all(*sequence(FindingKind.VOICE, "xxxx"))
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
    def test_flag_closes_after_enough_clear_observations(
        self,
        kind: FindingKind,
        marks: str,
        closed: bool,  # noqa: FBT001
    ) -> None:
        monitor, _ = apply_all(*sequence(kind, marks))
        assert (monitor.open_flags == ()) is closed

    def test_flag_ends_at_the_first_clear_picture(self) -> None:
        _, flags = apply_all(*sequence(FindingKind.ABSENT, "xxx.."))
        assert flags[-1].ended_at == at(15)
        assert flags[-1].last_seen_at == at(10)

    def test_open_flag_closes_outside_answering(self) -> None:
        monitor, _ = apply_all(*sequence(FindingKind.ABSENT, "xx"))
        monitor, [closed] = apply_all(picture(10), picture(15), monitor=monitor, flagging=False)
        assert closed.ended_at == at(10)
        assert monitor.open_flags == ()

    def test_recurrence_after_closing_is_a_new_flag(self) -> None:
        _, flags = apply_all(*sequence(FindingKind.ABSENT, "xx..xx"))
        assert len({flag.flag_id for flag in flags}) == 2
        assert [flag.ended_at is None for flag in flags] == [True, False, True]

    def test_all_flags_close_with_the_session(self) -> None:
        monitor, _ = apply_all(
            picture(0, FindingKind.ABSENT, FindingKind.PHONE),
            picture(5, FindingKind.ABSENT, FindingKind.PHONE),
        )
        over = close_all(monitor, at(60))
        assert {flag.ended_at for flag in over.flags} == {at(60)}
        assert over.monitor.open_flags == ()
        assert close_all(over.monitor, at(90)).flags == ()


class TestEscalation:
    def test_lasting_flag_escalates_by_one_level(self) -> None:
        _, flags = apply_all(*sequence(FindingKind.ABSENT, "x" * 9))
        assert [flag.severity for flag in flags[-3:]] == [
            Severity.SERIOUS, Severity.CRITICAL, Severity.CRITICAL,
        ]  # fmt: skip
        assert len({flag.flag_id for flag in flags}) == 1

    def test_severity_does_not_exceed_critical(self) -> None:
        _, flags = apply_all(*sequence(FindingKind.EXTRA_PERSON, "x" * 30))
        assert {flag.severity for flag in flags} == {Severity.CRITICAL}

    def test_first_captures_and_the_latest_are_kept(self) -> None:
        pictures = sequence(FindingKind.ABSENT, "x" * 40)
        monitor, _ = apply_all(*pictures)
        [flag] = monitor.open_flags
        assert len(flag.captures) == MAX_CAPTURES
        assert flag.captures[: MAX_CAPTURES - 1] == tuple(
            observation.capture_id for observation in pictures[: MAX_CAPTURES - 1]
        )
        assert flag.captures[-1] == pictures[-1].capture_id
        assert len(monitor.streams[stream_name(View.FIRST, Medium.PICTURE)].traces) == MAX_TRACES


class TestIgnoredObservations:
    def test_repeated_observation_is_ignored(self) -> None:
        monitor, _ = apply_all(*sequence(FindingKind.ABSENT, "xx"))
        again, flags = apply_all(*sequence(FindingKind.ABSENT, "xx"), monitor=monitor)
        assert flags == []
        assert replace(again, version=monitor.version) == monitor

    def test_late_observation_is_ignored(self) -> None:
        monitor, _ = apply_all(picture(5), picture(10))
        after, flags = apply_all(
            picture(0, FindingKind.ABSENT), picture(7, FindingKind.ABSENT), monitor=monitor
        )
        assert flags == []
        assert replace(after, version=monitor.version) == monitor

    @pytest.mark.parametrize("kind", FindingKind)
    def test_observation_with_an_error_opens_no_flag(self, kind: FindingKind) -> None:
        broken = [replace(picture(5 * n, kind), error="truncated") for n in range(10)]
        monitor, flags = apply_all(*broken)
        assert flags == []
        assert monitor.latest[View.FIRST].error == "truncated"
        assert not any(stream.traces for stream in monitor.streams.values())

    def test_observation_with_an_error_closes_no_flag(self) -> None:
        monitor, _ = apply_all(*sequence(FindingKind.ABSENT, "xx"))
        broken = [replace(picture(second), error="truncated") for second in (10, 15, 20)]
        after, flags = apply_all(*broken, monitor=monitor)
        assert flags == []
        assert after.open_flags == monitor.open_flags

    def test_latest_picture_is_not_replaced_by_an_older_one(self) -> None:
        monitor, _ = apply_all(replace(picture(10), error="truncated"), picture(5))
        assert monitor.latest[View.FIRST].at == at(10)


def with_expected(*seconds: int, monitor: MonitorState = NEW) -> MonitorState:
    """The monitor state with pictures planned for these seconds of the next minute."""
    captures = tuple(
        PlannedCapture(f"{at(second):013d}-abc", View.FIRST, Medium.PICTURE, at(second))
        for second in seconds
    )
    return expect(monitor, PICTURES_FIRST, CapturePlan(captures, NOW, at(60)))


def silence(monitor: MonitorState, now: int, *, flagging: bool = True) -> FlagUpdate:
    return apply_elapsed_time(monitor, now, STANDARD, flagging=flagging)


class TestMissingCaptures:
    def test_missing_picture_opens_a_flag_after_the_grace_time(self) -> None:
        monitor = with_expected(3, 8)
        assert silence(monitor, at(3) + MISSING_AFTER - 1) == FlagUpdate(monitor)
        [flag] = silence(monitor, at(3) + MISSING_AFTER).flags
        assert (flag.kind, flag.began_at) == (FindingKind.NO_SNAPSHOT, at(3))
        assert flag.opened_at == at(3) + MISSING_AFTER
        assert flag.captures == ()

    def test_missing_picture_opens_one_flag_only(self) -> None:
        update = silence(with_expected(3), at(90))
        assert silence(update.monitor, at(120)) == FlagUpdate(update.monitor)

    def test_device_that_requests_no_plans_counts_as_silent(self) -> None:
        monitor, _ = apply_all(picture(3), monitor=with_expected(3))
        assert silence(monitor, at(60) + MISSING_AFTER - 1).flags == ()
        assert [flag.began_at for flag in silence(monitor, at(60) + MISSING_AFTER).flags] == [
            at(60)
        ]

    def test_captures_due_before_the_latest_are_no_longer_expected(self) -> None:
        monitor, _ = apply_all(picture(8), monitor=with_expected(3, 8, 13))
        assert [flag.began_at for flag in silence(monitor, at(300)).flags] == [at(13)]

    def test_picture_that_can_be_read_closes_the_flag(self) -> None:
        silent = silence(with_expected(3), at(90)).monitor
        monitor, [flag] = apply_all(picture(95), monitor=silent)
        assert (flag.kind, flag.ended_at) == (FindingKind.NO_SNAPSHOT, at(95))
        assert monitor.open_flags == ()

    def test_picture_that_cannot_be_read_has_not_arrived(self) -> None:
        silent = silence(with_expected(3), at(90)).monitor
        monitor, flags = apply_all(replace(picture(95), error="truncated"), monitor=silent)
        assert flags == []
        assert monitor.open_flags == silent.open_flags

    def test_unreadable_pictures_open_the_flag_as_missing_ones_do(self) -> None:
        seconds = range(3, 58, 5)
        broken = [replace(picture(second), error="empty") for second in seconds]
        monitor, flags = apply_all(*broken, monitor=with_expected(*seconds))
        assert flags == []
        [flag] = silence(monitor, at(3) + MISSING_AFTER).flags
        assert (flag.kind, flag.began_at) == (FindingKind.NO_SNAPSHOT, at(3))

    def test_picture_from_before_the_silence_does_not_close_the_flag(self) -> None:
        monitor, _ = apply_all(picture(3), monitor=with_expected(3))
        silent = silence(monitor, at(60) + MISSING_AFTER).monitor
        after, flags = apply_all(picture(58), monitor=silent)
        assert flags == []
        assert after.open_flags == silent.open_flags

    def test_sound_does_not_close_the_flag(self) -> None:
        silent = silence(with_expected(3), at(90)).monitor
        clip = build.observation("5e55", at(95), medium=Medium.SOUND)
        monitor, flags = apply_all(clip, monitor=silent)
        assert flags == []
        assert monitor.open_flags == silent.open_flags

    def test_picture_of_the_other_view_does_not_close_the_flag(self) -> None:
        silent = silence(with_expected(3), at(90)).monitor
        monitor, _ = apply_all(picture(95, view=View.SECOND), monitor=silent)
        assert monitor.open_flags == silent.open_flags

    def test_missing_pictures_are_ignored_outside_answering(self) -> None:
        assert silence(with_expected(3), at(900), flagging=False).flags == ()
        assert schedule_wakeup(with_expected(3), STANDARD, flagging=False).wake_at is None

    def test_no_picture_is_missing_before_any_was_expected(self) -> None:
        assert silence(NEW, at(900)).flags == ()
        assert schedule_wakeup(NEW, STANDARD, flagging=True).wake_at is None

    def test_wakeup_is_scheduled_for_when_the_flag_opens(self) -> None:
        monitor = schedule_wakeup(with_expected(3), STANDARD, flagging=True)
        assert monitor.wake_at == at(3) + MISSING_AFTER
        assert silence(monitor, monitor.wake_at).flags

    def test_wakeup_is_scheduled_for_escalation_and_then_no_more(self) -> None:
        opened = schedule_wakeup(
            silence(with_expected(3), at(3) + MISSING_AFTER).monitor, STANDARD, flagging=True
        )
        assert opened.wake_at == at(3) + STANDARD.rules[FindingKind.NO_SNAPSHOT].escalates_after
        escalated = silence(opened, opened.wake_at)
        assert [flag.severity for flag in escalated.flags] == [Severity.CRITICAL]
        assert schedule_wakeup(escalated.monitor, STANDARD, flagging=True).wake_at is None
        assert silence(escalated.monitor, at(900)).flags == ()

    def test_repeated_plan_requests_do_not_hide_missing_pictures(self) -> None:
        monitor = with_expected(3)
        for number in range(1, 20):
            monitor = with_expected(*(range(number * 10, number * 10 + 10)), monitor=monitor)
        assert [flag.began_at for flag in silence(monitor, at(300)).flags] == [at(3)]

    def test_no_picture_is_missing_after_the_end(self) -> None:
        assert silence(close_all(with_expected(3), at(5)).monitor, at(900)).flags == ()


class TestExpecting:
    def test_view_without_any_picture_opens_a_flag(self) -> None:
        monitor = start_expecting(NEW, (View.FIRST, View.SECOND), NOW)
        flags = silence(monitor, NOW + MISSING_AFTER).flags
        assert [(flag.view, flag.began_at) for flag in flags] == [("first", NOW), ("second", NOW)]

    def test_captures_due_before_are_not_missing(self) -> None:
        monitor = start_expecting(with_expected(3, 8, 70), (View.FIRST,), at(50))
        assert silence(monitor, at(70) + MISSING_AFTER - 1).flags == ()
        assert [flag.began_at for flag in silence(monitor, at(70) + MISSING_AFTER).flags] == [
            at(70)
        ]

    def test_silence_counts_anew_after_a_pause_longer_than_the_plan(self) -> None:
        monitor = start_expecting(with_expected(3, 8), (View.FIRST,), at(500))
        assert silence(monitor, at(500) + MISSING_AFTER - 1).flags == ()
        assert [flag.began_at for flag in silence(monitor, at(500) + MISSING_AFTER).flags] == [
            at(500)
        ]
