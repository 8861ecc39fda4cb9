"""Presentation attack detection: a live face, or a photo or screen held to the camera?

A weak signal.
"""

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import FloatArray
from functions.vision.faces import FaceBox

SIDE = 128
# The model needs the face's surroundings, where the edge of a print or a screen would show.
_CROP_SCALE = 2.7
_MIN_FACE_WIDTH = 60.0


def can_judge_liveness(image: Image.Image, face: FaceBox) -> bool:
    """Return whether a face is large enough for the model."""
    return face.box.w * image.width >= _MIN_FACE_WIDTH


class LivenessModel:
    """Runs the liveness model on one face of a picture."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def score(self, image: Image.Image, face: FaceBox) -> float:
        """Return the probability that a face is live, 0–1."""
        pixels = np.asarray(_crop_with_context(image, face))[None]
        logits: FloatArray = self._session.run(None, {"image": pixels})[0][0]
        powers = np.exp(logits - logits.max())
        return float(powers[0] / powers.sum())


def _crop_with_context(image: Image.Image, face: FaceBox) -> Image.Image:
    """Crop the face and its surroundings; a crop that would exceed the picture is moved inside."""
    box, extent = face.box, np.array(image.size, np.float32)
    size = np.array([box.w, box.h]) * extent
    size = size * min(_CROP_SCALE, float((extent / size).min()))
    corner = np.array([box.x + box.w / 2, box.y + box.h / 2]) * extent - size / 2
    corner = np.clip(corner, 0, extent - size)
    region = (*corner.tolist(), *(corner + size).tolist())
    return image.transform((SIDE, SIDE), Image.Transform.EXTENT, region, Image.Resampling.NEAREST)
