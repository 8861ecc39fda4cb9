"""What a picture shows against those before it."""

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

LIMITS = SequenceThresholds()
NOWHERE = np.zeros((2, 3), np.float32)
PERSON = Box("person", 0.9, 0.3, 0.3, 0.4, 0.7)
FACE = Box("face", 0.9, 0.39, 0.16, 0.13, 0.22)
USUAL = Baseline(yaw=6.0, nose=0.05, light=120.0, similarity=0.7, live=0.95)
HELD_UP = TemporalSignals(live=0.001, lives=(0.01,) * MAX_LIVENESS_SCORES, usual=USUAL)


def kinds(temporal: TemporalSignals) -> set[str]:
    return {finding.kind.value for finding in temporal_findings(temporal, LIMITS)}


def room(shift: tuple[int, int] = (0, 0), angle: float = 0) -> Image.Image:
    """A part of a wide room, with a candidate's dark figure before it."""
    wide = scenes.picture("empty.jpg").resize((960, 720)).rotate(angle, center=(480, 360))
    left, top = 160 + shift[0], 120 + shift[1]
    return wide.crop((left, top, left + 640, top + 480))


def with_figure(frame: Image.Image, place: Box) -> Image.Image:
    shown = frame.copy()
    corners = (place.x * 640, place.y * 480, (place.x + place.w) * 640, (place.y + place.h) * 480)
    ImageDraw.Draw(shown).rectangle(corners, (60, 40, 30), (230, 230, 120), 9)
    return shown


def likeness(frame: Image.Image, place: Box = PERSON) -> float:
    before = scene_signature(with_figure(room(), PERSON), [PERSON])
    found = scene_similarity(with_figure(frame, place), [place], before)
    assert found is not None
    return found


class TestTheFraming:
    @pytest.mark.parametrize("light", [0.5, 0.8, 1.3])
    def test_light_moves_no_camera(self, light: float) -> None:
        assert likeness(ImageEnhance.Brightness(room()).enhance(light)) > 0.8

    @pytest.mark.parametrize("x", [0.1, 0.5])
    def test_a_person_who_moves_moves_no_camera(self, x: float) -> None:
        assert likeness(room(), replace(PERSON, x=x)) > 0.8

    @pytest.mark.parametrize("shift", [(6, 0), (-5, 4)])
    def test_a_table_that_shakes_moves_no_camera(self, shift: tuple[int, int]) -> None:
        assert likeness(room(shift)) > 0.7

    @pytest.mark.parametrize(("shift", "angle"), [((150, 0), 0), ((-140, 90), 0), ((0, 0), 40)])
    def test_another_framing_is_told(self, shift: tuple[int, int], angle: float) -> None:
        assert likeness(room(shift, angle)) < LIMITS.alike

    def test_a_bare_wall_tells_nothing(self) -> None:
        wall = Image.new("RGB", (640, 480), (120, 120, 110))
        assert scene_similarity(room(), [], scene_signature(wall, [])) is None

    def test_a_person_who_fills_the_picture_hides_it(self) -> None:
        whole = Box("person", 0.9, 0, 0, 1, 0.9)
        assert scene_similarity(room(), [whole], scene_signature(room(), [])) is None

    def test_the_first_picture_gives_it_and_later_ones_are_compared(self) -> None:
        likely, scene = compare_scene(room(), [], ViewHistory())
        assert likely is None
        assert scene is not None
        again, none = compare_scene(room(), [], ViewHistory(scene=scene))
        assert again == pytest.approx(1)
        assert none is None
        assert compare_scene(room(), [], None) == (None, None)

    def test_a_moved_camera_is_a_finding(self) -> None:
        assert kinds(TemporalSignals(alike=0.1)) == {"camera_moved"}
        assert kinds(TemporalSignals(alike=0.9)) == set()


