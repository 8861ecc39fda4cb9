"""What is wrong or odd about a list, in words, with its line."""

from dataclasses import dataclass

from chalicelib.domain.types import LocalizedText


@dataclass(frozen=True, slots=True)
class RosterProblem:
    """One thing that is wrong with a list: a stable code, a text, and the line (0: the file).

    The line is that of the file, the first being 1, as a text editor or spreadsheet counts it.
    """

    line: int
    code: str
    text: LocalizedText


class RosterUnreadable(Exception):
    """Nothing of a file can be read as a list; `problem` says why and what to do."""

    def __init__(self, code: str, zh: str, en: str, line: int = 0) -> None:
        self.problem = RosterProblem(line, code, LocalizedText(zh, en))
        super().__init__(f"{code}: {en}")
