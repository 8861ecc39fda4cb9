"""Which parts of a body are seen."""

import numpy as np
import pytest
from PIL import Image

from functions.vision.boxes import Box
from functions.vision.faces import FaceBox
from functions.vision.pipeline import VisionPipeline
from functions.vision.pose import SIDE, BodyPose, PoseEstimator, hand_over_mouth
from tests.data import scenes

CELLS = SIDE // 4
WHOLE = Box("person", 0.9, 0.25, 0.1, 0.5, 0.9)


class Maps:
    """Answers with maps of one body in the middle; its points lie where they are put."""

    def __init__(self) -> None:
        self.points = np.zeros((1, 17, CELLS, CELLS), np.float32)
        self.centre = np.zeros((1, 1, CELLS, CELLS), np.float32)
        self.centre[0, 0, 24, 24] = 0.9
        self.reach = np.zeros((1, 34, CELLS, CELLS), np.float32)

    def run(self, _names: None, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        assert feed["image"].shape == (1, SIDE, SIDE, 3)
        return [self.points, self.centre, self.reach]


def test_the_better_side_counts_and_points_of_others_beside_do_not() -> None:
    maps = Maps()
    maps.points[0, 5, 24, 24] = 0.9  # a shoulder
    maps.points[0, 8, 25, 24] = 0.7  # an elbow
    maps.points[0, 9, 26, 24] = 0.3  # a hand
    maps.points[0, 9, 2, 46] = 0.9  # somebody else's, far away
    body = PoseEstimator(maps).read(Image.new("RGB", (640, 480)), WHOLE)
    assert (round(body.shoulder, 2), round(body.elbow, 2), round(body.wrist, 2)) == (0.9, 0.7, 0.3)


def test_a_portrait_shows_shoulders(pipeline: VisionPipeline) -> None:
    body = pipeline._bodies.read(scenes.alone("person_a.jpg"), WHOLE)
    assert body.shoulder > 0.5


def test_wrists_are_told_in_pixels_of_the_picture() -> None:
    maps = Maps()
    maps.points[0, 9, 24, 24] = 0.6
    body = PoseEstimator(maps).read(Image.new("RGB", (640, 480)), WHOLE)
    across, down, chance = body.wrists[0].tolist()
    # The middle of the body's box, but for half a cell.
    assert (across, down) == pytest.approx((320, 264), abs=8)
    assert chance == pytest.approx(0.6)


# A face of 100 pixels, its mouth at (200, 240).
POINTS = np.array([[180, 190], [220, 190], [200, 215], [185, 240], [215, 240]], np.float32)
FRONT = FaceBox(Box("face", 0.9, 0.3, 0.3, 0.2, 0.3), POINTS)


@pytest.mark.parametrize(
    ("across", "down", "before"),
    [
        (200, 300, True),
        (120, 310, True),
        (200, 240, False),  # on the mouth itself: no arm comes from there
        (200, 140, False),  # at the brow: hair is being put right
        (200, 400, False),  # on the chest
        (330, 300, False),  # beside the shoulder
    ],
)
def test_a_hand_is_before_the_mouth_if_its_wrist_is_just_below(
    across: float,
    down: float,
    before: bool,  # noqa: FBT001
) -> None:
    wrists = np.array([[across, down, 0.7], [200, 300, 0.1]], np.float32)
    sure = hand_over_mouth(FRONT, BodyPose(0.9, 0.9, 0.7, wrists), 100.0)
    assert sure == pytest.approx(0.7 if before else 0.1)
