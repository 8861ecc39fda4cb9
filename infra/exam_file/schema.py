"""An exam as an institution writes it down: the shape of the file that `infra exam` reads."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from chalicelib.domain.exams.papers import QuestionKind
from chalicelib.domain.types import LocalizedText, Requirement, Role, SittingKind
from chalicelib.schemas.common import ApiModel, Id

type NonEmptyText = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
type OptionKey = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,8}$")]
type OptionEntry = tuple[OptionKey, NonEmptyText] | tuple[OptionKey, NonEmptyText, str]
"""A choice's key, its text, and its text in English."""


class TextEntry(ApiModel):
    """A text; without English the Chinese stands for both."""

    zh: NonEmptyText
    en: str = ""

    def text(self) -> LocalizedText:
        """Return it in both languages."""
        return LocalizedText(self.zh, self.en or self.zh)


class PictureEntry(ApiModel):
    """A PNG or JPEG beside the file, and what it shows in words."""

    file: NonEmptyText
    alt: TextEntry


class QuestionEntry(ApiModel):
    """A question; a true/false one needs no options."""

    kind: QuestionKind
    points: float
    stem: TextEntry
    options: tuple[OptionEntry, ...] = ()
    pinned: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    blanks: int = 1
    pictures: tuple[PictureEntry, ...] = ()


class ShufflingEntry(ApiModel):
    """What each candidate sees in an order of their own."""

    questions: bool = False
    options: bool = False


class TimesEntry(ApiModel):
    """Moments with their zone, such as `2026-10-30T09:00:00+08:00`."""

    opens: AwareDatetime
    starts: AwareDatetime
    ends: AwareDatetime


class SubjectEntry(ApiModel):
    """A subject with the times and the papers of its two sittings."""

    subject_id: Id
    title: TextEntry
    minutes: int
    earliest_submit_minutes: int = 0
    second_view: Requirement = Requirement.REQUIRED
    shuffling: ShufflingEntry = ShufflingEntry()
    times: dict[SittingKind, TimesEntry] = Field(min_length=2)
    papers: dict[SittingKind, tuple[QuestionEntry, ...]] = Field(min_length=2)


class RoomEntry(ApiModel):
    """A room of candidates that proctors watch."""

    room_id: Id
    name: TextEntry


class StaffEntry(ApiModel):
    """A person who works in the exam; admins see every room."""

    username: Id
    display_name: NonEmptyText
    role: Literal[Role.ADMIN, Role.PROCTOR, Role.SUPPORT]
    rooms: tuple[Id, ...] = ()
    authenticator: bool | None = None
    """Whether they sign in with a one-time code, too; otherwise as before, and at first without."""


class ExamFile(ApiModel):
    """The file, whole."""

    exam_id: Id
    title: TextEntry
    pledge: TextEntry
    support: TextEntry
    rooms: tuple[RoomEntry, ...] = Field(min_length=1)
    subjects: tuple[SubjectEntry, ...] = Field(min_length=1)
    staff: tuple[StaffEntry, ...] = ()
