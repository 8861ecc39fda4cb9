"""Grouping flags into incidents, and decisions on incidents."""

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
    base = build.flag(
        at=NOW + begin * SECOND,
        kind=kind,
        flag_id=f"{begin:05d}-{kind}",
        ended_at=None if end is None else NOW + end * SECOND,
        last_seen_at=NOW + (begin if end is None else end) * SECOND,
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def grouped_ids(flags: list[Flag]) -> list[list[str]]:
    return [
        [member.flag_id for member in incident.flags] for incident in group_into_incidents(flags)
    ]


def decision(verdict: Verdict, reason: ReasonCode, by: str = "proctor:a") -> Decision:
    return Decision(by, NOW, verdict, reason)


CONFIRM = decision(Verdict.CONFIRM, ReasonCode.DEVICE)
DISMISS = decision(Verdict.DISMISS, ReasonCode.MISTAKEN)
ESCALATE = decision(Verdict.ESCALATE, ReasonCode.DEVICE)


def review(first: Decision, severity: Severity = Severity.SERIOUS) -> Review:
    return begin_review((flag(FindingKind.PHONE, 0, 9, severity=severity),), "5e55", ROOM, first)


class TestIncidents:
    def test_close_flags_of_one_kind_are_one_incident(self) -> None:
        gap = MAX_GAP // SECOND
        near = [
            flag(FindingKind.PHONE, 0, 9),
            flag(FindingKind.PHONE, 9 + gap, 60, view=View.SECOND),
        ]
        far = [flag(FindingKind.PHONE, 0, 9), flag(FindingKind.PHONE, 10 + gap, 60)]
        assert len(grouped_ids(near)) == 1
        assert len(grouped_ids(far)) == 2

    def test_overlapping_flags_of_related_kinds_are_one_incident(self) -> None:
        both = [flag(FindingKind.ABSENT, 0, 20), flag(FindingKind.LOOKING_AWAY, 10, 30)]
        after = [flag(FindingKind.ABSENT, 0, 20), flag(FindingKind.LOOKING_AWAY, 21, 30)]
        unlike = [flag(FindingKind.ABSENT, 0, 20), flag(FindingKind.PHONE, 10, 30)]
        assert [len(grouped_ids(flags)) for flags in (both, after, unlike)] == [1, 2, 2]

    def test_flags_of_two_sessions_are_never_one_incident(self) -> None:
        both = [flag(FindingKind.PHONE, 0, 9), flag(FindingKind.PHONE, 0, 9, session_id="07e7")]
        assert len(grouped_ids(both)) == 2

    def test_incident_ends_with_the_last_of_its_flags(self) -> None:
        [incident] = group_into_incidents(
            [flag(FindingKind.PHONE, 0, 9), flag(FindingKind.PHONE, 5, None)]
        )
        assert incident.ended_at is None
        [incident] = group_into_incidents(
            [flag(FindingKind.PHONE, 0, 30), flag(FindingKind.PHONE, 5, 9)]
        )
        assert incident.ended_at == NOW + 30 * SECOND

    def test_incidents_are_sorted_by_severity_then_age(self) -> None:
        critical = flag(FindingKind.EXTRA_PERSON, 500, 501, severity=Severity.CRITICAL)
        assert grouped_ids(
            [flag(FindingKind.BOOK, 200, 201), flag(FindingKind.PHONE, 0, 1), critical]
        ) == [
            ["00500-extra_person"],
            ["00000-phone"],
            ["00200-book"],
        ]

    def test_number_of_flags_in_an_incident_is_limited(self) -> None:
        many = [flag(FindingKind.PHONE, at, at) for at in range(MAX_FLAGS + 5)]
        assert [len(ids) for ids in grouped_ids(many)] == [MAX_FLAGS, 5]


class TestDecisions:
    def test_ordinary_incident_is_decided_by_one_person(self) -> None:
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
    def test_serious_incident_requires_a_second_review(
        self, severity: Severity, reason: ReasonCode
    ) -> None:
        first = review(decision(Verdict.CONFIRM, reason), severity)
        assert first.status is ReviewStatus.AWAITING_SECOND
        with pytest.raises(NotAllowed):
            apply_second_decision(first, CONFIRM, admin=True)
        agreed = apply_second_decision(first, replace(CONFIRM, by="proctor:b"), admin=False)
        assert (agreed.status, agreed.version) == (ReviewStatus.CONFIRMED, 2)
        assert agreed.number is not None

    def test_admin_decides_after_disagreement(self) -> None:
        first = review(CONFIRM, Severity.CRITICAL)
        split = apply_second_decision(first, replace(DISMISS, by="proctor:b"), admin=False)
        assert split.status is ReviewStatus.ESCALATED
        with pytest.raises(NotAllowed):
            apply_second_decision(split, replace(CONFIRM, by="proctor:c"), admin=False)
        last = apply_second_decision(split, replace(DISMISS, by="admin:d"), admin=True)
        assert last.status is ReviewStatus.DISMISSED
        assert [entry.by for entry in last.decisions] == ["proctor:a", "proctor:b", "admin:d"]

    def test_escalated_incident_cannot_be_escalated_again(self) -> None:
        with pytest.raises(BadInput):
            apply_second_decision(review(ESCALATE), ESCALATE, admin=True)

    @pytest.mark.parametrize("final_decision", [CONFIRM, DISMISS])
    def test_decided_incident_cannot_be_decided_again(self, final_decision: Decision) -> None:
        with pytest.raises(WrongState):
            apply_second_decision(
                review(final_decision), replace(CONFIRM, by="admin:x"), admin=True
            )

    @pytest.mark.parametrize("reason", ReasonCode)
    def test_every_reason_has_names_and_fits_one_verdict(self, reason: ReasonCode) -> None:
        assert REASON_NAMES[reason].zh
        assert REASON_NAMES[reason].en
        wrong = Verdict.CONFIRM if reason in DISMISS_REASONS else Verdict.DISMISS
        with pytest.raises(BadInput) as refusal:
            review(decision(wrong, reason))
        assert refusal.value.code == "wrong_reason"
        review(decision(Verdict.ESCALATE, reason))

    def test_incident_without_flags_can_be_confirmed_but_not_dismissed(self) -> None:
        confirmed = begin_review((), "5e55", ROOM, CONFIRM)
        assert (confirmed.status, confirmed.flag_ids) == (ReviewStatus.CONFIRMED, ())
        with pytest.raises(BadInput):
            begin_review((), "5e55", ROOM, DISMISS)

    def test_evidence_ids_are_unique(self) -> None:
        first = begin_review((), "5e55", ROOM, replace(ESCALATE), ("one", "two"))
        last = apply_second_decision(
            first, replace(CONFIRM, by="admin:x"), ("two", "three"), admin=True
        )
        assert last.evidence_ids == ("one", "two", "three")
