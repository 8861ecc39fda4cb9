"""An exam as an institution writes it down: the shape of the file that `infra exam` reads."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from chalicelib.domain.exams.papers import QuestionKind
from chalicelib.domain.types import Presence, Role, SittingKind, Text
from chalicelib.schemas.common import Id, Shape

type Words = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
type Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9]{1,8}$")]
type Choice = tuple[Key, Words] | tuple[Key, Words, str]
"""A choice's key, its text, and its text in English."""


class TextWritten(Shape):
    """A text; without English the Chinese stands for both."""

    zh: Words
    en: str = ""

    def text(self) -> Text:
        """Return it in both languages."""
        return Text(self.zh, self.en or self.zh)


class PictureWritten(Shape):
    """A PNG or JPEG beside the file, and what it shows in words."""

    file: Words
    alt: TextWritten


class QuestionWritten(Shape):
    """A question; a true/false one needs no options."""

    kind: QuestionKind
    points: float
    stem: TextWritten
    options: tuple[Choice, ...] = ()
    pinned: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    blanks: int = 1
    pictures: tuple[PictureWritten, ...] = ()


class ShufflingWritten(Shape):
    """What each candidate sees in an order of their own."""

    questions: bool = False
    options: bool = False


class TimesWritten(Shape):
    """Moments with their zone, such as `2026-10-30T09:00:00+08:00`."""

    opens: AwareDatetime
    starts: AwareDatetime
    ends: AwareDatetime


class SubjectWritten(Shape):
    """A subject with the times and the papers of its two sittings."""

    subject_id: Id
    title: TextWritten
    minutes: int
    earliest_submit_minutes: int = 0
    second_view: Presence = Presence.REQUIRED
    shuffling: ShufflingWritten = ShufflingWritten()
    times: dict[SittingKind, TimesWritten] = Field(min_length=2)
    papers: dict[SittingKind, tuple[QuestionWritten, ...]] = Field(min_length=2)


class RoomWritten(Shape):
    """A room of candidates that proctors watch."""

    room_id: Id
    name: TextWritten


class StaffWritten(Shape):
    """A person who works in the exam; admins see every room."""

    username: Id
    display_name: Words
    role: Literal[Role.ADMIN, Role.PROCTOR, Role.SUPPORT]
    rooms: tuple[Id, ...] = ()
    authenticator: bool | None = None
    """Whether they sign in with a one-time code, too; otherwise as before, and at first without."""


class ExamWritten(Shape):
    """The file, whole."""

    exam_id: Id
    title: TextWritten
    pledge: TextWritten
    support: TextWritten
    rooms: tuple[RoomWritten, ...] = Field(min_length=1)
    subjects: tuple[SubjectWritten, ...] = Field(min_length=1)
    staff: tuple[StaffWritten, ...] = ()
