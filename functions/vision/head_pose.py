"""Head pose, and the anomaly score of a face: how unlike an ordinary, uncovered face it looks."""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import FloatArray
from functions.vision.dark_glasses import dark_glasses_score
from functions.vision.face_embedding import Crop
from functions.vision.faces import FaceBox, crop_face
from functions.vision.percentiles import median, percentile

SIDE = 224
_MARGIN = 0.2
# Rows and columns of the face itself in the aligned crop, of which every third is enough: of a face
# that fills the picture, much of the crop lies outside and is black.
_FACE = np.s_[24:100:3, 28:84:3]
_ANGLES = np.arange(66, dtype=np.float32) * 3 - 99


@dataclass(frozen=True)
class HeadPose:
    """The head pose of one face, and what its surface looks like.

    ``yaw`` and ``pitch`` are degrees, 0 towards the camera. ``nose`` is the nose's offset from the
    middle between the eyes, in eye distances, unsigned: a second estimate of yaw. ``anomaly`` is
    the anomaly score: the sum over nine measures of their deviation from ordinary, uncovered faces
    towards the suspicious side, in standard deviations. ``dark_glasses`` is their score, 0–1.
    ``light`` is the face's brightness, 0–255. ``width`` is in pixels. ``roll`` is how far the head
    is tilted, in degrees, positive clockwise in the picture.
    """

    yaw: float
    pitch: float
    nose: float
    anomaly: float
    dark_glasses: float
    light: float
    width: float
    roll: float = 0.0


@dataclass(frozen=True, eq=False)
class Closeup:
    """A face cropped in two ways: aligned by its keypoints, and by its box with a margin.

    ``width`` is the box's, in pixels.
    """

    face: FaceBox
    width: float
    aligned_crop: Crop
    pixels: Crop


def crop_closeup(image: Image.Image, face: FaceBox, crop: Crop) -> Closeup:
    """Crop a face out of a picture; *crop* is the same face aligned."""
    pixels = np.asarray(crop_face(image, face, _MARGIN, SIDE))
    return Closeup(face, face.box.w * image.width, crop, pixels)


class HeadPoseEstimator:
    """Runs the head pose model and measures the face's surface."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def read(self, closeup: Closeup) -> HeadPose:
        """Estimate the pose of one face and measure its surface."""
        logits = self._session.run(None, {"image": closeup.pixels[None]})
        probabilities = _softmax(np.concatenate(logits))
        yaw, pitch, roll = (probabilities @ _ANGLES).tolist()
        entropies = -(probabilities * np.log(probabilities + 1e-9)).sum(axis=1)
        measures = [closeup.face.score, *np.log(0.1 + entropies).tolist()]
        colours = closeup.aligned_crop.astype(np.float32)
        light: FloatArray = colours @ np.full(3, 1 / 3, np.float32)
        return HeadPose(
            yaw=yaw,
            pitch=pitch,
            nose=_nose_offset(closeup.face.keypoints),
            anomaly=anomaly_score([*measures, *_surface(colours, light)]),
            dark_glasses=dark_glasses_score(colours, light),
            light=median(light[_FACE]),
            width=closeup.width,
            roll=roll,
        )


# The nine measures of ordinary, uncovered faces: the median of each, the deviation, and which side
# is suspicious. In order: the detector's score; log of the entropy of yaw, pitch and roll; how much
# redder the lips are than the cheeks, on average and at the reddest; the colour difference between
# brow and mouth; the deviation of the eyes' brightness from the usual; the mouth's line.
_ORDINARY = np.array(
    [
        [0.929, -0.599, -0.236, -0.799, 0.093, 0.271, 0.034, 0.022, -1.455],
        [0.01, 0.679, 0.508, 0.871, 0.113, 0.194, 0.022, 0.064, 0.331],
        [-1, 1, 1, 1, -1, -1, 1, 1, -1],
    ]
)
_MAX_DEVIATION = 2.5


def anomaly_score(measures: list[float]) -> float:
    """Return the sum of the deviations towards the suspicious side, each at most 2.5."""
    medians, deviations, side = _ORDINARY
    scaled = side * (np.array(measures) - medians) / deviations
    return float(np.clip(scaled, 0, _MAX_DEVIATION).sum())


def _softmax(logits: FloatArray) -> FloatArray:
    powers: FloatArray = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def _nose_offset(keypoints: FloatArray) -> float:
    """Return the nose's offset from the middle between the eyes, along the line between them."""
    line = keypoints[1] - keypoints[0]
    offset = (keypoints[2] - (keypoints[0] + keypoints[1]) / 2) @ line
    return abs(float(offset / max(1.0, float(line @ line))))


def _surface(crop: FloatArray, light: FloatArray) -> list[float]:
    """Return the last five measures, from the aligned crop of 112×112 pixels and its brightness."""
    redness = (crop[..., 0] - crop[..., 1]) / (light + 10)
    low_cheeks, cheeks = _cheeks(redness, 66, 80), _cheeks(redness, 62, 76)
    lips = redness[86:100, 44:68].mean() - low_cheeks.mean()
    reddest = percentile(redness[84:104, 42:70], 90) - median(cheeks)
    colours = np.linalg.norm(_colour(crop[34:44, 40:72]) - _colour(crop[80:104, 36:76]))
    skin = median(_cheeks(light, 62, 76)) + 8
    eyes = [percentile(light[46:58, x : x + 16], 75) for x in (30, 66)]
    eye_light = np.clip(np.log(max(eyes) / skin + 0.05), -1.5, 1.5) ** 2
    rows = light[78:106, 44:68].mean(axis=1) / skin
    smooth = np.convolve(np.pad(rows, 4, mode="edge"), np.ones(9) / 9, "valid")
    mouth_line = np.log(0.05 + np.abs(rows - smooth).max())
    return [float(measure) for measure in (lips, reddest, colours, eye_light, mouth_line)]


def _cheeks(values: FloatArray, top: int, bottom: int) -> FloatArray:
    return np.concatenate([values[top:bottom, x : x + 12].ravel() for x in (27, 73)])


def _colour(patch: FloatArray) -> FloatArray:
    """Return the mean of each channel's share of the brightness."""
    pixels = patch.reshape(-1, 3)
    shares: FloatArray = (pixels / (pixels.sum(axis=1, keepdims=True) + 30)).mean(axis=0)
    return shares
