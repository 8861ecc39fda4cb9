"""Picture quality: how much a picture shows at all, as light, texture and sharpness."""

from functools import cached_property
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functions.vision.boxes import FloatArray
from functions.vision.percentiles import percentile

Grey = NDArray[np.int16]

# About the longer side after downscaling: noise is averaged out, and blur of a pixel or two ignored.
_SIDE = 320
_BLOCK = 16
_LIGHT_STEP = 16


class PictureQuality(Protocol):
    """Statistics of a picture's grey values, each 0–255 except the sharpness.

    ``light`` is their mean and ``brightest`` their 99th percentile. ``texture`` is the standard
    deviation within the most textured blocks (95th percentile of blocks): a covered lens shows
    gradients at most. ``sharpness`` is the 99th percentile of the Laplacian relative to the
    contrast.
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
        """The standard deviation within the most textured blocks."""
        ...

    @property
    def sharpness(self) -> float:
        """The strength of the edges relative to the contrast."""
        ...


class MeasuredQuality:
    """The quality of a picture; everything except the light is measured when a rule needs it.

    ``measured`` holds the names of the measures that a rule has needed so far, apart from
    ``light`` and ``brightest``: they explain a decision and are recorded with it.
    """

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        self.light = _light(image)
        self.measured: set[Literal["texture", "sharpness"]] = set()

    @property
    def brightest(self) -> float:
        """The 99th percentile."""
        return self._contrast_range[1]

    @property
    def texture(self) -> float:
        """The standard deviation within the most textured blocks."""
        self.measured.add("texture")
        return self._texture

    @property
    def sharpness(self) -> float:
        """The strength of the edges relative to the contrast."""
        self.measured.add("sharpness")
        return self._sharpness

    def measures(self) -> dict[str, float]:
        """Return the light and every measure that a rule has needed so far, by name."""
        values = {"light": self.light}
        if "texture" in self.measured:
            values["texture"] = self._texture
        if "sharpness" in self.measured:
            values["sharpness"] = self._sharpness
        return values

    @cached_property
    def _texture(self) -> float:
        return _texture(self._values)

    @cached_property
    def _sharpness(self) -> float:
        darkest, brightest = self._contrast_range
        return _edges(self._values) / max(1, brightest - darkest)

    @cached_property
    def _values(self) -> Grey:
        grey = self._image.reduce(max(1, round(max(self._image.size) / _SIDE))).convert("L")
        return np.asarray(grey).astype(np.int16)

    @cached_property
    def _contrast_range(self) -> tuple[int, int]:
        """The 1st and the 99th percentile."""
        counts = np.cumsum(np.bincount(self._values.ravel())) / self._values.size
        darkest, brightest = np.searchsorted(counts, (0.01, 0.99)).tolist()
        return darkest, brightest


def _light(image: Image.Image) -> float:
    """Return the mean of every 16th pixel of every 16th row, which is close to that of all."""
    width, height = (max(1, side // _LIGHT_STEP) for side in image.size)
    samples = image.resize((width, height), Image.Resampling.NEAREST)
    return float(np.asarray(samples.convert("L")).mean())


def _edges(values: Grey) -> float:
    """Return the 99th percentile of the absolute Laplacian, on every other row."""
    middle, above, below = values[1:-1:2], values[:-2:2], values[2::2]
    neighbours = above[:, 1:-1] + below[:, 1:-1] + middle[:, :-2] + middle[:, 2:]
    edges = np.abs(4 * middle[:, 1:-1] - neighbours)
    counts = np.cumsum(np.bincount(edges.ravel())) / edges.size
    return float(np.searchsorted(counts, 0.99))


def _texture(values: Grey) -> float:
    """Return the 95th percentile, over all blocks, of the standard deviation within a block."""
    rows, columns = (max(1, side // _BLOCK) for side in values.shape)
    blocks = values[: rows * _BLOCK, : columns * _BLOCK].astype(np.float32)
    # A side shorter than a block makes one block.
    height, width = len(blocks) // rows, blocks.shape[1] // columns

    def means(values: FloatArray) -> FloatArray:
        sums = values.reshape(rows, height, -1).sum(axis=1).reshape(rows, columns, width)
        mean: FloatArray = sums.mean(axis=2) / height
        return mean

    # E[x²] - E[x]²: numpy's own standard deviation takes four times as long.
    variance = means(blocks * blocks) - means(blocks) ** 2
    return percentile(np.sqrt(np.maximum(variance, 0)), 95)
