"""Whether a face is of flesh and blood, or a photo or a screen held to the camera. A weak signal."""

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import FloatArray
from functions.vision.faces import FaceBox

SIDE = 128
# The network looks at what surrounds the face: where a sheet or a screen ends.
_SURROUNDINGS = 2.7
_LEAST_WIDTH = 60.0


def can_judge_liveness(image: Image.Image, face: FaceBox) -> bool:
    """Whether a face is large enough to be asked."""
    return face.box.w * image.width >= _LEAST_WIDTH


class LivenessModel:
    """Runs the network on one face of a picture."""

    def __init__(self, session: onnxruntime.InferenceSession) -> None:
        self._session = session

    def score(self, image: Image.Image, face: FaceBox) -> float:
        """How much a face seems alive, 0–1."""
        pixels = np.asarray(_around(image, face))[None]
        logits: FloatArray = self._session.run(None, {"image": pixels})[0][0]
        raised = np.exp(logits - logits.max())
        return float(raised[0] / raised.sum())


def _around(image: Image.Image, face: FaceBox) -> Image.Image:
    """The face and what surrounds it, moved into the picture where it would reach beyond."""
    box, extent = face.box, np.array(image.size, np.float32)
    size = np.array([box.w, box.h]) * extent
    size = size * min(_SURROUNDINGS, float((extent / size).min()))
    corner = np.array([box.x + box.w / 2, box.y + box.h / 2]) * extent - size / 2
    corner = np.clip(corner, 0, extent - size)
    place = (*corner.tolist(), *(corner + size).tolist())
    return image.transform((SIDE, SIDE), Image.Transform.EXTENT, place, Image.Resampling.NEAREST)
