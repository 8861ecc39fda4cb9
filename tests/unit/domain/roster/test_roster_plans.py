"""What importing a list does: whose row it is, what changes, which rows are written together."""

from dataclasses import replace

import pytest

from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.normalization import normalize_number
from chalicelib.domain.roster.changes import ChangedField, audit_detail
from chalicelib.domain.roster.plans import (
    BATCH_SIZE,
    MAX_GROUP,
    RosterPlan,
    RowOutcome,
    count_people,
    plan_batches,
    plan_roster,
)
from chalicelib.domain.roster.problems import RosterProblem
from chalicelib.domain.roster.rows import RosterRow, check_row
from chalicelib.domain.types import LocalizedText
from tests.support.builders import EXAM, ROOM, SUBJECT


def person(serial: int, name: str = "", **changes: object) -> Candidate:
    candidate = Candidate(
        candidate_id=f"c{serial}",
        exam_id=EXAM,
        name=name or f"考生 {serial}",
        id_number=f"ID{serial:03d}",
        admission_number=f"ADM{serial:03d}",
        phone_number="13800000000",
        registration_unit="第一报名点",
        rooms={SUBJECT: ROOM},
    )
    return replace(candidate, **changes)  # type: ignore[arg-type]


def row(serial: int, name: str = "", **changes: object) -> RosterRow:
    listed = RosterRow(
        name=name or f"考生 {serial}",
        id_number=f"ID{serial:03d}",
        admission_number=f"ADM{serial:03d}",
        subject_id=SUBJECT,
        phone_number="13800000000",
        line=serial + 1,
    )
    return replace(listed, **changes)  # type: ignore[arg-type]


def plan(*rows: RosterRow, stored: tuple[Candidate, ...] = ()) -> RosterPlan:
    holders = {
        normalize_number(number): candidate
        for candidate in stored
        for number in (candidate.id_number, candidate.admission_number)
    }
    return plan_roster(EXAM, [check_row(listed) for listed in rows], holders, ROOM)


def outcomes(planned: RosterPlan) -> list[RowOutcome]:
    return [listed.outcome for listed in planned.rows]


def codes(planned: RosterPlan) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for listed in planned.rows for problem in listed.problems]


def test_people_are_new_changed_or_unchanged() -> None:
    planned = plan(row(1), row(2, "改名"), row(3), stored=(person(2), person(3)))
    assert outcomes(planned) == [RowOutcome.CREATED, RowOutcome.UPDATED, RowOutcome.UNCHANGED]
    assert planned.rows[1].changes == (ChangedField.NAME,)
    assert planned.rows[1].candidate_id == "c2"
    assert count_people(planned) == {
        RowOutcome.CREATED: 1,
        RowOutcome.UPDATED: 1,
        RowOutcome.UNCHANGED: 1,
        RowOutcome.REFUSED: 0,
    }


def test_people_are_counted_once_however_many_rows_they_have() -> None:
    planned = plan(row(1), row(1, subject_id="subject-2"))
    assert count_people(planned)[RowOutcome.CREATED] == 1
    assert len(planned.groups) == 1
    assert plan_batches(planned) == [[0, 1]]


def test_number_written_otherwise_is_no_change() -> None:
    stored = person(1, id_number="id-001", admission_number="ａｄｍ001")
    planned = plan(row(1), stored=(stored,))
    assert outcomes(planned) == [RowOutcome.UNCHANGED]


def test_what_the_list_does_not_have_is_no_change() -> None:
    planned = plan(row(1, phone_number=None, registration_unit=None), stored=(person(1),))
    assert outcomes(planned) == [RowOutcome.UNCHANGED]


def test_new_person_without_phone_number_is_odd() -> None:
    planned = plan(row(1, phone_number=None), row(2, phone_number=None), stored=(person(2),))
    assert [[note.code for note in listed.warnings] for listed in planned.rows] == [
        ["no_phone"],
        [],
    ]


@pytest.mark.parametrize(
    ("listed", "changes"),
    [
        (row(1, id_number="ID999"), (ChangedField.ID_NUMBER,)),
        (row(1, admission_number="ADM999"), (ChangedField.ADMISSION_NUMBER,)),
        (row(1, "别名", admission_number="ADM999"), None),
        (
            row(1, id_number="ADM001", admission_number="ID001"),
            (ChangedField.ID_NUMBER, ChangedField.ADMISSION_NUMBER),
        ),
    ],
)
def test_corrected_number_is_the_same_persons(
    listed: RosterRow, changes: tuple[ChangedField, ...] | None
) -> None:
    planned = plan(listed, stored=(person(1),))
    assert outcomes(planned) == [RowOutcome.UPDATED]
    assert planned.rows[0].candidate_id == "c1"
    if changes is not None:
        assert planned.rows[0].changes == changes


