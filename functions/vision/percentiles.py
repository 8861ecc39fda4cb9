"""Percentiles of small arrays: numpy's own take a tenth of a millisecond before they begin."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def percentile(values: NDArray[Any], percent: float) -> float:
    """As ``numpy.percentile``: between two values in proportion."""
    ranked = np.sort(values, axis=None)
    place = (len(ranked) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ranked) - 1)
    low, high = float(ranked[below]), float(ranked[above])
    return low + (high - low) * (place - below)


def median(values: NDArray[Any]) -> float:
    """The middle value, or the mean of the two in the middle."""
    return percentile(values, 50)