class TestStillness:
    def test_grain_and_light_stir_nothing(self) -> None:
        frame = scenes.alone("person_a.jpg")
        before = thumbnail(frame, FACE)
        grain = np.random.default_rng(0).normal(0, 3, (480, 640, 3))
        pixels = np.asarray(frame, np.float32) * 0.93 + grain
        noisy = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        assert thumbnail_change(noisy, before) < 0.7

    def test_a_head_that_moves_by_two_pixels_stirs(self) -> None:
        frame = scenes.alone("person_a.jpg")
        moved = frame.transform(frame.size, Image.Transform.AFFINE, (1, 0, 2, 0, 1, 1))
        assert thumbnail_change(moved, thumbnail(frame, FACE)) > 0.7

    def test_how_long_it_has_lasted_is_told(self) -> None:
        frame = scenes.alone("person_a.jpg")
        history = ViewHistory(face=thumbnail(frame, FACE), still_since=1000)
        assert compare_face(frame, FACE, history, 61_000) == (60_000, None)
        _, fresh = compare_face(scenes.alone("person_b.jpg"), FACE, history, 61_000)
        assert fresh not in (None, history.face)
        assert compare_face(frame, None, history, 61_000) == (0, None)

    def test_five_minutes_of_it_are_a_finding(self) -> None:
        assert kinds(TemporalSignals(still=5 * MINUTE)) == {"frozen"}
        assert kinds(TemporalSignals(still=5 * MINUTE - 1)) == set()


class TestWeakSignals:
    def test_all_of_many_pictures_must_agree_that_a_face_is_held_up(self) -> None:
        assert kinds(HELD_UP) == {"spoof"}
        assert kinds(replace(HELD_UP, lives=(0.01,) * (MAX_LIVENESS_SCORES - 2))) == set()
        assert (
            kinds(replace(HELD_UP, lives=(0.01, 0.01, DOUBTFUL_LIVENESS, 0.01, 0.01, 0.01)))
            == set()
        )

    def test_a_camera_on_which_no_face_seems_alive_tells_nothing(self) -> None:
        assert kinds(replace(HELD_UP, usual=None)) == set()
        assert kinds(replace(HELD_UP, usual=replace(USUAL, live=0.1))) == set()
        assert kinds(replace(HELD_UP, usual=replace(USUAL, live=None))) == set()

    @pytest.mark.parametrize(
        ("body", "found"),
        [
            (BodyPose(0.9, 0.8, 0.1, NOWHERE), True),
            (BodyPose(0.9, 0.8, 0.4, NOWHERE), False),
            (BodyPose(0.9, 0.2, 0.1, NOWHERE), False),
            (BodyPose(0.3, 0.8, 0.1, NOWHERE), False),
        ],
    )
    def test_hands_are_missed_only_where_the_arm_is_seen(
        self,
        body: BodyPose,
        found: bool,  # noqa: FBT001
    ) -> None:
        assert kinds(TemporalSignals(body=body)) == ({"hands_out_of_sight"} if found else set())


class TestCalibration:
    def test_nothing_learnt_changes_nothing(self) -> None:
        assert calibrate(STANDARD, None) is STANDARD

    def test_the_bearing_is_measured_from_the_usual_one(self) -> None:
        thresholds = calibrate(STANDARD, USUAL)
        assert (thresholds.usual_yaw, thresholds.usual_nose) == (6.0, 0.05)
        assert (thresholds.yaw, thresholds.nose) == (STANDARD.yaw, STANDARD.nose)

    @pytest.mark.parametrize(("usual", "limit"), [(0.38, 0.3), (0.5, 0.325), (0.95, 0.42)])
    def test_the_likeness_asked_for_is_bounded(self, usual: float, limit: float) -> None:
        thresholds = calibrate(STANDARD, replace(USUAL, similarity=usual))
        assert thresholds.same_person == pytest.approx(limit)

    @pytest.mark.parametrize(("usual", "limit"), [(20, 20), (100, 30), (220, 40)])
    def test_the_light_asked_for_is_bounded(self, usual: float, limit: float) -> None:
        assert calibrate(STANDARD, replace(USUAL, light=usual)).light == pytest.approx(limit)
