"""The comparison of a picture with earlier ones, and the calibration of the thresholds."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageEnhance

from chalicelib.domain.monitoring.baseline import (
    DOUBTFUL_LIVENESS,
    MAX_LIVENESS_SCORES,
    Baseline,
    ViewHistory,
)
from chalicelib.domain.types import MINUTE
from functions.vision.boxes import Box
from functions.vision.calibration import calibrate
from functions.vision.pose import BodyPose
from functions.vision.rules import STANDARD
from functions.vision.scene_signature import (
    scene_signature,
    scene_similarity,
    thumbnail,
    thumbnail_change,
)
from functions.vision.temporal import (
    SequenceThresholds,
    TemporalSignals,
    compare_face,
    compare_scene,
    temporal_findings,
)
from tests.data import scenes

THRESHOLDS = SequenceThresholds()
NOWHERE = np.zeros((2, 3), np.float32)
PERSON = Box("person", 0.9, 0.3, 0.3, 0.4, 0.7)
FACE = Box("face", 0.9, 0.39, 0.16, 0.13, 0.22)
BASELINE = Baseline(yaw=6.0, nose=0.05, light=120.0, similarity=0.7, liveness=0.95)
SPOOF = TemporalSignals(
    liveness=0.001, earlier_liveness=(0.01,) * MAX_LIVENESS_SCORES, baseline=BASELINE
)


def kinds(temporal: TemporalSignals) -> set[str]:
    return {finding.kind.value for finding in temporal_findings(temporal, THRESHOLDS)}


def room(shift: tuple[int, int] = (0, 0), angle: float = 0) -> Image.Image:
    """Return the camera's view of a wide room, after a shift or a rotation."""
    wide = scenes.picture("empty.jpg").resize((960, 720)).rotate(angle, center=(480, 360))
    left, top = 160 + shift[0], 120 + shift[1]
    return wide.crop((left, top, left + 640, top + 480))


def with_person(frame: Image.Image, box: Box) -> Image.Image:
    image = frame.copy()
    corners = (box.x * 640, box.y * 480, (box.x + box.w) * 640, (box.y + box.h) * 480)
    ImageDraw.Draw(image).rectangle(corners, (60, 40, 30), (230, 230, 120), 9)
    return image


def similarity(frame: Image.Image, person: Box = PERSON) -> float:
    before = scene_signature(with_person(room(), PERSON), [PERSON])
    cosine = scene_similarity(with_person(frame, person), [person], before)
    assert cosine is not None
    return cosine


class TestScene:
    @pytest.mark.parametrize("light", [0.5, 0.8, 1.3])
    def test_a_change_of_light_is_no_camera_movement(self, light: float) -> None:
        assert similarity(ImageEnhance.Brightness(room()).enhance(light)) > 0.8

    @pytest.mark.parametrize("x", [0.1, 0.5])
    def test_a_moving_person_is_no_camera_movement(self, x: float) -> None:
        assert similarity(room(), replace(PERSON, x=x)) > 0.8

    @pytest.mark.parametrize("shift", [(6, 0), (-5, 4)])
    def test_a_shaking_table_is_no_camera_movement(self, shift: tuple[int, int]) -> None:
        assert similarity(room(shift)) > 0.7

    @pytest.mark.parametrize(("shift", "angle"), [((150, 0), 0), ((-140, 90), 0), ((0, 0), 40)])
    def test_another_scene_is_below_the_threshold(
        self, shift: tuple[int, int], angle: float
    ) -> None:
        assert similarity(room(shift, angle)) < THRESHOLDS.scene_similarity

    def test_a_bare_wall_cannot_be_compared(self) -> None:
        wall = Image.new("RGB", (640, 480), (120, 120, 110))
        assert scene_similarity(room(), [], scene_signature(wall, [])) is None

    def test_a_scene_hidden_by_a_person_cannot_be_compared(self) -> None:
        person = Box("person", 0.9, 0, 0, 1, 0.9)
        assert scene_similarity(room(), [person], scene_signature(room(), [])) is None

    def test_the_first_picture_gives_the_signature_and_later_ones_are_compared(self) -> None:
        first_similarity, scene = compare_scene(room(), [], ViewHistory())
        assert first_similarity is None
        assert scene is not None
        second_similarity, second_scene = compare_scene(room(), [], ViewHistory(scene=scene))
        assert second_similarity == pytest.approx(1)
        assert second_scene is None
        assert compare_scene(room(), [], None) == (None, None)

    def test_a_moved_camera_is_a_finding(self) -> None:
        assert kinds(TemporalSignals(scene_similarity=0.1)) == {"camera_moved"}
        assert kinds(TemporalSignals(scene_similarity=0.9)) == set()


