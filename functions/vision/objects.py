"""Finding persons and things: detectors that give boxes and scores for the same few labels."""

import numpy as np
import onnxruntime
from PIL import Image

from functions.vision.boxes import Box, FloatArray, box_from_corners, suppress

_OVERLAP = 0.5
_MOST = 20


class ObjectFinder:
    """Runs one detector; it takes a square picture and knows its labels itself."""

    def __init__(self, session: onnxruntime.InferenceSession, labels: list[str]) -> None:
        self._session, self._labels = session, labels
        self._side: int = session.get_inputs()[0].shape[1]

    def find(self, image: Image.Image, floor: float) -> list[Box]:
        """Everything of at least *floor*, best first within each label."""
        small = image.resize((self._side, self._side), Image.Resampling.BILINEAR)
        corners, scores = self._session.run(None, {"image": np.asarray(small)[None]})
        return [
            box
            for column, label in enumerate(self._labels)
            for box in _strongest(label, corners[0], scores[0, :, column], floor)
        ]


def _strongest(label: str, corners: FloatArray, scores: FloatArray, floor: float) -> list[Box]:
    (chosen,) = np.nonzero(scores >= floor)
    kept = suppress(corners[chosen], scores[chosen], _OVERLAP)[:_MOST]
    return [box_from_corners(label, scores[chosen][i], corners[chosen][i]) for i in kept]
