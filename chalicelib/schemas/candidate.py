"""Requests and answers of the exam page."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.exams.papers import MAX_BLANKS, MAX_ESSAY_LENGTH, QuestionKind
from chalicelib.domain.identity.verification import (
    Consent,
    HeadTurn,
    IdentityStatus,
    RejectionReason,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.page_exits import ExitConsequence, ExitSignal
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import SittingKind
from chalicelib.schemas.common import (
    ApiModel,
    CameraTestOut,
    Id,
    Number,
    ProctorRequestOut,
    SubjectOut,
    TextOut,
    UploadOut,
)

type Passcode = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)
]
type DeviceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{0,64}$")]
type OptionKey = Annotated[str, StringConstraints(max_length=MAX_ESSAY_LENGTH)]


class ExamOut(ApiModel):
    """What anybody may know of an exam: its name and its subjects."""

    exam_id: str
    title: TextOut
    support: TextOut
    subjects: list[SubjectOut]
    now: int


class SignInIn(ApiModel):
    """A candidate's sign-in: ID number or admission number, and the subject's passcode."""

    exam_id: Id
    subject_id: Id
    number: Number
    passcode: Passcode
    device: DeviceName = ""
    """A random name that the browser keeps; another one than the session's takes over from it."""


class PersonOut(ApiModel):
    """Whom the candidate confirms to be; numbers are masked."""

    name: str
    id_number: str
    admission_number: str
    phone: str
    registration_unit: str
    has_photo: bool


class IdentityOut(ApiModel):
    """How far photo verification has come, for the candidate."""

    status: IdentityStatus
    reason: RejectionReason | None
    note: str | None
    """Why a proctor refused the picture, in their words."""
    consent: Consent
    """What was said to the processing of the face."""
    tries_left: int


class ReceiptOut(ApiModel):
    """The proof of having handed in."""

    number: str
    at: int
    answers_hash: str
    answered: int
    questions: int


class PageLockOut(ApiModel):
    """How the page holds the screen, and how often it was left so far."""

    on: bool
    practice: bool
    """A trial: it is shown and counted, and nothing follows."""
    count: int
    limit: int
    """After so many leaves `then` follows with the next."""
    then: ExitConsequence
    forgiven: int
    """A leave of at most so many milliseconds is none."""
    sequence: int
    """Of the last report that was taken in; the next is higher."""


class PageExitIn(ApiModel):
    """A report that the page was left, or is back; `ago` ms before it was sent."""

    sequence: int = Field(ge=1, le=2**53)
    away: bool
    why: ExitSignal
    ago: int = Field(ge=0, le=86_400_000)


class NonceOut(ApiModel):
    """A one-time nonce for a proof of Safe Exam Browser.

    The page opens itself with `?nonce=…`, and sends what the browser tells it there.
    """

    nonce: str
    expires_at: int


type Digest = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{64}$")]


class SebProofIn(ApiModel):
    """What the page read from `SafeExamBrowser.security`; empty where it sends headers itself."""

    config_key: Digest | None = None
    exam_key: Digest | None = None


class SebProvenOut(ApiModel):
    """The token of a device that has proven to run Safe Exam Browser."""

    token: str
    expires_at: int


class OutageOut(ApiModel):
    """A silence that the server saw, and the time given back for it, ms."""

    began_at: int
    ended_at: int
    credit: int


class SecondViewOut(ApiModel):
    """How the phone is, as far as the server has heard."""

    lost_at: int
    """From this moment on it counts as lost, unless it is heard of before: read again then."""
    battery: float | None
    battery_low: bool
    visible: bool
    """Whether its page is in front."""


class ExtensionOut(ApiModel):
    """Time that a proctor gave, ms; the end is moved already."""

    at: int
    span: int
    reason: str


class SessionOut(ApiModel):
    """Everything the exam page needs to show the right screen. Times are the server's, ms."""

    session_id: str
    version: int
    kind: SittingKind
    state: State
    exam_title: TextOut
    pledge: TextOut
    support: TextOut
    subject: SubjectOut
    person: PersonOut
    identity: IdentityOut
    second_view_joined_at: int | None
    second_view: SecondViewOut | None
    test_shot: CameraTestOut | None
    """The newest of the computer's camera."""
    starts_at: int
    started_at: int | None
    ends_at: int | None
    earliest_submit_at: int | None
    questions: int
    reason: str | None
    """Why it is paused or was terminated, in the proctor's words."""
    outage: OutageOut | None
    """The last outage; the end is moved already."""
    extension: ExtensionOut | None
    receipt: ReceiptOut | None
    ask: ProctorRequestOut | None
    """What the proctor asked for last: to show the face again, or the room."""
    lock: PageLockOut
    mend: list[FindingKind]
    """What the newest picture asks the candidate to mend: light, sharpness, a free lens."""
    now: int


class SignedInOut(ApiModel):
    """A token for the Authorization header («Bearer …») and where the session stands."""

    token: str
    expires_at: int
    session: SessionOut


class PledgeIn(ApiModel):
    """The answer to the pledge (承诺书)."""

    agreed: bool


class ConsentIn(ApiModel):
    """The answer to the request to process one's face (人脸信息处理同意书)."""

    agreed: bool


class JoinCodeOut(ApiModel):
    """The one-time code by which a phone joins; the page makes the QR of it."""

    code: str
    expires_at: int


class VerificationUploadOut(ApiModel):
    """Where the verification pictures go; the session's identity is `checking` from now on.

    The picture with the head turned goes first: the other one sets the models to work.
    """

    upload: UploadOut
    turn: HeadTurn
    turned: UploadOut


class OptionOut(ApiModel):
    """One choice."""

    key: str
    text: TextOut


class PictureOut(ApiModel):
    """A picture in a question; `url` is signed and good for some minutes, `picture_id` stays."""

    picture_id: str
    url: str
    alt: TextOut
    width: int
    height: int


class QuestionOut(ApiModel):
    """A question without its key. Only fill-in questions have blanks, only written ones a longest."""

    question_id: str
    kind: QuestionKind
    stem: TextOut
    points: float
    options: list[OptionOut]
    pictures: list[PictureOut]
    blanks: int
    longest: int
    """Characters that each text of the answer may have; 0 where there is none to write."""


class AnswerIn(ApiModel):
    """An answer. `value`: chosen keys, one text, or a text a blank; empty takes the answer back."""

    sequence: int = Field(ge=1, le=2**53)
    value: list[OptionKey] = Field(max_length=MAX_BLANKS)


class AnswerOut(ApiModel):
    """An answer as it is saved."""

    question_id: str
    sequence: int
    value: list[str]
    saved_at: int


class PaperOut(ApiModel):
    """The paper, and what was answered so far."""

    questions: list[QuestionOut]
    answers: list[AnswerOut]
