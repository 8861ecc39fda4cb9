"""Object detection: persons and things. All detectors share the same few labels."""

from dataclasses import dataclass

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from PIL import Image

from functions.vision.boxes import Box, FloatArray, boxes_from_corners, non_max_suppression

_MAX_IOU = 0.5
_MAX_PER_LABEL = 20
_GREY = (127, 127, 127)


@dataclass(frozen=True)
class Resize:
    """How a picture is fitted into a detector's square input.

    ``keep_aspect`` keeps the aspect ratio instead of stretching; ``fill`` below 1 leaves a margin;
    ``smooth`` interpolates instead of picking pixels, for parts that are hardly downscaled.
    """

    keep_aspect: bool = False
    fill: float = 1.0
    smooth: bool = False

    def place(self, size: tuple[int, int], side: int) -> tuple[int, int, int, int]:
        """Return left, top, width and height inside the square, in pixels."""
        longer = max(size) if self.keep_aspect else 0
        width, height = (
            max(1, round(side * self.fill * (length / longer if longer else 1))) for length in size
        )
        return (side - width) // 2, (side - height) // 2, width, height


STRETCH = Resize()
SMOOTH = Resize(smooth=True)
LETTERBOX = Resize(keep_aspect=True)
# Detectors work best at the object sizes that they were trained on: an object that fills the
# picture scores higher once the picture is shrunk.
SHRINK = Resize(fill=0.74)


@dataclass(frozen=True, eq=False)
class DetectorInput:
    """A picture fitted into a detector's square input.

    ``corner`` (left and top, twice) and ``extent`` (width and height, twice) are where it lies
    inside the square, in pixels.
    """

    pixels: NDArray[np.uint8]
    corner: FloatArray
    extent: FloatArray


class ObjectDetector:
    """Runs one detector, whose input is square; its labels are in the model file."""

    def __init__(self, session: onnxruntime.InferenceSession, labels: list[str]) -> None:
        self._session, self._labels = session, labels
        self._side: int = session.get_inputs()[0].shape[1]

    def prepare(self, image: Image.Image, resize: Resize = STRETCH) -> DetectorInput:
        """Fit a picture into the detector's square input."""
        left, top, width, height = resize.place(image.size, self._side)
        square = (
            image.resize((width, height), Image.Resampling.BILINEAR)
            if resize.smooth
            else _downscale(image, width, height)
        )
        if (width, height) != (self._side, self._side):
            canvas = Image.new("RGB", (self._side, self._side), _GREY)
            canvas.paste(square, (left, top))
            square = canvas
        corner, extent = ((left, top) * 2, (width, height) * 2)
        return DetectorInput(
            np.asarray(square), np.array(corner, np.float32), np.array(extent, np.float32)
        )

    def detect(self, frame: DetectorInput, min_score: float) -> list[Box]:
        """Return all boxes from *min_score* on, highest score first within each label."""
        corners, scores = self._session.run(None, {"image": frame.pixels[None]})
        anchors, columns = np.nonzero(scores[0] >= min_score)
        candidate_scores = scores[0, anchors, columns]
        candidates = (corners[0, anchors] * self._side - frame.corner) / frame.extent
        return [
            box
            for column in sorted(set(columns.tolist()))
            for box in _suppress(
                self._labels[column], candidates, candidate_scores, columns == column
            )
        ]


def _downscale(image: Image.Image, width: int, height: int) -> Image.Image:
    """Downscale by picking pixels to an integer multiple of the size, then averaging blocks of them.

    Averaging all pixels takes four times as long and finds no more (models/cards/objects.md).
    """
    across, down = image.width // width, image.height // height
    if not across or not down:
        return image.resize((width, height), Image.Resampling.BILINEAR)
    multiple = image.resize((width * across, height * down), Image.Resampling.NEAREST)
    return multiple.reduce((across, down))


def _suppress(
    label: str, corners: FloatArray, scores: FloatArray, mask: NDArray[np.bool]
) -> list[Box]:
    """Apply NMS to the candidates of one label."""
    corners, scores = corners[mask], scores[mask]
    indices = non_max_suppression(corners, scores, _MAX_IOU)[:_MAX_PER_LABEL]
    return boxes_from_corners(label, scores[indices], corners[indices])
