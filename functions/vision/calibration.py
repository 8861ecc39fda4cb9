"""The limits for one candidate on one camera, from what the calm beginning taught. Bounded."""

from dataclasses import replace

from chalicelib.domain.monitoring.baseline import Baseline
from functions.vision.rules import Thresholds

# An own photo taken years ago, or on another camera, is less alike than the usual limit expects;
# a very like one makes a stranger easier to tell.
_SHARE_OF_LIKENESS = 0.65
_LIKENESS = (0.3, 0.42)
_SHARE_OF_LIGHT = 0.3
_LIGHT = (20.0, 40.0)


def calibrate(thresholds: Thresholds, baseline: Baseline | None) -> Thresholds:
    """Return the limits for a candidate; nothing is learnt, nothing is changed."""
    if baseline is None:
        return thresholds
    return replace(
        thresholds,
        usual_yaw=baseline.yaw,
        usual_nose=baseline.nose,
        same_person=_between(baseline.similarity * _SHARE_OF_LIKENESS, *_LIKENESS),
        light=_between(baseline.light * _SHARE_OF_LIGHT, *_LIGHT),
    )


def _between(value: float, least: float, most: float) -> float:
    return round(max(least, min(most, value)), 3)
