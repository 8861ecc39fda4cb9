"""How much a picture shows at all: its light, its texture and its sharpness, as plain numbers."""

from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functions.vision.boxes import FloatArray
from functions.vision.percentiles import percentile

Grey = NDArray[np.int16]

# The longer side looked at, about: grain is averaged away, and blur of a pixel or two is no matter.
_SIDE = 320
_BLOCK = 16
_APART = 16
_DOUBTFUL = ("texture", "sharpness")


class PictureQuality(Protocol):
    """What a picture's grey values tell, each 0–255 but the last.

    ``light`` is their mean and ``brightest`` their 99th percentile. ``texture`` is the deviation
    within the liveliest blocks (95th percentile of blocks): a covered lens shows gradients at
    most. ``sharpness`` is the 99th percentile of the Laplacian as a part of the contrast.
    """

    @property
    def light(self) -> float:
        """The mean."""
        ...

    @property
    def brightest(self) -> float:
        """The 99th percentile."""
        ...

    @property
    def texture(self) -> float:
        """The deviation within the liveliest blocks."""
        ...

    @property
    def sharpness(self) -> float:
        """The edges as a part of the contrast."""
        ...


class MeasuredQuality:
    """The quality of a whole picture; but for the light, only a doubt asks for it and pays."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        self.light = _light(image)

    @cached_property
    def brightest(self) -> float:
        """The 99th percentile."""
        return self._span[1]

    @cached_property
    def texture(self) -> float:
        """The deviation within the liveliest blocks."""
        return _texture(self._values)

    @cached_property
    def sharpness(self) -> float:
        """The edges as a part of the contrast."""
        darkest, brightest = self._span
        return _edges(self._values) / max(1, brightest - darkest)

    def told(self) -> dict[str, float]:
        """What doubts have asked for, by name."""
        return {name: vars(self)[name] for name in _DOUBTFUL if name in vars(self)}

    @cached_property
    def _values(self) -> Grey:
        grey = self._image.reduce(max(1, round(max(self._image.size) / _SIDE))).convert("L")
        return np.asarray(grey).astype(np.int16)

    @cached_property
    def _span(self) -> tuple[int, int]:
        """The 1st and the 99th percentile."""
        counts = np.cumsum(np.bincount(self._values.ravel())) / self._values.size
        darkest, brightest = np.searchsorted(counts, (0.01, 0.99)).tolist()
        return darkest, brightest


def _light(image: Image.Image) -> float:
    """The mean of every sixteenth pixel of every sixteenth row: as good as of all."""
    width, height = (max(1, side // _APART) for side in image.size)
    few = image.resize((width, height), Image.Resampling.NEAREST)
    return float(np.asarray(few.convert("L")).mean())


def _edges(values: Grey) -> float:
    """The 99th percentile of how far pixels are from their four neighbours, on every other row."""
    middle, above, below = values[1:-1:2], values[:-2:2], values[2::2]
    around = above[:, 1:-1] + below[:, 1:-1] + middle[:, :-2] + middle[:, 2:]
    edges = np.abs(4 * middle[:, 1:-1] - around)
    counts = np.cumsum(np.bincount(edges.ravel())) / edges.size
    return float(np.searchsorted(counts, 0.99))


def _texture(values: Grey) -> float:
    """The deviation within blocks, at the 95th percentile of blocks."""
    rows, columns = (max(1, side // _BLOCK) for side in values.shape)
    blocks = values[: rows * _BLOCK, : columns * _BLOCK].astype(np.float32)
    # A side shorter than a block is one block.
    height, width = len(blocks) // rows, blocks.shape[1] // columns

    def means(values: FloatArray) -> FloatArray:
        across = values.reshape(rows, height, -1).sum(axis=1).reshape(rows, columns, width)
        mean: FloatArray = across.mean(axis=2) / height
        return mean

    # By sums alone: numpy's own deviation takes four times as long.
    variance = means(blocks * blocks) - means(blocks) ** 2
    return percentile(np.sqrt(np.maximum(variance, 0)), 95)
