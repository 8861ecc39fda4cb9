"""What requests and answers of every actor share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from chalicelib.domain.capture.proctor_requests import RequestKind
from chalicelib.domain.exams.exams import Window
from chalicelib.domain.rules.camera_placement import PlacementProblem
from chalicelib.domain.rules.safe_exam_browser import SebUse
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import LocalizedText, Medium, Requirement, SittingKind, View

type ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
ID_PATTERN = r"^[A-Za-z0-9_.:-]{1,80}$"
type Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
type Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]


class ApiModel(BaseModel):
    """A body of the API. Unknown fields are refused, so that a misspelt one is noticed."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,  # what people send is no business of a log
    )


class TextOut(ApiModel):
    """A text in both languages."""

    zh: str
    en: str

    @staticmethod
    def of(text: LocalizedText) -> "TextOut":
        """Return the JSON shape of a text."""
        return TextOut(zh=text.zh, en=text.en)


class Problem(ApiModel):
    """What went wrong: a stable code, a sentence in the caller's language, the field if one is at fault."""

    code: str
    message: str
    field: str | None = None


class Done(ApiModel):
    """The request was carried out; there is nothing more to say."""

    done: bool = True


class UploadOut(ApiModel):
    """A signed form: POST `fields`, then the file as the last field `file`, to `url`."""

    capture_id: str
    url: str
    fields: dict[str, str]
    largest: int
    """Bytes."""
    content_type: str


class CameraTestOut(ApiModel):
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
    problems: list[PlacementProblem]
    """What to mend, the most important first. Never a flag."""
    hints: list[PlacementProblem]
    """What the models cannot tell for sure: the person should look."""


class CameraTestUploadOut(ApiModel):
    """Where a test shot's picture goes; the session's test shot tells what comes of it."""

    upload: UploadOut


class PlannedCaptureOut(ApiModel):
    """One capture to be made at `due_at` (server's clock, ms), and where to upload it."""

    view: View
    medium: Medium
    due_at: int
    length: int
    """Of a sound clip, ms; 0 for a picture."""
    upload: UploadOut


class CapturePlanOut(ApiModel):
    """All captures of one window. Ask for the next plan at `next_at`."""

    now: int
    next_at: int
    captures: list[PlannedCaptureOut]


class ProctorRequestOut(ApiModel):
    """What a proctor asked for last; `begun_at` is null until the candidate begins."""

    kind: RequestKind
    at: int
    begun_at: int | None
    over_at: int
    """When an ask that nobody begins is over, or the end of one that was begun."""


class TicketOut(ApiModel):
    """A ticket for the socket: connect to `<ws_url>?ticket=…` before it ends."""

    ticket: str
    expires_at: int


class FileOut(ApiModel):
    """A file, sent as it is: its text, and its media type."""

    content: str
    media_type: str


class WindowOut(ApiModel):
    """When a sitting is open, in ms."""

    opens_at: int
    starts_at: int
    ends_at: int

    @staticmethod
    def of(window: Window) -> "WindowOut":
        """Return the JSON shape of a sitting window, without its passcode's hash."""
        return WindowOut(
            opens_at=window.opens_at, starts_at=window.starts_at, ends_at=window.ends_at
        )


class SubjectOut(ApiModel):
    """A subject as a candidate may see it."""

    subject_id: str
    title: TextOut
    duration: int
    """Milliseconds."""
    second_view: Requirement
    safe_browser: SebUse
    """Whether it is sat in Safe Exam Browser; its file is then at «…/subjects/{id}/exam.seb»."""
    trial: WindowOut
    official: WindowOut


__all__ = [
    "ID_PATTERN",
    "ApiModel",
    "CapturePlanOut",
    "Done",
    "Id",
    "Number",
    "PlannedCaptureOut",
    "Problem",
    "Requirement",
    "ShortText",
    "SittingKind",
    "State",
    "SubjectOut",
    "TextOut",
    "TicketOut",
    "UploadOut",
    "View",
    "WindowOut",
]
