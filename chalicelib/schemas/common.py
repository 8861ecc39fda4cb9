"""What requests and responses of several actors share."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

from chalicelib.domain.capture.proctor_requests import RequestKind
from chalicelib.domain.exams.exams import Window
from chalicelib.domain.rules.camera_placement import PlacementProblem
from chalicelib.domain.rules.retention import RetentionRule
from chalicelib.domain.rules.safe_exam_browser import SebUse
from chalicelib.domain.rules.sign_in_numbers import SignInNumbers
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import LocalizedText, Medium, Requirement, SittingKind, View

type ShortText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]
ID_PATTERN = r"^[A-Za-z0-9_.:-]{1,80}$"
type Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
type Number = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=40)]
type OptionalNumber = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)]


class ApiModel(BaseModel):
    """A body of the API. Unknown fields are rejected, so that a misspelt one is noticed."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        use_attribute_docstrings=True,
        hide_input_in_errors=True,  # what people send is no business of a log
        defer_build=True,  # an instance that starts builds the models that it is asked for
    )


class TextOut(ApiModel):
    """A text in both languages."""

    zh: str
    en: str

    @staticmethod
    def of(text: LocalizedText) -> "TextOut":
        """Return the schema of a text."""
        return TextOut(zh=text.zh, en=text.en)


class Problem(ApiModel):
    """An error: a stable code, a message in the caller's language, and the invalid field, if any."""

    code: str
    message: str
    field: str | None = None


class Done(ApiModel):
    """The request succeeded; there is nothing to return."""

    done: bool = True


class UploadOut(ApiModel):
    """A presigned form: POST `fields`, then the file as the last field `file`, to `url`."""

    capture_id: str
    url: str
    fields: dict[str, str]
    largest: int
    """Maximum size, bytes."""
    content_type: str


class CameraTestOut(ApiModel):
    """The newest test of a camera, and its placement as far as the models can tell."""

    view: View
    capture_id: str
    asked_at: int
    seen_at: int | None
    """Null until the models have analysed it."""
    fine: bool
    faces: int
    persons: int
    light: float | None
    """Mean brightness, 0..255."""
    problems: list[PlacementProblem]
    """What to correct, the most important first. Never a flag."""
    hints: list[PlacementProblem]
    """What the models are not sure of: the person should check."""


class CameraTestUploadOut(ApiModel):
    """The upload form of a camera test; the result appears as the session's `test_shot`."""

    upload: UploadOut


class PlannedCaptureOut(ApiModel):
    """One capture to be taken at `due_at` (server's clock, ms), and its upload form."""

    view: View
    medium: Medium
    due_at: int
    length: int
    """Length of a sound clip, ms; 0 for a picture."""
    upload: UploadOut


class CapturePlanOut(ApiModel):
    """The captures of one planning window. Request the next plan at `next_at`."""

    now: int
    next_at: int
    captures: list[PlannedCaptureOut]


class ProctorRequestOut(ApiModel):
    """The proctor's last request; `begun_at` is null until the candidate starts."""

    kind: RequestKind
    at: int
    begun_at: int | None
    over_at: int
    """When a request that was not started expires, or when a started one ends."""


class TicketOut(ApiModel):
    """A ticket for the socket: connect to `<ws_url>?ticket=…` before it expires."""

    ticket: str
    expires_at: int


class FileOut(ApiModel):
    """A file that is sent as it is: its text and its media type."""

    content: str
    media_type: str


class WindowOut(ApiModel):
    """When sign-in to a sitting opens, when answering starts, and when all ends."""

    opens_at: int
    starts_at: int
    ends_at: int

    @staticmethod
    def of(window: Window) -> "WindowOut":
        """Return the schema of a sitting window, without its passcode's hash."""
        return WindowOut(
            opens_at=window.opens_at, starts_at=window.starts_at, ends_at=window.ends_at
        )


class SubjectOut(ApiModel):
    """A subject as candidates may see it."""

    subject_id: str
    title: TextOut
    duration: int
    """Milliseconds."""
    second_view: Requirement
    sign_in_numbers: SignInNumbers
    """Which numbers are asked for at sign-in."""
    safe_browser: SebUse
    """Whether Safe Exam Browser is used; its file is then at `…/subjects/{subject_id}/exam.seb`."""
    trial: WindowOut
    official: WindowOut


class RetentionIO(ApiModel):
    """For how many days what an exam recorded is kept, from each session's sign-in."""

    snapshots: int
    clips: int
    identity: int
    evidence: int
    recordings: int

    @classmethod
    def of(cls, rule: RetentionRule) -> "RetentionIO":
        """Return a rule as days by kind."""
        return cls(
            snapshots=rule.snapshots,
            clips=rule.clips,
            identity=rule.identity,
            evidence=rule.evidence,
            recordings=rule.recordings,
        )


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
