"""Boxes on a picture, and the little geometry they need."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]


@dataclass(frozen=True)
class Box:
    """Something seen: where (fractions of the picture's width and height) and how surely (0–1)."""

    label: str
    score: float
    x: float
    y: float
    w: float
    h: float

    @property
    def area(self) -> float:
        """The share of the picture it covers."""
        return self.w * self.h

    def overlap(self, other: "Box") -> float:
        """The area that both cover."""
        width = min(self.x + self.w, other.x + other.w) - max(self.x, other.x)
        height = min(self.y + self.h, other.y + other.h) - max(self.y, other.y)
        return max(0.0, width) * max(0.0, height)

    def iou(self, other: "Box") -> float:
        """Intersection over union, 0–1."""
        both = self.overlap(other)
        # Hair-thin boxes at the edge overlap more than their area by rounding.
        return min(1.0, both / (self.area + other.area - both)) if both else 0.0

    def within(self, other: "Box") -> float:
        """The share of this box that lies inside the other, 0–1."""
        return min(1.0, self.overlap(other) / self.area) if self.area else 0.0


def boxes_from_corners(label: str, scores: FloatArray, corners: FloatArray) -> list[Box]:
    """Boxes from rows of relative left, top, right, bottom, cut at the picture's edges."""
    cut = np.clip(corners, 0, 1)
    cut[:, 2:] -= cut[:, :2]
    rows = zip(scores.tolist(), cut.round(4).tolist(), strict=True)
    return [Box(label, round(score, 4), *place) for score, place in rows]


def non_max_suppression(corners: FloatArray, scores: FloatArray, limit: float) -> list[int]:
    """Greedy non-maximum suppression: the indices to keep, best first.

    *corners* is (n, 4) as left, top, right, bottom; two boxes above *limit* of intersection over
    union count as one.
    """
    order = np.argsort(-scores, kind="stable")
    sizes = corners[:, 2:] - corners[:, :2]
    areas = sizes[:, 0] * sizes[:, 1]
    kept: list[int] = []
    while len(order):
        best, order = int(order[0]), order[1:]
        kept.append(best)
        low = np.maximum(corners[order, :2], corners[best, :2])
        high = np.minimum(corners[order, 2:], corners[best, 2:])
        shared = np.maximum(high - low, 0)
        both = shared[:, 0] * shared[:, 1]
        order = order[both <= limit * (areas[order] + areas[best] - both)]
    return kept
