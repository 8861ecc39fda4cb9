"""Lists of candidates as offices have them, small and invented."""

from collections.abc import Iterable

from chalicelib.domain.roster.files import RosterFile, read_roster
from chalicelib.domain.roster.id_numbers import check_digit
from chalicelib.domain.roster.problems import RosterProblem, RosterUnreadable
from chalicelib.domain.roster.rows import RosterRow, make_choices
from chalicelib.domain.types import LocalizedText

CHOICES = make_choices(
    {
        "hr-2": LocalizedText("企业人力资源管理师 2 级", "HR manager, grade 2"),
        "health-2": LocalizedText("健康管理师 2 级", "Health manager, grade 2"),
    },
    {"room-1": LocalizedText("第 1 考场", "Room 1")},
)
ENGLISH = "name,id_number,admission_number,phone,subject"
CHINESE = "姓名,证件号码,准考证号,手机号,科目"


def numbered(serial: int) -> str:
    """Return a resident ID number of nobody, with the right check digit."""
    digits = f"99000019880202{serial:03d}"
    return digits + check_digit(digits)


def line(serial: int, name: str = "欧阳娜娜", **changes: str) -> str:
    """Return one line of a list under either heading."""
    cells = {
        "name": name,
        "id_number": numbered(serial),
        "admission_number": f"G{serial:06d}",
        "phone": "13800000000",
        "subject": "hr-2",
    }
    return ",".join((cells | changes).values())


def read(content: str | bytes) -> RosterFile:
    """Read a list."""
    return read_roster(content.encode() if isinstance(content, str) else content, CHOICES)


def rows_of(content: str | bytes) -> list[RosterRow]:
    """Return the rows of a list without problems."""
    rows = read(content).rows
    assert [problem for row in rows for problem in row.problems] == []
    return [row.row for row in rows]


def problems_of(content: str | bytes) -> list[tuple[int, str]]:
    """Return line and code of everything that is refused in a list."""
    return _codes(problem for row in read(content).rows for problem in row.problems)


def warnings_of(content: str | bytes) -> list[tuple[int, str]]:
    """Return line and code of everything that is odd in a list."""
    return _codes(problem for row in read(content).rows for problem in row.warnings)


def unreadable(content: str | bytes) -> RosterProblem:
    """Return why a file is refused as a whole."""
    try:
        read(content)
    except RosterUnreadable as error:
        return error.problem
    raise AssertionError("The file can be read.")


def _codes(problems: Iterable[RosterProblem]) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in problems]
