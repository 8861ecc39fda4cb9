"""From the written file to the exam, its papers and their pictures."""

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
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis, SittingKind
from chalicelib.services.admin.exam_import import ExamDefinition
from infra.errors import InfraError
from infra.exam_file.schema import (
    ExamFile,
    PictureEntry,
    QuestionEntry,
    SubjectEntry,
    TimesEntry,
)

LARGEST_FILE = 20_000_000
LARGEST_PAPER = 350_000
"""Bytes of JSON; a paper is one item of DynamoDB, which holds 400 KB."""
LARGEST_PICTURE = 2_000_000
ENDINGS = {"PNG": "png", "JPEG": "jpg"}
TRUE_FALSE = (
    Option("true", LocalizedText("正确", "True")),
    Option("false", LocalizedText("错误", "False")),
)


def _load_json(file: Path) -> ExamFile:
    """Read the file. Raises InfraError, naming each place that is wrong."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise InfraError(f"{file} is larger than {LARGEST_FILE:,} bytes.")
        return ExamFile.model_validate_json(file.read_bytes())
    except OSError as error:
        raise InfraError(f"{file} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        places = "\n".join(
            f"  {'.'.join(str(part) for part in details['loc']) or 'the file'}: {details['msg']}"
            for details in error.errors(include_url=False, include_input=False)
        )
        raise InfraError(f"{file} does not describe an exam:\n{places}") from None


@dataclass(frozen=True, slots=True)
class ParsedExam:
    """What the file comes to, and the pictures to store, by their keys."""

    definition: ExamDefinition
    pictures: dict[str, Path]


def parse_exam_file(file: Path) -> ParsedExam:
    """Read an exam with the pictures beside the file. Raises InfraError."""
    written = _load_json(file)
    rooms = {room.room_id for room in written.rooms}
    for staff in written.staff:
        unknown = [room for room in staff.rooms if room not in rooms]
        if unknown:
            raise InfraError(f"{file}: {staff.username} has a room that is not there: {unknown[0]}")
    pictures = Pictures(file.parent, written.exam_id)
    exam = Exam(
        written.exam_id,
        written.title.text(),
        written.pledge.text(),
        written.support.text(),
        tuple(_subject(subject, written.exam_id) for subject in written.subjects),
    )
    definition = ExamDefinition(
        exam=exam,
        papers=tuple(
            _paper(subject, kind, pictures) for subject in written.subjects for kind in SittingKind
        ),
        rooms=tuple(
            Room(room.room_id, written.exam_id, room.name.text()) for room in written.rooms
        ),
        staff=tuple(
            Staff(staff.username, staff.display_name, staff.role, "", staff.rooms)
            for staff in written.staff
        ),
        authenticators={
            staff.username: staff.authenticator
            for staff in written.staff
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

    def picture(self, written: PictureEntry) -> QuestionPicture:
        """Look at a picture and note it. Raises InfraError."""
        file = self.folder / written.file
        try:
            data = file.read_bytes()
            with Image.open(io.BytesIO(data)) as opened:
                (width, height), ending = opened.size, ENDINGS.get(opened.format or "")
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise InfraError(f"The picture {file} cannot be read: {error}") from None
        if ending is None or len(data) > LARGEST_PICTURE:
            raise InfraError(
                f"The picture {file} must be PNG or JPEG of at most {LARGEST_PICTURE:,} bytes."
            )
        key = f"papers/{self.exam_id}/{hashlib.sha256(data).hexdigest()}.{ending}"
        self.files[key] = file
        return QuestionPicture(key, written.alt.text(), width, height)


def _subject(written: SubjectEntry, exam_id: str) -> Subject:
    """Return the subject, to which nobody can sign in yet: its windows have no passcode."""
    return Subject(
        subject_id=written.subject_id,
        exam_id=exam_id,
        title=written.title.text(),
        duration=written.minutes * MINUTE,
        windows={kind: _window(times) for kind, times in written.times.items()},
        questions={kind: len(paper) for kind, paper in written.papers.items()},
        second_view=written.second_view,
        earliest_submit=written.earliest_submit_minutes * MINUTE,
    )


def _paper(written: SubjectEntry, kind: SittingKind, pictures: Pictures) -> Paper:
    """Return one of a subject's two papers, its questions numbered in order. Raises InfraError."""
    if sum(len(entry.model_dump_json().encode()) for entry in written.papers[kind]) > LARGEST_PAPER:
        raise InfraError(
            f"The {kind} paper of {written.subject_id} is larger than {LARGEST_PAPER:,} bytes: "
            "make it shorter, or move long texts into pictures."
        )
    questions = (
        _question(f"q{number}", entry, pictures)
        for number, entry in enumerate(written.papers[kind], start=1)
    )
    shuffling = Shuffling(written.shuffling.questions, written.shuffling.options)
    return Paper(written.subject_id, kind, tuple(questions), shuffling)


def _question(question_id: str, written: QuestionEntry, pictures: Pictures) -> Question:
    options = tuple(
        Option(key, LocalizedText(zh, *(en or (zh,))), pinned=key in written.pinned)
        for key, zh, *en in written.options
    )
    return Question(
        question_id=question_id,
        kind=written.kind,
        stem=written.stem.text(),
        points=written.points,
        options=TRUE_FALSE if written.kind is QuestionKind.TRUE_FALSE else options,
        key=written.key,
        pictures=tuple(pictures.picture(picture) for picture in written.pictures),
        blanks=written.blanks,
    )


def _window(written: TimesEntry) -> Window:
    return Window(_at(written.opens), _at(written.starts), _at(written.ends), "")


def _at(moment: datetime) -> Millis:
    return round(moment.timestamp() * SECOND)
