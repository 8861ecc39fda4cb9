"""The baseline of a view: which pictures calibrate it, its bounds, and what never counts."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.monitoring.baseline import (
    CALM_TIME,
    EMPTY_HISTORY,
    LIVENESS_INTERVAL,
    MAX_GAZE,
    MAX_NOSE,
    MAX_PITCH,
    MAX_YAW,
    MIN_MEASURES,
    MIN_SAMPLES,
    NO_SIGNATURES,
    Baseline,
    FrameSignatures,
    ViewHistory,
    needs_liveness_check,
    update_history,
)
from chalicelib.domain.monitoring.monitor_state import MonitorState, start_expecting
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation, ObservedBox
from chalicelib.domain.types import SECOND, View
from chalicelib.store.models import dump, load
from tests.support import builders as build
from tests.support.builders import NOW

FACE = ObservedBox("face", 0.9, 0.4, 0.3, 0.2, 0.3)
PERSON = ObservedBox("person", 0.9, 0.2, 0.2, 0.6, 0.8)
PACE = 5 * SECOND


def calm(number: int = 0, *, view: View = View.FIRST, **changes: Any) -> Observation:
    """A calm picture of a candidate who sits at 8° to the camera."""
    measures = {"yaw": 8.0, "nose": 0.05, "light": 110.0, "live": 0.9}
    observation = replace(
        build.observation("5e55", NOW + number * PACE, view=view),
        boxes=(FACE, PERSON),
        similarity=0.7,
        measures=measures | changes.pop("measures", {}),
    )
    return replace(observation, **changes)


def after(
    *observations: Observation, history: ViewHistory = EMPTY_HISTORY, answering: bool = True
) -> ViewHistory:
    for observation in observations:
        history = update_history(history, observation, NO_SIGNATURES, answering=answering)
    return history


class TestCalibration:
    def test_enough_calm_pictures_set_the_baseline_and_are_discarded(self) -> None:
        before = after(*(calm(number) for number in range(MIN_SAMPLES - 1)))
        assert before.baseline is None
        calibrated = after(calm(MIN_SAMPLES - 1), history=before)
        assert calibrated.baseline is not None
        assert (
            calibrated.baseline.yaw,
            calibrated.baseline.light,
            calibrated.baseline.liveness,
        ) == (8, 110, 0.9)
        assert calibrated.calm_samples == ()

    def test_baseline_does_not_change_once_set(self) -> None:
        calibrated = after(*(calm(number) for number in range(MIN_SAMPLES)))
        later = after(
            *(calm(number, measures={"yaw": 25}) for number in range(20, 40)), history=calibrated
        )
        assert later.baseline == calibrated.baseline

    def test_baseline_values_are_bounded(self) -> None:
        turned = {"yaw": -28.0, "nose": -0.29}
        baseline = after(*(calm(number, measures=turned) for number in range(MIN_SAMPLES))).baseline
        assert baseline is not None
        assert (baseline.yaw, baseline.nose) == (-MAX_YAW, -MAX_NOSE)

    @pytest.mark.parametrize(("pitch", "usual"), [(-9.0, -9.0), (-40.0, -MAX_PITCH)])
    def test_baseline_has_the_usual_pitch_within_bounds(self, pitch: float, usual: float) -> None:
        pictures = (calm(number, measures={"pitch": pitch}) for number in range(MIN_SAMPLES))
        baseline = after(*pictures).baseline
        assert baseline is not None
        assert baseline.pitch == usual

    @pytest.mark.parametrize(("gaze", "usual"), [(-0.03, -0.03), (0.11, MAX_GAZE)])
    def test_baseline_has_the_usual_gaze_within_bounds(self, gaze: float, usual: float) -> None:
        pictures = (calm(number, measures={"gaze": gaze}) for number in range(MIN_SAMPLES))
        baseline = after(*pictures).baseline
        assert baseline is not None
        assert baseline.gaze == usual

    def test_a_gaze_that_was_seldom_measured_is_not_the_usual_one(self) -> None:
        seldom = MIN_MEASURES - 1
        pictures = (
            calm(number, measures={"gaze": 0.04} if number < seldom else {})
            for number in range(MIN_SAMPLES)
        )
        baseline = after(*pictures).baseline
        assert baseline is not None
        assert baseline.gaze is None

    def test_whoever_looks_aside_from_the_beginning_has_no_baseline(self) -> None:
        aside = (Finding(FindingKind.LOOKING_AWAY, 0.6),)
        pictures = (
            calm(number, findings=aside, measures={"gaze": 0.2}) for number in range(MIN_SAMPLES)
        )
        assert after(*pictures).baseline is None

    def test_a_stored_history_without_pitch_and_gaze_is_read_and_completed(self) -> None:
        before = after(*(calm(number) for number in range(MIN_SAMPLES - 1)))
        stored = json.loads(dump(before))
        for sample in stored["calm_samples"]:
            del sample["pitch"], sample["gaze"]
        history = load(ViewHistory, json.dumps(stored))
        baseline = after(calm(MIN_SAMPLES - 1), history=history).baseline
        assert baseline is not None
        assert baseline.pitch is None
        stored = json.loads(dump(baseline))
        del stored["pitch"], stored["gaze"]
        assert load(Baseline, json.dumps(stored)) == baseline

    def test_heads_that_a_high_camera_sees_bent_are_calm(self) -> None:
        bent: dict[str, Any] = {
            "findings": (Finding(FindingKind.LOOKING_DOWN, 0.6),),
            "measures": {"pitch": -30.0},
        }
        baseline = after(*(calm(number, **bent) for number in range(MIN_SAMPLES))).baseline
        assert baseline is not None
        assert baseline.pitch == -MAX_PITCH

    def test_single_outlier_does_not_affect_the_baseline(self) -> None:
        odd = calm(3, measures={"yaw": -20.0})
        baseline = after(
            *(odd if number == 3 else calm(number) for number in range(MIN_SAMPLES))
        ).baseline
        assert baseline is not None
        assert baseline.yaw == 8

    @pytest.mark.parametrize(
        "changes",
        [
            {"findings": (Finding(FindingKind.LOOKING_AWAY, 0.6),)},
            {"boxes": (FACE, FACE, PERSON)},
            {"boxes": (PERSON,)},
            {"similarity": 0.2},
            {"similarity": None},
            {"error": "truncated"},
            {"view": View.SECOND},
        ],
    )
    def test_only_calm_pictures_of_the_candidate_count(self, changes: dict[str, Any]) -> None:
        history = after(*(replace(calm(number), **changes) for number in range(20)))
        assert (history.baseline, history.calm_samples) == (None, ())

    def test_pictures_outside_answering_do_not_count(self) -> None:
        assert after(*(calm(number) for number in range(20)), answering=False).baseline is None

    def test_pictures_after_the_first_minutes_do_not_count(self) -> None:
        late = CALM_TIME // PACE + 1
        restless = after(replace(calm(0), similarity=None))
        assert after(*(calm(late + n) for n in range(20)), history=restless).baseline is None

    def test_the_last_moment_of_the_calm_beginning_still_counts(self) -> None:
        some = after(*(calm(number) for number in range(MIN_MEASURES - 1)))
        edge = replace(calm(), captured_at=NOW + CALM_TIME)
        at_the_edge = after(edge, history=some)
        assert (at_the_edge.baseline, len(at_the_edge.calm_samples)) == (None, MIN_MEASURES)
        beyond = after(replace(edge, captured_at=NOW + CALM_TIME + 1), history=some)
        assert (beyond.baseline, beyond.calm_samples) == (None, ())
        assert CALM_TIME == 300_000

    @pytest.mark.parametrize(
        ("pictures", "has_baseline"), [(MIN_MEASURES - 1, False), (MIN_MEASURES, True)]
    )
    def test_fewer_pictures_suffice_after_the_first_minutes(
        self,
        pictures: int,
        has_baseline: bool,  # noqa: FBT001
    ) -> None:
        some = after(*(calm(number) for number in range(pictures)))
        over = after(calm(CALM_TIME // PACE + 1), history=some)
        assert (over.baseline is not None) is has_baseline
        assert over.calm_samples == ()
        assert (
            after(*(calm(number) for number in range(80, 99)), history=over).baseline
            == over.baseline
        )

    def test_repeated_and_late_pictures_are_ignored(self) -> None:
        history = after(calm(0), calm(2))
        assert after(calm(2), calm(1), history=history) == history


class TestScene:
    def test_first_good_picture_sets_the_scene(self) -> None:
        first = update_history(
            EMPTY_HISTORY, calm(0, view=View.SECOND), FrameSignatures(scene="desk"), answering=True
        )
        second = update_history(
            first, calm(1, view=View.SECOND), FrameSignatures(scene="door"), answering=True
        )
        assert (first.scene, second.scene) == ("desk", "desk")

    @pytest.mark.parametrize(
        "changes", [{"boxes": ()}, {"findings": (Finding(FindingKind.ABSENT, 1.0),)}]
    )
    def test_picture_without_a_person_sets_no_scene(self, changes: dict[str, Any]) -> None:
        picture = calm(0, view=View.SECOND, **changes)
        assert (
            update_history(
                EMPTY_HISTORY, picture, FrameSignatures(scene="wall"), answering=True
            ).scene
            is None
        )

    def test_scene_is_not_set_before_answering(self) -> None:
        picture = calm(0, view=View.SECOND)
        assert (
            update_history(
                EMPTY_HISTORY, picture, FrameSignatures(scene="desk"), answering=False
            ).scene
            is None
        )

    def test_scene_is_reset_after_a_pause_and_the_baseline_stays(self) -> None:
        calibrated = replace(after(*(calm(number) for number in range(MIN_SAMPLES))), scene="desk")
        monitor = replace(MonitorState("5e55", "room-1", 1), histories={View.FIRST: calibrated})
        histories = start_expecting(monitor, (View.FIRST, View.SECOND), NOW).histories
        assert histories == {View.FIRST: replace(calibrated, scene=None)}


class TestFrozenFace:
    def test_stillness_counts_from_the_last_changed_face(self) -> None:
        first = update_history(EMPTY_HISTORY, calm(0), FrameSignatures(face="a"), answering=True)
        still = update_history(first, calm(5), NO_SIGNATURES, answering=True)
        moved = update_history(still, calm(6), FrameSignatures(face="b"), answering=True)
        assert (still.face, still.still_since) == ("a", NOW)
        assert (moved.face, moved.still_since) == ("b", NOW + 6 * PACE)


class TestLiveness:
    def test_liveness_is_checked_rarely_once_the_baseline_is_set(self) -> None:
        history = after(*(calm(number) for number in range(MIN_SAMPLES)))
        assert not needs_liveness_check(history, history.at + PACE)
        assert needs_liveness_check(history, history.at + LIVENESS_INTERVAL)

    def test_liveness_is_checked_always_while_calibrating_or_in_doubt(self) -> None:
        calibrated = after(*(calm(number) for number in range(MIN_SAMPLES)))
        doubtful = after(calm(MIN_SAMPLES, measures={"live": 0.01}), history=calibrated)
        assert needs_liveness_check(EMPTY_HISTORY, NOW)
        assert needs_liveness_check(doubtful, doubtful.at + PACE)

    def test_liveness_is_checked_always_up_to_the_edge_of_the_calm_beginning(self) -> None:
        calibrating = replace(after(calm()), liveness_at=NOW + CALM_TIME)
        assert needs_liveness_check(calibrating, NOW + CALM_TIME)
        assert not needs_liveness_check(calibrating, NOW + CALM_TIME + 1)

    def test_picture_without_a_liveness_score_keeps_the_scores(self) -> None:
        history = after(calm(0))
        unchecked = replace(calm(1), measures={"yaw": 8.0})
        assert after(unchecked, history=history).liveness_scores == history.liveness_scores
