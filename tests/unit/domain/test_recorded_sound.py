"""Speech in recorded sound and in clips: one flag for one voice, and none that comes too late."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.monitoring.flags import apply_observation
from chalicelib.domain.monitoring.monitor_state import (
    Flag,
    MonitorState,
    corrections_needed,
    start_expecting,
    stream_name,
)
from chalicelib.domain.monitoring.recorded_sound import LATE_AFTER, is_late
from chalicelib.domain.recording.segments import SEGMENT_LENGTH
from chalicelib.domain.rules.findings import FindingKind, Observation
from chalicelib.domain.rules.profiles import PROFILES, STANDARD, MonitoringProfile
from chalicelib.domain.types import MINUTE, SECOND, Medium, View
from tests.support import builders as build
from tests.support.builders import NOW

NEW = MonitorState("5e55", "room-1", 1)


def at(second: int) -> int:
    return NOW + second * SECOND


def segment(
    second: int, *, speech: bool, view: View = View.FIRST, late: int = 1_000
) -> Observation:
    """The sound of a segment that arrives some milliseconds after its end."""
    seen = build.observation(
        "5e55",
        at(second),
        *[FindingKind.VOICE] * speech,
        view=view,
        medium=Medium.RECORDED_SOUND,
        tail=f"seg{view}",
    )
    return replace(seen, arrived_at=seen.captured_at + SEGMENT_LENGTH + late)


def clip(second: int, *, speech: bool) -> Observation:
    kinds = [FindingKind.VOICE] * speech
    return build.observation("5e55", at(second), *kinds, medium=Medium.SOUND)


def apply_all(
    observations: Iterable[Observation],
    monitor: MonitorState = NEW,
    profile: MonitoringProfile = STANDARD,
) -> tuple[MonitorState, dict[str, Flag]]:
    """The monitor state after all observations, and every flag as it was last."""
    flags: dict[str, Flag] = {}
    for observation in observations:
        after = apply_observation(monitor, observation, profile, flagging=True)
        monitor = after.monitor
        flags |= {flag.flag_id: flag for flag in after.flags}
    return monitor, flags


def recorded(marks: str, *, begin: int = 0, view: View = View.FIRST) -> list[Observation]:
    """One segment each 10 s: «x» holds speech."""
    return [
        segment(begin + 10 * number, speech=mark == "x", view=view)
        for number, mark in enumerate(marks)
    ]


def test_speech_in_two_of_three_segments_is_a_flag_that_two_quiet_ones_end() -> None:
    _, flags = apply_all(recorded(".x.x.."))
    [flag] = flags.values()
    assert (flag.kind, flag.view) == (FindingKind.VOICE, View.FIRST)
    assert (flag.began_at, flag.ended_at) == (at(10), at(40))
    assert len(flag.captures) == 2


@pytest.mark.parametrize("name", sorted(PROFILES))
def test_one_voice_is_one_flag_whoever_heard_it(name: str) -> None:
    """Clips and segments of the same minute: the segments' word counts, and theirs alone."""
    both = sorted(
        [
            *recorded("xxxxxx......"),
            clip(5, speech=True),
            clip(42, speech=True),
            clip(75, speech=False),
        ],
        key=lambda observation: observation.captured_at,
    )
    alone = apply_all(recorded("xxxxxx......"), profile=PROFILES[name])[1]
    assert apply_all(both, profile=PROFILES[name])[1] == alone
    assert len(alone) == 1


def test_a_clip_says_nothing_where_the_recording_is_quiet() -> None:
    """A minute of clips with speech beside a recording without any: the recording is believed."""
    observations = [*recorded("......"), clip(5, speech=True), clip(35, speech=True)]
    observations.sort(key=lambda observation: observation.captured_at)
    assert apply_all(observations)[1] == {}


def test_clips_speak_where_nothing_is_recorded_and_once_a_recording_stops() -> None:
    assert len(apply_all([clip(0, speech=True), clip(30, speech=True)])[1]) == 1
    quiet = recorded("...")
    stopped = [clip(85, speech=True), clip(115, speech=True)]
    [flag] = apply_all([*quiet, *stopped])[1].values()
    assert flag.captures == tuple(seen.capture_id for seen in stopped)


