"""Where a body's hands are: MoveNet, seventeen points of one body; and whether one is at the mouth."""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import Box, FloatArray
from functions.vision.faces import FaceBox

SIDE = 192
_CELLS = SIDE // 4
_MARGIN = 0.15
_SHOULDERS, _ELBOWS, _WRISTS = (5, 6), (7, 8), (9, 10)
# The network's own: how much a point's distance from where its middle expects it counts.
_SOFT = 1.8
# A hand before the mouth has its wrist below it and about as far away, in widths of the face.
_BELOW, _FAR = 0.2, 1.2
_SMOOTH = Image.Resampling.BILINEAR
_ROWS, _COLUMNS = np.mgrid[0:_CELLS, 0:_CELLS].astype(np.float32)


@dataclass(frozen=True, eq=False)
class BodyPose:
    """How surely parts of a body are seen, 0–1: the better of two shoulders, elbows, wrists.

    ``wrists`` is (2, 3): where each is, in pixels of the picture, and how surely.
    """

    shoulder: float
    elbow: float
    wrist: float
    wrists: FloatArray


class PoseEstimator:
    """Runs the network on one body of a picture."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def read(self, image: Image.Image, body: Box) -> BodyPose:
        """Read the body in a box."""
        left, top, right, bottom = _extent(image, body)
        square = image.transform(
            (SIDE, SIDE), Image.Transform.EXTENT, (left, top, right, bottom), _SMOOTH
        )
        points, centre, reach = self._session.run(None, {"image": np.asarray(square)[None]})
        found = _points(points[0], centre[0, 0], reach[0])
        found[:, :2] = found[:, :2] * (right - left) + np.array([left, top], np.float32)
        shoulder, elbow, wrist = (
            float(found[list(pair), 2].max()) for pair in (_SHOULDERS, _ELBOWS, _WRISTS)
        )
        return BodyPose(shoulder, elbow, wrist, found[list(_WRISTS)])


def hand_over_mouth(face: FaceBox, body: BodyPose, width: float) -> float:
    """How surely a hand is before a face's mouth, 0–1; *width* is the face's, in pixels."""
    eyes, mouth = face.points[:2].mean(axis=0), face.points[3:].mean(axis=0)
    down = (mouth - eyes) / (np.linalg.norm(mouth - eyes) + 1e-6)
    beside = (body.wrists[:, :2] - mouth) / width
    near = (np.linalg.norm(beside, axis=1) <= _FAR) & (beside @ down >= _BELOW)
    return float(body.wrists[near, 2].max(initial=0.0))


def _points(points: FloatArray, centre: FloatArray, reach: FloatArray) -> FloatArray:
    """Each of 17 points where the likeliest body's middle expects it, (17, 3): across and down as
    parts of the square, and the chance."""
    row, column = np.unravel_index(int(centre.argmax()), centre.shape)
    expected = reach[:, row, column].reshape(17, 2) + np.array([row, column], np.float32)
    beside = np.hypot(_ROWS - expected[:, 0, None, None], _COLUMNS - expected[:, 1, None, None])
    places = (points / (beside + _SOFT)).reshape(17, -1).argmax(axis=1)
    down, across = np.divmod(places, _CELLS)
    chances = points.reshape(17, -1)[np.arange(17), places]
    return np.stack([(across + 0.5) / _CELLS, (down + 0.5) / _CELLS, chances], 1).astype(np.float32)


def _extent(image: Image.Image, body: Box) -> tuple[float, float, float, float]:
    """A square around a body, with some room, in pixels; it may reach beyond the picture."""
    width, height = body.w * image.width, body.h * image.height
    half = max(width, height) * (0.5 + _MARGIN)
    x, y = (body.x + body.w / 2) * image.width, (body.y + body.h / 2) * image.height
    return x - half, y - half, x + half, y + half
