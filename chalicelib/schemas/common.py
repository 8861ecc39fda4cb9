"""What requests and answers of every actor share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from chalicelib.domain.capture.proctor_requests import AskKind
from chalicelib.domain.rules.camera_placement import Framing
from chalicelib.domain.rules.safe_exam_browser import SafeBrowser
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Medium, Presence, SittingKind, Text, View

type ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
ID_PATTERN = r"^[A-Za-z0-9_.:-]{1,80}$"
type Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
type Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]


class Shape(BaseModel):
    """A body of the API. Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,  # what people send is no business of a log
    )


class TextOut(Shape):
    """A text in both languages."""

    zh: str
    en: str

    @staticmethod
    def of(text: Text) -> "TextOut":
        """Return the JSON shape of a text."""
        return TextOut(zh=text.zh, en=text.en)


class Problem(Shape):
    """What went wrong: a stable code, a sentence in the caller's language, the field if one is at fault."""

    code: str
    message: str
    field: str | None = None


class Done(Shape):
    """The request was carried out; there is nothing more to say."""

    done: bool = True


class Upload(Shape):
    """A signed form: POST `fields`, then the file as the last field `file`, to `url`."""

    capture_id: str
    url: str
    fields: dict[str, str]
    largest: int
    """Bytes."""
    content_type: str


class ShotOut(Shape):
    """The newest test shot of a camera, and how it stands as far as the models can tell."""

    view: View
    capture_id: str
    asked_at: int
    seen_at: int | None
    """None while the models have not looked at it."""
    fine: bool
    faces: int
    persons: int
    light: float | None
    """Mean brightness, 0..255."""
    problems: list[Framing]
    """What to mend, the most important first. Never a flag."""
    hints: list[Framing]
    """What the models cannot tell for sure: the person should look."""


class ShotBegun(Shape):
    """Where a test shot's picture goes; the session's test shot tells what comes of it."""

    upload: Upload


class PlannedCapture(Shape):
    """One capture to be made at `due_at` (server's clock, ms), and where to upload it."""

    view: View
    medium: Medium
    due_at: int
    length: int
    """Of a sound clip, ms; 0 for a picture."""
    upload: Upload


class PlanOut(Shape):
    """All captures of one window. Ask for the next plan at `next_at`."""

    now: int
    next_at: int
    captures: list[PlannedCapture]


class AskOut(Shape):
    """What a proctor asked for last; `begun_at` is null until the candidate begins."""

    kind: AskKind
    at: int
    begun_at: int | None
    over_at: int
    """When an ask that nobody begins is over, or the end of one that was begun."""


class TicketOut(Shape):
    """A ticket for the socket: connect to `<ws_url>?ticket=…` before it ends."""

    ticket: str
    expires_at: int


class FileOut(Shape):
    """A file, sent as it is: its text, and its media type."""

    content: str
    media_type: str


class WindowOut(Shape):
    """When a sitting is open, in ms."""

    opens_at: int
    starts_at: int
    ends_at: int


class SubjectOut(Shape):
    """A subject as a candidate may see it."""

    subject_id: str
    title: TextOut
    duration: int
    """Milliseconds."""
    second_view: Presence
    safe_browser: SafeBrowser
    """Whether it is sat in Safe Exam Browser; its file is then at «…/subjects/{id}/exam.seb»."""
    trial: WindowOut
    official: WindowOut


__all__ = [
    "ID_PATTERN",
    "Done",
    "Id",
    "Number",
    "PlanOut",
    "PlannedCapture",
    "Presence",
    "Problem",
    "Shape",
    "ShortText",
    "SittingKind",
    "State",
    "SubjectOut",
    "TextOut",
    "TicketOut",
    "Upload",
    "View",
    "WindowOut",
]
