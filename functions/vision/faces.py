"""Face detection: YuNet, a small detector that also returns five keypoints of each face."""

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
_MIN_SCORE = 0.5
_MAX_IOU = 0.3
_EYES, _MOUTH = slice(0, 2), slice(3, 5)
# A box touches the frame's edge if it is nearer than this fraction of its own side.
_EDGE = 0.08
# Of whole faces, 99 % are less than 1.53 times as high as wide; the eyes lie 0.3 of the box's height
# below its top at least, the mouth 0.2 above its bottom.
_NARROW = 1.6
_EYES_AT_TOP, _MOUTH_AT_BOTTOM = 0.12, 0.08
# A body beside an edge shows no whole face if it is narrower than this, in its heights: from there on
# the frame cuts its shoulders. One twice as wide as high shows no more than the top of a head.
_SLIM, _FLAT = 0.55, 2.0
_BESIDE = 0.02  # of the picture's width


Pixels = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]


@dataclass(frozen=True, eq=False)
class FaceDetectorInput:
    """A picture resized for the detector, padded with black at the right and the bottom.

    ``size`` is the width and height without the padding, ``scale`` the resizing factor.
    """

    pixels: Pixels
    size: tuple[int, int]
    scale: float


@dataclass(frozen=True, eq=False)
class FaceBox:
    """A detected face: its box, and its keypoints in pixels of the decoded picture.

    ``keypoints`` is (5, 2): both eyes, the nose, both corners of the mouth; of each pair, the one
    at the picture's left comes first.
    """

    box: Box
    keypoints: FloatArray

    @property
    def score(self) -> float:
        """The detector's score, 0–1."""
        return self.box.score


class FaceDetector:
    """Runs the detector on pictures of any size."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def detect(self, frame: FaceDetectorInput) -> list[FaceBox]:
        """Return every face above the minimum score, highest score first."""
        outputs = self._session.run(None, {"image": frame.pixels[None]})
        corners, keypoints, scores = _decode(outputs, *frame.pixels.shape[:2])
        indices = non_max_suppression(corners, scores, _MAX_IOU)
        extent = np.array(frame.size * 2, np.float32)
        boxes = boxes_from_corners("face", scores[indices], corners[indices] / extent)
        return [
            FaceBox(box, points)
            for box, points in zip(boxes, keypoints[indices] / frame.scale, strict=True)
        ]


def detector_input(picture: DecodedPicture) -> FaceDetectorInput:
    """Resize and pad a picture for the detector."""
    image = _downscale(picture)
    return FaceDetectorInput(_pad(image), image.size, image.width / picture.image.width)


def is_cut_by_frame(face: FaceBox, size: tuple[int, int]) -> bool:
    """Return whether the frame cuts a face so far that its pose and surface say nothing.

    At the left and right the box is too narrow then; at the top and bottom, the eyes or the mouth
    lie at its very edge. A face that fills the picture touches the edges without being cut.
    """
    box, (width, height) = face.box, size
    beside = min(box.x, 1 - box.x - box.w) <= _EDGE * box.w
    if beside and box.h * height >= _NARROW * box.w * width:
        return True
    eyes, mouth = (float(face.keypoints[rows, 1].mean()) / height for rows in (_EYES, _MOUTH))
    at_top = box.y <= _EDGE * box.h and eyes - box.y <= _EYES_AT_TOP * box.h
    below = 1 - box.y - box.h <= _EDGE * box.h
    return at_top or (below and box.y + box.h - mouth <= _MOUTH_AT_BOTTOM * box.h)


def is_body_cut_by_frame(body: Box, size: tuple[int, int]) -> bool:
    """Return whether the frame cuts a body so far that its face lies outside, or nearly so."""
    shape = body.w * size[0] / (body.h * size[1])
    beside = min(body.x, 1 - body.x - body.w) <= _BESIDE
    return (beside and shape <= _SLIM) or shape >= _FLAT


def crop_face(image: Image.Image, face: FaceBox, margin: float, side: int) -> Image.Image:
    """Crop a face with *margin* times its box's size on each side, stretched to a square.

    The part of the region outside the picture is black.
    """
    left, top, right, bottom = face_region(image, face, margin).tolist()
    x, y = math.floor(left), math.floor(top)
    crop = image.crop((x, y, math.ceil(right), math.ceil(bottom)))
    region = (left - x, top - y, right - x, bottom - y)
    return crop.resize((side, side), Image.Resampling.BILINEAR, region)


def face_region(image: Image.Image, face: FaceBox, margin: float) -> FloatArray:
    """Return left, top, right and bottom, in pixels, of a face's box with a margin around it."""
    box = face.box
    corners = np.array([box.x, box.y, box.x + box.w, box.y + box.h], np.float32)
    corners += np.array([-box.w, -box.h, box.w, box.h], np.float32) * margin
    return corners * np.array([image.width, image.height] * 2, np.float32)


def _downscale(picture: DecodedPicture) -> Image.Image:
    """Limit the longer side to ``SIDE`` pixels; reuse the half-size picture if it is close to that."""
    image = picture.image
    if max(image.size) <= SIDE:
        return image
    if max(image.size) >= HALVED_FROM:
        return picture.half
    factor = SIDE / max(image.size)
    size = (round(image.width * factor), round(image.height * factor))
    return image.resize(size, Image.Resampling.BILINEAR)


def _pad(image: Image.Image) -> Pixels:
    """Pad with black at the right and the bottom to a multiple of the largest stride."""
    pixels = np.asarray(image)
    height, width = pixels.shape[:2]
    right, below = -width % _STRIDES[-1], -height % _STRIDES[-1]
    return np.pad(pixels, ((0, below), (0, right), (0, 0))) if right or below else pixels


@lru_cache(maxsize=8)
def _cells(height: int, width: int, stride: int) -> FloatArray:
    """Return column and row of every grid cell, (cells, 2)."""
    rows, columns = np.mgrid[0 : height // stride, 0 : width // stride]
    return np.stack([columns, rows], -1).reshape(-1, 2).astype(np.float32)


def _decode(
    outputs: list[FloatArray], height: int, width: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return corners (n, 4), keypoints (n, 5, 2) and scores (n) of the candidates, in padded pixels.

    The score is the geometric mean of the classification and the objectness score.
    """
    corners: list[FloatArray] = []
    keypoints: list[FloatArray] = []
    scores: list[FloatArray] = []
    for level, stride in enumerate(_STRIDES):
        class_score, objectness, box, points = (outputs[level + 3 * head][0] for head in range(4))
        product = class_score[:, 0] * objectness[:, 0]
        (indices,) = (product >= _MIN_SCORE**2).nonzero()
        if not len(indices) and (scores or stride < _STRIDES[-1]):
            continue  # a face is found at the level of its size only
        cell = _cells(height, width, stride)[indices]
        centre = (cell + box[indices, :2]) * stride
        half = np.exp(box[indices, 2:]) * (stride / 2)
        corners.append(np.concatenate([centre - half, centre + half], 1))
        keypoints.append((points[indices].reshape(-1, 5, 2) + cell[:, None]) * stride)
        scores.append(np.sqrt(product[indices]))
    return np.concatenate(corners), np.concatenate(keypoints), np.concatenate(scores)
