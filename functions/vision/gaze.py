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
# eye widths. The skin's grid lies below the eye.
_ALONG, _ACROSS = np.meshgrid(np.linspace(0, 1, 41), np.linspace(-0.16, 0.16, 13))
_SKIN_ALONG, _SKIN_ACROSS = np.meshgrid(np.linspace(-0.1, 1.1, 25), np.linspace(0.38, 0.6, 6))
# How much of the skin's slope of light the eye shares: with this part, the offset does not follow
# the side of the light, on average of portraits lit from either side.
_SHARED_SLOPE = 0.6
_OFFSET = 8.0  # grey values, so that black has a logarithm


def can_judge_gaze(head: HeadPose) -> bool:
    """Return whether a face is large enough and frontal enough to estimate its gaze."""
    return head.width >= _MIN_FACE_WIDTH and head.nose <= _MAX_NOSE_OFFSET


class GazeEstimator:
    """Locates the eyes by facial landmarks, and the iris as the dark region of each eye.

    Light from one side darkens the other: its slope is measured on the skin below each eye.
    """

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


Grey = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
Grid = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def _iris(grey: Grey, outline: FloatArray) -> float:
    """Return the offset of the dark region's centroid from an eye's centre, in eye widths."""
    slope = _slope_of_light(_sample(grey, outline, _SKIN_ALONG, _SKIN_ACROSS))
    values = _sample(grey, outline, _ALONG, _ACROSS)
    values = (values + _OFFSET) * np.exp(-_SHARED_SLOPE * slope * (_ALONG - 0.5))
    darkness = np.clip(percentile(values, 60) - values, 0, None) ** 1.5
    total = float(darkness.sum())
    # An evenly black or white eye says nothing.
    return float((darkness * _ALONG).sum()) / total - 0.5 if total >= 1 else 0.0


def _slope_of_light(skin: FloatArray) -> float:
    """Return by how much the logarithm of the skin's light rises along an eye width."""
    rise = np.log(skin + _OFFSET).mean(axis=0)
    along = _SKIN_ALONG[0] - _SKIN_ALONG[0].mean()
    return float((along * rise).sum() / (along * along).sum())


def _sample(grey: Grey, outline: FloatArray, along: Grid, across: Grid) -> FloatArray:
    """Return the grey values of a grid along the line between an eye's corners."""
    first, second = outline[0], outline[3]
    line = second - first
    normal = np.array([-line[1], line[0]])
    samples = first + along[..., None] * line + across[..., None] * normal
    column = np.clip(samples[..., 0].round().astype(int), 0, grey.shape[1] - 1)
    row = np.clip(samples[..., 1].round().astype(int), 0, grey.shape[0] - 1)
    values: FloatArray = grey[row, column].astype(np.float32)
    return values