def test_another_persons_admission_number_is_refused_with_the_holder() -> None:
    planned = plan(row(2, admission_number="ADM001"), stored=(person(1, "张三"),))
    assert codes(planned) == [(3, "number_taken")]
    [problem] = planned.rows[0].problems
    assert "准考证号已属于“张三”" in problem.text.zh
    assert "ID001" not in problem.text.zh


def test_another_persons_id_number_as_admission_number_is_refused() -> None:
    planned = plan(row(2, admission_number="ID001"), stored=(person(1),))
    assert codes(planned) == [(3, "number_taken")]


def test_numbers_of_two_people_are_refused_unless_they_swap() -> None:
    stored = (person(1), person(2))
    alone = row(1, admission_number="ADM002")
    assert codes(plan(alone, stored=stored)) == [(2, "number_taken")]
    kept = plan(alone, row(2), stored=stored)
    assert codes(kept) == [(2, "duplicate_admission_number"), (3, "duplicate_admission_number")]
    swapped = plan(alone, row(2, admission_number="ADM001"), stored=stored)
    assert outcomes(swapped) == [RowOutcome.UPDATED] * 2
    assert len(swapped.groups) == 1


def test_row_that_depends_on_a_refused_row_is_refused() -> None:
    planned = plan(
        row(1, admission_number="ADM002"),
        row(2, "", admission_number="ADM003"),
        row(3, name=" ", admission_number="ADM009"),
        stored=(person(1), person(2), person(3)),
    )
    assert outcomes(planned) == [RowOutcome.REFUSED] * 3
    assert [code for _, code in codes(planned)] == ["number_taken", "number_taken", "empty_name"]


def test_refused_row_keeps_its_warnings() -> None:
    warning = RosterProblem(2, "id_number_check_digit", LocalizedText("校验位", "check digit"))
    refused = replace(check_row(row(1, name=" ")), warnings=(warning,))
    [planned] = plan_roster(EXAM, [refused], {}, ROOM).rows
    assert (planned.outcome, planned.warnings) == (RowOutcome.REFUSED, (warning,))


def test_ring_of_numbers_is_one_group_up_to_a_size() -> None:
    def ring(size: int) -> RosterPlan:
        rows = [
            row(serial, admission_number=f"ADM{serial % size + 1:03d}")
            for serial in range(1, size + 1)
        ]
        return plan(*rows, stored=tuple(person(serial) for serial in range(1, size + 1)))

    assert [len(group) for group in ring(MAX_GROUP).groups] == [MAX_GROUP]
    assert {code for _, code in codes(ring(MAX_GROUP + 1))} == {"many_exchanged"}


def test_rows_of_one_candidate_with_different_numbers_are_refused() -> None:
    planned = plan(
        row(1, admission_number="ADM009"), row(1, id_number="ID009"), stored=(person(1),)
    )
    assert [code for _, code in codes(planned)] == ["same_candidate"] * 2


def test_groups_are_never_split_between_batches() -> None:
    rows = [row(serial) for serial in range(1, 60)]
    rows[23] = replace(rows[23], admission_number="ADM026")
    rows[25] = replace(rows[25], admission_number="ADM024")
    stored = (person(24), person(26))
    batches = plan_batches(plan(*rows, stored=stored))
    assert sorted(position for batch in batches for position in batch) == list(range(59))
    assert all(len(batch) <= BATCH_SIZE for batch in batches)
    assert any({23, 25} <= set(batch) for batch in batches)


def test_refused_rows_are_in_no_batch() -> None:
    assert plan_batches(plan(row(1), row(2, name=""), row(3, name=" "))) == [[0, 1]]


def test_audit_detail_masks_numbers() -> None:
    before = person(1, id_number="990000198802021010")
    after = replace(before, id_number="990000198802021029", rooms={SUBJECT: "room-9"})
    assert audit_detail(before, after) == {
        "id_number_before": "990***********1010",
        "id_number": "990***********1029",
        "room_before": f"{SUBJECT}={ROOM}",
        "room": f"{SUBJECT}=room-9",
    }
    assert audit_detail(None, after)["id_number"] == "990***********1029"
