"""Enrolment of candidates in an exam from a list: checked whole, then written row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from chalicelib.domain.errors import DomainError
from chalicelib.domain.exams.exams import Candidate, Exam
from chalicelib.domain.roster.changes import ChangedField
from chalicelib.domain.roster.files import RosterFile, read_roster
from chalicelib.domain.roster.matching import numbers_of
from chalicelib.domain.roster.plans import (
    PersonChange,
    RosterPlan,
    RowOutcome,
    plan_roster,
    refuse_people,
    renumbered,
)
from chalicelib.domain.roster.problems import RosterProblem, RosterUnreadable
from chalicelib.domain.roster.rows import (
    CheckedRow,
    RosterChoices,
    RosterRow,
    check_row,
    make_choices,
)
from chalicelib.domain.sessions.corrections import SittingUnderWay
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import retry_on_conflict
from chalicelib.services.admin.candidate_changes import (
    CandidateChange,
    candidates_under_way,
    write_changes,
)
from chalicelib.services.ports import AppContext

MAX_ROWS = 5_000
"""How many rows one request checks: each number is looked up, a hundred at a time."""


@dataclass(frozen=True, slots=True)
class RosterCheck:
    """What importing a file would do; `plan` is empty where the file cannot be read."""

    file: RosterFile
    plan: RosterPlan


@dataclass(frozen=True, slots=True)
class RowResult:
    """What came of a row; without a candidate it was refused, and nothing was written for it."""

    outcome: RowOutcome
    candidate: Candidate | None = None
    changes: tuple[ChangedField, ...] = ()
    problems: tuple[LocalizedText, ...] = ()


def read_choices(context: AppContext, exam: Exam) -> RosterChoices:
    """Return the subjects and rooms of an exam, as a list may name them."""
    return make_choices(
        {subject.subject_id: subject.title for subject in exam.subjects},
        {
            room.room_id: room.name
            for room in context.registry.rooms()
            if room.exam_id == exam.exam_id
        },
    )


def check_roster(
    context: AppContext, exam_id: str, data: bytes, default_room_id: str | None
) -> RosterCheck:
    """Return what importing a list would do, for each row; nothing is written.

    Raises NotFound without such an exam, RosterUnreadable with the reason for the whole file.
    """
    exam = context.registry.fresh_exam(exam_id)
    file = read_roster(data, read_choices(context, exam))
    if len(file.rows) > MAX_ROWS:
        raise RosterUnreadable(
            "too_many_rows",
            f"名单有 {len(file.rows)} 行，一次最多 {MAX_ROWS} 行。请按科目分成几份（每份保留表头），"
            "逐份导入；已导入的考生不会重复。",
            f"The list has {len(file.rows)} rows; {MAX_ROWS} are possible at once. Split it by "
            "subject, each part with the header, and import one after the other: nobody is "
            "enrolled twice.",
        )
    plan = plan_rows(context, exam_id, file.rows, default_room_id)
    return RosterCheck(file, _refuse_under_way(context, plan))


def _refuse_under_way(context: AppContext, plan: RosterPlan) -> RosterPlan:
    """Return the plan with what writing it would refuse: numbers of people who are answering."""
    under_way = candidates_under_way(context, renumbered(plan))
    return refuse_people(plan, under_way, SittingUnderWay.code, SittingUnderWay.text)


def plan_rows(
    context: AppContext,
    exam_id: str,
    rows: Sequence[CheckedRow],
    default_room_id: str | None,
) -> RosterPlan:
    """Return what importing checked rows does, against what is stored now."""
    holders = context.registry.candidates_by_numbers(exam_id, numbers_of(rows))
    return plan_roster(exam_id, rows, holders, default_room_id)


def enrol(
    context: AppContext,
    actor: str,
    exam_id: str,
    rows: Sequence[RosterRow],
    default_room_id: str | None = None,
) -> list[RowResult]:
    """Enrol candidates, or update those who are enrolled; return what came of each row, in order.

    Each person is written or not: a row that is refused stops no other. Idempotent. Raises NotFound
    without such an exam.
    """
    exam = context.registry.fresh_exam(exam_id)
    choices = read_choices(context, exam)
    checked = [_check_ids(check_row(row), choices) for row in rows]
    plan = plan_rows(context, exam_id, checked, default_room_id)
    results = [
        RowResult(row.outcome, problems=tuple(problem.text for problem in row.problems))
        for row in plan.rows
    ]
    for group in plan.groups:
        positions = sorted(position for person in group for position in person.positions)
        attempt = partial(
            _write_group,
            context,
            actor,
            exam_id,
            [checked[position] for position in positions],
            default_room_id,
        )
        for position, result in zip(positions, _outcomes(attempt, len(positions)), strict=True):
            results[position] = result
    return results


def _check_ids(checked: CheckedRow, choices: RosterChoices) -> CheckedRow:
    """Return the row, refused where its subject or room is not one of the exam's."""
    row, problems = checked.row, list(checked.problems)
    if row.subject_id not in choices.subjects.values():
        text = LocalizedText(
            f"没有科目 {row.subject_id}。", f"There is no subject {row.subject_id}."
        )
        problems.append(RosterProblem(row.line, "unknown_subject", text))
    if row.room_id is not None and row.room_id not in choices.rooms.values():
        text = LocalizedText(f"没有考场 {row.room_id}。", f"There is no room {row.room_id}.")
        problems.append(RosterProblem(row.line, "unknown_room", text))
    return replace(checked, problems=tuple(problems))


def _outcomes(attempt: partial[list[RowResult]], count: int) -> list[RowResult]:
    """Return a group's results; where it cannot be written, each is refused with the reason."""
    try:
        return retry_on_conflict(attempt)
    except DomainError as error:
        return [RowResult(RowOutcome.REFUSED, problems=(error.text,))] * count


def _write_group(
    context: AppContext,
    actor: str,
    exam_id: str,
    rows: Sequence[CheckedRow],
    default_room_id: str | None,
) -> list[RowResult]:
    """Write people who exchange numbers, or one. Raises Conflict, SittingUnderWay."""
    plan = plan_rows(context, exam_id, rows, default_room_id)
    people = [person for group in plan.groups for person in group]
    changes = [CandidateChange(person.before, _with_id(context, person)) for person in people]
    stored = write_changes(context, actor, "roster_imported", changes)
    candidates = {
        position: candidate
        for person, candidate in zip(people, stored, strict=True)
        for position in person.positions
    }
    return [
        RowResult(
            row.outcome,
            candidates.get(position),
            row.changes,
            tuple(problem.text for problem in row.problems),
        )
        for position, row in enumerate(plan.rows)
    ]


def _with_id(context: AppContext, person: PersonChange) -> Candidate:
    if person.before is not None:
        return person.after
    # Never derived from a number: a mistyped one can be corrected, and the person stays the same.
    return replace(person.after, candidate_id=context.new_id())
