"""Shares of pictures that resemble each other: intervals by person or video, not by picture.

Ten frames of a video say little more than one. The pictures of a group are taken to be alike to
the degree that their answers are (intraclass correlation); the interval is Wilson's for the number
of independent pictures that would say as much (effective n). Where all answers are equal, nothing
tells how alike a group's pictures are, and the most cautious is taken: a group counts once.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from chalicelib.domain.proportions import wilson_interval

_FRAME = re.compile(r"\s*\((?:frame|every).*\)$")
# What numbers the pictures of one person or video: Tony_Blair_0036, emotions-b-6, person-vlado1.
_NUMBER = re.compile(r"(?:_\d{4}|-\d{1,2}|(?<=[a-z])\d)$")


def group_of(file: str, source: str, named: str = "") -> str:
    """Return the person or the video a picture belongs to: the label, or else by its source."""
    if named:
        return named
    origin = _FRAME.sub("", source)
    place = origin if ":" in origin else file
    path = Path(place.rpartition(":")[2])
    if origin != source:
        return place  # a frame of a video
    return str(path.with_name(_NUMBER.sub("", path.stem)))


@dataclass(frozen=True)
class GroupedShare:
    """A proportion among grouped answers, with its 95 % interval for as many groups."""

    answers: Sequence[tuple[str, bool]]

    @cached_property
    def _groups(self) -> list[list[bool]]:
        groups = defaultdict[str, list[bool]](list)
        for group, answer in self.answers:
            groups[group].append(answer)
        return list(groups.values())

    @property
    def hits(self) -> int:
        """How many answers are yes."""
        return sum(answer for _, answer in self.answers)

    @property
    def total(self) -> int:
        """How many answers there are."""
        return len(self.answers)

    @property
    def groups(self) -> int:
        """How many persons or videos they are of."""
        return len(self._groups)

    @property
    def value(self) -> float:
        """The proportion; NaN without an answer."""
        return self.hits / self.total if self.total else float("nan")

    @property
    def effective(self) -> float:
        """How many independent pictures would say as much."""
        sizes = [len(group) for group in self._groups]
        if not sizes or len(sizes) == self.total:
            return float(self.total)
        typical = sum(size * size for size in sizes) / self.total
        return self.total / (1 + (typical - 1) * self._likeness())

    @property
    def interval(self) -> tuple[float, float]:
        """The lower and the upper bound."""
        return wilson_interval(self.value * self.effective, self.effective)

    def _likeness(self) -> float:
        """Return the intraclass correlation of the answers, 0..1, by the analysis of variance."""
        if self.hits in (0, self.total) or self.groups == 1:
            return 1.0
        means = [sum(group) / len(group) for group in self._groups]
        sizes = [len(group) for group in self._groups]
        between = sum(
            size * (mean - self.value) ** 2 for size, mean in zip(sizes, means, strict=True)
        ) / (self.groups - 1)
        inside = sum(size * mean * (1 - mean) for size, mean in zip(sizes, means, strict=True)) / (
            self.total - self.groups
        )
        usual = (self.total - sum(size * size for size in sizes) / self.total) / (self.groups - 1)
        spread = between + (usual - 1) * inside
        return min(1.0, max(0.0, (between - inside) / spread)) if spread else 1.0

    def __str__(self) -> str:
        if not self.total:
            return "-"
        low, high = self.interval
        return f"{self.hits} of {self.total}: {self.value:.1%} [{low:.0%}, {high:.0%}]"


def shares(answers: Iterable[tuple[str, str, bool]]) -> dict[str, GroupedShare]:
    """Return the share of each case; an answer is (case, group, answer)."""
    cases = defaultdict[str, list[tuple[str, bool]]](list)
    for case, group, answer in answers:
        cases[case].append((group, answer))
    return {case: GroupedShare(pairs) for case, pairs in cases.items()}
