"""Parse an exam file into the exam, its papers and their pictures."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from PIL import Image, UnidentifiedImageError
from pydantic import ValidationError

from chalicelib.domain.exams.exams import Exam, Room, Staff, Subject, Window
from chalicelib.domain.exams.papers import (
    Option,
    Paper,
    Question,
    QuestionKind,
    QuestionPicture,
    Shuffling,
)
from chalicelib.domain.passcodes import PasscodeMode
from chalicelib.domain.rules.retention import RetentionRule
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis, SittingKind
from chalicelib.services.admin.exam_import import ExamDefinition
from infra.errors import InfraError
from infra.exam_file.schema import (
    ExamFile,
    PictureEntry,
    QuestionEntry,
    SubjectEntry,
)

MAX_FILE_BYTES = 20_000_000
MAX_PAPER_BYTES = 350_000
"""Of JSON: a paper is one DynamoDB item, whose limit is 400 KB."""
MAX_PICTURE_BYTES = 2_000_000
DEFAULT_MODES = {
    SittingKind.TRIAL: PasscodeMode.SHARED,
    SittingKind.OFFICIAL: PasscodeMode.PERSONAL,
}
ENDINGS = {"PNG": "png", "JPEG": "jpg"}
TRUE_FALSE = (
    Option("true", LocalizedText("正确", "True")),
    Option("false", LocalizedText("错误", "False")),
)


def _load_json(file: Path) -> ExamFile:
    """Read and validate the file. Raises InfraError with the location of each error."""
    try:
        if file.stat().st_size > MAX_FILE_BYTES:
            raise InfraError(f"{file} is larger than {MAX_FILE_BYTES:,} bytes.")
        return ExamFile.model_validate_json(file.read_bytes())
    except OSError as error:
        raise InfraError(f"{file} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        problems = "\n".join(
            f"  {'.'.join(str(part) for part in details['loc']) or 'the file'}: {details['msg']}"
            for details in error.errors(include_url=False, include_input=False)
        )
        raise InfraError(f"{file} is not a valid exam file:\n{problems}") from None


@dataclass(frozen=True, slots=True)
class ParsedExam:
    """The exam definition, and the picture files to upload by their keys."""

    definition: ExamDefinition
    pictures: dict[str, Path]


def parse_exam_file(file: Path) -> ParsedExam:
    """Parse an exam file and read the pictures beside it. Raises InfraError."""
    entry = _load_json(file)
    rooms = {room.room_id for room in entry.rooms}
    for staff in entry.staff:
        unknown = [room for room in staff.rooms if room not in rooms]
        if unknown:
            raise InfraError(f"{file}: {staff.username} has an unknown room: {unknown[0]}")
    pictures = Pictures(file.parent, entry.exam_id)
    exam = Exam(
        entry.exam_id,
        entry.title.text(),
        entry.pledge.text(),
        entry.support.text(),
        tuple(_subject(subject, entry.exam_id) for subject in entry.subjects),
        entry.time_zone,
        RetentionRule(**entry.retention.model_dump()),
    )
    definition = ExamDefinition(
        exam=exam,
        papers=tuple(
            _paper(subject, kind, pictures) for subject in entry.subjects for kind in SittingKind
        ),
        rooms=tuple(Room(room.room_id, entry.exam_id, room.name.text()) for room in entry.rooms),
        staff=tuple(
            Staff(staff.username, staff.display_name, staff.role, "", staff.rooms)
            for staff in entry.staff
        ),
        authenticators={
            staff.username: staff.authenticator
            for staff in entry.staff
            if staff.authenticator is not None
        },
    )
    return ParsedExam(definition, pictures.files)


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of an exam's questions, each stored under the hash of its bytes."""

    folder: Path
    exam_id: str
    files: dict[str, Path] = field(default_factory=dict)

    def picture(self, entry: PictureEntry) -> QuestionPicture:
        """Read a picture and register it for upload. Raises InfraError."""
        file = self.folder / entry.file
        try:
            data = file.read_bytes()
            with Image.open(io.BytesIO(data)) as image:
                (width, height), ending = image.size, ENDINGS.get(image.format or "")
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise InfraError(f"The picture {file} cannot be read: {error}") from None
        if ending is None or len(data) > MAX_PICTURE_BYTES:
            raise InfraError(
                f"The picture {file} must be a PNG or JPEG of at most {MAX_PICTURE_BYTES:,} bytes."
            )
        key = f"papers/{self.exam_id}/{hashlib.sha256(data).hexdigest()}.{ending}"
        self.files[key] = file
        return QuestionPicture(key, entry.alt.text(), width, height)


def _subject(entry: SubjectEntry, exam_id: str) -> Subject:
    """Return the subject, closed for sign-in: its windows have no passcode yet."""
    return Subject(
        subject_id=entry.subject_id,
        exam_id=exam_id,
        title=entry.title.text(),
        duration=entry.minutes * MINUTE,
        windows={kind: _window(entry, kind) for kind in SittingKind},
        questions={kind: len(paper) for kind, paper in entry.papers.items()},
        second_view=entry.second_view,
        sign_in_numbers=entry.sign_in_numbers,
        earliest_submit=entry.earliest_submit_minutes * MINUTE,
        recording=entry.recording.rule(),
    )


def _paper(entry: SubjectEntry, kind: SittingKind, pictures: Pictures) -> Paper:
    """Return one of a subject's two papers, its questions numbered in order. Raises InfraError."""
    size = sum(len(question.model_dump_json().encode()) for question in entry.papers[kind])
    if size > MAX_PAPER_BYTES:
        raise InfraError(
            f"The {kind} paper of {entry.subject_id} is larger than {MAX_PAPER_BYTES:,} bytes: "
            "shorten it, or move long texts into pictures."
        )
    questions = (
        _question(f"q{number}", question, pictures)
        for number, question in enumerate(entry.papers[kind], start=1)
    )
    shuffling = Shuffling(entry.shuffling.questions, entry.shuffling.options)
    return Paper(entry.subject_id, kind, tuple(questions), shuffling)


def _question(question_id: str, entry: QuestionEntry, pictures: Pictures) -> Question:
    options = tuple(
        Option(key, LocalizedText(zh, *(en or (zh,))), pinned=key in entry.pinned)
        for key, zh, *en in entry.options
    )
    return Question(
        question_id=question_id,
        kind=entry.kind,
        stem=entry.stem.text(),
        points=entry.points,
        options=TRUE_FALSE if entry.kind is QuestionKind.TRUE_FALSE else options,
        key=entry.key,
        pictures=tuple(pictures.picture(picture) for picture in entry.pictures),
        blanks=entry.blanks,
    )


def _window(entry: SubjectEntry, kind: SittingKind) -> Window:
    times, mode = entry.times[kind], entry.passcodes.get(kind, DEFAULT_MODES[kind])
    return Window(_at(times.opens), _at(times.starts), _at(times.ends), "", mode)


def _at(moment: datetime) -> Millis:
    return round(moment.timestamp() * SECOND)
