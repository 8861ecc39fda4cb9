"""Signing candidates up for an exam, and where their registration photos go."""

import hashlib
from dataclasses import dataclass, replace
from functools import partial

from chalicelib.domain.capture.captures import MAX_PICTURE_BYTES, PICTURE_TYPE
from chalicelib.domain.errors import BadInput, NotFound
from chalicelib.domain.exams.exams import Candidate, Exam, normalize_number
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.ports import AppContext, SignedForm

PHOTO_FORM_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One row of a list of candidates."""

    name: str
    id_number: str
    admission_number: str
    phone: str
    registration_unit: str
    subject_id: str
    room_id: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A candidate who is signed up, and the form that uploads the registration photo."""

    candidate: Candidate
    photo: SignedForm


def make_candidate_id(exam_id: str, id_number: str) -> str:
    """Return the one id that a person has in an exam, so that a list can be sent again."""
    text = f"{exam_id}/{normalize_number(id_number)}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def photo_key(candidate_id: str) -> str:
    """Return where a registration photo is stored."""
    return f"registration/{candidate_id}.jpg"


def enrol(context: AppContext, exam_id: str, entries: list[RosterRow]) -> list[Enrolment]:
    """Sign candidates up; a known ID number is changed. Raises NotFound, BadInput.

    All entries are checked before the first is written.
    """
    exam = context.registry.fresh_exam(exam_id)
    for subject_id in {entry.subject_id for entry in entries}:
        if exam.subject(subject_id) is None:
            raise BadInput(
                LocalizedText(f"没有科目 {subject_id}。", f"There is no subject {subject_id}.")
            )
    for room_id in {entry.room_id for entry in entries}:
        _require_room(context, exam, room_id)
    return [retry_on_conflict(partial(_enrol_row, context, exam, entry)) for entry in entries]


def _require_room(context: AppContext, exam: Exam, room_id: str) -> None:
    wrong = BadInput(LocalizedText(f"没有考场 {room_id}。", f"There is no room {room_id}."))
    try:
        room = context.registry.room(room_id)
    except NotFound:
        raise wrong from None
    if room.exam_id != exam.exam_id:
        raise wrong


def _enrol_row(context: AppContext, exam: Exam, entry: RosterRow) -> Enrolment:
    candidate_id = make_candidate_id(exam.exam_id, entry.id_number)
    known = find_or_none(lambda: context.registry.candidate(candidate_id))
    fresh = Candidate(
        candidate_id=candidate_id,
        exam_id=exam.exam_id,
        name=entry.name,
        id_number=entry.id_number,
        admission_number=entry.admission_number,
        phone_number=entry.phone,
        registration_unit=entry.registration_unit,
        rooms={entry.subject_id: entry.room_id},
    )
    candidate = merge_roster_row(known, fresh) if known else fresh
    if candidate != known:
        context.registry.put_candidate(candidate)
    return Enrolment(candidate, photo_form(context, candidate_id))


def photo_form(context: AppContext, candidate_id: str) -> SignedForm:
    """Return the form that uploads a candidate's registration photo."""
    return context.media.upload_form(
        photo_key(candidate_id), PICTURE_TYPE, MAX_PICTURE_BYTES, PHOTO_FORM_SECONDS
    )


def merge_roster_row(known: Candidate, fresh: Candidate) -> Candidate:
    """Return a known candidate as a new row of a list changes it.

    A list knows names, numbers and rooms. Photo, accommodation and audit stay, and so do the rooms
    of other subjects. A row that says what is known changes nothing, not even the version.
    """
    merged = replace(
        fresh,
        rooms={**known.rooms, **fresh.rooms},
        photo_key=known.photo_key,
        accommodation=known.accommodation,
        head=known.head,
        version=known.version,
    )
    return known if merged == known else replace(merged, version=known.version + 1)


def confirm_photo(context: AppContext, exam_id: str, candidate_id: str) -> Candidate:
    """Note that a candidate's registration photo is uploaded. Raises NotFound."""

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
