"""What a record says about its flags: counts by final decision."""

from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.review.record_figures import (
    CountedSession,
    FigureKey,
    FlagFigures,
    count_record,
)
from chalicelib.domain.review.reviews import (
    Decision,
    ReasonCode,
    Review,
    ReviewedFlag,
    Verdict,
    begin_review,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import SECOND, Millis
from tests.support import builders as build
from tests.support.builders import NOW, ROOM, SUBJECT

PHONE, ABSENT = FindingKind.PHONE, FindingKind.ABSENT
CONFIRM, DISMISS = (Verdict.CONFIRM, ReasonCode.DEVICE), (Verdict.DISMISS, ReasonCode.MISTAKEN)
ESCALATE = (Verdict.ESCALATE, ReasonCode.DEVICE)


class Record:
    """A record to be counted: sessions, their flags, and decisions on them."""

    def __init__(self, **profiles: str) -> None:
        self.sessions = {
            session_id: CountedSession(SUBJECT, profile) for session_id, profile in profiles.items()
        }
        self.flags = list[Flag]()
        self.reviews = list[Review]()
        self.marks = list[ReviewedFlag]()

    def flag(
        self,
        session_id: str,
        at: Millis,
        kind: FindingKind,
        ruling: tuple[Verdict, ReasonCode] | None = None,
    ) -> None:
        flag = build.flag(session_id, NOW + at * SECOND, kind=kind)
        self.flags.append(flag)
        if ruling:
            review = begin_review((flag,), session_id, ROOM, Decision("proctor:a", NOW, *ruling))
            self.reviews.append(review)
            self.marks.append(ReviewedFlag(session_id, flag.flag_id, ROOM, review.review_id))

    def seen(self, session_id: str, at: Millis, reason: ReasonCode) -> None:
        """Record a violation that a proctor saw and no flag pointed to."""
        decision = Decision("proctor:a", NOW + at * SECOND, Verdict.CONFIRM, reason)
        self.reviews.append(begin_review((), session_id, ROOM, decision))

    def counted(self) -> dict[FigureKey, FlagFigures]:
        return dict(count_record(self.sessions, self.flags, self.reviews, self.marks).flags)


def key(kind: FindingKind, profile: str = "standard") -> FigureKey:
    return FigureKey(SUBJECT, profile, kind)


def test_flags_are_counted_by_kind_and_final_decision() -> None:
    record = Record(a="standard", b="standard")
    record.flag("a", 0, PHONE, CONFIRM)
    record.flag("a", 100, PHONE, DISMISS)
    record.flag("a", 200, PHONE)
    record.flag("b", 0, PHONE, ESCALATE)
    record.flag("b", 100, ABSENT, DISMISS)
    assert record.counted() == {
        key(PHONE): FlagFigures(confirmed=1, dismissed=1, undecided=2, sessions=2),
        key(ABSENT): FlagFigures(dismissed=1, sessions=1),
    }
    assert record.counted()[key(PHONE)].decided == 2


def test_profiles_are_counted_apart_and_other_sessions_are_left_out() -> None:
    record = Record(a="standard", b="strict")
    for session_id in ("a", "b", "practice"):
        record.flag(session_id, 0, PHONE, CONFIRM)
    once = FlagFigures(confirmed=1, sessions=1)
    assert record.counted() == {key(PHONE): once, key(PHONE, "strict"): once}


def test_a_review_of_another_session_decides_nothing() -> None:
    record = Record(a="standard", b="standard")
    record.flag("a", 0, PHONE, CONFIRM)
    record.flag("b", 0, PHONE)
    assert record.counted()[key(PHONE)] == FlagFigures(confirmed=1, undecided=1, sessions=2)


def test_violations_without_a_flag_are_counted_once_they_are_final() -> None:
    record = Record(a="standard")
    record.seen("a", 0, ReasonCode.TALKING)
    record.seen("a", 1, ReasonCode.IMPERSONATION)  # awaits its second review
    record.seen("c", 0, ReasonCode.TALKING)
    record.flag("a", 0, PHONE, CONFIRM)
    figures = count_record(record.sessions, (), record.reviews, ())
    assert figures.without_flag == {SUBJECT: 1}
    assert figures.flags == {}
