"""Headings of a list, in Chinese or English, and the fields that they name."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.roster.problems import RosterProblem, RosterUnreadable
from chalicelib.domain.roster.table import TableRow, split_cells, split_lines
from chalicelib.domain.types import LocalizedText


class Column(StrEnum):
    """A field of a list."""

    NAME = "name"
    ID_NUMBER = "id_number"
    ADMISSION_NUMBER = "admission_number"
    PHONE = "phone"
    SUBJECT = "subject"
    ROOM = "room"
    REGISTRATION_UNIT = "registration_unit"


REQUIRED = (Column.NAME, Column.ID_NUMBER, Column.ADMISSION_NUMBER, Column.SUBJECT)

TITLES = {
    Column.NAME: LocalizedText("姓名", "name"),
    Column.ID_NUMBER: LocalizedText("证件号", "ID number"),
    Column.ADMISSION_NUMBER: LocalizedText("准考证号", "admission number"),
    Column.PHONE: LocalizedText("手机号", "phone number"),
    Column.SUBJECT: LocalizedText("科目", "subject"),
    Column.ROOM: LocalizedText("考场", "room"),
    Column.REGISTRATION_UNIT: LocalizedText("报名点", "registration unit"),
}

_HEADINGS = {
    Column.NAME: "name 姓名 考生姓名 名字 fullname candidate candidatename",
    Column.ID_NUMBER: "idnumber idno id 证件号 证件号码 证件编号 身份证 身份证号 身份证号码 "
    "居民身份证号码 公民身份号码 identitynumber",
    Column.ADMISSION_NUMBER: "admissionnumber admissionno 准考证 准考证号 准考证号码 准考证编号 考号 "
    "考生号 examnumber examno",
    Column.PHONE: "phone phonenumber mobile mobilephone telephone 手机 手机号 手机号码 联系电话 联系方式 "
    "电话 电话号码 移动电话 联系手机",
    Column.SUBJECT: "subject subjectid 科目 考试科目 报考科目 报考职业 职业等级 职业及等级 考试职业 "
    "科目编号 科目代码",
    Column.ROOM: "room roomid 考场 考场号 考场编号 考场名称",
    Column.REGISTRATION_UNIT: "registrationunit unit 报名点 报名点名称 报名单位 报考单位",
}
_COLUMN_OF = {heading: column for column, text in _HEADINGS.items() for heading in text.split()}

DELIMITERS = (",", ";", "\t", "，", "；")
_HEADING_LINES = 10
"""How far down the headings may be: an exporter's title and notes may stand above them."""

_REMARK = re.compile(r"[(\[【].*?[)\]】]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A list's headings: their line, the delimiter, and the position of each field."""

    line: int
    delimiter: str
    positions: dict[Column, int]
    ignored: tuple[str, ...]
    """Headings that name no field; their columns are not imported."""

    def cell(self, row: TableRow, column: Column) -> str | None:
        """Return a row's cell, empty where the row is too short; None where no such column is."""
        position = self.positions.get(column)
        if position is None:
            return None
        return row.cells[position] if position < len(row.cells) else ""


def column_of(heading: str) -> Column | None:
    """Return the field that a heading names, whatever its width, case, spaces and remarks."""
    text = unicodedata.normalize("NFKC", heading).casefold()
    text = "".join(character for character in _REMARK.sub("", text) if character.isalnum())
    return _COLUMN_OF.get(text)


def find_heading(text: str) -> Heading:
    """Return a list's headings. Raises RosterUnreadable where a needed one is missing or doubled.

    Of the first lines, the one with most known headings counts, split by the delimiter that
    yields most.
    """
    candidates = [
        (sum(column_of(cell) is not None for cell in cells), line, delimiter, cells)
        for line, content in enumerate(split_lines(text)[:_HEADING_LINES], start=1)
        for delimiter in DELIMITERS
        for cells in [split_cells(content, delimiter)[0]]
    ]
    # Of equals the first counts.
    _, line, delimiter, cells = max(candidates, key=lambda candidate: candidate[0])
    columns = [column_of(cell) for cell in cells]
    _require_columns(line, columns)
    return Heading(
        line,
        delimiter,
        {column: position for position, column in enumerate(columns) if column is not None},
        tuple(
            cell.strip()
            for cell, column in zip(cells, columns, strict=True)
            if column is None and cell.strip()
        ),
    )


def _require_columns(line: int, columns: list[Column | None]) -> None:
    counts = Counter(columns)
    if not any(counts[column] for column in Column):
        raise RosterUnreadable(
            "no_headings",
            "没有找到表头。第一行应有这些列："
            + _titles_zh(REQUIRED)
            + "（可另有手机号、考场、报名点）。",
            "There are no headings. The first line needs these columns: "
            f"{_titles_en(REQUIRED)} (phone number, room and registration unit are optional).",
        )
    missing = [column for column in REQUIRED if not counts[column]]
    if missing:
        raise RosterUnreadable(
            "missing_columns",
            f"表头缺少这些列：{_titles_zh(missing)}。",
            f"These columns are missing: {_titles_en(missing)}.",
            line,
        )
    doubled = [column for column in Column if counts[column] > 1]
    if doubled:
        raise RosterUnreadable(
            "doubled_columns",
            f"表头中这些列出现了不止一次：{_titles_zh(doubled)}。请只保留一列。",
            f"These columns occur more than once: {_titles_en(doubled)}. Keep one of each.",
            line,
        )


def ignored_columns(heading: Heading) -> list[RosterProblem]:
    """Return a remark on the columns that are not imported, if there are any."""
    if not heading.ignored:
        return []
    text = LocalizedText(
        f"这些列不会导入：{'、'.join(heading.ignored)}。",
        f"These columns are not imported: {', '.join(heading.ignored)}.",
    )
    return [RosterProblem(heading.line, "ignored_columns", text)]


def _titles_zh(columns: Iterable[Column]) -> str:
    return "、".join(TITLES[column].zh for column in columns)


def _titles_en(columns: Iterable[Column]) -> str:
    return ", ".join(TITLES[column].en for column in columns)
