"""How much a picture shows at all: its light, its texture and its sharpness, as plain numbers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functions.vision.boxes import FloatArray
from functions.vision.ranks import percentile

Grey = NDArray[np.int16]

# The longer side looked at, about: grain is averaged away, and blur of a pixel or two is no matter.
_SIDE = 320
_BLOCK = 16


@dataclass(frozen=True)
class Quality:
    """What a picture's grey values tell, each 0–255 but the last.

    ``light`` is their mean and ``brightest`` their 99th percentile. ``texture`` is the deviation
    within the liveliest blocks (95th percentile of blocks): a covered lens shows gradients at
    most. ``sharpness`` is the 99th percentile of the Laplacian as a part of the contrast.
    """

    light: float
    brightest: float
    texture: float
    sharpness: float


def measure(image: Image.Image) -> Quality:
    """Measure a whole picture."""
    grey = image.reduce(max(1, round(max(image.size) / _SIDE))).convert("L")
    values = np.asarray(grey).astype(np.int16)
    counts = np.cumsum(grey.histogram()) / values.size
    darkest, brightest = np.searchsorted(counts, (0.01, 0.99)).tolist()
    return Quality(
        light=float(values.mean()),
        brightest=brightest,
        texture=_texture(values),
        sharpness=_edges(values) / max(1, brightest - darkest),
    )


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
