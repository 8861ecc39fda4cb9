"""Where a head is turned, and how much of it looks like an ordinary, open face."""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import FloatArray
from functions.vision.face_embedding import Crop
from functions.vision.faces import FaceBox, cropped
from functions.vision.percentiles import median, percentile

SIDE = 224
_MARGIN = 0.2
_ANGLES = np.arange(66, dtype=np.float32) * 3 - 99


@dataclass(frozen=True)
class HeadPose:
    """The head of one face.

    ``yaw`` and ``pitch`` are degrees, 0 towards the camera. ``nose`` is how far the nose lies
    beside the middle of the eyes, in distances between the eyes, unsigned: another view of yaw.
    ``strange`` is how far the face is from ordinary open faces: the sum of how far each of nine
    measures is on its suspicious side, in deviations. ``shade`` is the light around the eyes
    against the skin's: dark glasses leave less than a third. ``light`` is the face's brightness,
    0–255. ``width`` is in pixels.
    """

    yaw: float
    pitch: float
    nose: float
    anomaly: float
    shade: float
    light: float
    width: float


@dataclass(frozen=True, eq=False)
class Closeup:
    """A face to be read: aligned, and as it is with what is around it. ``width`` is in pixels."""

    face: FaceBox
    width: float
    aligned: Crop
    pixels: Crop


def closeup(image: Image.Image, face: FaceBox, crop: Crop) -> Closeup:
    """Take a face out of a picture; *crop* is the same aligned."""
    pixels = np.asarray(cropped(image, face, _MARGIN, SIDE))
    return Closeup(face, face.box.w * image.width, crop, pixels)


class HeadPoseEstimator:
    """Runs the pose network and measures the face."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def read(self, seen: Closeup) -> HeadPose:
        """Measure one face."""
        logits = self._session.run(None, {"image": seen.pixels[None]})
        chances = _softmax(np.concatenate(logits))
        yaw, pitch, _ = (chances @ _ANGLES).tolist()
        doubts = -(chances * np.log(chances + 1e-9)).sum(axis=1)
        measures = [seen.face.score, *np.log(0.1 + doubts).tolist()]
        colours = seen.aligned.astype(np.float32)
        light: FloatArray = colours @ np.full(3, 1 / 3, np.float32)
        return HeadPose(
            yaw=yaw,
            pitch=pitch,
            nose=_nose(seen.face.points),
            anomaly=anomaly_score([*measures, *_surface(colours, light)]),
            shade=_shade(light),
            light=median(light[::4, ::4]),  # so few pixels tell it as well
            width=seen.width,
        )


# What ordinary open faces measure: the median of each, the deviation, and which side is
# suspicious. In order: the detector's score; log of the pose network's doubt about yaw, pitch and
# roll; how much redder lips are than cheeks, on average and at the reddest; how different the
# colours of brow and mouth are; how far the eyes' light is from the usual; the mouth's line.
_ORDINARY = np.array(
    [
        [0.929, -0.599, -0.236, -0.799, 0.093, 0.271, 0.034, 0.022, -1.455],
        [0.01, 0.679, 0.508, 0.871, 0.113, 0.194, 0.022, 0.064, 0.331],
        [-1, 1, 1, 1, -1, -1, 1, 1, -1],
    ]
)
_MOST = 2.5


def anomaly_score(measures: list[float]) -> float:
    """The sum of suspicious deviations, none counted for more than ``_MOST``."""
    usual, deviation, side = _ORDINARY
    return float(np.clip(side * (np.array(measures) - usual) / deviation, 0, _MOST).sum())


def _softmax(logits: FloatArray) -> FloatArray:
    raised: FloatArray = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


def _nose(points: FloatArray) -> float:
    """How far the nose lies beside the middle of the eyes, along the line between them."""
    line = points[1] - points[0]
    beside = (points[2] - (points[0] + points[1]) / 2) @ line
    return abs(float(beside / max(1.0, float(line @ line))))


def _surface(crop: FloatArray, light: FloatArray) -> list[float]:
    """The last five measures, from the face's aligned crop of 112×112 pixels and its light."""
    redness = (crop[..., 0] - crop[..., 1]) / (light + 10)
    low_cheeks, cheeks = _cheeks(redness, 66, 80), _cheeks(redness, 62, 76)
    lips = redness[86:100, 44:68].mean() - low_cheeks.mean()
    reddest = percentile(redness[84:104, 42:70], 90) - median(cheeks)
    colours = np.linalg.norm(_colour(crop[34:44, 40:72]) - _colour(crop[80:104, 36:76]))
    skin = median(_cheeks(light, 62, 76)) + 8
    eyes = [percentile(light[46:58, x : x + 16], 75) for x in (30, 66)]
    glow = np.clip(np.log(max(eyes) / skin + 0.05), -1.5, 1.5) ** 2
    rows = light[78:106, 44:68].mean(axis=1) / skin
    smooth = np.convolve(np.pad(rows, 4, mode="edge"), np.ones(9) / 9, "valid")
    line = np.log(0.05 + np.abs(rows - smooth).max())
    return [float(measure) for measure in (lips, reddest, colours, glow, line)]


def _shade(light: FloatArray) -> float:
    """The brightest of what lies over and under both eyes, as a part of the skin's light.

    Both must be dark: deep-set eyes are, but the skin under them is not.
    """
    brow = light[22:32, 44:68].ravel()
    cheeks = [light[66:80, x : x + 14].ravel() for x in (24, 74)]
    skin = median(np.concatenate([brow, *cheeks])) + 6
    patches = [light[top:62, x - 8 : x + 9] for top in (44, 56) for x in (38, 73)]
    return float(max(median(patch) for patch in patches) / skin)


def _cheeks(values: FloatArray, top: int, bottom: int) -> FloatArray:
    return np.concatenate([values[top:bottom, x : x + 12].ravel() for x in (27, 73)])


def _colour(patch: FloatArray) -> FloatArray:
    """The mean of each channel's share of the light."""
    pixels = patch.reshape(-1, 3)
    shares: FloatArray = (pixels / (pixels.sum(axis=1, keepdims=True) + 30)).mean(axis=0)
    return shares
