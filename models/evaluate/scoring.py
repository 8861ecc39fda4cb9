"""Figures of merit with their uncertainty. Pure arithmetic, no pictures."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_Z = 1.96  # 95 %


@dataclass(frozen=True)
class Share:
    """So many of so many, with the 95 % interval of Wilson, which holds for few cases too."""

    hits: int
    of: int

    @property
    def value(self) -> float:
        """The share, or NaN of nothing."""
        return self.hits / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and upper end."""
        if not self.of:
            return 0.0, 1.0
        spread = _Z**2 / self.of
        middle = (self.value + spread / 2) / (1 + spread)
        noise = self.value * (1 - self.value) / self.of + spread / (4 * self.of)
        half = _Z * math.sqrt(noise) / (1 + spread)
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        if not self.of:
            return "-"
        low, high = self.interval
        return f"{self.value:6.1%} [{low:.0%}, {high:.0%}]"


@dataclass(frozen=True)
class Confusion:
    """What was there against what was found."""

    hits: int
    missed: int
    false: int
    quiet: int

    @property
    def recall(self) -> Share:
        """Of what was there, what was found."""
        return Share(self.hits, self.hits + self.missed)

    @property
    def precision(self) -> Share:
        """Of what was found, what was there."""
        return Share(self.hits, self.hits + self.false)

    @property
    def false_rate(self) -> Share:
        """Of where it was not, where it was found all the same."""
        return Share(self.false, self.false + self.quiet)

    @property
    def accuracy(self) -> Share:
        """Of all, what was told rightly."""
        right = self.hits + self.quiet
        return Share(right, right + self.missed + self.false)


def confusion(pairs: Iterable[tuple[bool, bool]]) -> Confusion:
    """Count (there, found) pairs."""
    counted = list(pairs)
    return Confusion(*(counted.count(pair) for pair in _ORDER))


_ORDER = [(True, True), (True, False), (False, True), (False, False)]


@dataclass(frozen=True)
class Roc:
    """Similarities of same and of different pairs, higher meaning more alike."""

    same: Sequence[float]
    different: Sequence[float]

    def accuracy(self, threshold: float) -> Share:
        """Pairs told rightly at a threshold."""
        right = sum(value >= threshold for value in self.same)
        right += sum(value < threshold for value in self.different)
        return Share(right, len(self.same) + len(self.different))

    def accepted(self, rate: float) -> tuple[float, Share]:
        """The threshold that lets at most *rate* of different pairs pass, and what it accepts."""
        ranked = sorted(self.different, reverse=True)
        allowed = math.floor(rate * len(ranked))
        threshold = math.nextafter(ranked[allowed], math.inf) if ranked else -1.0
        return threshold, Share(sum(v >= threshold for v in self.same), len(self.same))

    def points(self) -> list[tuple[float, float]]:
        """(false accept rate, true accept rate) at every threshold, from strict to lenient."""
        curve = [(0.0, 0.0)]
        for threshold in sorted({*self.same, *self.different}, reverse=True):
            false = sum(value >= threshold for value in self.different) / len(self.different)
            true = sum(value >= threshold for value in self.same) / len(self.same)
            curve.append((false, true))
        return curve
