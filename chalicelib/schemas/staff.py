"""Requests and answers of the review console."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.capture.proctor_requests import RequestKind
from chalicelib.domain.identity.verification import (
    Consent,
    IdentityStatus,
    LivenessMovement,
    RejectionReason,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Medium, Role, SittingKind, View
from chalicelib.schemas.cameras import TileCameras
from chalicelib.schemas.checks import CheckOut, CheckSummaryOut
from chalicelib.schemas.common import (
    ApiModel,
    Id,
    Number,
    ProctorRequestOut,
    ShortText,
    TextOut,
    UploadOut,
)

type ReasonText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=500)
]


class StaffSignInIn(ApiModel):
    """A staff member's sign-in."""

    username: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    code: Annotated[str, StringConstraints(pattern=r"^([0-9]{6})?$")] = ""
    """The six digits of an authenticator app, for whoever has one."""


class StaffOut(ApiModel):
    """Who is signed in."""

    username: str
    display_name: str
    role: Role


class StaffSignedInOut(ApiModel):
    """A token for the Authorization header."""

    token: str
    expires_at: int
    staff: StaffOut


class RoomOut(ApiModel):
    """A room."""

    room_id: str
    exam_id: str
    name: TextOut
    exam_title: TextOut


class RoomsOut(ApiModel):
    """The rooms that one may see."""

    rooms: list[RoomOut]
    now: int


class BoxOut(ApiModel):
    """Something seen; place and size as parts 0..1 of the picture."""

    label: str
    score: float
    x: float
    y: float
    width: float
    height: float


class FindingOut(ApiModel):
    """One behaviour on one picture or clip alone."""

    kind: FindingKind
    score: float


class FlagOut(ApiModel):
    """A flag (异常标记). `captures` are ids of observations, the causing ones first."""

    flag_id: str
    session_id: str
    kind: FindingKind
    view: View
    severity: int
    """1 notice, 2 serious, 3 critical."""
    began_at: int
    opened_at: int
    seen_at: int
    ended_at: int | None
    score: float
    captures: list[str]
    why: str | None
    """The cause of one that no picture shows: of `left_page`, by which sign."""


class LatestOut(ApiModel):
    """The newest picture of a view. `url` is signed and good for some minutes."""

    view: View
    capture_id: str
    at: int
    url: str
    findings: list[FindingOut]
    error: str | None


class TileSession(ApiModel):
    """A session in the room. Of two with one id, the higher `version` is newer."""

    session_id: str
    room_id: str
    version: int
    candidate_name: str
    admission_number: str
    kind: SittingKind
    state: State
    questions: int
    created_at: int
    started_at: int | None
    ends_at: int | None
    second_view_joined_at: int | None
    checked: CheckSummaryOut | None
    ask: ProctorRequestOut | None
    """What was asked of the candidate last."""
    reason: str | None
    devices: int
    """How many devices have signed in to it, one after another."""
    credit: int
    """Time given back so far, for pauses and outages, ms."""


class TileProgress(ApiModel):
    """How far answering has come; the higher `version` is newer."""

    session_id: str
    version: int
    answered: int
    saved_at: int | None


class TileMonitor(ApiModel):
    """Latest pictures and open flags of a session; the higher `version` is newer."""

    session_id: str
    version: int
    latest: list[LatestOut]
    open_flags: list[FlagOut]


class TileIdentity(ApiModel):
    """Photo verification, for the proctor; the higher `version` is newer.

    `captured_url` and `registered_url` are signed and good for some minutes.
    """

    session_id: str
    version: int
    status: IdentityStatus
    reason: RejectionReason | None
    tries: int
    similarity: float | None
    captured_at: int | None
    captured_url: str | None
    registered_url: str | None
    turned_url: str | None
    """The second picture, with the head turned."""
    movement: LivenessMovement | None
    """Whether it turned as asked: a weak sign of a living person."""
    consent: Consent
    note: str | None
    """What a proctor who refused said."""


class CandidateTile(ApiModel):
    """One candidate on the wall."""

    session: TileSession
    sheet: TileProgress
    watch: TileMonitor
    identity: TileIdentity
    devices: TileCameras


class RoomDetail(ApiModel):
    """A room with everybody in it."""

    room: RoomOut
    seats: list[CandidateTile]
    now: int


class ObservationOut(ApiModel):
    """What was seen or heard in one capture, with the picture."""

    capture_id: str
    view: View
    medium: Medium
    captured_at: int
    url: str
    findings: list[FindingOut]
    boxes: list[BoxOut]
    similarity: float | None
    measures: dict[str, float]
    timings_ms: dict[str, float]
    models: dict[str, str]
    error: str | None


class AuditOut(ApiModel):
    """One entry of the session's audit chain."""

    number: int
    at: int
    actor: str
    action: str
    detail: dict[str, str | int | float | bool | None]
    hash: str


class CandidateDetail(ApiModel):
    """One candidate, close: newest observations first, flags newest first, the audit in order.

    `causes` are the observations that the flags name.
    """

    seat: CandidateTile
    checks: list[CheckOut]
    flags: list[FlagOut]
    observations: list[ObservationOut]
    causes: list[ObservationOut]
    audit: list[AuditOut]
    audit_whole: bool
    """Whether the chain's hashes hold."""
    now: int


class IdentityDecisionIn(ApiModel):
    """A proctor's yes or no to a verification picture."""

    accept: bool
    reason: ReasonText | None = None


class ReasonIn(ApiModel):
    """Why a person does what they do; the candidate reads it."""

    reason: ReasonText


class ExtendIn(ApiModel):
    """More time, and why; the candidate sees both."""

    minutes: int = Field(ge=1, le=120)
    reason: ReasonText


class ProctorRequestIn(ApiModel):
    """What the candidate is asked to show."""

    kind: RequestKind


class RosterRowIn(ApiModel):
    """A candidate to be signed up."""

    name: ShortText
    id_number: Number
    admission_number: Number
    phone: Number
    registration_unit: Annotated[str, StringConstraints(max_length=100)] = ""
    subject_id: Id
    room_id: Id


class RosterIn(ApiModel):
    """At most 25 candidates at once. A known ID number is changed, not doubled."""

    candidates: list[RosterRowIn] = Field(min_length=1, max_length=25)


class EnrolledCandidateOut(ApiModel):
    """A candidate signed up, and where the registration photo may be uploaded."""

    candidate_id: str
    admission_number: str
    photo: UploadOut


class EnrolmentOut(ApiModel):
    """The candidates signed up, in the request's order."""

    candidates: list[EnrolledCandidateOut]
