import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.vision.boxes import Box, boxes_from_corners, non_max_suppression

part = st.floats(0, 1, width=32)
boxes = st.builds(Box, st.just("x"), part, part, part, part, part)


@given(boxes, boxes)
def test_intersection_is_symmetric_and_bounded(a: Box, b: Box) -> None:
    assert a.intersection(b) == b.intersection(a)
    assert a.intersection(b) <= min(a.area, b.area) + 1e-9
    assert 0 <= a.iou(b) <= 1 + 1e-9
    assert 0 <= a.within(b) <= 1 + 1e-6


def test_a_box_has_an_iou_of_one_with_itself() -> None:
    box = Box("x", 1, 0.1, 0.2, 0.3, 0.4)
    assert box.iou(box) == pytest.approx(1)
    assert box.within(box) == pytest.approx(1)


def test_boxes_are_clipped_to_the_picture() -> None:
    corners = np.array([[-0.5, 0.25, 0.5, 1.5]], np.float32)
    (box,) = boxes_from_corners("x", np.array([0.5], np.float32), corners)
    assert (box.x, box.y, box.w, box.h) == (0, 0.25, 0.5, 0.75)


def test_nms_keeps_the_best_of_overlapping_boxes() -> None:
    corners = np.array([[0, 0, 1, 1], [0, 0, 0.9, 1], [2, 2, 3, 3]], np.float32)
    assert non_max_suppression(corners, np.array([0.5, 0.9, 0.1], np.float32), 0.5) == [1, 2]


def test_nms_of_no_boxes_is_empty() -> None:
    assert non_max_suppression(np.empty((0, 4), np.float32), np.empty(0, np.float32), 0.5) == []
