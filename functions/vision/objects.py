"""Finding persons and things: detectors that give boxes and scores for the same few labels."""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from functions.vision.boxes import Box, FloatArray, boxes_from_corners, non_max_suppression

_OVERLAP = 0.5
_MOST = 20
_GREY = (127, 127, 127)


@dataclass(frozen=True)
class Resize:
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


STRETCHED = Resize()
PADDED = Resize(proportions=True)
# Detectors know things best at the size they were trained on: a thing that fills the picture is
# found more surely once the picture is made smaller.
DISTANT = Resize(share=0.74)


@dataclass(frozen=True, eq=False)
class DetectorInput:
    """A picture as a detector takes it, and where in the square it lies: left and top, twice, and
    width and height, twice, in pixels."""

    pixels: NDArray[np.uint8]
    corner: FloatArray
    extent: FloatArray


class ObjectDetector:
    """Runs one detector; it takes a square picture and knows its labels itself."""

    def __init__(self, session: onnxruntime.InferenceSession, labels: list[str]) -> None:
        self._session, self._labels = session, labels
        self._side: int = session.get_inputs()[0].shape[1]

    def prepare(self, image: Image.Image, fit: Resize = STRETCHED) -> DetectorInput:
        """A picture laid into the detector's square."""
        left, top, width, height = fit.place(image.size, self._side)
        laid = _resized(image, width, height)
        if (width, height) != (self._side, self._side):
            canvas = Image.new("RGB", (self._side, self._side), _GREY)
            canvas.paste(laid, (left, top))
            laid = canvas
        corner, extent = ((left, top) * 2, (width, height) * 2)
        return DetectorInput(
            np.asarray(laid), np.array(corner, np.float32), np.array(extent, np.float32)
        )

    def detect(self, square: DetectorInput, floor: float) -> list[Box]:
        """Everything of at least *floor*, best first within each label."""
        corners, scores = self._session.run(None, {"image": square.pixels[None]})
        anchors, columns = np.nonzero(scores[0] >= floor)
        sure = scores[0, anchors, columns]
        placed = (corners[0, anchors] * self._side - square.corner) / square.extent
        return [
            box
            for column in sorted(set(columns.tolist()))
            for box in _strongest(self._labels[column], placed, sure, columns == column)
        ]


def _resized(image: Image.Image, width: int, height: int) -> Image.Image:
    """A picture made smaller by picking pixels, and averaging as many as fit a whole number of times.

    Smoothing all of them takes four times as long, and no more is found (models/cards/).
    """
    across, down = image.width // width, image.height // height
    if not across or not down:
        return image.resize((width, height), Image.Resampling.BILINEAR)
    picked = image.resize((width * across, height * down), Image.Resampling.NEAREST)
    return picked.reduce((across, down))


def _strongest(
    label: str, corners: FloatArray, scores: FloatArray, chosen: NDArray[np.bool]
) -> list[Box]:
    places, sure = corners[chosen], scores[chosen]
    kept = non_max_suppression(places, sure, _OVERLAP)[:_MOST]
    return boxes_from_corners(label, sure[kept], places[kept])
