"""Bounding boxes: intersection, IoU and non-maximum suppression (NMS)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from chalicelib.domain.rules.findings import ObservedBox

FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Box:
    """A detection: its label, its score (0–1) and its bounding box.

    ``x``, ``y`` (top left), ``w`` and ``h`` are fractions of the picture's width and height.
    """

    label: str
    score: float
    x: float
    y: float
    w: float
    h: float

    @property
    def area(self) -> float:
        """The area as a fraction of the picture."""
        return self.w * self.h

    def intersection(self, other: "Box") -> float:
        """Return the area of the intersection, as a fraction of the picture."""
        width = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        height = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        return max(0.0, width) * max(0.0, height)

    def iou(self, other: "Box") -> float:
        """Return the intersection over union (IoU), 0–1."""
        shared = self.intersection(other)
        # Through rounding, very thin boxes at the edge can intersect in more than their area.
        return min(1.0, shared / (self.area + other.area - shared)) if shared else 0.0

    def within(self, other: "Box") -> float:
        """Return the fraction of this box that lies inside the other, 0–1."""
        return min(1.0, self.intersection(other) / self.area) if self.area else 0.0


def observed_box(box: Box) -> ObservedBox:
    """Convert a box of the models to the domain's type."""
    return ObservedBox(box.label, box.score, box.x, box.y, box.w, box.h)


def boxes_from_corners(label: str, scores: FloatArray, corners: FloatArray) -> list[Box]:
    """Return boxes from (n, 4) relative left, top, right, bottom, clipped to the picture."""
    extents = np.clip(corners, 0, 1)
    extents[:, 2:] -= extents[:, :2]
    rows = zip(scores.tolist(), extents.round(4).tolist(), strict=True)
    return [Box(label, round(score, 4), *extent) for score, extent in rows]


def non_max_suppression(corners: FloatArray, scores: FloatArray, max_iou: float) -> list[int]:
    """Greedy non-maximum suppression (NMS): return the indices to keep, highest score first.

    *corners* is (n, 4) as left, top, right, bottom; of boxes with an IoU above *max_iou*, only the
    one with the highest score is kept.
    """
    order = np.argsort(-scores, kind="stable")
    sizes = corners[:, 2:] - corners[:, :2]
    areas = sizes[:, 0] * sizes[:, 1]
    indices: list[int] = []
    while len(order):
        best, order = int(order[0]), order[1:]
        indices.append(best)
        low = np.maximum(corners[order, :2], corners[best, :2])
        high = np.minimum(corners[order, 2:], corners[best, 2:])
        extent = np.maximum(high - low, 0)
        shared = extent[:, 0] * extent[:, 1]
        order = order[shared <= max_iou * (areas[order] + areas[best] - shared)]
    return indices
