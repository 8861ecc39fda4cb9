"""What an exam's own record says about its flags: how many were confirmed and dismissed, by kind.

The share of confirmed flags among the decided ones is a precision, as the proctors judged it. It
says nothing of what no flag pointed to: how much was missed, a record cannot tell.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.review.reviews import Review, ReviewedFlag, ReviewStatus
from chalicelib.domain.rules.findings import FindingKind


@dataclass(frozen=True, slots=True)
class CountedSession:
    """What a session's flags are counted under: its subject, and the rules profile it carries."""

    subject_id: str
    profile: str


@dataclass(frozen=True, slots=True, order=True)
class FigureKey:
    """What flags are counted by: the subject, the rules profile of the session, and the kind."""

    subject_id: str
    profile: str
    kind: FindingKind


@dataclass(frozen=True, slots=True)
class FlagFigures:
    """How flags were decided. ``sessions`` is how many different sessions they belong to.

    Flags that form one incident are decided together: with few sessions, an interval that counts
    flags is narrower than it ought to be.
    """

    confirmed: int = 0
    dismissed: int = 0
    undecided: int = 0
    sessions: int = 0

    @property
    def decided(self) -> int:
        """All flags with a final decision."""
        return self.confirmed + self.dismissed

    def plus(self, other: "FlagFigures") -> "FlagFigures":
        """Return the sum with the figures of other sessions."""
        return FlagFigures(
            self.confirmed + other.confirmed,
            self.dismissed + other.dismissed,
            self.undecided + other.undecided,
            self.sessions + other.sessions,
        )


@dataclass(frozen=True, slots=True)
class RecordFigures:
    """The figures of a room, and the violations by subject that people saw without any flag."""

    flags: Mapping[FigureKey, FlagFigures]
    without_flag: Mapping[str, int]


def count_record(
    sessions: Mapping[str, CountedSession],
    flags: Iterable[Flag],
    reviews: Iterable[Review],
    reviewed_flags: Iterable[ReviewedFlag],
) -> RecordFigures:
    """Count the flags of these sessions, by id, by their final decisions; others are left out."""
    by_review = {(review.session_id, review.review_id): review for review in reviews}
    review_of = {
        (mark.session_id, mark.flag_id): by_review.get((mark.session_id, mark.review_id))
        for mark in reviewed_flags
    }
    counts: dict[FigureKey, FlagFigures] = {}
    counted: set[tuple[str, FindingKind]] = set()
    for flag in flags:
        session = sessions.get(flag.session_id)
        if session is None:
            continue
        key = FigureKey(session.subject_id, session.profile, flag.kind)
        is_new = (flag.session_id, flag.kind) not in counted
        counted.add((flag.session_id, flag.kind))
        figures = _figures(review_of.get((flag.session_id, flag.flag_id)), is_new=is_new)
        counts[key] = counts.get(key, FlagFigures()).plus(figures)
    without_flag = Counter(
        sessions[review.session_id].subject_id
        for review in by_review.values()
        if review.session_id in sessions
        and review.status is ReviewStatus.CONFIRMED
        and not review.flag_ids
    )
    return RecordFigures(counts, dict(without_flag))


def _figures(review: Review | None, *, is_new: bool) -> FlagFigures:
    status = review.status if review else None
    return FlagFigures(
        confirmed=int(status is ReviewStatus.CONFIRMED),
        dismissed=int(status is ReviewStatus.DISMISSED),
        undecided=int(status not in {ReviewStatus.CONFIRMED, ReviewStatus.DISMISSED}),
        sessions=int(is_new),
    )
