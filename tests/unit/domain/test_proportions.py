"""Wilson intervals of proportions."""

import pytest

from chalicelib.domain.proportions import wilson_interval


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (0, 0, 0.0, 1.0),
        (16, 65, 0.158, 0.363),
        (35, 36, 0.858, 0.995),
        (0, 562, 0.0, 0.007),
        (3, 3, 0.438, 1.0),
    ],
)
def test_intervals_are_wilsons(hits: int, total: int, low: float, high: float) -> None:
    assert wilson_interval(hits, total) == pytest.approx((low, high), abs=0.001)
