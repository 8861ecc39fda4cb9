"""Whether the second view shows the first one's picture: both cameras' pictures side by side.

A glance is a tiny grey picture, 12×12 of a byte each, as Base64. Two cameras in one room never look
from one place, so that their glances differ in more than the person's movements.
"""

import base64
from collections.abc import Sequence
from dataclasses import replace
from math import sqrt

from chalicelib.domain.monitoring.baseline import FrameSignatures, ViewHistory
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation
from chalicelib.domain.types import SECOND, Millis, View

SIDE = 12
SAME_GLANCE = 0.96
"""The correlation from which two glances are one camera's. Of different places it is below 0.8;
of one camera, whose person moves, around 0.98."""
SAME_MOMENT: Millis = 15 * SECOND
"""Only pictures so close to each other are compared: three of the first view."""
MIN_CONTRAST = 6.0
"""With less standard deviation, in grey values, there is nothing to compare."""


def with_same_view(
    observation: Observation, signatures: FrameSignatures, first: ViewHistory | None
) -> Observation:
    """Return an observation of the second view, with a finding where it shows the first one's."""
    if observation.view is not View.SECOND or observation.error is not None:
        return observation
    alike = _likeness(signatures.glance, observation.captured_at, first)
    if alike is None:
        return observation
    finding = Finding(FindingKind.SAME_VIEW, alike)
    return replace(observation, findings=(*observation.findings, finding))


def _likeness(glance: str | None, at: Millis, first: ViewHistory | None) -> float | None:
    """Return how alike two glances of one moment are, if they are one picture; mirrored too."""
    if glance is None or first is None or first.glance is None:
        return None
    if abs(at - first.at) > SAME_MOMENT:
        return None
    mine, other = base64.b64decode(glance), base64.b64decode(first.glance)
    rows = [mine[start : start + SIDE] for start in range(0, len(mine), SIDE)]
    mirrored = b"".join(row[::-1] for row in rows)
    alike = max(_correlation(mine, other), _correlation(mirrored, other))
    return round(min(alike, 1.0), 4) if alike >= SAME_GLANCE else None


def _correlation(mine: Sequence[int], other: Sequence[int]) -> float:
    """Return the correlation of two glances; 0 where one is even, or they differ in size."""
    if len(mine) != len(other):
        return 0.0
    count = len(mine)
    a, b = _centred(mine), _centred(other)
    spread_a, spread_b = (sqrt(sum(value * value for value in values)) for values in (a, b))
    if min(spread_a, spread_b) < MIN_CONTRAST * sqrt(count):
        return 0.0
    return sum(x * y for x, y in zip(a, b, strict=True)) / (spread_a * spread_b)


def _centred(values: Sequence[int]) -> list[float]:
    mean = sum(values) / len(values)
    return [value - mean for value in values]
