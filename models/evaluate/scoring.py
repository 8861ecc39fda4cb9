"""Figures of merit with confidence intervals. Pure arithmetic."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from chalicelib.domain.proportions import wilson_interval


@dataclass(frozen=True)
class Share:
    """A proportion with its 95 % Wilson score interval, which is valid for few cases too."""

    hits: int
    total: int

    @property
    def value(self) -> float:
        """The proportion; NaN if the total is 0."""
        return self.hits / self.total if self.total else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and the upper bound."""
        return wilson_interval(self.hits, self.total)

    def __str__(self) -> str:
        if not self.total:
            return "-"
        low, high = self.interval
        return f"{self.value:6.1%} [{low:.0%}, {high:.0%}]"


def counted(share: Share) -> str:
    """Return a share with its counts."""
    return f"{share.hits} of {share.total}: {str(share).strip()}"


@dataclass(frozen=True)
class Confusion:
    """The confusion matrix of a yes-no question."""

    true_positives: int
    false_negatives: int
    false_positives: int
    true_negatives: int

    @property
    def recall(self) -> Share:
        """True positives among the labelled positives."""
        return Share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def precision(self) -> Share:
        """True positives among the positive answers."""
        return Share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def false_positive_rate(self) -> Share:
        """False positives among the labelled negatives."""
        return Share(self.false_positives, self.false_positives + self.true_negatives)

    @property
    def accuracy(self) -> Share:
        """Right answers among all."""
        right = self.true_positives + self.true_negatives
        return Share(right, right + self.false_negatives + self.false_positives)


def confusion(pairs: Iterable[tuple[bool, bool]]) -> Confusion:
    """Count (label, answer) pairs."""
    answers = list(pairs)
    return Confusion(*(answers.count(pair) for pair in _ORDER))


_ORDER = [(True, True), (True, False), (False, True), (False, False)]


@dataclass(frozen=True)
class Roc:
    """Receiver operating characteristic: the similarities of same and of different pairs."""

    same: Sequence[float]
    different: Sequence[float]

    def accuracy(self, threshold: float) -> Share:
        """Return the share of pairs that are classified correctly at a threshold."""
        right = sum(value >= threshold for value in self.same)
        right += sum(value < threshold for value in self.different)
        return Share(right, len(self.same) + len(self.different))

    def true_accepts_at(self, rate: float) -> tuple[float, Share]:
        """Return the threshold with a false accept rate of at most *rate*, and its true accepts."""
        descending = sorted(self.different, reverse=True)
        max_false_accepts = math.floor(rate * len(descending))
        threshold = math.nextafter(descending[max_false_accepts], math.inf) if descending else -1.0
        true_accepts = sum(similarity >= threshold for similarity in self.same)
        return threshold, Share(true_accepts, len(self.same))

    def points(self) -> list[tuple[float, float]]:
        """Return (false accept rate, true accept rate) at every threshold, strictest first."""
        curve = [(0.0, 0.0)]
        for threshold in sorted({*self.same, *self.different}, reverse=True):
            false = sum(value >= threshold for value in self.different) / len(self.different)
            true = sum(value >= threshold for value in self.same) / len(self.same)
            curve.append((false, true))
        return curve
