"""Signatures to compare the next picture with: has the camera moved, and does the face move?

The scene signature is a grid of edge directions. It leaves out the cells that persons cover, since
they move and the room does not, and is nearly invariant to lighting. The face's signature is a
thumbnail. Both are stored between pictures as Base64.
"""

import base64
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from chalicelib.domain.monitoring.glances import SIDE as GLANCE_SIDE
from functions.vision.boxes import Box

_CELLS = 16
_SIDE = 4 * _CELLS
_MASKED = -128
# Gradients below this, in grey values, are noise.
_NOISE = 6.0
# With fewer edges over all compared cells the scene is a bare wall: nothing to recognise.
_MIN_EDGES = 40.0
_MIN_CELLS = 0.3
# From this similarity on the scene is the same, and no shift needs to be tried.
_SAME_SCENE = 0.7
_THUMBNAIL_SIDE = 16
_COORDINATE_MAX = 65535

Grid = NDArray[np.int8]


def scene_signature(image: Image.Image, persons: Sequence[Box]) -> str:
    """Return the scene's signature: 16×16 cells of two int8, as Base64."""
    return base64.b64encode(_grid(image, persons).tobytes()).decode()


def scene_similarity(image: Image.Image, persons: Sequence[Box], before: str) -> float | None:
    """Return the similarity to an earlier scene, -1–1; None if too little of the scene is visible.

    *before* is the earlier signature. The best of all shifts by up to one cell (6 % of the picture)
    counts: that much is a shaking table and not a moved camera.
    """
    old = np.frombuffer(base64.b64decode(before), np.int8).reshape(_CELLS, _CELLS, 2)
    new = _grid(image, persons)
    unshifted = _cosine(old, new)
    if unshifted is not None and unshifted >= _SAME_SCENE:
        return unshifted
    shifts = [(y, x) for y in (-1, 0, 1) for x in (-1, 0, 1)]
    cosines = [_cosine(old, np.roll(new, shift, (0, 1))) for shift in shifts]
    return max((cosine for cosine in cosines if cosine is not None), default=None)


def _cosine(old: Grid, new: Grid) -> float | None:
    """Return the cosine similarity over the cells that are visible in both pictures."""
    visible = (old[..., 0] != _MASKED) & (new[..., 0] != _MASKED)
    a, b = old[visible].astype(np.float32), new[visible].astype(np.float32)
    edges = float(np.linalg.norm(a))
    if visible.mean() < _MIN_CELLS or edges < _MIN_EDGES:
        return None
    return float((a * b).sum()) / (edges * float(np.linalg.norm(b)) + 1e-6)


def _grid(image: Image.Image, persons: Sequence[Box]) -> Grid:
    small = image.resize((_SIDE, _SIDE), Image.Resampling.BOX, reducing_gap=1.0)
    grey = small.convert("L")
    light = np.pad(np.asarray(grey, np.float32), 1, mode="edge")
    across = light[1:-1, 2:] - light[1:-1, :-2]
    down = light[2:, 1:-1] - light[:-2, 1:-1]
    strength = np.hypot(across, down)
    # The doubled angle makes an edge's direction independent of which side is brighter.
    scale = np.sqrt(np.maximum(strength - _NOISE, 0)) / (strength**2 + 1e-6)
    directions = np.stack([across**2 - down**2, 2 * across * down], -1) * scale[..., None]
    cells = directions.reshape(_CELLS, 4, _CELLS, 4, 2).mean(axis=(1, 3))
    grid: Grid = np.clip(np.round(cells * 8), -127, 127).astype(np.int8)
    for box in persons:
        left, top = (int(max(0.0, edge - 0.03) * _CELLS) for edge in (box.x, box.y))
        right, bottom = (
            int(np.ceil(min(1.0, edge + 0.03) * _CELLS)) for edge in (box.x + box.w, box.y + box.h)
        )
        grid[top:bottom, left:right] = _MASKED
    return grid


def thumbnail(image: Image.Image, box: Box) -> str:
    """Return a box's region and its 16×16 grey values, as Base64."""
    corners = np.array([box.x, box.y, box.x + box.w, box.y + box.h])
    region = np.round(np.clip(corners, 0, 1) * _COORDINATE_MAX).astype("<u2")
    return base64.b64encode(region.tobytes() + _grey(image, region).tobytes()).decode()


def thumbnail_change(image: Image.Image, before: str) -> float:
    """Return the mean change of a thumbnail's region since then, in grey values of 255.

    A change of the overall brightness does not count.
    """
    content = base64.b64decode(before)
    region = np.frombuffer(content[:8], "<u2")
    old = np.frombuffer(content[8:], np.uint8).astype(np.float32)
    new = _grey(image, region).ravel().astype(np.float32)
    gain = (old.mean() + 1) / (new.mean() + 1)
    return float(np.abs(new * gain - old).mean())


def glance(image: Image.Image) -> str:
    """Return the whole picture as 12×12 grey values, as Base64."""
    small = image.resize((GLANCE_SIDE, GLANCE_SIDE), Image.Resampling.BOX, reducing_gap=1.0)
    return base64.b64encode(small.convert("L").tobytes()).decode()


def _grey(image: Image.Image, region: NDArray[np.uint16]) -> NDArray[np.uint8]:
    corners = region / _COORDINATE_MAX * np.array([*image.size, *image.size])
    left, top, right, bottom = (int(corner) for corner in corners.tolist())
    crop = image.crop((left, top, max(right, left + 1), max(bottom, top + 1))).convert("L")
    return np.asarray(crop.resize((_THUMBNAIL_SIDE, _THUMBNAIL_SIDE), Image.Resampling.BOX))
