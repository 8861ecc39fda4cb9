"""Candidates of the demonstration exam, its own and those of a CSV file, with their photos."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from chalicelib.domain.capture.captures import MAX_PICTURE_BYTES
from chalicelib.services.admin.enrolment import RosterRow, confirm_photo, enrol, photo_key
from chalicelib.services.ports import AppContext
from chalicelib.wiring.settings import settings
from infra.errors import InfraError
from infra.seed.demonstration import EXAM_ID, parsed_demonstration

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROOT = Path(__file__).resolve().parents[2]
OWN = Path(__file__).with_name("candidates.json")
COLUMNS = ("name", "id_number", "admission_number", "phone", "subject")
PHOTO_ENDINGS = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate to sign up, with the registration photo's file if there is one."""

    name: str
    id_number: str
    admission_number: str
    phone: str
    subject: str
    photo: Path | None


def rows_of_demonstration() -> list[CandidateRow]:
    """Return the demonstration's own candidates."""
    return [
        CandidateRow(
            **{column: load[column] for column in COLUMNS},
            photo=ROOT / load["photo"] if load["photo"] else None,
        )
        for load in json.loads(OWN.read_text(encoding="utf-8"))
    ]


def rows_of_file(file: Path, photos: Path | None) -> list[CandidateRow]:
    """Read candidates out of a CSV file. Raises InfraError, naming the line that is wrong."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [one for one in COLUMNS if one not in (reader.fieldnames or ())]
            if missing:
                raise InfraError(f"{file} lacks the columns {', '.join(missing)}.")
            return [_row(file, number, row, photos) for number, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InfraError(f"{file} cannot be read: {error}") from None


def _row(file: Path, number: int, row: dict[str, str], photos: Path | None) -> CandidateRow:
    values = {column: (row[column] or "").strip() for column in COLUMNS}
    empty = [column for column, value in values.items() if not value]
    if empty:
        raise InfraError(f"{file}, line {number}: {', '.join(empty)} is empty.")
    subjects = {
        one.subject_id: one.title for one in parsed_demonstration().definition.exam.subjects
    }
    named = {text: key for key, title in subjects.items() for text in (title.zh, title.en)}
    subject = named.get(values["subject"], values["subject"])
    if subject not in subjects:
        known = ", ".join(subjects)
        raise InfraError(
            f"{file}, line {number}: there is no subject {subject}; there are {known}."
        )
    photo = _photo(photos, values["id_number"])
    return CandidateRow(**{**values, "subject": subject}, photo=photo)


def _photo(photos: Path | None, id_number: str) -> Path | None:
    if photos is None:
        return None
    found = (photos / f"{id_number}{ending}" for ending in PHOTO_ENDINGS)
    return next((path.resolve() for path in found if path.is_file()), None)


def enrol_rows(context: AppContext, rows: list[CandidateRow]) -> None:
    """Sign candidates up and store their photos."""
    room_id = parsed_demonstration().definition.rooms[0].room_id
    entries = [
        RosterRow(
            name=row.name,
            id_number=row.id_number,
            admission_number=row.admission_number,
            phone_number=row.phone,
            registration_unit="演示报名点",
            subject_id=row.subject,
            room_id=room_id,
        )
        for row in rows
    ]
    for row, done in zip(rows, enrol(context, EXAM_ID, entries), strict=True):
        if row.photo is not None:
            _store_photo(row.photo, done.candidate.candidate_id)
            confirm_photo(context, EXAM_ID, done.candidate.candidate_id)


def _store_photo(photo: Path, candidate_id: str) -> None:
    data = photo.read_bytes()
    if len(data) > MAX_PICTURE_BYTES:
        raise InfraError(f"{photo} is larger than {MAX_PICTURE_BYTES:,} bytes.")
    client: S3Client = boto3.client("s3")
    client.put_object(
        Bucket=settings().media_bucket,
        Key=photo_key(candidate_id),
        Body=data,
        ContentType="image/jpeg",
    )
