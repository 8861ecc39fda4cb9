"""The schema of the exam file that `python -m infra exam` reads."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from chalicelib.domain.exams.papers import QuestionKind
from chalicelib.domain.passcodes import PasscodeMode
from chalicelib.domain.recording.recording_rule import (
    RecordingMode,
    RecordingQuality,
    RecordingRule,
)
from chalicelib.domain.rules.sign_in_numbers import SignInNumbers
from chalicelib.domain.types import LocalizedText, Requirement, Role, SittingKind
from chalicelib.schemas.common import ApiModel, Id

type NonEmptyText = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
type OptionKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,8}$")]
type OptionEntry = tuple[OptionKey, NonEmptyText] | tuple[OptionKey, NonEmptyText, str]
"""An option's key, its Chinese text, and optionally its English text."""


class TextEntry(ApiModel):
    """A text in Chinese and English; without English, the Chinese is used for both."""

    zh: NonEmptyText
    en: str = ""

    def text(self) -> LocalizedText:
        """Return the text in both languages."""
        return LocalizedText(self.zh, self.en or self.zh)


class PictureEntry(ApiModel):
    """A PNG or JPEG file, relative to the exam file, and its alternative text."""

    file: NonEmptyText
    alt: TextEntry


class QuestionEntry(ApiModel):
    """A question; a true/false question has no options."""

    kind: QuestionKind
    points: float
    stem: TextEntry
    options: tuple[OptionEntry, ...] = ()
    pinned: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    blanks: int = 1
    pictures: tuple[PictureEntry, ...] = ()


class ShufflingEntry(ApiModel):
    """Whether questions and options are shuffled for each candidate."""

    questions: bool = False
    options: bool = False


class TimesEntry(ApiModel):
    """The times of a sitting, with UTC offset, such as `2026-10-30T09:00:00+08:00`."""

    opens: AwareDatetime
    starts: AwareDatetime
    ends: AwareDatetime


class RecordingEntry(ApiModel):
    """What a subject records of each track: nothing, around flags, or all; and how finely."""

    first: RecordingMode = RecordingMode.NONE
    second: RecordingMode = RecordingMode.NONE
    screen: RecordingMode = RecordingMode.NONE
    quality: RecordingQuality = RecordingQuality.STANDARD
    second_speech: bool = False
    compare_voices: bool = False

    def rule(self) -> RecordingRule:
        """Return the subject's rule."""
        return RecordingRule(**self.model_dump())


class SubjectEntry(ApiModel):
    """A subject with the times and papers of its practice session and official exam."""

    subject_id: Id
    title: TextEntry
    minutes: int
    earliest_submit_minutes: int = 0
    second_view: Requirement = Requirement.REQUIRED
    sign_in_numbers: SignInNumbers = SignInNumbers.EITHER
    passcodes: dict[SittingKind, PasscodeMode] = Field(default_factory=dict)
    """Shared or personal passcodes; by default shared in practice and personal in the exam."""
    recording: RecordingEntry = RecordingEntry()
    shuffling: ShufflingEntry = ShufflingEntry()
    times: dict[SittingKind, TimesEntry] = Field(min_length=2)
    papers: dict[SittingKind, tuple[QuestionEntry, ...]] = Field(min_length=2)


class RoomEntry(ApiModel):
    """A room of candidates."""

    room_id: Id
    name: TextEntry


class StaffEntry(ApiModel):
    """A staff account; admins have access to every room."""

    username: Id
    display_name: NonEmptyText
    role: Literal[Role.ADMIN, Role.PROCTOR, Role.SUPPORT]
    rooms: tuple[Id, ...] = ()
    authenticator: bool | None = None
    """Whether sign-in also requires a one-time code. None keeps the current setting; initially off."""


class RetentionEntry(ApiModel):
    """For how many days what the exam records is kept, from each session's sign-in."""

    snapshots: int = 30
    clips: int = 30
    identity: int = 30
    evidence: int = 365
    recordings: int = 30


class ExamFile(ApiModel):
    """The exam file."""

    exam_id: Id
    title: TextEntry
    pledge: TextEntry
    support: TextEntry
    time_zone: str = ""
    """In which the times were announced, by its IANA name; by default the deployment's."""
    retention: RetentionEntry = RetentionEntry()
    rooms: tuple[RoomEntry, ...] = Field(min_length=1)
    subjects: tuple[SubjectEntry, ...] = Field(min_length=1)
    staff: tuple[StaffEntry, ...] = ()
