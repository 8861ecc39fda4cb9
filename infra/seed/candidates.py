"""Candidates of the demonstration exam: the built-in ones and those of a CSV file."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from chalicelib.domain.capture.captures import MAX_PICTURE_BYTES
from chalicelib.domain.normalization import is_number, normalize_number
from chalicelib.services.admin.enrolment import RosterRow, confirm_photo, enrol, photo_key
from chalicelib.services.ports import AppContext
from chalicelib.wiring.settings import settings
from infra.errors import InfraError
from infra.seed.demonstration import EXAM_ID, parsed_demonstration

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROOT = Path(__file__).resolve().parents[2]
BUILT_IN = Path(__file__).with_name("candidates.json")
COLUMNS = ("name", "id_number", "admission_number", "phone", "subject")
PHOTO_ENDINGS = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate to enrol, with the file of the registration photo if there is one."""

    name: str
    id_number: str
    admission_number: str
    phone: str
    subject: str
    photo: Path | None


def rows_of_demonstration() -> list[CandidateRow]:
    """Return the built-in candidates."""
    return [
        CandidateRow(
            **{column: entry[column] for column in COLUMNS},
            photo=ROOT / entry["photo"] if entry["photo"] else None,
        )
        for entry in json.loads(BUILT_IN.read_text(encoding="utf-8"))
    ]


def rows_of_file(file: Path, photos: Path | None) -> list[CandidateRow]:
    """Read candidates from a CSV file. Raises InfraError with the line number of an error."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            reader = csv.DictReader(lines)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise InfraError(f"{file} has no column {', '.join(missing)}.")
            return [_row(file, number, row, photos) for number, row in enumerate(reader, start=2)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InfraError(f"{file} cannot be read: {error}") from None


def _row(file: Path, number: int, row: dict[str, str], photos: Path | None) -> CandidateRow:
    values = {column: (row[column] or "").strip() for column in COLUMNS}
    empty = [column for column, value in values.items() if not value]
    if empty:
        raise InfraError(f"{file}, line {number}: {', '.join(empty)} is empty.")
    titles = {
        subject.subject_id: subject.title
        for subject in parsed_demonstration().definition.exam.subjects
    }
    ids = {text: key for key, title in titles.items() for text in (title.zh, title.en)}
    subject_id = ids.get(values["subject"], values["subject"])
    if subject_id not in titles:
        raise InfraError(
            f"{file}, line {number}: unknown subject {subject_id}; use one of {', '.join(titles)}."
        )
    for column in ("id_number", "admission_number"):
        typed, values[column] = values[column], normalize_number(values[column])
        if not is_number(values[column]):
            raise InfraError(f"{file}, line {number}: {column} is not a number: {typed}")
    photo = _photo(photos, values["id_number"])
    return CandidateRow(**{**values, "subject": subject_id}, photo=photo)


def _photo(photos: Path | None, id_number: str) -> Path | None:
    if photos is None:
        return None
    files = (
        path
        for path in sorted(photos.glob("*"))
        if path.suffix.lower() in PHOTO_ENDINGS and normalize_number(path.stem) == id_number
    )
    return next((path.resolve() for path in files if path.is_file()), None)


def enrol_rows(context: AppContext, rows: list[CandidateRow]) -> None:
    """Enrol candidates and store their photos."""
    room_id = parsed_demonstration().definition.rooms[0].room_id
    entries = [
        RosterRow(
            name=row.name,
            id_number=row.id_number,
            admission_number=row.admission_number,
            phone_number=row.phone,
            registration_unit="省职业技能鉴定指导中心",
            subject_id=row.subject,
            room_id=room_id,
        )
        for row in rows
    ]
    for row, enrolled in zip(rows, enrol(context, EXAM_ID, entries), strict=True):
        if row.photo is not None:
            _store_photo(row.photo, enrolled.candidate.candidate_id)
            confirm_photo(context, EXAM_ID, enrolled.candidate.candidate_id)


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
