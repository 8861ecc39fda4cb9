"""Finding persons and things: detectors that give boxes and scores for the same few labels."""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from functions.vision.boxes import Box, FloatArray, boxes_from_corners, suppress

_OVERLAP = 0.5
_MOST = 20
_GREY = (127, 127, 127)


@dataclass(frozen=True)
class Fit:
    """How a picture is laid into a detector's square: with its own proportions or stretched,
    over the whole of the square or with a margin around it."""

    proportions: bool = False
    share: float = 1.0

    def place(self, size: tuple[int, int], side: int) -> tuple[int, int, int, int]:
        """Left, top, width and height in the square, in pixels."""
        longer = max(size) if self.proportions else 0
        width, height = (
            max(1, round(side * self.share * (one / longer if longer else 1))) for one in size
        )
        return (side - width) // 2, (side - height) // 2, width, height


STRETCHED = Fit()
PADDED = Fit(proportions=True)
# Detectors know things best at the size they were trained on: a thing that fills the picture is
# found more surely once the picture is made smaller.
DISTANT = Fit(share=0.74)


class ObjectFinder:
    """Runs one detector; it takes a square picture and knows its labels itself."""

    def __init__(self, session: onnxruntime.InferenceSession, labels: list[str]) -> None:
        self._session, self._labels = session, labels
        self._side: int = session.get_inputs()[0].shape[1]

    def find(self, image: Image.Image, floor: float, fit: Fit = STRETCHED) -> list[Box]:
        """Everything of at least *floor*, best first within each label."""
        left, top, width, height = fit.place(image.size, self._side)
        square = image.resize((width, height), Image.Resampling.BILINEAR, reducing_gap=1.0)
        if (width, height) != (self._side, self._side):
            canvas = Image.new("RGB", (self._side, self._side), _GREY)
            canvas.paste(square, (left, top))
            square = canvas
        corners, scores = self._session.run(None, {"image": np.asarray(square)[None]})
        anchors, columns = np.nonzero(scores[0] >= floor)
        sure = scores[0, anchors, columns]
        offset = np.array([left, top, left, top], np.float32)
        extent = np.array([width, height, width, height], np.float32)
        placed = (corners[0, anchors] * self._side - offset) / extent
        return [
            box
            for column in sorted(set(columns.tolist()))
            for box in _strongest(self._labels[column], placed, sure, columns == column)
        ]


def _strongest(
    label: str, corners: FloatArray, scores: FloatArray, chosen: NDArray[np.bool]
) -> list[Box]:
    places, sure = corners[chosen], scores[chosen]
    kept = suppress(places, sure, _OVERLAP)[:_MOST]
    return boxes_from_corners(label, sure[kept], places[kept])
