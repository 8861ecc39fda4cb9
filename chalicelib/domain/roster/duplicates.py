"""Numbers that a list holds twice."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

from chalicelib.domain.roster.columns import TITLES, Column
from chalicelib.domain.roster.problems import RosterProblem
from chalicelib.domain.roster.rows import CheckedRow, RosterRow
from chalicelib.domain.types import LocalizedText

MAX_LINES_TOLD = 5


def refuse_duplicates(rows: Sequence[CheckedRow]) -> list[CheckedRow]:
    """Return the rows; those that share a number are refused, each naming the other's line.

    One person may have several rows, for a subject each, if all else is the same.
    """
    by_number: dict[str, list[tuple[CheckedRow, Column]]] = defaultdict(list)
    for checked in rows:
        for number, column in _numbers(checked.row).items():
            by_number[number].append((checked, column))
    problems: dict[int, list[RosterProblem]] = defaultdict(list)
    for holders in by_number.values():
        for checked, column in holders:
            # Only the first few are told: a number that all rows share is not compared by pairs.
            clashes = (
                other.row.line
                for other, _ in holders
                if other is not checked and not _may_share(checked.row, other.row)
            )
            if lines := list(islice(clashes, MAX_LINES_TOLD)):
                problems[id(checked)].append(_duplicate(checked.row, column, lines))
    return [
        replace(checked, problems=(*checked.problems, *problems.get(id(checked), ())))
        for checked in rows
    ]


def _numbers(row: RosterRow) -> dict[str, Column]:
    """Return a row's numbers; the ID number may be the admission number as well."""
    numbers = {row.admission_number: Column.ADMISSION_NUMBER, row.id_number: Column.ID_NUMBER}
    return {number: column for number, column in numbers.items() if number}


def _may_share(row: RosterRow, other: RosterRow) -> bool:
    if other.subject_id == row.subject_id:
        return False
    return replace(other, subject_id=row.subject_id, room_id=row.room_id, line=row.line) == row


def _duplicate(row: RosterRow, column: Column, lines: list[int]) -> RosterProblem:
    title = TITLES[column]
    zh_lines = "、".join(f"第 {line} 行" for line in lines)
    en_lines = ", ".join(str(line) for line in lines)
    return RosterProblem(
        row.line,
        f"duplicate_{column}",
        LocalizedText(
            f"{title.zh}与{zh_lines}相同。每个人的号码只能出现一次（同一人报考多个科目时，其余各项须一致）。",
            f"The {title.en} is also in line {en_lines}. A number may occur once (for one person in "
            "several subjects, everything else must be the same).",
        ),
    )
