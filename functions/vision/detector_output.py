"""From the output of an institution's own detector to corners, classes and scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from functions.vision.boxes import FloatArray
from functions.vision.detector_description import DetectorOutputFormat

_TOLERANCE = 0.001
_MAX_EXPONENT = 20.0  # of a YOLOX cell: wider than any picture, and no overflow


class DetectorFault(Exception):
    """The network is not as described: the field of the description, and the reason."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field, self.reason = field, reason


@dataclass(frozen=True, eq=False)
class Rows:
    """Boxes as left, top, right, bottom in pixels of the input, with class and score."""

    corners: FloatArray
    classes: NDArray[np.int64]
    scores: FloatArray

    def of(self, classes: Sequence[int], limit: float) -> "Rows":
        """Return the rows of these classes that reach the limit."""
        mask = np.isin(self.classes, classes) & (self.scores >= limit)
        return Rows(self.corners[mask], self.classes[mask], self.scores[mask])


@dataclass(frozen=True)
class Wanted:
    """What is read of an output: the classes that have a label, from the lowest limit on."""

    classes: Sequence[int]
    limit: float


def read_output(
    outputs: Mapping[str, NDArray[Any]],
    form: DetectorOutputFormat,
    size: tuple[int, int],
    wanted: Wanted,
) -> Rows:
    """Return a row for each wanted box and class.

    *size* is the width and height of the network's input. Raises DetectorFault.
    """
    boxes, scores, classes = _parts(outputs, form)
    _require_sound(boxes, scores)
    if form.grid:
        boxes = _from_grid(boxes, form.grid, size)
    if classes is None:
        columns = np.array(sorted(wanted.classes))
        if columns[-1] >= scores.shape[1]:
            raise DetectorFault("labels", f"the network has {scores.shape[1]} classes, from 0 on")
        indices, positions = np.nonzero(scores[:, columns] >= wanted.limit)
        classes, scores = columns[positions], scores[indices, columns[positions]]
        boxes = boxes[indices]
    corners = _corners(boxes, form.corners)
    if form.unit == "relative":
        corners = corners * np.array([*size, *size], np.float32)
    return Rows(corners, classes, scores)


def _require_sound(boxes: FloatArray, scores: FloatArray) -> None:
    if not np.isfinite(boxes).all():
        raise DetectorFault("output.boxes", "are not all finite numbers")
    if not np.isfinite(scores).all():
        raise DetectorFault("output.scores", "are not all finite numbers")
    if scores.size and (scores.min() < -_TOLERANCE or scores.max() > 1 + _TOLERANCE):
        raise DetectorFault(
            "output.activation",
            f"scores reach from {scores.min():.1f} to {scores.max():.1f} instead of 0 to 1",
        )


def _parts(
    outputs: Mapping[str, NDArray[Any]], form: DetectorOutputFormat
) -> tuple[FloatArray, FloatArray, NDArray[np.int64] | None]:
    """Return boxes (n, 4), scores (n, classes) or (n,), and in the latter case the classes (n,)."""
    if form.joined:
        first = 5 if form.objectness else 4
        rows = _table("output.joined", outputs[form.joined], 2)
        if rows.shape[1] <= first:
            raise DetectorFault("output.joined", f"has {rows.shape[1]} columns: no room for scores")
        scores = _activated(rows[:, first:], form.activation)
        if form.objectness:
            scores = scores * _activated(rows[:, 4:5], form.activation)
        return rows[:, :4], scores, None
    boxes = _table("output.boxes", outputs[form.boxes or ""], 2)
    if boxes.shape[1] != 4:
        raise DetectorFault("output.boxes", f"has {boxes.shape[1]} columns instead of 4")
    by_class = form.classes is None
    scores = _table("output.scores", outputs[form.scores or ""], 2 if by_class else 1)
    _require_rows("output.scores", scores, boxes)
    if by_class:
        return boxes, _activated(scores, form.activation), None
    numbers = _table("output.classes", outputs[form.classes or ""], 1)
    _require_rows("output.classes", numbers, boxes)
    numbers = np.nan_to_num(numbers, nan=-1, posinf=-1, neginf=-1)
    return boxes, _activated(scores, form.activation), np.rint(numbers).astype(np.int64)


def _table(field: str, values: NDArray[Any], axes: int) -> FloatArray:
    """Return the values of one picture, without the axis of the batch."""
    one_picture = values[0] if values.ndim == axes + 1 and values.shape[0] == 1 else values
    if one_picture.ndim != axes or one_picture.dtype.kind not in "fiu":
        shape = "×".join(str(length) for length in values.shape)
        raise DetectorFault(field, f"is {shape} of {values.dtype}, not {axes} axes of numbers")
    return one_picture.astype(np.float32)


def _require_rows(field: str, values: FloatArray, boxes: FloatArray) -> None:
    if len(values) != len(boxes):
        raise DetectorFault(field, f"has {len(values)} rows for {len(boxes)} boxes")


def _activated(values: FloatArray, activation: str) -> FloatArray:
    if activation == "sigmoid":
        return (1 / (1 + np.exp(-np.clip(values, -60, 60)))).astype(np.float32)
    if activation == "softmax" and values.shape[1] > 1:
        powers = np.exp(values - values.max(axis=1, keepdims=True))
        return (powers / powers.sum(axis=1, keepdims=True)).astype(np.float32)
    return values


def _from_grid(boxes: FloatArray, strides: Sequence[int], size: tuple[int, int]) -> FloatArray:
    """Return centres and sizes in pixels; they are relative to the cells of each stride's grid."""
    cells, scales = [], []
    for stride in strides:
        columns, rows = np.meshgrid(np.arange(size[0] // stride), np.arange(size[1] // stride))
        cells.append(np.stack([columns, rows], axis=-1).reshape(-1, 2))
        scales.append(np.full((cells[-1].shape[0], 1), stride))
    grid, scale = np.concatenate(cells), np.concatenate(scales)
    if len(grid) != len(boxes):
        raise DetectorFault("output.grid", f"has {len(grid)} cells for {len(boxes)} boxes")
    centres = (boxes[:, :2] + grid) * scale
    extents = np.exp(np.minimum(boxes[:, 2:], _MAX_EXPONENT)) * scale
    return np.concatenate([centres, extents], axis=1).astype(np.float32)


def _corners(boxes: FloatArray, layout: str) -> FloatArray:
    if layout == "yxyx":
        return boxes[:, [1, 0, 3, 2]]
    if layout == "cxcywh":
        half = boxes[:, 2:] / 2
        return np.concatenate([boxes[:, :2] - half, boxes[:, :2] + half], axis=1)
    return boxes
