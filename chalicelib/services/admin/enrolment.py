"""Enrolment of candidates in an exam, and their registration photos."""

import hashlib
from dataclasses import dataclass, replace
from functools import partial

from chalicelib.domain.errors import BadInput, NotFound
from chalicelib.domain.exams.exams import Candidate, Exam
from chalicelib.domain.normalization import MalformedNumber, is_number, normalize_number
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.core.capture_uploads import picture_upload_form
from chalicelib.services.ports import AppContext, SignedForm

PHOTO_FORM_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row of an imported list of candidates."""

    name: str
    id_number: str
    admission_number: str
    phone_number: str
    registration_unit: str
    subject_id: str
    room_id: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A candidate who is enrolled, and the form that uploads the registration photo."""

    candidate: Candidate
    photo: SignedForm


def make_candidate_id(exam_id: str, id_number: str) -> str:
    """Return the id of a person in an exam: always the same, so a list can be imported again."""
    text = f"{exam_id}/{normalize_number(id_number)}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def photo_key(candidate_id: str) -> str:
    """Return where a registration photo is stored."""
    return f"registration/{candidate_id}.jpg"


def enrol(context: AppContext, exam_id: str, rows: list[RosterRow]) -> list[Enrolment]:
    """Enrol candidates, or update those whose ID number is enrolled. Raises NotFound, BadInput.

    All rows are validated before the first is written; numbers are stored as they are compared.
    """
    exam = context.registry.fresh_exam(exam_id)
    rows = [_with_normal_numbers(row) for row in rows]
    for subject_id in {row.subject_id for row in rows}:
        if exam.subject(subject_id) is None:
            raise BadInput(
                LocalizedText(f"没有科目 {subject_id}。", f"There is no subject {subject_id}.")
            )
    for room_id in {row.room_id for row in rows}:
        _require_room(context, exam, room_id)
    return [retry_on_conflict(partial(_enrol_row, context, exam, row)) for row in rows]


def _with_normal_numbers(row: RosterRow) -> RosterRow:
    """Return a row with both numbers as they are compared. Raises MalformedNumber, with the name."""
    numbers = {
        "证件号": normalize_number(row.id_number),
        "准考证号": normalize_number(row.admission_number),
    }
    malformed = next((name for name, number in numbers.items() if not is_number(number)), None)
    if malformed is not None:
        english = {"证件号": "ID number", "准考证号": "admission number"}[malformed]
        raise MalformedNumber(
            LocalizedText(
                f"{row.name} 的{malformed}写法不正确：只应包含字母和数字。"
                "若为 9.9E+17 之类，请在表格中把该列设为文本后重新导出。",
                f"The {english} of {row.name} is not a number as it is printed. If it looks like "
                "9.9E+17, set that column to text in the spreadsheet and export it again.",
            )
        )
    id_number, admission_number = numbers.values()
    return replace(row, id_number=id_number, admission_number=admission_number)


def _require_room(context: AppContext, exam: Exam, room_id: str) -> None:
    no_room = BadInput(LocalizedText(f"没有考场 {room_id}。", f"There is no room {room_id}."))
    try:
        room = context.registry.room(room_id)
    except NotFound:
        raise no_room from None
    if room.exam_id != exam.exam_id:
        raise no_room


def _enrol_row(context: AppContext, exam: Exam, row: RosterRow) -> Enrolment:
    candidate_id = make_candidate_id(exam.exam_id, row.id_number)
    before = find_or_none(lambda: context.registry.candidate(candidate_id))
    candidate = Candidate(
        candidate_id=candidate_id,
        exam_id=exam.exam_id,
        name=row.name,
        id_number=row.id_number,
        admission_number=row.admission_number,
        phone_number=row.phone_number,
        registration_unit=row.registration_unit,
        rooms={row.subject_id: row.room_id},
    )
    if before:
        candidate = merge_roster_row(before, candidate)
    if candidate != before:
        context.registry.put_candidate(candidate)
    return Enrolment(candidate, photo_form(context, candidate_id))


def photo_form(context: AppContext, candidate_id: str) -> SignedForm:
    """Return the form that uploads a candidate's registration photo."""
    return picture_upload_form(context, photo_key(candidate_id), PHOTO_FORM_SECONDS)


def merge_roster_row(before: Candidate, imported: Candidate) -> Candidate:
    """Return an enrolled candidate, updated with a row of a list that is imported again.

    A list has names, numbers and rooms. Photo, accommodation and audit chain stay, and so do the
    rooms of other subjects. A row without changes changes nothing, not even the version.
    """
    merged = replace(
        imported,
        rooms={**before.rooms, **imported.rooms},
        photo_key=before.photo_key,
        accommodation=before.accommodation,
        head=before.head,
        version=before.version,
    )
    return before if merged == before else replace(merged, version=before.version + 1)


def confirm_photo(context: AppContext, exam_id: str, candidate_id: str) -> Candidate:
    """Record that a candidate's registration photo is uploaded. Raises NotFound."""

    def attempt() -> Candidate:
        candidate = context.registry.candidate(candidate_id)
        if candidate.exam_id != exam_id:
            raise NotFound
        if candidate.photo_key == photo_key(candidate_id):
            return candidate
        with_photo = replace(
            candidate, photo_key=photo_key(candidate_id), version=candidate.version + 1
        )
        context.registry.put_candidate(with_photo)
        return with_photo

    return retry_on_conflict(attempt)
