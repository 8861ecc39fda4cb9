"""Signing candidates up for an exam, and where their registration photos go."""

import hashlib
from dataclasses import dataclass, replace

from chalicelib.exam.captures import LARGEST_PICTURE
from chalicelib.exam.errors import BadInput, NotFound
from chalicelib.exam.exams import Candidate, Exam, normal_number
from chalicelib.exam.words import Text
from chalicelib.services.ports import SignedForm, World

PHOTO_SECONDS = 3_600


@dataclass(frozen=True, slots=True)
class Entry:
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


def candidate_id_of(exam_id: str, id_number: str) -> str:
    """Return the one id that a person has in an exam, so that a list can be sent again."""
    text = f"{exam_id}/{normal_number(id_number)}"
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def photo_key_of(candidate_id: str) -> str:
    """Return where a registration photo is stored."""
    return f"registration/{candidate_id}.jpg"


def enrol(world: World, exam_id: str, entries: list[Entry]) -> list[Enrolment]:
    """Sign candidates up; a known ID number is changed. Raises NotFound, BadInput.

    All entries are checked before the first is written.
    """
    exam = world.registry.exam(exam_id)
    rooms = {one.room_id for one in world.registry.rooms() if one.exam_id == exam_id}
    for entry in entries:
        _check(exam, rooms, entry)
    return [_enrol(world, exam, entry) for entry in entries]


def _check(exam: Exam, rooms: set[str], entry: Entry) -> None:
    if exam.subject(entry.subject_id) is None:
        raise BadInput(
            Text(f"没有科目 {entry.subject_id}。", f"There is no subject {entry.subject_id}.")
        )
    if entry.room_id not in rooms:
        raise BadInput(Text(f"没有考场 {entry.room_id}。", f"There is no room {entry.room_id}."))


def _enrol(world: World, exam: Exam, entry: Entry) -> Enrolment:
    candidate_id = candidate_id_of(exam.exam_id, entry.id_number)
    try:
        known = world.registry.candidate(candidate_id)
    except NotFound:
        known = None
    candidate = Candidate(
        candidate_id=candidate_id,
        exam_id=exam.exam_id,
        name=entry.name,
        id_number=entry.id_number,
        admission_number=entry.admission_number,
        phone=entry.phone,
        registration_unit=entry.registration_unit,
        rooms={**(known.rooms if known else {}), entry.subject_id: entry.room_id},
        photo_key=known.photo_key if known else None,
    )
    world.registry.put_candidate(candidate)
    form = world.media.upload_form(
        photo_key_of(candidate_id), "image/jpeg", LARGEST_PICTURE, PHOTO_SECONDS
    )
    return Enrolment(candidate, form)


def confirm_photo(world: World, exam_id: str, candidate_id: str) -> Candidate:
    """Note that a candidate's registration photo is uploaded. Raises NotFound."""
    candidate = world.registry.candidate(candidate_id)
    if candidate.exam_id != exam_id:
        raise NotFound
    with_photo = replace(candidate, photo_key=photo_key_of(candidate_id))
    world.registry.put_candidate(with_photo)
    return with_photo
