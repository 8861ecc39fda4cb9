"""Horizontal gaze, while the head faces the camera."""

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import FloatArray
from functions.vision.faces import FaceBox, crop_face, face_region
from functions.vision.head_pose import HeadPose
from functions.vision.percentiles import percentile

SIDE = 64
_MARGIN = 0.15
# The first of the six landmarks around each eye; the first and the fourth are the eye's corners.
_EYES = (36, 42)
# The irises of smaller faces cannot be made out; those of turned faces are measured wrongly.
_MIN_FACE_WIDTH = 120.0
_MAX_NOSE_OFFSET = 0.2

# The sampling grid of an eye: along the line between its corners and a little above and below, in
# eye widths.
_ALONG, _ACROSS = np.meshgrid(np.linspace(0, 1, 41), np.linspace(-0.16, 0.16, 13))


def can_judge_gaze(head: HeadPose) -> bool:
    """Return whether a face is large enough and frontal enough to estimate its gaze."""
    return head.width >= _MIN_FACE_WIDTH and head.nose <= _MAX_NOSE_OFFSET


class GazeEstimator:
    """Locates the eyes by facial landmarks, and the iris as the dark region of each eye."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def read(self, image: Image.Image, face: FaceBox) -> float:
        """Return the offset of the irises from the eyes' centres, in eye widths.

        Negative towards the picture's left. It is the mean of both eyes, so that their convergence
        on a near screen cancels out.
        """
        pixels = np.asarray(crop_face(image, face, _MARGIN, SIDE))[None]
        landmarks = self._session.run(None, {"image": pixels})[0].reshape(-1, 2)
        left, top, right, bottom = face_region(image, face, _MARGIN)
        grey = np.asarray(image.crop((int(left), int(top), int(right), int(bottom))).convert("L"))
        extent = np.array([grey.shape[1], grey.shape[0]], np.float32)
        return float(np.mean([_iris(grey, landmarks[eye : eye + 6] * extent) for eye in _EYES]))


def _iris(grey: np.ndarray[tuple[int, int], np.dtype[np.uint8]], outline: FloatArray) -> float:
    """Return the offset of the dark region's centroid from an eye's centre, in eye widths."""
    first, second = outline[0], outline[3]
    line = second - first
    normal = np.array([-line[1], line[0]])
    samples = first + _ALONG[..., None] * line + _ACROSS[..., None] * normal
    column = np.clip(samples[..., 0].round().astype(int), 0, grey.shape[1] - 1)
    row = np.clip(samples[..., 1].round().astype(int), 0, grey.shape[0] - 1)
    values = grey[row, column].astype(np.float32)
    darkness = np.clip(percentile(values, 60) - values, 0, None) ** 1.5
    return float((darkness * _ALONG).sum() / (darkness.sum() + 1e-6) - 0.5)
