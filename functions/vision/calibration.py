"""Thresholds for one candidate on one camera, calibrated with the baseline; within bounds."""

from dataclasses import replace

from chalicelib.domain.monitoring.baseline import Baseline
from functions.vision.rules import Thresholds

# Against a registration photo from years ago or from another camera, the candidate's own
# similarity is lower than the standard threshold expects; where it is very high, the threshold
# can be stricter with other persons.
_SIMILARITY_FRACTION = 0.65
_SIMILARITY_BOUNDS = (0.3, 0.42)
_LIGHT_FRACTION = 0.3
_LIGHT_BOUNDS = (20.0, 40.0)


def calibrate(thresholds: Thresholds, baseline: Baseline | None) -> Thresholds:
    """Return the thresholds for a candidate; without a baseline, they stay as they are."""
    if baseline is None:
        return thresholds
    return replace(
        thresholds,
        baseline_yaw=baseline.yaw,
        baseline_nose=baseline.nose,
        baseline_gaze=baseline.gaze or 0.0,
        baseline_pitch=thresholds.baseline_pitch if baseline.pitch is None else baseline.pitch,
        same_person=_clamp(baseline.similarity * _SIMILARITY_FRACTION, *_SIMILARITY_BOUNDS),
        light=_clamp(baseline.light * _LIGHT_FRACTION, *_LIGHT_BOUNDS),
    )


def _clamp(value: float, low: float, high: float) -> float:
    return round(max(low, min(high, value)), 3)
