"""Which candidate a row is about, and whether its numbers are free.

A row finds its candidate by ID number or admission number. Where the two lead to different people,
it is about the one with whom more of name, ID number and admission number agree; the other's number
is free for it only if the same list gives that person another one: so two numbers are swapped.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.exams.exams import Candidate, mask_number
from chalicelib.domain.normalization import normalize_number, normalize_search
from chalicelib.domain.roster.columns import TITLES, Column
from chalicelib.domain.roster.problems import RosterProblem
from chalicelib.domain.roster.rows import CheckedRow, RosterRow
from chalicelib.domain.types import LocalizedText

type Holders = Mapping[str, Candidate]
"""Candidates of an exam by their normalized numbers, as far as a list names them."""


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """A row, the candidate that it is about (None: a new one), and whose numbers it takes."""

    checked: CheckedRow
    candidate: Candidate | None = None
    displaced: tuple[Candidate, ...] = ()

    @property
    def row(self) -> RosterRow:
        """The row as it is stored."""
        return self.checked.row

    @property
    def person(self) -> str:
        """The same for all rows of one person."""
        return self.candidate.candidate_id if self.candidate else f"new/{self.row.id_number}"

    def refused(self, problem: RosterProblem) -> "MatchedRow":
        """Return the row with one more problem."""
        problems = (*self.checked.problems, problem)
        return replace(self, checked=replace(self.checked, problems=problems))


def match_rows(rows: Sequence[CheckedRow], holders: Holders) -> list[MatchedRow]:
    """Return the rows with the candidates that they are about; `refuse_taken` is to follow."""
    return _refuse_shared_candidates([_match(row, holders) for row in rows])


def refuse_taken(matched: list[MatchedRow]) -> list[MatchedRow]:
    """Refuse the rows that take a number of somebody who keeps it."""
    while True:
        # A refused row frees no number, which may refuse another.
        after = _refuse_taken(matched)
        if after == matched:
            return matched
        matched = after


def numbers_of(rows: Sequence[CheckedRow]) -> list[str]:
    """Return the numbers to look up for these rows, each once."""
    numbers = [
        number
        for checked in rows
        if not checked.problems
        for number in (checked.row.id_number, checked.row.admission_number)
    ]
    return list(dict.fromkeys(numbers))


def _match(checked: CheckedRow, holders: Holders) -> MatchedRow:
    row = checked.row
    if checked.problems:
        return MatchedRow(checked)
    found = [holders.get(number) for number in (row.id_number, row.admission_number)]
    people = {holder.candidate_id: holder for holder in found if holder is not None}
    if not people:
        return MatchedRow(checked)
    # Of equals the holder of the ID number, who is the first.
    candidate = max(people.values(), key=lambda person: _agreement(row, person))
    if not (_has_id_number(row, candidate) or _has_name(row, candidate)):
        return MatchedRow(checked, None, tuple(people.values()))
    others = tuple(person for person in people.values() if person is not candidate)
    return MatchedRow(checked, candidate, others)


def _agreement(row: RosterRow, person: Candidate) -> int:
    has_admission = normalize_number(person.admission_number) == row.admission_number
    return _has_id_number(row, person) + has_admission + _has_name(row, person)


def _has_id_number(row: RosterRow, person: Candidate) -> bool:
    return normalize_number(person.id_number) == row.id_number


def _has_name(row: RosterRow, person: Candidate) -> bool:
    return normalize_search(person.name) == normalize_search(row.name)


def _refuse_shared_candidates(rows: list[MatchedRow]) -> list[MatchedRow]:
    """Refuse rows with different numbers that lead to one candidate."""
    by_candidate: dict[str, list[MatchedRow]] = defaultdict(list)
    for matched in rows:
        if matched.candidate is not None and not matched.checked.problems:
            by_candidate[matched.candidate.candidate_id].append(matched)

    def check(matched: MatchedRow) -> RosterProblem | None:
        if matched.candidate is None:
            return None
        lines = [
            other.row.line
            for other in by_candidate[matched.candidate.candidate_id]
            if _numbers(other) != _numbers(matched)
        ]
        return _same_candidate(matched, lines) if lines else None

    return _refuse_where(rows, check)


def _refuse_taken(rows: list[MatchedRow]) -> list[MatchedRow]:
    after = {
        matched.candidate.candidate_id: _numbers(matched)
        for matched in rows
        if matched.candidate is not None and not matched.checked.problems
    }

    def check(matched: MatchedRow) -> RosterProblem | None:
        for holder in matched.displaced:
            if after.get(holder.candidate_id, _numbers(matched)) & _numbers(matched):
                return _taken(matched.row, holder)
        return None

    return _refuse_where(rows, check)


def _refuse_where(
    rows: list[MatchedRow], check: Callable[[MatchedRow], RosterProblem | None]
) -> list[MatchedRow]:
    refused = []
    for matched in rows:
        problem = None if matched.checked.problems else check(matched)
        refused.append(matched if problem is None else matched.refused(problem))
    return refused


def _numbers(matched: MatchedRow) -> set[str]:
    return {matched.row.id_number, matched.row.admission_number}


def _taken(row: RosterRow, holder: Candidate) -> RosterProblem:
    is_admission = row.admission_number in {
        normalize_number(holder.admission_number),
        normalize_number(holder.id_number),
    }
    title = TITLES[Column.ADMISSION_NUMBER if is_admission else Column.ID_NUMBER]
    who_zh, who_en = describe(holder)
    return RosterProblem(
        row.line,
        "number_taken",
        LocalizedText(
            f"{title.zh}已属于{who_zh}。请核对两人的号码；如确属对调，请把两人放在同一份名单中，或在考生页面更正。",
            f"The {title.en} belongs to {who_en}. Check the numbers of both; where they were "
            "exchanged, put both people into one list, or correct them on the candidate's page.",
        ),
    )


def _same_candidate(matched: MatchedRow, lines: list[int]) -> RosterProblem:
    assert matched.candidate is not None  # noqa: S101  (only such rows are compared)
    who_zh, who_en = describe(matched.candidate)
    zh_lines = "、".join(f"第 {line} 行" for line in lines[:5])
    en_lines = ", ".join(str(line) for line in lines[:5])
    return RosterProblem(
        matched.row.line,
        "same_candidate",
        LocalizedText(
            f"与{zh_lines}都对应已有考生{who_zh}，但号码不同。请只保留正确的一行。",
            f"This and line {en_lines} are both about the enrolled candidate {who_en}, with "
            "different numbers. Keep the right one.",
        ),
    )


def describe(candidate: Candidate) -> tuple[str, str]:
    """Return who holds a number, in Chinese and English; the ID number is masked."""
    masked = mask_number(candidate.id_number)
    return (
        f"“{candidate.name}”（证件号 {masked}，准考证号 {candidate.admission_number}）",
        f"“{candidate.name}” (ID number {masked}, admission number {candidate.admission_number})",
    )
