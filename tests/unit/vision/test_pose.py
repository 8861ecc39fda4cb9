"""Body keypoints, and the hand over the mouth."""

import numpy as np
import pytest
from PIL import Image

from functions import MODELS_DIR, open_model
from functions.vision.boxes import Box
from functions.vision.faces import FaceBox
from functions.vision.pose import SIDE, BodyPose, PoseEstimator, hand_over_mouth
from tests.data import scenes

CELLS = SIDE // 4
BODY = Box("person", 0.9, 0.25, 0.1, 0.5, 0.9)


class FakeSession:
    """Returns the maps of one body in the centre, with keypoints where a test puts them."""

    def __init__(self) -> None:
        self.points = np.zeros((1, 17, CELLS, CELLS), np.float32)
        self.centre = np.zeros((1, 1, CELLS, CELLS), np.float32)
        self.centre[0, 0, 24, 24] = 0.9
        self.reach = np.zeros((1, 34, CELLS, CELLS), np.float32)

    def run(self, _names: None, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        assert feed["image"].shape == (1, SIDE, SIDE, 3)
        return [self.points, self.centre, self.reach]


def test_the_better_side_counts_and_keypoints_of_other_bodies_do_not() -> None:
    session = FakeSession()
    session.points[0, 5, 24, 24] = 0.9  # a shoulder
    session.points[0, 8, 25, 24] = 0.7  # an elbow
    session.points[0, 9, 26, 24] = 0.3  # a hand
    session.points[0, 9, 2, 46] = 0.9  # somebody else's, far away
    body = PoseEstimator(session).read(Image.new("RGB", (640, 480)), BODY)
    assert (round(body.shoulder, 2), round(body.elbow, 2), round(body.wrist, 2)) == (0.9, 0.7, 0.3)


def test_a_portrait_shows_shoulders() -> None:
    session, _ = open_model(MODELS_DIR / "pose.onnx")
    body = PoseEstimator(session).read(scenes.one_person("person_a.jpg"), BODY)
    assert body.shoulder > 0.5


def test_wrists_are_in_pixels_of_the_picture() -> None:
    session = FakeSession()
    session.points[0, 9, 24, 24] = 0.6
    body = PoseEstimator(session).read(Image.new("RGB", (640, 480)), BODY)
    x, y, score = body.wrists[0].tolist()
    # The centre of the body's box, up to half a cell.
    assert (x, y) == pytest.approx((320, 264), abs=8)
    assert score == pytest.approx(0.6)


# A face of 100 pixels, its mouth at (200, 240).
KEYPOINTS = np.array([[180, 190], [220, 190], [200, 215], [185, 240], [215, 240]], np.float32)
FRONT = FaceBox(Box("face", 0.9, 0.3, 0.3, 0.2, 0.3), KEYPOINTS)


@pytest.mark.parametrize(
    ("x", "y", "over_mouth"),
    [
        (200, 300, True),
        (120, 310, True),
        (200, 240, False),  # on the mouth itself: no arm comes from there
        (200, 140, False),  # at the brow: straightening the hair
        (200, 400, False),  # on the chest
        (330, 300, False),  # beside the shoulder
    ],
)
def test_a_hand_is_over_the_mouth_if_its_wrist_is_just_below(
    x: float,
    y: float,
    over_mouth: bool,  # noqa: FBT001
) -> None:
    wrists = np.array([[x, y, 0.7], [200, 300, 0.1]], np.float32)
    score = hand_over_mouth(FRONT, BodyPose(0.9, 0.9, 0.7, wrists), 100.0)
    assert score == pytest.approx(0.7 if over_mouth else 0.1)
