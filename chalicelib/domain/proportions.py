"""Proportions and how far to trust them."""

import math

_Z = 1.96  # 95 %


def wilson_interval(hits: float, total: float) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a proportion; 0 to 1 without any case.

    It is valid for few cases too, which need not be whole numbers.
    """
    if not total:
        return 0.0, 1.0
    share, spread = hits / total, _Z**2 / total
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / total + spread / (4 * total)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
