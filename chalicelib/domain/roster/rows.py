"""Rows of a list, as they are stored, and what is wrong with one by itself."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.normalization import (
    is_number,
    normalize_number,
    normalize_phone_number,
)
from chalicelib.domain.roster.columns import TITLES, Column
from chalicelib.domain.roster.id_numbers import id_number_doubt
from chalicelib.domain.roster.problems import RosterProblem
from chalicelib.domain.types import LocalizedText

MAX_NAME = 100
MAX_PHONE = 40


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row of a list of candidates. None: the list does not have the field.

    What a list does not have stays as it is for a candidate who is enrolled already.
    """

    name: str
    id_number: str
    admission_number: str
    subject_id: str
    phone_number: str | None = None
    registration_unit: str | None = None
    room_id: str | None = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class RosterChoices:
    """The subjects and rooms that a list may name: ids by what people may write."""

    subjects: Mapping[str, str]
    rooms: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row with what is wrong with it, and with what is odd but possible."""

    row: RosterRow
    problems: tuple[RosterProblem, ...] = ()
    warnings: tuple[RosterProblem, ...] = ()


def make_choices(
    subjects: Mapping[str, LocalizedText], rooms: Mapping[str, LocalizedText]
) -> RosterChoices:
    """Return choices by id and by title in either language; an id comes before a title."""
    return RosterChoices(_by_name(subjects), _by_name(rooms))


def _by_name(titles: Mapping[str, LocalizedText]) -> dict[str, str]:
    by_title = {
        _choice_key(text): key for key, title in titles.items() for text in (title.zh, title.en)
    }
    return by_title | {_choice_key(key): key for key in titles}


def _choice_key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@dataclass(slots=True)
class _Findings:
    """Collects what is wrong or odd about one row."""

    line: int
    problems: list[RosterProblem] = field(default_factory=list)
    warnings: list[RosterProblem] = field(default_factory=list)

    def refuse(self, code: str, zh: str, en: str) -> None:
        self.problems.append(RosterProblem(self.line, code, LocalizedText(zh, en)))

    def warn(self, code: str, text: LocalizedText) -> None:
        self.warnings.append(RosterProblem(self.line, code, text))


def read_row(line: int, cells: Mapping[Column, str | None], choices: RosterChoices) -> CheckedRow:
    """Return a row from the cells of a file, validated."""
    findings = _Findings(line)
    row = RosterRow(
        name=cells[Column.NAME] or "",
        id_number=cells[Column.ID_NUMBER] or "",
        admission_number=cells[Column.ADMISSION_NUMBER] or "",
        phone_number=cells[Column.PHONE],
        registration_unit=_text(cells[Column.REGISTRATION_UNIT] or "") or None,
        subject_id=_choice(cells[Column.SUBJECT] or "", choices.subjects, Column.SUBJECT, findings),
        room_id=_room(cells[Column.ROOM], choices, findings),
        line=line,
    )
    return _validate(row, findings)


def check_row(row: RosterRow) -> CheckedRow:
    """Return a row whose subject and room are ids already, with clean texts and validated."""
    return _validate(row, _Findings(row.line))


def _validate(row: RosterRow, findings: _Findings) -> CheckedRow:
    row = RosterRow(
        name=_name(row.name, findings),
        id_number=_number(row.id_number, Column.ID_NUMBER, findings),
        admission_number=_number(row.admission_number, Column.ADMISSION_NUMBER, findings),
        phone_number=_phone(row.phone_number, findings),
        registration_unit=_unit(row.registration_unit, findings),
        subject_id=row.subject_id,
        room_id=row.room_id,
        line=row.line,
    )
    doubt = id_number_doubt(row.id_number)
    if doubt is not None:
        findings.warn(*doubt)
    return CheckedRow(row, tuple(findings.problems), tuple(findings.warnings))


def _text(cell: str) -> str:
    """Return a cell as text: NFC, single spaces, and nothing invisible at its ends."""
    return " ".join(
        unicodedata.normalize("NFC", cell).strip("\ufeff\u200b\u200e\u200f\xa0 ").split()
    )


def _name(cell: str, findings: _Findings) -> str:
    name = _text(cell)
    if not name:
        _refuse_empty(Column.NAME, findings)
    elif len(name) > MAX_NAME:
        _refuse_long(Column.NAME, MAX_NAME, findings)
    _refuse_control_signs(cell, Column.NAME, findings)
    if name and not any(character.isalpha() for character in name):
        findings.warn("odd_name", LocalizedText("姓名中没有文字。", "The name has no letters."))
    return name


def _unit(cell: str | None, findings: _Findings) -> str | None:
    if cell is None:
        return None
    unit = _text(cell)
    if len(unit) > MAX_NAME:
        _refuse_long(Column.REGISTRATION_UNIT, MAX_NAME, findings)
    _refuse_control_signs(cell, Column.REGISTRATION_UNIT, findings)
    return unit or None


def _number(cell: str, column: Column, findings: _Findings) -> str:
    number = normalize_number(cell)
    title = TITLES[column]
    if not number:
        _refuse_empty(column, findings)
    elif not is_number(number):
        findings.refuse(
            "malformed_number",
            f"{title.zh}“{_text(cell)[:40]}”不是完整的号码。如果是 9.9E+17 这样的形式，"
            "说明表格软件改写了号码，请把该列设为“文本”格式，从原始名单重新填写。",
            f"The {title.en} “{_text(cell)[:40]}” is not a complete number. Where it looks like "
            "9.9E+17, the spreadsheet program changed it: make the column “Text” and enter it again "
            "from the original list.",
        )
    return number


def _phone(cell: str | None, findings: _Findings) -> str | None:
    if cell is None:
        return None
    number = normalize_number(cell)
    if not number:
        _refuse_empty(Column.PHONE, findings)
        return None
    phone = normalize_phone_number(cell)
    if phone is not None:
        # Stored as the list has it, without what spreadsheets and copying add.
        return phone.removeprefix("+86")
    if "E" in number and not is_number(number.removeprefix("+")):
        findings.refuse(
            "malformed_phone",
            f"手机号“{_text(cell)[:40]}”被表格软件改写了，请把该列设为“文本”格式后重新填写。",
            f"A spreadsheet program changed the phone number “{_text(cell)[:40]}”: make the column "
            "“Text” and enter it again.",
        )
        return None
    _refuse_control_signs(cell, Column.PHONE, findings)
    phone = _text(cell)
    if len(phone) > MAX_PHONE:
        _refuse_long(Column.PHONE, MAX_PHONE, findings)
    findings.warn(
        "odd_phone",
        LocalizedText(
            f"“{phone[:40]}”不是手机号，收不到短信口令。",
            f"“{phone[:40]}” is not a mobile number: it cannot receive the passcode.",
        ),
    )
    return phone


def _room(cell: str | None, choices: RosterChoices, findings: _Findings) -> str | None:
    if cell is None or not _text(cell):
        return None
    return _choice(cell, choices.rooms, Column.ROOM, findings) or None


def _choice(cell: str, choices: Mapping[str, str], column: Column, findings: _Findings) -> str:
    text, title = _text(cell), TITLES[column]
    if not text:
        _refuse_empty(column, findings)
        return ""
    found = choices.get(_choice_key(text))
    if found is not None:
        return found
    ids = sorted(set(choices.values()))
    shown = "、".join(ids[:12]) + ("…" if len(ids) > 12 else "")
    findings.refuse(
        f"unknown_{column}",
        f"没有{title.zh}“{text[:40]}”。可以填写编号或名称，编号有：{shown}。",
        f"There is no {title.en} “{text[:40]}”. Write its id or its title; the ids are: {shown}.",
    )
    return ""


def _refuse_empty(column: Column, findings: _Findings) -> None:
    title = TITLES[column]
    findings.refuse(f"empty_{column}", f"{title.zh}为空。", f"The {title.en} is empty.")


def _refuse_long(column: Column, limit: int, findings: _Findings) -> None:
    title = TITLES[column]
    findings.refuse(
        f"long_{column}",
        f"{title.zh}超过 {limit} 个字。",
        f"The {title.en} has more than {limit} characters.",
    )


def _refuse_control_signs(cell: str, column: Column, findings: _Findings) -> None:
    title = TITLES[column]
    for character in cell.strip().strip("\ufeff\u200b\u200e\u200f"):
        if character != "\t" and unicodedata.category(character) in {"Cc", "Cf", "Cs"}:
            sign = f"U+{ord(character):04X}"
            findings.refuse(
                f"control_sign_{column}",
                f"{title.zh}中有看不见的控制字符（{sign}）。请重新输入该单元格。",
                f"The {title.en} contains an invisible control character ({sign}). Type the cell again.",
            )
            return
