"""Finding faces: YuNet, a small detector that also gives five points of each face."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import Box, FloatArray, boxes_from_corners, non_max_suppression
from functions.vision.image_decoding import HALVED_FROM, DecodedPicture

SIDE = 640
_STRIDES = (8, 16, 32)
_FLOOR = 0.5
_OVERLAP = 0.3


Pixels = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]


@dataclass(frozen=True, eq=False)
class FaceDetectorInput:
    """A picture at the detector's size, *factor* times its own, with black at the right and below."""

    pixels: Pixels
    size: tuple[int, int]
    factor: float


@dataclass(frozen=True, eq=False)
class FaceBox:
    """A face: its box, and eyes, nose and mouth corners in pixels of the picture looked at.

    ``points`` is (5, 2): the eye, then the other, nose, mouth corner, the other, from the
    picture's left to its right.
    """

    box: Box
    points: FloatArray

    @property
    def score(self) -> float:
        """How surely it is a face, 0–1."""
        return self.box.score


class FaceDetector:
    """Runs the detector on pictures of any size."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def detect(self, small: FaceDetectorInput) -> list[FaceBox]:
        """Every face of at least the floor's score, best first."""
        found = self._session.run(None, {"image": small.pixels[None]})
        corners, points, scores = _decode(found, *small.pixels.shape[:2])
        kept = non_max_suppression(corners, scores, _OVERLAP)
        extent = np.array(small.size * 2, np.float32)
        boxes = boxes_from_corners("face", scores[kept], corners[kept] / extent)
        marks = points[kept] / small.factor
        return [FaceBox(box, mark) for box, mark in zip(boxes, marks, strict=True)]


def detector_input(picture: DecodedPicture) -> FaceDetectorInput:
    """A picture as the detector takes it."""
    image = _reduced(picture)
    return FaceDetectorInput(_padded(image), image.size, image.width / picture.image.width)


def cropped(image: Image.Image, face: FaceBox, margin: float, side: int) -> Image.Image:
    """The face's box with *margin* of its size more on each side, stretched to a square."""
    left, top, right, bottom = surroundings(image, face, margin).tolist()
    # What lies outside of the picture is black.
    x, y = math.floor(left), math.floor(top)
    around = image.crop((x, y, math.ceil(right), math.ceil(bottom)))
    inside = (left - x, top - y, right - x, bottom - y)
    return around.resize((side, side), Image.Resampling.BILINEAR, inside)


def surroundings(image: Image.Image, face: FaceBox, margin: float) -> FloatArray:
    """Left, top, right and bottom, in pixels, of the face's box with a margin around it."""
    box = face.box
    corners = np.array([box.x, box.y, box.x + box.w, box.y + box.h], np.float32)
    corners += np.array([-box.w, -box.h, box.w, box.h], np.float32) * margin
    return corners * np.array([image.width, image.height] * 2, np.float32)


def _reduced(picture: DecodedPicture) -> Image.Image:
    """At most ``SIDE`` pixels on the longer side; the half where that is nearly as much."""
    image = picture.image
    if max(image.size) <= SIDE:
        return image
    if max(image.size) >= HALVED_FROM:
        return picture.half
    factor = SIDE / max(image.size)
    size = (round(image.width * factor), round(image.height * factor))
    return image.resize(size, Image.Resampling.BILINEAR)


def _padded(image: Image.Image) -> Pixels:
    """Pixels with black added at the right and below, up to the largest stride."""
    pixels = np.asarray(image)
    height, width = pixels.shape[:2]
    right, below = -width % _STRIDES[-1], -height % _STRIDES[-1]
    return np.pad(pixels, ((0, below), (0, right), (0, 0))) if right or below else pixels


@lru_cache(maxsize=8)
def _cells(height: int, width: int, stride: int) -> FloatArray:
    """Column and row of every cell, (cells, 2)."""
    rows, columns = np.mgrid[0 : height // stride, 0 : width // stride]
    return np.stack([columns, rows], -1).reshape(-1, 2).astype(np.float32)


def _decode(
    found: list[FloatArray], height: int, width: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Corners (n, 4), points (n, 5, 2) and scores (n) above the floor, in padded pixels."""
    corners: list[FloatArray] = []
    points: list[FloatArray] = []
    scores: list[FloatArray] = []
    for level, stride in enumerate(_STRIDES):
        certain, seen, box, marks = (found[level + 3 * kind][0] for kind in range(4))
        both = certain[:, 0] * seen[:, 0]
        (chosen,) = (both >= _FLOOR**2).nonzero()
        if not len(chosen) and (scores or stride < _STRIDES[-1]):
            continue  # a face is found at its own size alone
        cell = _cells(height, width, stride)[chosen]
        middle = (cell + box[chosen, :2]) * stride
        half = np.exp(box[chosen, 2:]) * (stride / 2)
        corners.append(np.concatenate([middle - half, middle + half], 1))
        points.append((marks[chosen].reshape(-1, 5, 2) + cell[:, None]) * stride)
        scores.append(np.sqrt(both[chosen]))
    return np.concatenate(corners), np.concatenate(points), np.concatenate(scores)
