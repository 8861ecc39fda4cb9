"""Examples of the console's routes: sign-in, room, session detail, warning."""

from chalicelib.api.examples import values
from chalicelib.api.examples.example import Example
from chalicelib.api.examples.recordings import RECORDING
from chalicelib.domain.identity.verification import Consent, IdentityStatus, LivenessMovement
from chalicelib.domain.rules.device_checks import CheckGroup, CheckOutcome, DeviceCheck
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Medium, Role, SittingKind, View
from chalicelib.schemas.cameras import TileCameras, TileSecondView
from chalicelib.schemas.checks import CheckOut, CheckSummaryOut
from chalicelib.schemas.common import TextOut
from chalicelib.schemas.messages import WarningIn, WarningSentOut, WarningTextIn
from chalicelib.schemas.staff import (
    AttemptOut,
    AuditOut,
    BoxOut,
    CandidateDetail,
    CandidateTile,
    FindingOut,
    FlagOut,
    LatestOut,
    ObservationOut,
    RoomDetail,
    RoomOut,
    StaffOut,
    StaffSignedInOut,
    StaffSignInIn,
    TileIdentity,
    TileMonitor,
    TileProgress,
    TileRecording,
    TileSession,
)

PICTURE_URL = values.picture_url(f"snapshots/{values.SESSION_ID}/first/{values.CAPTURE_ID}.jpg")
PHONE_SEEN = FindingOut(kind=FindingKind.PHONE, score=0.87)
FLAG = FlagOut(
    flag_id=values.FLAG_ID,
    session_id=values.SESSION_ID,
    kind=FindingKind.PHONE,
    view=View.FIRST,
    severity=3,
    began_at=values.NOW - 31_000,
    opened_at=values.NOW - 8_000,
    seen_at=values.NOW - 9_000,
    ended_at=None,
    score=0.87,
    captures=[values.CAPTURE_ID],
    why=None,
    detail="",
)
OBSERVATION = ObservationOut(
    capture_id=values.CAPTURE_ID,
    view=View.FIRST,
    medium=Medium.PICTURE,
    captured_at=values.NOW - 9_000,
    url=PICTURE_URL,
    findings=[PHONE_SEEN],
    boxes=[BoxOut(label="phone", score=0.87, x=0.61, y=0.55, width=0.08, height=0.14)],
    similarity=0.71,
    measures={"faces": 1, "brightness": 128.4},
    timings_ms={"faces": 18.2, "objects": 96.5},
    models={"faces": "2f1c9a"},
    error=None,
)
TILE = CandidateTile(
    session=TileSession(
        session_id=values.SESSION_ID,
        room_id=values.ROOM_ID,
        version=17,
        candidate_name=values.CANDIDATE_NAME,
        admission_number=values.ADMISSION_NUMBER,
        kind=SittingKind.OFFICIAL,
        state=State.ANSWERING,
        questions=12,
        created_at=values.OPENS_AT + 5 * values.MINUTE,
        started_at=values.STARTS_AT,
        ends_at=values.ENDS_AT,
        second_view_joined_at=values.STARTS_AT - 12 * values.MINUTE,
        checked=CheckSummaryOut(
            at=values.OPENS_AT + 6 * values.MINUTE, outcome=CheckOutcome.PASS, ready=True
        ),
        ask=None,
        reason=None,
        devices=1,
        credit=0,
        resumes_at=None,
        attempt=1,
        way_back=None,
        superseded=False,
        reopen_request=None,
        recording=TileRecording(tracks=RECORDING.tracks, consent=RECORDING.consent),
    ),
    sheet=TileProgress(
        session_id=values.SESSION_ID, version=9, answered=7, saved_at=values.NOW - 20_000
    ),
    watch=TileMonitor(
        session_id=values.SESSION_ID,
        version=143,
        latest=[
            LatestOut(
                view=View.FIRST,
                capture_id=values.CAPTURE_ID,
                at=values.NOW - 9_000,
                url=PICTURE_URL,
                findings=[PHONE_SEEN],
                error=None,
            )
        ],
        open_flags=[FLAG],
    ),
    identity=TileIdentity(
        session_id=values.SESSION_ID,
        version=3,
        status=IdentityStatus.VERIFIED,
        reason=None,
        tries=1,
        similarity=0.74,
        captured_at=values.STARTS_AT - 15 * values.MINUTE,
        captured_url=values.picture_url(f"identity/{values.SESSION_ID}/1767230100000-0a1b2c3d.jpg"),
        registered_url=values.picture_url("registration/5d0c7b9e1f2a3b4c5d6e7f80.jpg"),
        turned_url=None,
        movement=LivenessMovement.MOVED,
        consent=Consent.GIVEN,
        note=None,
    ),
    devices=TileCameras(
        session_id=values.SESSION_ID,
        version=58,
        shots=[],
        phone=TileSecondView(
            heard_at=values.NOW - 8_000,
            lost_at=values.NOW + 52_000,
            battery=0.82,
            charging=True,
            battery_low=False,
            orientation=None,
            visible=True,
        ),
    ),
)
DETAIL = CandidateDetail(
    seat=TILE,
    checks=[
        CheckOut(
            check=DeviceCheck.UPLOAD,
            group=CheckGroup.DETECTION,
            outcome=CheckOutcome.PASS,
            value=24.6,
            note="",
            at=values.OPENS_AT + 6 * values.MINUTE,
        )
    ],
    flags=[FLAG],
    observations=[OBSERVATION],
    causes=[OBSERVATION],
    audit=[
        AuditOut(
            number=1,
            at=values.OPENS_AT + 5 * values.MINUTE,
            actor="candidate",
            action="signed_in",
            detail={"kind": "official"},
            hash="4be1c0a7d93f5e28b6a4c1d7f0e9832b5c6d7e8f90a1b2c3d4e5f60718293a4b",
        )
    ],
    audit_whole=True,
    attempts=[
        AttemptOut(
            session_id=values.SESSION_ID,
            attempt=1,
            state=State.ANSWERING,
            created_at=values.OPENS_AT + 5 * values.MINUTE,
            started_at=values.STARTS_AT,
            ended_at=None,
            ending=None,
            end_reason=None,
            receipt=None,
            answers_hash=None,
            answered=None,
            reopened_by=None,
            confirmed_by=None,
            reason=None,
        )
    ],
    time_zone="Asia/Shanghai",
    now=values.NOW,
)

EXAMPLES: dict[str, Example] = {
    "staff_sign_in": Example(
        StaffSignedInOut(
            token=values.TOKEN,
            expires_at=values.OPENS_AT + 720 * values.MINUTE,
            staff=StaffOut(username="proctor01", display_name="王老师", role=Role.PROCTOR),
        ),
        StaffSignInIn(username="proctor01", password=values.PASSWORD, code="492039"),
    ),
    "show_room": Example(
        RoomDetail(
            room=RoomOut(
                room_id=values.ROOM_ID,
                exam_id=values.EXAM_ID,
                name=TextOut(zh="演示考场 01", en="Demonstration room 01"),
                exam_title=values.EXAM_TITLE,
                time_zone="Asia/Shanghai",
            ),
            seats=[TILE],
            now=values.NOW,
        )
    ),
    "show_candidate_detail": Example(DETAIL),
    "warn": Example(
        WarningSentOut(session_ids=[values.SESSION_ID]),
        WarningIn(
            warning_id="c5b0f6de-8a5c-4a4e-9a39-1f2c6f7a8b90",
            text=WarningTextIn(zh="请将手机移出画面。", en="Please put the phone away."),
            session_ids=[values.SESSION_ID],
        ),
    ),
}
