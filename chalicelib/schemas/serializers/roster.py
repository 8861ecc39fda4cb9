"""Between the domain's lists of candidates and their schemas."""

from collections.abc import Iterable

from chalicelib.domain.roster.photos import match_photos
from chalicelib.domain.roster.plans import PlannedRow, RosterPlan, count_people, plan_batches
from chalicelib.domain.roster.problems import RosterProblem
from chalicelib.domain.roster.rows import RosterRow
from chalicelib.schemas.common import TextOut
from chalicelib.schemas.roster import (
    CheckedRowOut,
    RosterCheckOut,
    RosterProblemOut,
    RosterRowIn,
    RosterRowOut,
)


def roster_row(row: RosterRowIn) -> RosterRow:
    """Return the row of a request."""
    return RosterRow(
        name=row.name,
        id_number=row.id_number,
        admission_number=row.admission_number,
        phone_number=row.phone,
        registration_unit=row.registration_unit,
        subject_id=row.subject_id,
        room_id=row.room_id,
        line=row.line,
    )


def roster_check_out(
    plan: RosterPlan, remarks: Iterable[RosterProblem], photo_names: Iterable[str]
) -> RosterCheckOut:
    """Return what importing a list would do."""
    return RosterCheckOut(
        rows=[_checked_row_out(row) for row in plan.rows],
        batches=plan_batches(plan),
        people=dict(count_people(plan)),
        problems=[],
        remarks=_problems_out(remarks),
        photos=match_photos(photo_names, [row.row for row in plan.rows]),
    )


def unreadable_roster_out(problem: RosterProblem) -> RosterCheckOut:
    """Return why a file cannot be read as a list."""
    return RosterCheckOut(
        rows=[], batches=[], people={}, problems=_problems_out([problem]), remarks=[], photos=[]
    )


def _checked_row_out(planned: PlannedRow) -> CheckedRowOut:
    row = planned.row
    return CheckedRowOut(
        row=RosterRowOut(
            name=row.name,
            id_number=row.id_number,
            admission_number=row.admission_number,
            phone=row.phone_number,
            registration_unit=row.registration_unit,
            subject_id=row.subject_id,
            room_id=row.room_id,
            line=row.line,
        ),
        outcome=planned.outcome,
        changes=list(planned.changes),
        problems=_problems_out(planned.problems),
        warnings=_problems_out(planned.warnings),
    )


def _problems_out(problems: Iterable[RosterProblem]) -> list[RosterProblemOut]:
    return [
        RosterProblemOut(line=problem.line, code=problem.code, text=TextOut.of(problem.text))
        for problem in problems
    ]
