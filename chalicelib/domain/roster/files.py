"""A list's file, from its bytes to checked rows."""

from dataclasses import dataclass

from chalicelib.domain.roster.columns import Column, find_heading, ignored_columns
from chalicelib.domain.roster.encoding import decode
from chalicelib.domain.roster.problems import RosterProblem, RosterUnreadable
from chalicelib.domain.roster.rows import CheckedRow, RosterChoices, RosterRow, read_row
from chalicelib.domain.roster.table import parse_table


@dataclass(frozen=True, slots=True)
class RosterFile:
    """The rows of a file, and what is odd about the file as a whole.

    A line that is no row, because its quotes do not match, is an empty row with that problem.
    """

    rows: tuple[CheckedRow, ...]
    remarks: tuple[RosterProblem, ...] = ()


def read_roster(data: bytes, choices: RosterChoices) -> RosterFile:
    """Return the rows of a list of candidates. Raises RosterUnreadable."""
    text = decode(data)
    heading = find_heading(text)
    table = parse_table(text, heading.delimiter)
    rows = [
        read_row(row.line, {column: heading.cell(row, column) for column in Column}, choices)
        for row in table.rows
        if row.line > heading.line
    ]
    rows += [
        CheckedRow(RosterRow("", "", "", "", line=problem.line), (problem,))
        for problem in table.problems
        if problem.line > heading.line
    ]
    if not rows:
        raise RosterUnreadable(
            "no_rows",
            "表头下面没有考生。",
            "There are no candidates below the headings.",
            heading.line,
        )
    rows.sort(key=lambda checked: checked.row.line)
    return RosterFile(tuple(rows), tuple(ignored_columns(heading)))