def test_what_the_recording_told_is_not_told_again_by_the_clips_after_it() -> None:
    """A clip of seconds that were recorded does not count as a hit once the recording is gone."""
    told, flags = apply_all([*recorded("xx.."), clip(25, speech=True), clip(91, speech=True)])
    assert len(flags) == 1
    assert told.open_flags == ()


def test_seconds_that_a_clip_told_are_not_told_again_by_their_segment() -> None:
    clips = [clip(0, speech=True), clip(30, speech=True), clip(60, speech=False)]
    quiet = [clip(90, speech=False)]
    late_ones = [segment(second, speech=True, late=50_000) for second in (60, 70, 80)]
    _, flags = apply_all([*clips, *quiet, *late_ones])
    [flag] = flags.values()
    assert flag.ended_at == at(60)


def test_what_arrives_late_opens_no_flag_and_ends_none() -> None:
    late = round(LATE_AFTER) + 1
    spoken = [segment(second, speech=True, late=late) for second in (0, 10, 20)]
    monitor, flags = apply_all(spoken)
    assert all(is_late(observation) for observation in spoken)
    assert flags == {}
    assert stream_name(View.FIRST, Medium.RECORDED_SOUND) not in monitor.streams
    opened, _ = apply_all([clip(0, speech=True), clip(30, speech=True)])
    quiet = [segment(second, speech=False, late=late) for second in (40, 50, 60)]
    assert apply_all(quiet, opened)[0].open_flags == opened.open_flags


def test_hits_before_a_break_do_not_count_after_it() -> None:
    before, after = segment(0, speech=True), segment(200, speech=True)
    assert apply_all([before, after])[1] == {}


def test_a_flag_that_clips_opened_is_ended_by_segments_not_before_it_was_seen() -> None:
    opened = [clip(0, speech=True), clip(30, speech=True)]
    _, flags = apply_all([*opened, *recorded("..", begin=40)])
    [flag] = flags.values()
    assert flag.ended_at is not None
    assert flag.ended_at >= flag.last_seen_at


def test_waiting_room_and_pause_do_not_count() -> None:
    started = start_expecting(NEW, [View.FIRST], at(25))
    _, flags = apply_all(recorded("xxx"), started)
    assert flags == {}
    assert len(apply_all(recorded("xxxxx"), started)[1]) == 1


def test_each_view_has_flags_of_its_own_and_the_phone_needs_no_clips() -> None:
    both = [*recorded("xx"), *recorded("xx", view=View.SECOND), clip(35, speech=True)]
    flags = apply_all(sorted(both, key=lambda seen: seen.captured_at))[1]
    assert {flag.view for flag in flags.values()} == {View.FIRST, View.SECOND}


def test_recorded_sound_is_neither_mute_nor_an_arrival() -> None:
    started = start_expecting(NEW, [View.FIRST], NOW)
    silent = [replace(seen, findings=()) for seen in recorded("......")]
    monitor, _ = apply_all(silent, started)
    name = stream_name(View.FIRST, Medium.SOUND)
    assert monitor.streams[name] == started.streams[name]
    assert corrections_needed(monitor) == ()


@given(st.permutations(list(range(8))), st.integers(0, 255))
def test_order_and_repetition_open_no_second_flag_for_the_same_seconds(
    order: list[int], marks: int
) -> None:
    """Segments in any order, each delivered twice: flags of one view never overlap."""
    segments = [segment(10 * number, speech=bool(marks >> number & 1)) for number in range(8)]
    shuffled = [segments[number] for number in order]
    _, flags = apply_all(seen for seen in shuffled for _ in range(2))
    spans = sorted((flag.began_at, flag.ended_at or at(0) + MINUTE * 9) for flag in flags.values())
    for (_, ended_at), (began_at, _) in pairwise(spans):
        assert ended_at <= began_at
