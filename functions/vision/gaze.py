"""Where the eyes look, left or right, while the head is turned to the camera."""

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import FloatArray
from functions.vision.faces import FaceBox, cropped, surroundings
from functions.vision.head_pose import HeadPose
from functions.vision.percentiles import percentile

SIDE = 64
_MARGIN = 0.15
# The first of six points around each eye; it and the fourth are the corners.
_EYES = (36, 42)
# Smaller faces do not show their irises; turned ones show them where they are not.
_LEAST_WIDTH = 120.0
_MOST_TURNED = 0.2

# Where an eye is sampled: along the line between its corners and a little above and below, in
# widths of the eye.
_ALONG, _ACROSS = np.meshgrid(np.linspace(0, 1, 41), np.linspace(-0.16, 0.16, 13))


def can_judge_gaze(head: HeadPose) -> bool:
    """Whether a head is near enough and straight enough for its eyes to be read."""
    return head.width >= _LEAST_WIDTH and head.nose <= _MOST_TURNED


class GazeEstimator:
    """Finds the eyes' outlines with a network, and the irises as what is dark between them."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def read(self, image: Image.Image, face: FaceBox) -> float:
        """How far the irises are from the eyes' middles, in widths of an eye.

        Negative towards the picture's left. The mean of both eyes: their turning in towards a
        near screen cancels out.
        """
        pixels = np.asarray(cropped(image, face, _MARGIN, SIDE))[None]
        points = self._session.run(None, {"image": pixels})[0].reshape(-1, 2)
        left, top, right, bottom = surroundings(image, face, _MARGIN)
        light = np.asarray(image.crop((int(left), int(top), int(right), int(bottom))).convert("L"))
        extent = np.array([light.shape[1], light.shape[0]], np.float32)
        return float(np.mean([_iris(light, points[eye : eye + 6] * extent) for eye in _EYES]))


def _iris(light: np.ndarray[tuple[int, int], np.dtype[np.uint8]], outline: FloatArray) -> float:
    """The centre of what is dark between an eye's corners, from its middle, in widths."""
    first, second = outline[0], outline[3]
    line = second - first
    upright = np.array([-line[1], line[0]])
    places = first + _ALONG[..., None] * line + _ACROSS[..., None] * upright
    column = np.clip(places[..., 0].round().astype(int), 0, light.shape[1] - 1)
    row = np.clip(places[..., 1].round().astype(int), 0, light.shape[0] - 1)
    seen = light[row, column].astype(np.float32)
    dark = np.clip(percentile(seen, 60) - seen, 0, None) ** 1.5
    return float((dark * _ALONG).sum() / (dark.sum() + 1e-6) - 0.5)
