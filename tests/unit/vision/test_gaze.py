"""Gaze on drawn eyes: where the iris is, whichever side the light comes from."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from functions.vision.boxes import Box
from functions.vision.faces import FaceBox
from functions.vision.frame_signals import STANDARD
from functions.vision.gaze import GazeEstimator

SIDE = 400
FACE = FaceBox(Box("face", 0.9, 0.115, 0.115, 0.77, 0.77), np.zeros((5, 2), np.float32))
EYES = ((80, 160), (240, 160))  # the left corner of each, and
EYE = 80  # its width in pixels


class FixedLandmarks:
    """Places the corners of both drawn eyes, as the model would."""

    def run(self, _outputs: None, _inputs: object) -> list[np.ndarray]:
        landmarks = np.zeros((68, 2), np.float32)
        for (x, y), first in zip(EYES, (36, 42), strict=True):
            landmarks[first] = (x / SIDE, y / SIDE)
            landmarks[first + 3] = ((x + EYE) / SIDE, y / SIDE)
        return [landmarks.reshape(1, -1)]


def face(*, aside: float = 0.0, light: float = 1.0) -> Image.Image:
    """Draw skin and two eyes; *light* is how much brighter the face's left side is than its right."""
    image = Image.new("RGB", (SIDE, SIDE), (190, 150, 130))
    pen = ImageDraw.Draw(image)
    for x, y in EYES:
        pen.ellipse((x, y - 18, x + EYE, y + 18), (225, 222, 218))
        middle = x + EYE * (0.5 + aside)
        pen.ellipse((middle - 15, y - 15, middle + 15, y + 15), (52, 40, 34))
    slope = np.exp(-np.log(light) * (np.arange(SIDE) / SIDE - 0.5))[None, :, None]
    return Image.fromarray(np.clip(np.asarray(image) * slope, 0, 255).astype(np.uint8))


def gaze(image: Image.Image) -> float:
    return GazeEstimator(FixedLandmarks()).read(image, FACE)


@pytest.mark.parametrize("aside", [-0.2, 0.2])
def test_the_offset_of_the_irises_is_signed(aside: float) -> None:
    assert gaze(face(aside=aside)) * aside > 0
    assert abs(gaze(face(aside=aside))) >= STANDARD.gaze


@pytest.mark.parametrize("light", [0.25, 0.4, 1.0, 2.5, 4.0])
def test_a_straight_gaze_stays_straight_in_light_from_one_side(light: float) -> None:
    assert abs(gaze(face(light=light))) < STANDARD.gaze / 3


@pytest.mark.parametrize("light", [0.4, 2.5])
@pytest.mark.parametrize("aside", [-0.2, 0.2])
def test_a_gaze_aside_is_seen_in_light_from_one_side(aside: float, light: float) -> None:
    offset = gaze(face(aside=aside, light=light))
    assert offset * aside > 0
    assert abs(offset) >= STANDARD.gaze


def test_an_even_picture_has_no_gaze_aside() -> None:
    assert gaze(Image.new("RGB", (SIDE, SIDE))) == 0
