"""Events out of flags, and what people may decide about them."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import BadInput, NotAllowed, WrongState
from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.review.incidents import MAX_FLAGS, MAX_GAP, group_into_incidents
from chalicelib.domain.review.reviews import (
    DISMISS_REASONS,
    REASON_NAMES,
    Decision,
    ReasonCode,
    Review,
    ReviewStatus,
    Verdict,
    apply_second_decision,
    begin_review,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.types import SECOND, Millis, View
from tests.support import builders as build
from tests.support.builders import NOW, ROOM


def flag(kind: FindingKind, begin: Millis, end: Millis | None, **changes: object) -> Flag:
    made = build.flag(
        at=NOW + begin * SECOND,
        kind=kind,
        flag_id=f"{begin:05d}-{kind}",
        ended_at=None if end is None else NOW + end * SECOND,
        last_seen_at=NOW + (begin if end is None else end) * SECOND,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def told(flags: list[Flag]) -> list[list[str]]:
    return [[one.flag_id for one in incident.flags] for incident in group_into_incidents(flags)]


def decision(verdict: Verdict, reason: ReasonCode, by: str = "proctor:a") -> Decision:
    return Decision(by, NOW, verdict, reason)


CONFIRM = decision(Verdict.CONFIRM, ReasonCode.DEVICE)
DISMISS = decision(Verdict.DISMISS, ReasonCode.MISTAKEN)
ESCALATE = decision(Verdict.ESCALATE, ReasonCode.DEVICE)


def review(first: Decision, severity: Severity = Severity.SERIOUS) -> Review:
    return begin_review((flag(FindingKind.PHONE, 0, 9, severity=severity),), "5e55", ROOM, first)


class TestEvents:
    def test_flags_of_one_kind_a_little_apart_are_one(self) -> None:
        gap = MAX_GAP // SECOND
        near = [
            flag(FindingKind.PHONE, 0, 9),
            flag(FindingKind.PHONE, 9 + gap, 60, view=View.SECOND),
        ]
        far = [flag(FindingKind.PHONE, 0, 9), flag(FindingKind.PHONE, 10 + gap, 60)]
        assert len(told(near)) == 1
        assert len(told(far)) == 2

    def test_kinds_of_one_behaviour_are_one_where_they_overlap(self) -> None:
        both = [flag(FindingKind.ABSENT, 0, 20), flag(FindingKind.LOOKING_AWAY, 10, 30)]
        after = [flag(FindingKind.ABSENT, 0, 20), flag(FindingKind.LOOKING_AWAY, 21, 30)]
        unlike = [flag(FindingKind.ABSENT, 0, 20), flag(FindingKind.PHONE, 10, 30)]
        assert [len(told(one)) for one in (both, after, unlike)] == [1, 2, 2]

    def test_two_candidates_are_never_one_event(self) -> None:
        both = [flag(FindingKind.PHONE, 0, 9), flag(FindingKind.PHONE, 0, 9, session_id="07e7")]
        assert len(told(both)) == 2

    def test_an_event_lasts_while_one_of_its_flags_is_open(self) -> None:
        [incident] = group_into_incidents(
            [flag(FindingKind.PHONE, 0, 9), flag(FindingKind.PHONE, 5, None)]
        )
        assert incident.ended_at is None
        [incident] = group_into_incidents(
            [flag(FindingKind.PHONE, 0, 30), flag(FindingKind.PHONE, 5, 9)]
        )
        assert incident.ended_at == NOW + 30 * SECOND

    def test_the_most_severe_comes_first_then_the_oldest(self) -> None:
        critical = flag(FindingKind.EXTRA_PERSON, 500, 501, severity=Severity.CRITICAL)
        assert told(
            [flag(FindingKind.BOOK, 200, 201), flag(FindingKind.PHONE, 0, 1), critical]
        ) == [
            ["00500-extra_person"],
            ["00000-phone"],
            ["00200-book"],
        ]

    def test_an_event_stays_small_enough_for_one_transaction(self) -> None:
        many = [flag(FindingKind.PHONE, at, at) for at in range(MAX_FLAGS + 5)]
        assert [len(one) for one in told(many)] == [MAX_FLAGS, 5]


class TestDeciding:
    def test_an_ordinary_event_needs_one_person(self) -> None:
        assert review(CONFIRM).status is ReviewStatus.CONFIRMED
        assert review(DISMISS).status is ReviewStatus.DISMISSED

    def test_only_a_violation_has_a_number(self) -> None:
        assert review(CONFIRM).number is not None
        assert review(DISMISS).number is None
        assert review(CONFIRM, Severity.CRITICAL).number is None

    @pytest.mark.parametrize(
        ("severity", "reason"),
        [
            (Severity.CRITICAL, ReasonCode.DEVICE),
            (Severity.NOTICE, ReasonCode.IMPERSONATION),
            (Severity.NOTICE, ReasonCode.OTHER_PERSON),
        ],
    )
    def test_a_serious_one_waits_for_somebody_else(
        self, severity: Severity, reason: ReasonCode
    ) -> None:
        first = review(decision(Verdict.CONFIRM, reason), severity)
        assert first.status is ReviewStatus.AWAITING_SECOND
        with pytest.raises(NotAllowed):
            apply_second_decision(first, CONFIRM, admin=True)
        agreed = apply_second_decision(first, replace(CONFIRM, by="proctor:b"), admin=False)
        assert (agreed.status, agreed.version) == (ReviewStatus.CONFIRMED, 2)
        assert agreed.number is not None

    def test_where_two_disagree_an_admin_decides(self) -> None:
        first = review(CONFIRM, Severity.CRITICAL)
        split = apply_second_decision(first, replace(DISMISS, by="proctor:b"), admin=False)
        assert split.status is ReviewStatus.ESCALATED
        with pytest.raises(NotAllowed):
            apply_second_decision(split, replace(CONFIRM, by="proctor:c"), admin=False)
        last = apply_second_decision(split, replace(DISMISS, by="admin:d"), admin=True)
        assert last.status is ReviewStatus.DISMISSED
        assert [one.by for one in last.decisions] == ["proctor:a", "proctor:b", "admin:d"]

    def test_an_admin_has_to_decide_what_was_escalated(self) -> None:
        with pytest.raises(BadInput):
            apply_second_decision(review(ESCALATE), ESCALATE, admin=True)

    @pytest.mark.parametrize("settled", [CONFIRM, DISMISS])
    def test_nothing_leaves_a_decision(self, settled: Decision) -> None:
        with pytest.raises(WrongState):
            apply_second_decision(review(settled), replace(CONFIRM, by="admin:x"), admin=True)

    @pytest.mark.parametrize("reason", ReasonCode)
    def test_every_reason_has_names_and_one_direction(self, reason: ReasonCode) -> None:
        assert REASON_NAMES[reason].zh
        assert REASON_NAMES[reason].en
        wrong = Verdict.CONFIRM if reason in DISMISS_REASONS else Verdict.DISMISS
        with pytest.raises(BadInput):
            review(decision(wrong, reason))
        review(decision(Verdict.ESCALATE, reason))

    def test_what_only_a_person_saw_can_be_a_violation_but_not_dismissed(self) -> None:
        seen = begin_review((), "5e55", ROOM, CONFIRM)
        assert (seen.status, seen.flag_ids) == (ReviewStatus.CONFIRMED, ())
        with pytest.raises(BadInput):
            begin_review((), "5e55", ROOM, DISMISS)

    def test_evidence_is_named_once(self) -> None:
        first = begin_review((), "5e55", ROOM, replace(ESCALATE), ("one", "two"))
        last = apply_second_decision(
            first, replace(CONFIRM, by="admin:x"), ("two", "three"), admin=True
        )
        assert last.evidence_ids == ("one", "two", "three")