class TestStillness:
    def test_noise_and_light_are_no_movement(self) -> None:
        frame = scenes.one_person("person_a.jpg")
        before = thumbnail(frame, FACE)
        grain = np.random.default_rng(0).normal(0, 3, (480, 640, 3))
        pixels = np.asarray(frame, np.float32) * 0.93 + grain
        noisy = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        assert thumbnail_change(noisy, before) < 0.7

    def test_a_head_moving_by_two_pixels_is_a_movement(self) -> None:
        frame = scenes.one_person("person_a.jpg")
        moved = frame.transform(frame.size, Image.Transform.AFFINE, (1, 0, 2, 0, 1, 1))
        assert thumbnail_change(moved, thumbnail(frame, FACE)) > 0.7

    def test_the_duration_of_stillness_is_measured(self) -> None:
        frame = scenes.one_person("person_a.jpg")
        history = ViewHistory(face=thumbnail(frame, FACE), still_since=1000)
        assert compare_face(frame, FACE, history, 61_000) == (60_000, None)
        _, new_thumbnail = compare_face(scenes.one_person("person_b.jpg"), FACE, history, 61_000)
        assert new_thumbnail not in (None, history.face)
        assert compare_face(frame, None, history, 61_000) == (0, None)

    def test_five_minutes_of_stillness_are_a_finding(self) -> None:
        assert kinds(TemporalSignals(still_for=5 * MINUTE)) == {"frozen"}
        assert kinds(TemporalSignals(still_for=5 * MINUTE - 1)) == set()


class TestWeakSignals:
    def test_a_spoof_needs_low_liveness_in_all_recent_pictures(self) -> None:
        assert kinds(SPOOF) == {"spoof"}
        assert kinds(replace(SPOOF, earlier_liveness=(0.01,) * (MAX_LIVENESS_SCORES - 2))) == set()
        assert (
            kinds(
                replace(SPOOF, earlier_liveness=(0.01, 0.01, DOUBTFUL_LIVENESS, 0.01, 0.01, 0.01))
            )
            == set()
        )

    def test_a_camera_with_low_baseline_liveness_gives_no_spoof(self) -> None:
        assert kinds(replace(SPOOF, baseline=None)) == set()
        assert kinds(replace(SPOOF, baseline=replace(BASELINE, liveness=0.1))) == set()
        assert kinds(replace(SPOOF, baseline=replace(BASELINE, liveness=None))) == set()

    @pytest.mark.parametrize(
        ("body", "hides_hands"),
        [
            (BodyPose(0.9, 0.8, 0.1, NOWHERE), True),
            (BodyPose(0.9, 0.8, 0.4, NOWHERE), False),
            (BodyPose(0.9, 0.2, 0.1, NOWHERE), False),
            (BodyPose(0.3, 0.8, 0.1, NOWHERE), False),
        ],
    )
    def test_hands_are_out_of_sight_only_if_the_arm_is_visible(
        self,
        body: BodyPose,
        hides_hands: bool,  # noqa: FBT001
    ) -> None:
        expected = {"hands_out_of_sight"} if hides_hands else set()
        assert kinds(TemporalSignals(body=body)) == expected


class TestCalibration:
    def test_thresholds_are_unchanged_without_a_baseline(self) -> None:
        assert calibrate(STANDARD, None) is STANDARD

    def test_the_head_pose_is_measured_from_the_baseline(self) -> None:
        thresholds = calibrate(STANDARD, BASELINE)
        assert (thresholds.baseline_yaw, thresholds.baseline_nose) == (6.0, 0.05)
        assert (thresholds.yaw, thresholds.nose) == (STANDARD.yaw, STANDARD.nose)

    def test_looking_down_is_measured_from_the_baseline_where_it_has_a_pitch(self) -> None:
        assert calibrate(STANDARD, BASELINE).baseline_pitch == STANDARD.baseline_pitch
        high_camera = calibrate(STANDARD, replace(BASELINE, pitch=-12.0))
        assert (high_camera.baseline_pitch, high_camera.down) == (-12.0, STANDARD.down)

    def test_gaze_is_measured_from_the_baseline_where_it_has_one(self) -> None:
        assert calibrate(STANDARD, BASELINE).baseline_gaze == 0
        beside = calibrate(STANDARD, replace(BASELINE, gaze=-0.04))
        assert (beside.baseline_gaze, beside.gaze) == (-0.04, STANDARD.gaze)

    @pytest.mark.parametrize(("similarity", "threshold"), [(0.38, 0.3), (0.5, 0.325), (0.95, 0.42)])
    def test_the_similarity_threshold_is_bounded(self, similarity: float, threshold: float) -> None:
        thresholds = calibrate(STANDARD, replace(BASELINE, similarity=similarity))
        assert thresholds.same_person == pytest.approx(threshold)

    @pytest.mark.parametrize(("light", "threshold"), [(20, 20), (100, 30), (220, 40)])
    def test_the_light_threshold_is_bounded(self, light: float, threshold: float) -> None:
        thresholds = calibrate(STANDARD, replace(BASELINE, light=light))
        assert thresholds.light == pytest.approx(threshold)
