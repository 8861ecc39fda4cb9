"""Responses of the console: staff, rooms, tiles, and all about a candidate."""

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.domain.identity.verification import (
    Consent,
    IdentityStatus,
    LivenessMovement,
    RejectionReason,
)
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.endings import Ending, WayBack
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Medium, Role, SittingKind, View
from chalicelib.schemas.cameras import TileCameras
from chalicelib.schemas.checks import CheckOut, CheckSummaryOut
from chalicelib.schemas.common import (
    ApiModel,
    ProctorRequestOut,
    TextOut,
)
from chalicelib.schemas.recordings import RecordedTrackOut


class StaffSignInIn(ApiModel):
    """A staff member's sign-in."""

    username: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    code: Annotated[str, StringConstraints(pattern=r"^([0-9]{6})?$")] = ""
    """The six digits of an authenticator app, where one is set up."""


class StaffOut(ApiModel):
    """The signed-in staff member."""

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
    time_zone: str
    """In which the exam's times were announced; empty where it is the deployment's."""


class RoomsOut(ApiModel):
    """The rooms that the caller may watch."""

    rooms: list[RoomOut]
    now: int


class BoxOut(ApiModel):
    """A detection; position and size as fractions 0..1 of the picture."""

    label: str
    score: float
    x: float
    y: float
    width: float
    height: float


class FindingOut(ApiModel):
    """A behaviour found in one picture or clip."""

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
    """The cause where no picture shows it: of `left_page`, the exit signal."""
    detail: str
    """What no picture shows: a camera's name, the other candidate's admission number; often empty."""


class LatestOut(ApiModel):
    """The newest picture of a view. `url` is presigned for some minutes."""

    view: View
    capture_id: str
    at: int
    url: str
    findings: list[FindingOut]
    error: str | None


class ReopenRequestOut(ApiModel):
    """That an admin wants a sealed sitting to be sat again; somebody else confirms it."""

    by: str
    at: int
    reason: str
    minutes: int
    """The answering time of the new attempt."""


class TileRecording(ApiModel):
    """What a session records by its rule, and whether the candidate consented."""

    tracks: list[RecordedTrackOut]
    """Empty where nothing is recorded at all."""
    consent: bool | None
    """Null until it is answered."""


class TileSession(ApiModel):
    """A session in the room; the higher `version` is newer."""

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
    """The last request to the candidate."""
    reason: str | None
    devices: int
    """How many devices have signed in to it, one after the other."""
    credit: int
    """Time credited so far for pauses and outages, ms."""
    resumes_at: State | None
    """While reverifying on another device: the state it goes back to."""
    attempt: int
    way_back: WayBack | None
    """What leads on from its end; null while it has not ended, or where it was gone already."""
    superseded: bool
    """Whether a later attempt stands beside it: the room shows that one."""
    reopen_request: ReopenRequestOut | None
    recording: TileRecording


class TileProgress(ApiModel):
    """Answer progress; the higher `version` is newer."""

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
    """Identity verification, for the proctor; the higher `version` is newer.

    The URLs are presigned for some minutes.
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
    """Whether the head turned as requested: a weak sign of a live person."""
    consent: Consent
    note: str | None
    """A proctor's reason for rejecting."""


class CandidateTile(ApiModel):
    """One candidate on the wall."""

    session: TileSession
    sheet: TileProgress
    watch: TileMonitor
    identity: TileIdentity
    devices: TileCameras


class RoomDetail(ApiModel):
    """A room with all its candidates."""

    room: RoomOut
    seats: list[CandidateTile]
    now: int


class ObservationOut(ApiModel):
    """What the models found in one capture, with the picture or clip."""

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


class AttemptOut(ApiModel):
    """One attempt of a sitting. `answers_hash` and `answered` are those of its receipt."""

    session_id: str
    attempt: int
    state: State
    created_at: int
    started_at: int | None
    ended_at: int | None
    """When it was sealed; null while it is not."""
    ending: Ending | None
    """How it ended."""
    end_reason: str | None
    """Why it was terminated."""
    receipt: str | None
    answers_hash: str | None
    answered: int | None
    reopened_by: str | None
    confirmed_by: str | None
    reason: str | None
    """Why it was reopened."""


class CandidateDetail(ApiModel):
    """One candidate in detail: observations and flags newest first, the audit chain in order.

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
    attempts: list[AttemptOut]
    """All attempts of the sitting, the newest first; each is read under its own session id."""
    time_zone: str
    """In which the exam's times were announced; see `RoomOut`."""
    now: int
