"""Body pose: MoveNet's 17 keypoints of one body, and whether a hand covers the mouth."""

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
# MoveNet's own constant: added to a keypoint's distance from its expected position.
_DISTANCE_OFFSET = 1.8
# The wrist of a hand over the mouth lies below the mouth and near it, in face widths.
_MIN_BELOW, _MAX_DISTANCE = 0.2, 1.2
_ROWS, _COLUMNS = np.mgrid[0:_CELLS, 0:_CELLS].astype(np.float32)


@dataclass(frozen=True, eq=False)
class BodyPose:
    """Keypoint scores of a body, 0–1: the better of both shoulders, elbows and wrists.

    ``wrists`` is (2, 3): x and y of each wrist in pixels of the picture, and its score.
    """

    shoulder: float
    elbow: float
    wrist: float
    wrists: FloatArray


class PoseEstimator:
    """Runs the pose model on one body of a picture."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def read(self, image: Image.Image, body: Box) -> BodyPose:
        """Estimate the pose of the body in a box."""
        left, top, right, _ = region = _square_region(image, body)
        square = image.transform(
            (SIDE, SIDE), Image.Transform.EXTENT, region, Image.Resampling.BILINEAR
        )
        heatmaps, centre, offsets = self._session.run(None, {"image": np.asarray(square)[None]})
        keypoints = _keypoints(heatmaps[0], centre[0, 0], offsets[0])
        keypoints[:, :2] = keypoints[:, :2] * (right - left) + np.array([left, top], np.float32)
        shoulder, elbow, wrist = (
            float(keypoints[list(pair), 2].max()) for pair in (_SHOULDERS, _ELBOWS, _WRISTS)
        )
        return BodyPose(shoulder, elbow, wrist, keypoints[list(_WRISTS)])


def hand_over_mouth(face: FaceBox, body: BodyPose, width: float) -> float:
    """Return the score that a hand covers a face's mouth, 0–1; *width* is the face's, in pixels."""
    eyes, mouth = face.keypoints[:2].mean(axis=0), face.keypoints[3:].mean(axis=0)
    down = (mouth - eyes) / (np.linalg.norm(mouth - eyes) + 1e-6)
    offsets = (body.wrists[:, :2] - mouth) / width
    near = (np.linalg.norm(offsets, axis=1) <= _MAX_DISTANCE) & (offsets @ down >= _MIN_BELOW)
    return float(body.wrists[near, 2].max(initial=0.0))


def _keypoints(heatmaps: FloatArray, centre: FloatArray, offsets: FloatArray) -> FloatArray:
    """Return the 17 keypoints of the likeliest body, (17, 3): x and y as fractions, and the score.

    Each is the heatmap's maximum, weighted by its distance from where the body's centre expects it.
    """
    row, column = np.unravel_index(int(centre.argmax()), centre.shape)
    expected = offsets[:, row, column].reshape(17, 2) + np.array([row, column], np.float32)
    distance = np.hypot(_ROWS - expected[:, 0, None, None], _COLUMNS - expected[:, 1, None, None])
    cells = (heatmaps / (distance + _DISTANCE_OFFSET)).reshape(17, -1).argmax(axis=1)
    y, x = np.divmod(cells, _CELLS)
    scores = heatmaps.reshape(17, -1)[np.arange(17), cells]
    return np.stack([(x + 0.5) / _CELLS, (y + 0.5) / _CELLS, scores], 1).astype(np.float32)


def _square_region(image: Image.Image, body: Box) -> tuple[float, float, float, float]:
    """Return a square around a body with a margin, in pixels; it may exceed the picture."""
    width, height = body.w * image.width, body.h * image.height
    half = max(width, height) * (0.5 + _MARGIN)
    x, y = (body.x + body.w / 2) * image.width, (body.y + body.h / 2) * image.height
    return x - half, y - half, x + half, y + half
