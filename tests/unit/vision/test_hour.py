"""A whole hour from pictures to flags: the real models, and the standard rules over time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

import pytest

from chalicelib.domain.monitoring.baseline import (
    EMPTY_HISTORY,
    Baseline,
    ViewHistory,
    update_history,
)
from chalicelib.domain.monitoring.flags import apply_observation
from chalicelib.domain.monitoring.monitor_state import (
    Flag,
    MonitorState,
    corrections_needed,
    with_history,
)
from chalicelib.domain.rules import findings
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation
from chalicelib.domain.rules.profiles import STANDARD
from chalicelib.domain.types import SECOND, View
from functions.vision.boxes import FloatArray
from functions.vision.pipeline import FrameAnalysis, VisionPipeline
from tests.data import hour, scenes
from tests.support import builders as build

BEGIN = build.NOW


@dataclass
class Seen:
    """One view's hour: what each snapshot showed, the flags it raised, and what was to be mended."""

    found: list[tuple[Finding, ...]]
    flags: dict[str, Flag]
    mend: list[tuple[FindingKind, ...]]
    monitor: MonitorState


def moment(snapshot: int, pace: int = hour.PACE) -> int:
    return BEGIN + snapshot * pace * SECOND


def watched(
    pipeline: VisionPipeline,
    frames: Iterable[bytes],
    view: View,
    pace: int,
    reference: FloatArray | None,
) -> Seen:
    """Watch an hour as the functions do.

    Every distinct frame is looked at once for each thing remembered that bears on it: the framing,
    and what the calm beginning taught. Stillness and life, which differ with every picture, are
    not in this hour.
    """

    @cache
    def look(frame: bytes, framing: str | None, baseline: Baseline | None) -> FrameAnalysis:
        history = ViewHistory(scene=framing, baseline=baseline, liveness_at=BEGIN)
        return pipeline.analyze(
            frame, view=view.value, reference=reference, history=history, at=BEGIN
        )

    seen = Seen([], {}, [], MonitorState("5e55", "room-1", 1))
    for snapshot, frame in enumerate(frames):
        memory = seen.monitor.histories.get(view, EMPTY_HISTORY)
        analysis = look(frame, memory.scene, memory.baseline)
        take(seen, observation(analysis, view, moment(snapshot, pace)), analysis)
    return seen


def observation(analysis: FrameAnalysis, view: View, at: int) -> Observation:
    boxes = (
        findings.ObservedBox(box.label, box.score, box.x, box.y, box.w, box.h)
        for box in (*analysis.faces, *analysis.persons)
    )
    return replace(
        build.observation("5e55", at, view=view),
        findings=analysis.findings,
        boxes=tuple(boxes),
        similarity=analysis.similarity,
        measures=analysis.measures,
    )


def take(seen: Seen, one: Observation, analysis: FrameAnalysis) -> None:
    before = with_history(
        seen.monitor,
        one.view,
        lambda history: update_history(history, one, analysis.signatures, answering=True),
    )
    after = apply_observation(before, one, STANDARD, flagging=True)
    seen.monitor = after.monitor
    seen.found.append(one.findings)
    seen.flags |= {flag.flag_id: flag for flag in after.flags}
    seen.mend.append(corrections_needed(after.monitor))


@pytest.fixture(scope="module")
def frames() -> list[bytes]:
    return list(hour.hour())


@pytest.fixture(scope="module")
def frames_beside() -> list[bytes]:
    return list(hour.beside())


@pytest.fixture(scope="module")
def first(pipeline: VisionPipeline, frames: list[bytes]) -> Seen:
    reference = pipeline.embed((scenes.HERE / "person_a.jpg").read_bytes())
    return watched(pipeline, frames, View.FIRST, hour.PACE, reference)


@pytest.fixture(scope="module")
def second(pipeline: VisionPipeline, frames_beside: list[bytes]) -> Seen:
    return watched(pipeline, frames_beside, View.SECOND, hour.PACE_BESIDE, None)


def test_the_hour_is_the_same_every_time(frames: list[bytes], frames_beside: list[bytes]) -> None:
    assert len(frames) == hour.SNAPSHOTS
    assert list(hour.hour()) == frames
    assert list(hour.beside()) == frames_beside


class TestTheFirstView:
    def test_nothing_is_flagged_while_the_candidate_sits_properly(self, first: Seen) -> None:
        begin = moment(hour.OFFENCES[0].first)
        assert [flag.kind for flag in first.flags.values() if flag.began_at < begin] == []

    def test_each_offence_raises_one_flag(self, first: Seen) -> None:
        assert [flag.kind for flag in first.flags.values()] == [
            shown.what for shown in hour.OFFENCES
        ]

    @pytest.mark.parametrize("offence", hour.OFFENCES, ids=lambda one: one.what)
    def test_an_offence_is_flagged_within_15_s_and_ends(
        self, first: Seen, offence: hour.Shown
    ) -> None:
        (flag,) = [one for one in first.flags.values() if one.kind == offence.what]
        assert flag.opened_at - moment(offence.first) <= 15 * SECOND
        assert flag.ended_at is not None
        over = flag.ended_at - moment(offence.first + offence.count)
        assert over <= hour.PACE * SECOND

    @pytest.mark.parametrize(
        ("habit", "kind"),
        [
            ("glance", FindingKind.LOOKING_AWAY),
            ("drink", FindingKind.FACE_OCCLUDED),
            ("blurred", FindingKind.TOO_BLURRED),
        ],
    )
    def test_a_habit_is_seen_though_it_raises_no_flag(
        self, first: Seen, habit: str, kind: FindingKind
    ) -> None:
        shown = [first.found[one.first] for one in hour.HABITS if one.what == habit]
        assert all(kind in {finding.kind for finding in found} for found in shown)

    def test_the_calm_beginning_teaches_how_the_candidate_usually_sits(self, first: Seen) -> None:
        baseline = first.monitor.histories[View.FIRST].baseline
        assert baseline is not None
        assert abs(baseline.yaw) < 10
        assert baseline.similarity > 0.6


class TestTheSecondView:
    def test_each_offence_raises_one_flag_and_nothing_else_does(self, second: Seen) -> None:
        raised = [(flag.kind, flag.view) for flag in second.flags.values()]
        assert raised == [(shown.what, View.SECOND) for shown in hour.OFFENCES_BESIDE]

    @pytest.mark.parametrize("offence", hour.OFFENCES_BESIDE, ids=lambda one: one.what)
    def test_it_begins_with_the_offence_and_ends_after_it(
        self, second: Seen, offence: hour.Shown
    ) -> None:
        (flag,) = [one for one in second.flags.values() if one.kind == offence.what]
        assert flag.began_at == moment(offence.first, hour.PACE_BESIDE)
        rule = STANDARD.rules[flag.kind]
        assert flag.opened_at == flag.began_at + (rule.hits - 1) * hour.PACE_BESIDE * SECOND
        assert flag.ended_at == moment(offence.first + offence.count, hour.PACE_BESIDE)

    def test_the_candidate_is_asked_to_put_the_camera_back_before_it_is_a_flag(
        self, second: Seen
    ) -> None:
        moved = hour.OFFENCES_BESIDE[0]
        (flag,) = [one for one in second.flags.values() if one.kind == moved.what]
        assert second.mend[moved.first] == (FindingKind.CAMERA_MOVED,)
        assert moment(moved.first, hour.PACE_BESIDE) < flag.opened_at
        assert second.mend[moved.first + moved.count] == ()
