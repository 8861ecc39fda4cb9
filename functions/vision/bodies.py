"""Where a body's hands are: MoveNet, seventeen points of one body."""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import Box, FloatArray

SIDE = 192
_CELLS = SIDE // 4
_MARGIN = 0.15
_SHOULDERS, _ELBOWS, _WRISTS = (5, 6), (7, 8), (9, 10)
# The network's own: how much a point's distance from where its middle expects it counts.
_SOFT = 1.8
_ROWS, _COLUMNS = np.mgrid[0:_CELLS, 0:_CELLS].astype(np.float32)


@dataclass(frozen=True)
class Body:
    """How surely parts of a body are seen, 0–1: the better of two shoulders, elbows, wrists."""

    shoulder: float
    elbow: float
    wrist: float


class BodyReader:
    """Runs the network on one body of a picture."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def read(self, image: Image.Image, body: Box) -> Body:
        """Read the body in a box."""
        pixels = np.asarray(_around(image, body))[None]
        points, centre, reach = self._session.run(None, {"image": pixels})
        scores = _scores(points[0], centre[0, 0], reach[0])
        return Body(*(float(scores[list(pair)].max()) for pair in (_SHOULDERS, _ELBOWS, _WRISTS)))


def _scores(points: FloatArray, centre: FloatArray, reach: FloatArray) -> FloatArray:
    """The chance of each of 17 points where the likeliest body's middle expects it."""
    row, column = np.unravel_index(int(centre.argmax()), centre.shape)
    expected = reach[:, row, column].reshape(17, 2) + np.array([row, column], np.float32)
    beside = np.hypot(_ROWS - expected[:, 0, None, None], _COLUMNS - expected[:, 1, None, None])
    places = (points / (beside + _SOFT)).reshape(17, -1).argmax(axis=1)
    found: FloatArray = points.reshape(17, -1)[np.arange(17), places]
    return found


def _around(image: Image.Image, body: Box) -> Image.Image:
    """A square around a body, with some room; black where the picture ends."""
    width, height = body.w * image.width, body.h * image.height
    half = max(width, height) * (0.5 + _MARGIN)
    x, y = (body.x + body.w / 2) * image.width, (body.y + body.h / 2) * image.height
    extent = (x - half, y - half, x + half, y + half)
    return image.transform((SIDE, SIDE), Image.Transform.EXTENT, extent, Image.Resampling.BILINEAR)
