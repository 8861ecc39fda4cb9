"""What a row or a correction changes about a candidate, and how that is audited."""

from dataclasses import replace
from enum import StrEnum

from chalicelib.domain.exams.exams import Candidate, mask_number
from chalicelib.domain.normalization import normalize_number
from chalicelib.domain.roster.rows import RosterRow

type Detail = dict[str, str | int | float | bool | None]


class ChangedField(StrEnum):
    """A field of a candidate that a list or a correction changes."""

    NAME = "name"
    ID_NUMBER = "id_number"
    ADMISSION_NUMBER = "admission_number"
    PHONE = "phone"
    REGISTRATION_UNIT = "registration_unit"
    ROOM = "room"


NUMBERS = frozenset({ChangedField.ID_NUMBER, ChangedField.ADMISSION_NUMBER})
"""What a candidate signs in with."""

_MASKED = NUMBERS | {ChangedField.PHONE}


def new_candidate(candidate_id: str, exam_id: str, row: RosterRow, room_id: str) -> Candidate:
    """Return the candidate that a row enrols."""
    return Candidate(
        candidate_id=candidate_id,
        exam_id=exam_id,
        name=row.name,
        id_number=row.id_number,
        admission_number=row.admission_number,
        phone_number=row.phone_number or "",
        registration_unit=row.registration_unit or "",
        rooms={row.subject_id: room_id},
    )


def with_row(before: Candidate, row: RosterRow, room_id: str) -> Candidate:
    """Return an enrolled candidate with what a row says; what the list does not have stays.

    So do photo, accommodation, audit chain and the rooms of other subjects. The version is
    unchanged, so that a row without news returns an equal candidate.
    """
    return replace(
        before,
        name=row.name,
        id_number=unless_equal(before.id_number, row.id_number),
        admission_number=unless_equal(before.admission_number, row.admission_number),
        phone_number=before.phone_number if row.phone_number is None else row.phone_number,
        registration_unit=before.registration_unit
        if row.registration_unit is None
        else row.registration_unit,
        rooms={**before.rooms, row.subject_id: room_id},
    )


def unless_equal(before: str, after: str) -> str:
    """Return the number as it is stored, where the other is the same but for its writing."""
    return before if normalize_number(before) == normalize_number(after) else after


def changed_fields(before: Candidate, after: Candidate) -> list[ChangedField]:
    """Return the fields in which two states of a candidate differ, in the order of the list."""
    return [field for field in ChangedField if _value(before, field) != _value(after, field)]


def audit_detail(before: Candidate | None, after: Candidate) -> Detail:
    """Return what an audit entry says of a change: each field before and after, numbers masked."""
    detail: Detail = {}
    for field in ChangedField if before is None else changed_fields(before, after):
        if before is not None:
            detail[f"{field}_before"] = _audited(before, field)
        detail[field] = _audited(after, field)
    return detail


def _audited(candidate: Candidate, field: ChangedField) -> str:
    value = _value(candidate, field)
    return mask_number(value) if field in _MASKED else value


def _value(candidate: Candidate, field: ChangedField) -> str:
    match field:
        case ChangedField.PHONE:
            return candidate.phone_number
        case ChangedField.ROOM:
            return ",".join(f"{key}={room}" for key, room in sorted(candidate.rooms.items()))
        case _:
            return str(getattr(candidate, field))
