"""Requests and responses of the exam page."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.identity.verification import (
    Consent,
    HeadTurn,
    IdentityStatus,
    RejectionReason,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.page_exits import MAX_SEQUENCE as MAX_EXIT_SEQUENCE
from chalicelib.domain.rules.page_exits import ExitConsequence, ExitSignal
from chalicelib.domain.sessions.endings import WayBack
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import SittingKind
from chalicelib.schemas.common import (
    ApiModel,
    CameraTestOut,
    Id,
    Number,
    OptionalNumber,
    ProctorRequestOut,
    RetentionIO,
    SubjectOut,
    TextOut,
    UploadOut,
)
from chalicelib.schemas.recordings import OwnRecordingOut

type Passcode = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)
]
type DeviceName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]{0,64}$")]


class ExamOut(ApiModel):
    """What anybody may read of an exam: its name and its subjects."""

    exam_id: str
    title: TextOut
    support: TextOut
    subjects: list[SubjectOut]
    time_zone: str
    """In which its times were announced; empty where it is the deployment's, as `config.json` has it."""
    now: int


class SignInIn(ApiModel):
    """A candidate's sign-in: the numbers that the subject asks for, and the passcode."""

    exam_id: Id
    subject_id: Id
    number: Number
    second_number: OptionalNumber = ""
    """The other number, where the subject asks for both; they may be in either order."""
    passcode: Passcode
    device: DeviceName = ""
    """A random id that the browser keeps; a different one takes the session over."""


class PersonOut(ApiModel):
    """The personal details that the candidate confirms; numbers are masked."""

    name: str
    id_number: str
    admission_number: str
    phone: str
    registration_unit: str
    has_photo: bool


class IdentityOut(ApiModel):
    """The state of identity verification, for the candidate."""

    status: IdentityStatus
    reason: RejectionReason | None
    note: str | None
    """Why a proctor rejected the picture, in the proctor's words."""
    consent: Consent
    """The candidate's answer on face processing."""
    tries_left: int


class ReceiptOut(ApiModel):
    """The receipt of a submission."""

    number: str
    at: int
    answers_hash: str
    answered: int
    questions: int


class PageLockOut(ApiModel):
    """The page lock, and how often the page was left so far."""

    on: bool
    practice: bool
    """In a practice session exits are shown and counted, without consequences."""
    count: int
    limit: int
    """The exit after so many has the consequence `then`."""
    then: ExitConsequence
    forgiven: int
    """Exits of at most so many milliseconds do not count."""
    sequence: int
    """Sequence of the last report that was applied; the next one is higher."""


class PageExitIn(ApiModel):
    """A report that the page was left or is back; it happened `ago` ms before it was sent."""

    sequence: int = Field(ge=1, le=MAX_EXIT_SEQUENCE)
    away: bool
    why: ExitSignal
    ago: int = Field(ge=0, le=86_400_000)


class NonceOut(ApiModel):
    """A one-time nonce for a proof of Safe Exam Browser.

    The page reloads itself with `?nonce=…`, and sends what the browser reports there.
    """

    nonce: str
    expires_at: int


type Digest = Annotated[str, StringConstraints(pattern=r"^[0-9A-Fa-f]{64}$")]


class SebProofIn(ApiModel):
    """What the page read from `SafeExamBrowser.security`; empty where the browser sends headers."""

    config_key: Digest | None = None
    exam_key: Digest | None = None


class SebProvenOut(ApiModel):
    """The token of a device that is proven to run Safe Exam Browser."""

    token: str
    expires_at: int


class OutageOut(ApiModel):
    """An outage that the server noticed, and the time credited for it, ms."""

    began_at: int
    ended_at: int
    credit: int


class SecondViewOut(ApiModel):
    """The phone's status by its last heartbeat."""

    lost_at: int
    """From this moment it counts as lost, unless another heartbeat comes: read again then."""
    battery: float | None
    battery_low: bool
    visible: bool
    """Whether its page is in the foreground."""


class ExtensionOut(ApiModel):
    """Time that a proctor added, ms; `ends_at` includes it."""

    at: int
    span: int
    reason: str


class SessionOut(ApiModel):
    """All that the exam page needs to show the right screen. Times are the server's, ms."""

    session_id: str
    version: int
    kind: SittingKind
    state: State
    exam_title: TextOut
    time_zone: str
    """The exam's; see `ExamOut`."""
    pledge: TextOut
    support: TextOut
    subject: SubjectOut
    person: PersonOut
    identity: IdentityOut
    retention: RetentionIO
    """For how long what this session records is kept."""
    recording: OwnRecordingOut
    second_view_joined_at: int | None
    second_view: SecondViewOut | None
    test_shot: CameraTestOut | None
    """The newest test of the computer's camera."""
    starts_at: int
    started_at: int | None
    ends_at: int | None
    earliest_submit_at: int | None
    questions: int
    reason: str | None
    """Why it is paused or was terminated, in the proctor's words or as a rule's code."""
    outage: OutageOut | None
    """The last outage; `ends_at` includes its credit."""
    extension: ExtensionOut | None
    receipt: ReceiptOut | None
    ask: ProctorRequestOut | None
    """The proctor's last request: to show the face again, or the room."""
    lock: PageLockOut
    attempt: int
    """Which attempt of the sitting it is."""
    resumes_at: State | None
    """While reverifying on another device: the state it goes back to."""
    way_back: WayBack | None
    """What leads on from its end; null while it has not ended, or where it was gone already."""
    reopened: bool
    """Whether the office opened another attempt of this sealed sitting: sign in again."""
    mend: list[FindingKind]
    """What the candidate should correct by the newest picture: light, sharpness, a covered lens."""
    now: int


class SignedInOut(ApiModel):
    """A token for the Authorization header («Bearer …»), and the session."""

    token: str
    expires_at: int
    session: SessionOut


class PledgeIn(ApiModel):
    """The answer to the pledge (承诺书)."""

    agreed: bool


class ConsentIn(ApiModel):
    """The answer to the request for consent to face processing (人脸信息处理同意书)."""

    agreed: bool


class JoinCodeOut(ApiModel):
    """The one-time code by which a phone joins; the page shows it as a QR code."""

    code: str
    expires_at: int


class VerificationUploadOut(ApiModel):
    """The upload forms of the verification pictures; the identity is `checking` from now on.

    The picture with the head turned goes first: the other one starts the analysis.
    """

    upload: UploadOut
    turn: HeadTurn
    turned: UploadOut
