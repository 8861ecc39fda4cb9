"""Enrolment of candidates from a roster: each row's outcome, and whom a row is about."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.roster.changes import ChangedField
from chalicelib.domain.roster.plans import PlannedRow, RowOutcome
from chalicelib.domain.roster.problems import RosterUnreadable
from chalicelib.domain.roster.rows import RosterRow
from chalicelib.domain.sessions.sessions import make_session_id
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import SittingKind
from chalicelib.services.admin.enrolment import MAX_ROWS, RowResult, check_roster, enrol
from chalicelib.services.ports import CandidateWrite
from tests.support import builders as build
from tests.support.builders import EXAM, ROOM, SUBJECT
from tests.support.fake_context import FakeContext, add_session

ADMIN = "admin:admin"


def roster_row(name: str = "李", number: str = "1101", **changes: str | int | None) -> RosterRow:
    row = RosterRow(
        name=name,
        id_number=f"ID{number}",
        admission_number=f"ADM{number}",
        phone_number="13800000009",
        registration_unit="演示报名点",
        subject_id=SUBJECT,
        room_id=ROOM,
    )
    return replace(row, **changes)  # type: ignore[arg-type]


def enrol_rows(context: FakeContext, *rows: RosterRow, room: str | None = None) -> list[RowResult]:
    return enrol(context, ADMIN, EXAM, rows, room)


def enrolled(context: FakeContext, *rows: RosterRow) -> list[Candidate]:
    return [result.candidate for result in enrol_rows(context, *rows) if result.candidate]


def reasons(result: RowResult) -> str:
    return " ".join(text.zh for text in result.problems)


def test_roster_can_be_imported_again(context: FakeContext) -> None:
    [first] = enrol_rows(context, roster_row())
    assert first.outcome is RowOutcome.CREATED
    [again] = enrol_rows(context, roster_row())
    assert again.outcome is RowOutcome.UNCHANGED
    assert again.candidate == first.candidate
    [changed] = enrol_rows(context, roster_row("李四"))
    assert changed.outcome is RowOutcome.UPDATED
    assert changed.changes == (ChangedField.NAME,)
    assert first.candidate is not None
    assert changed.candidate is not None
    assert changed.candidate.candidate_id == first.candidate.candidate_id
    assert context.registry.candidate_by_number(EXAM, "ADM1101") == changed.candidate


LIST = "姓名,证件号码,准考证号,手机号,科目\n李,11010119900307,20260001,13800000009,{}\n"


def test_checked_list_says_what_importing_it_would_do(context: FakeContext) -> None:
    title = context.registry.exam(EXAM).subjects[0].title.zh
    check = check_roster(context, EXAM, LIST.format(title).encode(), ROOM)
    assert [row.outcome for row in check.plan.rows] == [RowOutcome.CREATED]
    assert [checked.row.name for checked in check.file.rows] == ["李"]
    assert context.registry.candidates_by_numbers(EXAM, ["20260001"]) == {}
    with pytest.raises(NotFound):
        check_roster(context, "none", LIST.format(title).encode(), ROOM)
    head, line = LIST.format(title).splitlines()
    check_roster(context, EXAM, "\n".join([head, *[line] * MAX_ROWS]).encode(), ROOM)
    with pytest.raises(RosterUnreadable) as refusal:
        check_roster(context, EXAM, "\n".join([head, *[line] * (MAX_ROWS + 1)]).encode(), ROOM)
    assert refusal.value.problem.code == "too_many_rows"


def test_candidate_id_is_not_derived_from_a_number(context: FakeContext) -> None:
    [first] = enrolled(context, roster_row())
    [corrected] = enrolled(context, roster_row(id_number="ID1102"))
    assert corrected.candidate_id == first.candidate_id
    assert corrected.id_number == "ID1102"
    with pytest.raises(NotFound):
        context.registry.candidate_by_number(EXAM, "ID1101")


def test_second_subject_is_added(context: FakeContext) -> None:
    context.registry.put_exam(build.exam(build.subject(), build.subject(subject_id="subject-2")))
    enrol_rows(context, roster_row())
    [second] = enrolled(context, roster_row(subject_id="subject-2", room_id=build.OTHER_ROOM))
    assert second.rooms == {SUBJECT: ROOM, "subject-2": build.OTHER_ROOM}


def test_two_rows_of_one_person_are_one_candidate(context: FakeContext) -> None:
    context.registry.put_exam(build.exam(build.subject(), build.subject(subject_id="subject-2")))
    results = enrol_rows(context, roster_row(), roster_row(subject_id="subject-2", line=2))
    assert len({result.candidate.candidate_id for result in results if result.candidate}) == 1
    candidate = context.registry.candidate_by_number(EXAM, "ID1101")
    assert candidate.rooms == {SUBJECT: ROOM, "subject-2": ROOM}
    assert candidate.version == 1


@pytest.mark.parametrize(
    ("invalid", "word"),
    [
        ({"subject_id": "none"}, "没有科目 none"),
        ({"room_id": "none"}, "没有考场 none"),
        ({"id_number": "9.9E+17"}, "9.9E+17"),
        ({"phone_number": " "}, "手机号为空"),
        ({"room_id": None}, "没有考场"),
    ],
)
def test_invalid_row_is_refused_with_its_reason_and_stops_no_other(
    context: FakeContext, invalid: dict[str, str | None], word: str
) -> None:
    good, bad = enrol_rows(context, roster_row(), roster_row("王", "2202", **invalid))
    assert good.outcome is RowOutcome.CREATED
    assert (bad.outcome, bad.candidate) == (RowOutcome.REFUSED, None)
    assert word in reasons(bad)
    with pytest.raises(NotFound):
        context.registry.candidate_by_number(EXAM, "ADM2202")


def test_number_of_another_candidate_names_the_holder(context: FakeContext) -> None:
    enrol_rows(context, roster_row())
    taken, other = enrol_rows(
        context,
        roster_row("王", "2202", admission_number="ADM1101"),
        roster_row("张", "3303"),
    )
    assert taken.outcome is RowOutcome.REFUSED
    assert "“李”" in reasons(taken)
    assert "ADM1101" in reasons(taken)
    assert "ID1101" not in reasons(taken)
    assert other.outcome is RowOutcome.CREATED
    assert context.registry.candidate_by_number(EXAM, "ADM1101").name == "李"


def test_field_that_a_list_does_not_have_stays(context: FakeContext) -> None:
    enrol_rows(context, roster_row(registration_unit="第一报名点", room_id=build.OTHER_ROOM))
    bare = roster_row("李四", phone_number=None, registration_unit=None, room_id=None)
    [result] = enrol_rows(context, bare, room=ROOM)
    assert result.changes == (ChangedField.NAME,)
    stored = context.registry.candidate_by_number(EXAM, "ADM1101")
    assert stored.phone_number == "13800000009"
    assert stored.registration_unit == "第一报名点"
    assert stored.rooms == {SUBJECT: build.OTHER_ROOM}


class TestTwoPeople:
    @pytest.fixture(autouse=True)
    def _two(self, context: FakeContext) -> None:
        self.first, self.second = enrolled(context, roster_row("甲", "1"), roster_row("乙", "2"))

    def test_admission_numbers_are_swapped_by_one_list(self, context: FakeContext) -> None:
        results = enrol_rows(
            context,
            roster_row("甲", "1", admission_number="ADM2"),
            roster_row("乙", "2", admission_number="ADM1"),
        )
        assert [result.outcome for result in results] == [RowOutcome.UPDATED] * 2
        for number, candidate in (("ADM2", self.first), ("ADM1", self.second)):
            holder = context.registry.candidate_by_number(EXAM, number)
            assert holder.candidate_id == candidate.candidate_id
        for candidate in (self.first, self.second):
            chain = context.registry.audit(candidate.candidate_id)
            assert [entry.action for entry in chain] == ["enrolled", "roster_imported"]
            assert first_break(chain) is None

    def test_id_numbers_are_swapped_by_one_list(self, context: FakeContext) -> None:
        enrol_rows(
            context,
            roster_row("甲", "1", id_number="ID2"),
            roster_row("乙", "2", id_number="ID1"),
        )
        holder = context.registry.candidate_by_number(EXAM, "ID2")
        assert holder.candidate_id == self.first.candidate_id
        assert (holder.name, holder.admission_number) == ("甲", "ADM1")

    def test_number_that_moves_on_is_taken_over(self, context: FakeContext) -> None:
        results = enrol_rows(
            context,
            roster_row("丙", "3", admission_number="ADM1"),
            roster_row("甲", "1", admission_number="ADM2"),
            roster_row("乙", "2", admission_number="ADM9"),
        )
        assert [result.outcome for result in results] == [
            RowOutcome.CREATED,
            RowOutcome.UPDATED,
            RowOutcome.UPDATED,
        ]
        assert context.registry.candidate_by_number(EXAM, "ADM1").name == "丙"

    def test_numbers_of_two_people_in_one_row_are_refused(self, context: FakeContext) -> None:
        [result] = enrol_rows(context, roster_row("甲", "1", admission_number="ADM2"))
        assert result.outcome is RowOutcome.REFUSED
        assert "“乙”" in reasons(result)

    def test_two_rows_about_one_candidate_are_refused(self, context: FakeContext) -> None:
        results = enrol_rows(
            context,
            roster_row("甲", "1", admission_number="ADM7"),
            roster_row("甲", "9", admission_number="ADM1"),
        )
        assert [result.outcome for result in results] == [RowOutcome.REFUSED] * 2


def test_new_number_is_refused_while_the_candidate_answers(context: FakeContext) -> None:
    [candidate] = enrolled(context, roster_row())
    session_id = make_session_id(candidate.candidate_id, SUBJECT, SittingKind.OFFICIAL)
    add_session(context, session_id, candidate_id=candidate.candidate_id)
    [number, other] = enrol_rows(
        context, roster_row(admission_number="ADM7"), roster_row("王", "2202")
    )
    assert number.outcome is RowOutcome.REFUSED
    assert "正在作答" in reasons(number)
    assert other.outcome is RowOutcome.CREATED
    [phone] = enrol_rows(context, roster_row(phone_number="13800000001"))
    assert phone.outcome is RowOutcome.UPDATED


class TestTheCheckBeforeAnImport:
    """It says what the import would refuse, and the import refuses it."""

    def check(self, context: FakeContext, *rows: RosterRow) -> list[PlannedRow]:
        heading = "name,id_number,admission_number,phone,subject"
        lines = (
            f"{row.name},{row.id_number},{row.admission_number},{row.phone_number},{SUBJECT}"
            for row in rows
        )
        data = "\n".join((heading, *lines)).encode()
        return list(check_roster(context, EXAM, data, ROOM).plan.rows)

    @pytest.mark.parametrize("state", [State.ANSWERING, State.PAUSED, State.REVERIFYING])
    def test_tells_of_a_sitting_under_way(self, context: FakeContext, state: State) -> None:
        [candidate, _] = enrolled(context, roster_row(), roster_row("王", "2202"))
        session_id = make_session_id(candidate.candidate_id, SUBJECT, SittingKind.OFFICIAL)
        add_session(
            context,
            session_id,
            candidate_id=candidate.candidate_id,
            state=state,
            resume_state=State.ANSWERING if state is State.REVERIFYING else None,
        )
        changed = (
            roster_row(admission_number="ADM7"),
            roster_row("王", "2202", admission_number="ADM8"),
        )
        planned = self.check(context, *changed)
        assert [row.outcome for row in planned] == [RowOutcome.REFUSED, RowOutcome.UPDATED]
        assert [problem.code for problem in planned[0].problems] == ["sitting_under_way"]
        results = enrol_rows(context, *changed)
        assert [result.outcome for result in results] == [row.outcome for row in planned]
        [phone] = self.check(context, roster_row(phone_number="13800000001"))
        assert phone.outcome is RowOutcome.UPDATED

    def test_refuses_both_who_exchange_numbers_where_one_is_answering(
        self, context: FakeContext
    ) -> None:
        [candidate, _] = enrolled(context, roster_row(), roster_row("王", "2202"))
        session_id = make_session_id(candidate.candidate_id, SUBJECT, SittingKind.OFFICIAL)
        add_session(context, session_id, candidate_id=candidate.candidate_id)
        planned = self.check(
            context,
            roster_row(admission_number="ADM2202"),
            roster_row("王", "2202", admission_number="ADM1101"),
            roster_row("赵", "3303"),
        )
        assert [[problem.code for problem in row.problems] for row in planned] == [
            ["sitting_under_way"],
            ["sitting_under_way"],
            [],
        ]

    def test_reads_the_sittings_of_all_at_once_and_only_where_numbers_change(
        self, context: FakeContext
    ) -> None:
        rows = [roster_row(f"人{n}", f"{n}") for n in range(30)]
        enrolled(context, *rows)
        context.sessions.calls.clear()
        self.check(context, *rows)
        assert context.sessions.calls == []
        self.check(context, *(replace(row, id_number=f"NEW{row.id_number}") for row in rows))
        assert context.sessions.calls == ["current_sessions"]


def test_sitting_that_has_not_begun_shows_the_new_number(context: FakeContext) -> None:
    [candidate] = enrolled(context, roster_row())
    session_id = make_session_id(candidate.candidate_id, SUBJECT, SittingKind.OFFICIAL)
    add_session(
        context, session_id, candidate_id=candidate.candidate_id, state=State.IDENTITY_VERIFIED
    )
    enrol_rows(context, roster_row("李四", admission_number="ADM7"))
    session = context.sessions.session(session_id)
    assert (session.candidate_name, session.admission_number) == ("李四", "ADM7")
    assert context.sessions.audit(session_id)[-1].action == "candidate_corrected"


def test_changes_are_audited_with_masked_numbers(context: FakeContext) -> None:
    [candidate] = enrolled(context, roster_row(id_number="990000198802021010"))
    enrol_rows(context, roster_row(id_number="990000198802021029", phone_number="13800000001"))
    enrol_rows(context, roster_row(id_number="990000198802021029", phone_number="13800000001"))
    first, second = context.registry.audit(candidate.candidate_id)
    assert (first.action, second.action) == ("enrolled", "roster_imported")
    assert second.actor == ADMIN
    assert second.detail == {
        "id_number_before": "990***********1010",
        "id_number": "990***********1029",
        "phone_before": "138****0009",
        "phone": "138****0001",
    }


def test_conflict_refuses_its_row_alone(context: FakeContext) -> None:
    class ConflictOnWang(type(context.registry)):  # type: ignore[misc]
        def put_candidates(self, writes: list[CandidateWrite]) -> None:
            if any(write.candidate.name == "王" for write in writes):
                raise Conflict
            super().put_candidates(writes)

    context.registry.__class__ = ConflictOnWang
    first, second, third = enrol_rows(
        context, roster_row(), roster_row("王", "2202"), roster_row("张", "3303")
    )
    assert (first.outcome, third.outcome) == (RowOutcome.CREATED, RowOutcome.CREATED)
    assert second.outcome is RowOutcome.REFUSED
    assert "请重试" in reasons(second)


def test_unknown_exam_is_not_found(context: FakeContext) -> None:
    with pytest.raises(NotFound):
        enrol(context, ADMIN, "other", [roster_row()])


def roster_file(people: int) -> bytes:
    rows = (f"考生{number},ID{number:06d},ADM{number:06d},{SUBJECT}" for number in range(people))
    return "\n".join(("姓名,证件号,准考证号,科目", *rows)).encode()


def test_list_of_an_office_is_checked_at_once(context: FakeContext) -> None:
    check = check_roster(context, EXAM, roster_file(3_500), ROOM)
    assert len(check.plan.groups) == 3_500


def test_longer_list_is_refused_with_how_to_split_it(context: FakeContext) -> None:
    with pytest.raises(RosterUnreadable) as refused:
        check_roster(context, EXAM, roster_file(MAX_ROWS + 1), ROOM)
    assert refused.value.problem.code == "too_many_rows"
    assert "按科目分成几份" in refused.value.problem.text.zh
    assert "Split it by subject" in refused.value.problem.text.en
