"""From text to rows of cells: commas, semicolons or tabs, quotes, and any line end."""

from dataclasses import dataclass

from chalicelib.domain.roster.problems import RosterProblem
from chalicelib.domain.types import LocalizedText

QUOTE = '"'
_STRAY_QUOTE = LocalizedText(
    "引号没有成对，或单元格中有换行。请删除多余的引号或换行。",
    "A quote has no partner, or a cell contains a line break. Remove the stray quote or the break.",
)


@dataclass(frozen=True, slots=True)
class TableRow:
    """The cells of one line; the first line is 1."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file that have any content, and the lines whose quotes do not match."""

    rows: tuple[TableRow, ...]
    problems: tuple[RosterProblem, ...]


def split_lines(text: str) -> list[str]:
    """Return a text's lines, whether they end with LF, CR LF or CR."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def parse_table(text: str, delimiter: str) -> Table:
    """Return the rows of a delimited text.

    A row is one line: names and numbers have no line breaks, so a quote that is still open at the
    end of its line is a mistake, and must not swallow the rows that follow. The rest of a cell with
    a line break, on the next line, is no row either.
    """
    rows, problems = [], []
    is_open = False
    for line, content in enumerate(split_lines(text), start=1):
        cells, is_closed = split_cells(content, delimiter)
        is_rest = is_open and content.count(QUOTE) % 2 == 1
        is_open = not is_closed
        if is_open or is_rest:
            problems.append(RosterProblem(line, "stray_quote", _STRAY_QUOTE))
        elif any(cell.strip() for cell in cells):
            rows.append(TableRow(line, tuple(cells)))
    return Table(tuple(rows), tuple(problems))


def split_cells(line: str, delimiter: str) -> tuple[list[str], bool]:
    """Return a line's cells, and whether its quotes match.

    A quote opens a cell only at its beginning; elsewhere it is a character like any other, as
    spreadsheets read it. Within a quoted cell it is doubled.
    """
    cells: list[str] = []
    rest = line
    while True:
        if rest.lstrip(" ").startswith(QUOTE):
            cell, after = _quoted(rest.lstrip(" ")[1:])
            if after is None or after.strip(" ")[:1] not in {"", delimiter}:
                return cells, False
            cells.append(cell)
            _, found, rest = after.partition(delimiter)
        else:
            cell, found, rest = rest.partition(delimiter)
            cells.append(cell)
        if not found:
            return cells, True


def _quoted(text: str) -> tuple[str, str | None]:
    """Return a quoted cell and what follows its closing quote; None where there is none."""
    at, cell = 0, ""
    while True:
        end = text.find(QUOTE, at)
        if end < 0:
            return cell, None
        cell += text[at:end]
        if text[end + 1 : end + 2] != QUOTE:
            return cell, text[end + 1 :]
        cell, at = cell + QUOTE, end + 2
