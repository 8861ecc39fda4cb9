"""An hour of snapshots to flags, with the real models and the standard rules over time."""

from collections.abc import Iterable
from dataclasses import dataclass

import pytest

from chalicelib.domain.monitoring.baseline import EMPTY_HISTORY, update_history
from chalicelib.domain.monitoring.flags import apply_observation
from chalicelib.domain.monitoring.monitor_state import (
    Flag,
    MonitorState,
    corrections_needed,
    with_history,
)
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation
from chalicelib.domain.rules.profiles import STANDARD
from chalicelib.domain.types import SECOND, View
from functions.vision.boxes import FloatArray
from functions.vision.pipeline import FrameAnalysis, VisionPipeline
from models.evaluate import watch
from models.evaluate.watch import cached_analysis, observation_of
from tests.data import hour, scenes


@dataclass
class HourResult:
    """A view's hour: the findings and requested corrections of each snapshot, and all flags."""

    findings: list[tuple[Finding, ...]]
    flags: dict[str, Flag]
    corrections: list[tuple[FindingKind, ...]]
    monitor: MonitorState


def moment(snapshot: int, interval: int = hour.INTERVAL) -> int:
    return watch.moment(snapshot, interval)


def monitor_hour(
    pipeline: VisionPipeline,
    frames: Iterable[bytes],
    view: View,
    interval: int,
    reference: FloatArray | None,
) -> HourResult:
    """Process an hour of snapshots as the functions do."""
    analyze = cached_analysis(pipeline, view, reference)
    result = HourResult([], {}, [], MonitorState("5e55", "room-1", 1))
    for snapshot, frame in enumerate(frames):
        analysis = analyze(frame, result.monitor.histories.get(view, EMPTY_HISTORY))
        apply(result, observation_of(analysis, view, moment(snapshot, interval)), analysis)
    return result


def apply(result: HourResult, observation: Observation, analysis: FrameAnalysis) -> None:
    monitor = with_history(
        result.monitor,
        observation.view,
        lambda history: update_history(history, observation, analysis.signatures, answering=True),
    )
    update = apply_observation(monitor, observation, STANDARD, flagging=True)
    result.monitor = update.monitor
    result.findings.append(observation.findings)
    result.flags |= {flag.flag_id: flag for flag in update.flags}
    result.corrections.append(corrections_needed(update.monitor))


@pytest.fixture(scope="module")
def frames() -> list[bytes]:
    return list(hour.hour())


@pytest.fixture(scope="module")
def side_frames() -> list[bytes]:
    return list(hour.side_view())


@pytest.fixture(scope="module")
def first(pipeline: VisionPipeline, frames: list[bytes]) -> HourResult:
    reference = pipeline.embed((scenes.HERE / "person_a.jpg").read_bytes())
    return monitor_hour(pipeline, frames, View.FIRST, hour.INTERVAL, reference)


@pytest.fixture(scope="module")
def second(pipeline: VisionPipeline, side_frames: list[bytes]) -> HourResult:
    return monitor_hour(pipeline, side_frames, View.SECOND, hour.SIDE_INTERVAL, None)


def test_the_hour_is_deterministic(frames: list[bytes], side_frames: list[bytes]) -> None:
    assert len(frames) == hour.SNAPSHOTS
    assert list(hour.hour()) == frames
    assert list(hour.side_view()) == side_frames


class TestFirstView:
    def test_a_compliant_candidate_is_not_flagged(self, first: HourResult) -> None:
        begin = moment(hour.OFFENCES[0].first)
        assert [flag.kind for flag in first.flags.values() if flag.began_at < begin] == []

    def test_each_offence_raises_one_flag(self, first: HourResult) -> None:
        assert [flag.kind for flag in first.flags.values()] == [
            offence.scene for offence in hour.OFFENCES
        ]

    @pytest.mark.parametrize("offence", hour.OFFENCES, ids=lambda stretch: stretch.scene)
    def test_an_offence_is_flagged_within_15_s_and_ends(
        self, first: HourResult, offence: hour.Stretch
    ) -> None:
        (flag,) = [flag for flag in first.flags.values() if flag.kind == offence.scene]
        assert flag.opened_at - moment(offence.first) <= 15 * SECOND
        assert flag.ended_at is not None
        delay = flag.ended_at - moment(offence.first + offence.count)
        assert delay <= hour.INTERVAL * SECOND

    @pytest.mark.parametrize(
        ("habit", "kind"),
        [
            ("glance", FindingKind.LOOKING_AWAY),
            ("drink", FindingKind.FACE_OCCLUDED),
            ("blurred", FindingKind.TOO_BLURRED),
        ],
    )
    def test_a_habit_is_a_finding_but_raises_no_flag(
        self, first: HourResult, habit: str, kind: FindingKind
    ) -> None:
        snapshots = [stretch.first for stretch in hour.HABITS if stretch.scene == habit]
        kinds = [{finding.kind for finding in first.findings[number]} for number in snapshots]
        assert all(kind in snapshot_kinds for snapshot_kinds in kinds)

    def test_the_first_minutes_calibrate_the_baseline(self, first: HourResult) -> None:
        baseline = first.monitor.histories[View.FIRST].baseline
        assert baseline is not None
        assert abs(baseline.yaw) < 10
        assert baseline.similarity > 0.6


class TestSecondView:
    def test_each_offence_raises_one_flag_and_nothing_else_does(self, second: HourResult) -> None:
        flags = [(flag.kind, flag.view) for flag in second.flags.values()]
        assert flags == [(offence.scene, View.SECOND) for offence in hour.SIDE_OFFENCES]

    @pytest.mark.parametrize("offence", hour.SIDE_OFFENCES, ids=lambda stretch: stretch.scene)
    def test_the_flag_begins_with_the_offence_and_ends_after_it(
        self, second: HourResult, offence: hour.Stretch
    ) -> None:
        (flag,) = [flag for flag in second.flags.values() if flag.kind == offence.scene]
        assert flag.began_at == moment(offence.first, hour.SIDE_INTERVAL)
        rule = STANDARD.rules[flag.kind]
        assert flag.opened_at == flag.began_at + (rule.hits - 1) * hour.SIDE_INTERVAL * SECOND
        assert flag.ended_at == moment(offence.first + offence.count, hour.SIDE_INTERVAL)

    def test_the_correction_of_a_moved_camera_is_requested_before_it_is_flagged(
        self, second: HourResult
    ) -> None:
        offence = hour.SIDE_OFFENCES[0]
        (flag,) = [flag for flag in second.flags.values() if flag.kind == offence.scene]
        assert second.corrections[offence.first] == (FindingKind.CAMERA_MOVED,)
        assert moment(offence.first, hour.SIDE_INTERVAL) < flag.opened_at
        assert second.corrections[offence.first + offence.count] == ()
