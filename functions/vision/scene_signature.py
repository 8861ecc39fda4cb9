"""Whether a standing camera still shows the scene that it showed at first, and whether a face
has stirred: two small signatures of a picture, kept between pictures as text.

The framing's is a grid of edge directions. It leaves out where persons are, since they move and
the room does not, and hardly changes with the light. The face's is a thumbnail.
"""

import base64
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from functions.vision.boxes import Box

_CELLS = 16
_SIDE = 4 * _CELLS
_HIDDEN = -128
# A grey value's worth of edge: less is grain.
_GRAIN = 6.0
# Less edge than this, in all cells compared, is a bare wall: nothing to recognise.
_LEAST_EDGES = 40.0
_LEAST_CELLS = 0.3
# So alike is the same framing: no shift need be tried.
_SURELY = 0.7
_FACE = 16
_FINE = 65535

Grid = NDArray[np.int8]


def scene_signature(image: Image.Image, persons: Sequence[Box]) -> str:
    """The scene's signature: 16×16 cells of two numbers, as Base64."""
    return base64.b64encode(_grid(image, persons).tobytes()).decode()


def scene_similarity(image: Image.Image, persons: Sequence[Box], before: str) -> float | None:
    """How much of the scene is where it was, -1–1; None where too little of it is to be seen.

    A shift of up to a cell, 6 % of the picture, is a table's shaking and no other framing.
    """
    old = np.frombuffer(base64.b64decode(before), np.int8).reshape(_CELLS, _CELLS, 2)
    new = _grid(image, persons)
    straight = _best_offset(old, new)
    if straight is not None and straight >= _SURELY:
        return straight
    found = [
        _best_offset(old, np.roll(new, (y, x), (0, 1))) for y in (-1, 0, 1) for x in (-1, 0, 1)
    ]
    told = [found_item for found_item in found if found_item is not None]
    return max(told) if told else None


def _best_offset(old: Grid, new: Grid) -> float | None:
    """The cosine over the cells that neither picture hides."""
    seen = (old[..., 0] != _HIDDEN) & (new[..., 0] != _HIDDEN)
    a, b = old[seen].astype(np.float32), new[seen].astype(np.float32)
    edges = float(np.linalg.norm(a))
    if seen.mean() < _LEAST_CELLS or edges < _LEAST_EDGES:
        return None
    return float((a * b).sum()) / (edges * float(np.linalg.norm(b)) + 1e-6)


def _grid(image: Image.Image, persons: Sequence[Box]) -> Grid:
    small = image.resize((_SIDE, _SIDE), Image.Resampling.BOX, reducing_gap=1.0)
    grey = small.convert("L")
    light = np.pad(np.asarray(grey, np.float32), 1, mode="edge")
    across = light[1:-1, 2:] - light[1:-1, :-2]
    down = light[2:, 1:-1] - light[:-2, 1:-1]
    strength = np.hypot(across, down)
    # The doubled angle: an edge is the same from either side, whichever is brighter.
    scale = np.sqrt(np.maximum(strength - _GRAIN, 0)) / (strength**2 + 1e-6)
    turned = np.stack([across**2 - down**2, 2 * across * down], -1) * scale[..., None]
    cells = turned.reshape(_CELLS, 4, _CELLS, 4, 2).mean(axis=(1, 3))
    grid: Grid = np.clip(np.round(cells * 8), -127, 127).astype(np.int8)
    for box in persons:
        left, top = (int(max(0.0, at - 0.03) * _CELLS) for at in (box.x, box.y))
        right, bottom = (
            int(np.ceil(min(1.0, at + 0.03) * _CELLS)) for at in (box.x + box.w, box.y + box.h)
        )
        grid[top:bottom, left:right] = _HIDDEN
    return grid


def thumbnail(image: Image.Image, place: Box) -> str:
    """Where something is, and its grey values, 16×16, as Base64."""
    corners = np.array([place.x, place.y, place.x + place.w, place.y + place.h])
    where = np.round(np.clip(corners, 0, 1) * _FINE).astype("<u2")
    return base64.b64encode(where.tobytes() + _small(image, where).tobytes()).decode()


def thumbnail_change(image: Image.Image, before: str) -> float:
    """How much that place of the picture changed since a thumbnail, in grey values of 255.

    Brighter or darker as a whole is no change.
    """
    content = base64.b64decode(before)
    where = np.frombuffer(content[:8], "<u2")
    old = np.frombuffer(content[8:], np.uint8).astype(np.float32)
    new = _small(image, where).ravel().astype(np.float32)
    gain = (old.mean() + 1) / (new.mean() + 1)
    return float(np.abs(new * gain - old).mean())


def _small(image: Image.Image, where: NDArray[np.uint16]) -> NDArray[np.uint8]:
    left, top, right, bottom = (where / _FINE * np.array([*image.size, *image.size])).tolist()
    place = (int(left), int(top), max(int(right), int(left) + 1), max(int(bottom), int(top) + 1))
    small = image.crop(place).convert("L").resize((_FACE, _FACE), Image.Resampling.BOX)
    return np.asarray(small)
