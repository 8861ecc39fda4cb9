"""What comes of each row of a list, and which rows are written together."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.roster.changes import (
    NUMBERS,
    ChangedField,
    changed_fields,
    new_candidate,
    with_row,
)
from chalicelib.domain.roster.duplicates import refuse_duplicates
from chalicelib.domain.roster.matching import Holders, MatchedRow, match_rows, refuse_taken
from chalicelib.domain.roster.problems import RosterProblem
from chalicelib.domain.roster.rows import CheckedRow, RosterRow
from chalicelib.domain.types import LocalizedText

BATCH_SIZE = 25
"""How many rows one request writes."""

MAX_GROUP = 10
"""Among how many people numbers can change hands at once: they are written in one transaction."""


class RowOutcome(StrEnum):
    """What comes of a row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """A row of a list with what comes of it: a new candidate, changes, nothing, or a refusal."""

    row: RosterRow
    outcome: RowOutcome
    candidate_id: str | None = None
    """None for people who are not enrolled yet."""
    changes: tuple[ChangedField, ...] = ()
    problems: tuple[RosterProblem, ...] = ()
    warnings: tuple[RosterProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonChange:
    """One person of a list: as enrolled (None: not yet), and as the list wants it.

    A new person's `after` has no candidate id yet.
    """

    before: Candidate | None
    after: Candidate
    positions: tuple[int, ...]
    """Which rows are about this person."""


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """What comes of each row, in the list's order, and the people to write.

    The people of one group exchange numbers: they are written together or not at all.
    """

    rows: tuple[PlannedRow, ...]
    groups: tuple[tuple[PersonChange, ...], ...]


def plan_roster(
    exam_id: str, rows: Sequence[CheckedRow], holders: Holders, default_room_id: str | None
) -> RosterPlan:
    """Return what importing these rows does.

    `holders` are the candidates that hold their numbers. `default_room_id` is for those who have no
    room for their subject, neither in the list nor already.
    """
    matched = match_rows(refuse_duplicates(rows), holders)
    matched = [_require_room(row, default_room_id) for row in matched]
    matched = _refuse_large_groups(refuse_taken(matched))
    people = _people(exam_id, matched, default_room_id)
    by_position = {position: person for person in people for position in person.positions}
    return RosterPlan(
        tuple(_planned(row, by_position.get(index)) for index, row in enumerate(matched)),
        tuple(_groups(people, matched)),
    )


def renumbered(plan: RosterPlan) -> list[Candidate]:
    """Return the enrolled candidates whose numbers a plan changes."""
    return [
        person.before
        for group in plan.groups
        for person in group
        if person.before and NUMBERS & set(changed_fields(person.before, person.after))
    ]


def refuse_people(
    plan: RosterPlan, candidate_ids: Container[str], code: str, text: LocalizedText
) -> RosterPlan:
    """Return a plan that refuses these candidates, and whoever exchanges numbers with them."""
    refused = [
        group
        for group in plan.groups
        if any(person.before and person.before.candidate_id in candidate_ids for person in group)
    ]
    positions = {position for group in refused for person in group for position in person.positions}

    def planned(position: int, row: PlannedRow) -> PlannedRow:
        if position not in positions:
            return row
        problem = RosterProblem(row.row.line, code, text)
        return replace(row, outcome=RowOutcome.REFUSED, changes=(), problems=(problem,))

    rows = tuple(planned(position, row) for position, row in enumerate(plan.rows))
    return RosterPlan(rows, tuple(group for group in plan.groups if group not in refused))


def plan_batches(plan: RosterPlan) -> list[list[int]]:
    """Return the positions of the rows to write, in batches for one request each.

    Those who exchange numbers are in one batch; rows that change nothing are in a batch as well,
    so that their photos can be uploaded.
    """
    batches: list[list[int]] = []
    for group in plan.groups:
        positions = sorted(position for person in group for position in person.positions)
        if not batches or len(batches[-1]) + len(positions) > BATCH_SIZE:
            batches.append([])
        batches[-1] += positions
    return batches


def count_people(plan: RosterPlan) -> Mapping[RowOutcome, int]:
    """Return how many people are created, updated and unchanged, and how many rows are refused."""
    counts = dict.fromkeys(RowOutcome, 0)
    for group in plan.groups:
        for person in group:
            counts[_outcome(person)] += 1
    counts[RowOutcome.REFUSED] = sum(row.outcome is RowOutcome.REFUSED for row in plan.rows)
    return counts


def _outcome(person: PersonChange) -> RowOutcome:
    if person.before is None:
        return RowOutcome.CREATED
    return RowOutcome.UNCHANGED if person.after == person.before else RowOutcome.UPDATED


def _planned(matched: MatchedRow, person: PersonChange | None) -> PlannedRow:
    checked = matched.checked
    candidate_id = matched.candidate.candidate_id if matched.candidate else None
    if person is None:
        return PlannedRow(
            checked.row,
            RowOutcome.REFUSED,
            candidate_id,
            problems=checked.problems,
            warnings=checked.warnings,
        )
    changes = changed_fields(person.before, person.after) if person.before else []
    return PlannedRow(
        checked.row,
        _outcome(person),
        candidate_id,
        tuple(changes),
        warnings=(*checked.warnings, *_new_warnings(matched)),
    )


def _new_warnings(matched: MatchedRow) -> list[RosterProblem]:
    if matched.candidate is not None or matched.row.phone_number:
        return []
    text = LocalizedText(
        "没有手机号，收不到短信口令。", "Without a phone number the passcode cannot be sent."
    )
    return [RosterProblem(matched.row.line, "no_phone", text)]


def _room_id(matched: MatchedRow, default_room_id: str | None) -> str | None:
    before = matched.candidate.rooms if matched.candidate else {}
    return matched.row.room_id or before.get(matched.row.subject_id) or default_room_id


def _require_room(matched: MatchedRow, default_room_id: str | None) -> MatchedRow:
    if matched.checked.problems or _room_id(matched, default_room_id):
        return matched
    text = LocalizedText("没有考场。", "There is no room for this candidate.")
    return matched.refused(RosterProblem(matched.row.line, "empty_room", text))


def _people(
    exam_id: str, rows: Sequence[MatchedRow], default_room_id: str | None
) -> list[PersonChange]:
    """Return the people of the rows that are not refused, in the list's order."""
    people: dict[str, PersonChange] = {}
    for position, matched in enumerate(rows):
        room_id = _room_id(matched, default_room_id)
        if matched.checked.problems or room_id is None:
            continue
        earlier = people.get(matched.person)
        before = earlier.after if earlier else matched.candidate
        after = (
            with_row(before, matched.row, room_id)
            if before
            else new_candidate("", exam_id, matched.row, room_id)
        )
        positions = (*earlier.positions, position) if earlier else (position,)
        people[matched.person] = PersonChange(matched.candidate, after, positions)
    return list(people.values())


def _groups(
    people: Sequence[PersonChange], rows: Sequence[MatchedRow]
) -> list[tuple[PersonChange, ...]]:
    """Return the people in groups: who takes somebody's number is in that person's group."""
    group_of = _group_names(rows)
    groups: dict[str, list[PersonChange]] = {}
    for person in people:
        name = group_of[rows[person.positions[0]].person]
        groups.setdefault(name, []).append(person)
    return [tuple(group) for group in groups.values()]


def _group_names(rows: Sequence[MatchedRow]) -> dict[str, str]:
    """Return a name of the group of each person: those connected by numbers that change hands."""
    names: dict[str, str] = {}
    for matched in rows:
        if matched.checked.problems:
            continue
        connected = [matched.person, *(holder.candidate_id for holder in matched.displaced)]
        joined = {names.get(person, person) for person in connected}
        name = min(joined)
        if len(joined) > 1:
            names = {person: name if old in joined else old for person, old in names.items()}
        names |= dict.fromkeys(connected, name)
    return names


def _refuse_large_groups(rows: list[MatchedRow]) -> list[MatchedRow]:
    names = _group_names(rows)
    members: dict[str, set[str]] = {}
    for person, name in names.items():
        members.setdefault(name, set()).add(person)
    large = {person for group in members.values() if len(group) > MAX_GROUP for person in group}
    text = LocalizedText(
        f"这份名单让超过 {MAX_GROUP} 人互换号码，不能一次完成。请核对是否错行，或分成几份名单。",
        f"In this list more than {MAX_GROUP} people exchange numbers, too many for one step. Check "
        "whether lines are shifted, or split the list.",
    )
    return [
        matched.refused(RosterProblem(matched.row.line, "many_exchanged", text))
        if matched.person in large and not matched.checked.problems
        else matched
        for matched in rows
    ]
