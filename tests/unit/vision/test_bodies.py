"""Which parts of a body are seen."""

import numpy as np
from PIL import Image

from functions.vision.bodies import SIDE, BodyReader
from functions.vision.boxes import Box
from functions.vision.observe import Eyes
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
    body = BodyReader(maps).read(Image.new("RGB", (640, 480)), WHOLE)
    assert (round(body.shoulder, 2), round(body.elbow, 2), round(body.wrist, 2)) == (0.9, 0.7, 0.3)


def test_a_portrait_shows_shoulders(eyes: Eyes) -> None:
    body = eyes._bodies.read(scenes.alone("person_a.jpg"), WHOLE)
    assert body.shoulder > 0.5
