"""The fast percentiles equal numpy's."""

import numpy as np
import pytest

from functions.vision.percentiles import median, percentile


@pytest.mark.parametrize("shape", [(1,), (2,), (7,), (14, 24), (112, 112)])
@pytest.mark.parametrize("percent", [0, 5, 50, 60, 75, 95, 99, 100])
def test_percentiles_equal_numpys(shape: tuple[int, ...], percent: float) -> None:
    values = np.random.default_rng(5).uniform(-3, 255, shape).astype(np.float32)
    assert percentile(values, percent) == pytest.approx(np.percentile(values, percent), rel=1e-5)
    assert median(values) == pytest.approx(np.median(values), rel=1e-5)
