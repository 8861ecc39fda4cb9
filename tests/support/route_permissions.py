"""The permission table: for every route, which callers are allowed and which get 404."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from chalicelib.api.roles import PUBLIC
from chalicelib.api.route_modules import all_routes
from chalicelib.api.routing import Route
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE
from tests.support import builders as build
from tests.support.builders import EXAM, NOW, OFFICIAL, ROOM, SUBJECT, observation
from tests.support.callers import AUTHENTICATED, Caller

SESSION, OTHER_SESSION = "5e55", "07e7"
SUBJECTS = {
    Caller.CANDIDATE: SESSION,
    Caller.OTHER_CANDIDATE: OTHER_SESSION,
    Caller.PHONE: SESSION,
    Caller.PROCTOR: "proctor",
    Caller.OTHER_PROCTOR: "elsewhere",
    Caller.ADMIN: "admin",
    Caller.SUPPORT: "support",
}
EVERYBODY = frozenset(Caller)
CANDIDATES = frozenset({Caller.CANDIDATE, Caller.OTHER_CANDIDATE})
PHONE = frozenset({Caller.PHONE})
ADMIN = frozenset({Caller.ADMIN})
PROCTORS_AND_ADMIN = frozenset({Caller.PROCTOR, Caller.OTHER_PROCTOR, Caller.ADMIN})
STAFF = PROCTORS_AND_ADMIN | {Caller.SUPPORT}
ROOM_STAFF = frozenset({Caller.PROCTOR, Caller.ADMIN})
MESSAGE = {"message_id": "m", "text": "你好"}
SIGNAL = {"peer": "p", "number": 0, "type": "offer", "sdp": "v=0"}
NONCE = "n0nce"
PROOF = build.page_proof(NONCE)
NEW_CANDIDATE = {
    "name": "李", "id_number": "11010119900101", "admission_number": "20269999",
    "phone": "10000000009", "subject_id": SUBJECT, "room_id": ROOM,
}  # fmt: skip


@dataclass(frozen=True)
class RoutePermission:
    """The callers allowed at a route, for a valid request on a session in `state`."""

    allowed: frozenset[Caller]
    state: State = State.ANSWERING
    path_parameters: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    out_of_scope: frozenset[Caller] = frozenset()
    """Callers with the role, but outside the room: 404."""
    not_owners: frozenset[Caller] = frozenset()
    """Callers with the permission, for whom this object belongs to someone else: 404."""


TEXT = {"zh": "中文", "en": "English"}
TIMES = {"opens_at": NOW, "starts_at": NOW, "ends_at": NOW + 600 * MINUTE}
SUBJECT_PATH = {"exam_id": EXAM, "subject_id": SUBJECT}
ACT = {"act_id": "an-act"}
SESSION_PATH = {"session_id": SESSION}
CAPTURE = observation(SESSION).capture_id
LIVE_FRAME = b"a frame of live video"
PHOTO_UPLOAD = "photo1"
LIVE_FRAME_SHA256 = hashlib.sha256(LIVE_FRAME).hexdigest()


def room_staff_only(
    state: State = State.ANSWERING,
    *,
    path_parameters: dict[str, str],
    body: dict[str, Any] | None = None,
) -> RoutePermission:
    """Return a permission for proctors of the room and admins."""
    return RoutePermission(
        ROOM_STAFF, state, path_parameters, body, frozenset({Caller.OTHER_PROCTOR})
    )


def calling_proctor_only(body: dict[str, Any]) -> RoutePermission:
    """Return a permission for the proctor who opened the call, excluding admins."""
    return RoutePermission(
        frozenset({Caller.PROCTOR}),
        path_parameters={**SESSION_PATH, "call_id": "talk"},
        body=body,
        out_of_scope=frozenset({Caller.OTHER_PROCTOR}),
        not_owners=frozenset({Caller.ADMIN}),
    )


def chat_staff_only(body: dict[str, Any] | None = None) -> RoutePermission:
    """Return a permission for a chat: proctors of the room, admins and support."""
    return RoutePermission(
        ROOM_STAFF | {Caller.SUPPORT},
        path_parameters=SESSION_PATH,
        body=body,
        out_of_scope=frozenset({Caller.OTHER_PROCTOR}),
    )


PERMISSIONS: dict[tuple[str, str], RoutePermission] = {
    ("GET", "/exams/{exam_id}"): RoutePermission(EVERYBODY, path_parameters={"exam_id": EXAM}),
    ("GET", "/exams/{exam_id}/subjects/{subject_id}/exam.seb"): RoutePermission(
        EVERYBODY, path_parameters={"exam_id": EXAM, "subject_id": SUBJECT}
    ),
    ("POST", "/candidate/sign-in"): RoutePermission(
        EVERYBODY,
        body={
            "exam_id": EXAM,
            "subject_id": SUBJECT,
            "number": "ADM-two",
            "passcode": OFFICIAL,
        },
    ),
    ("GET", "/candidate/session"): RoutePermission(CANDIDATES),
    ("GET", "/candidate/checks"): RoutePermission(CANDIDATES, State.SIGNED_IN),
    ("PUT", "/candidate/checks"): RoutePermission(
        CANDIDATES, State.SIGNED_IN, body={"measures": [{"check": "screens", "value": 1}]}
    ),
    ("POST", "/candidate/devices"): RoutePermission(
        CANDIDATES, State.SIGNED_IN, body={"camera": "OBS Virtual Camera", "sound": ["耳机"]}
    ),
    ("POST", "/candidate/checks/transfer"): RoutePermission(CANDIDATES, State.SIGNED_IN),
    ("POST", "/candidate/confirm-info"): RoutePermission(CANDIDATES, State.SIGNED_IN),
    ("POST", "/candidate/pledge"): RoutePermission(
        CANDIDATES, State.INFO_CONFIRMED, body={"agreed": True}
    ),
    ("POST", "/candidate/face-consent"): RoutePermission(
        CANDIDATES, State.PLEDGED, body={"agreed": False}
    ),
    ("POST", "/candidate/identity"): RoutePermission(CANDIDATES, State.PLEDGED),
    ("POST", "/candidate/second-view/code"): RoutePermission(CANDIDATES, State.IDENTITY_VERIFIED),
    ("POST", "/candidate/second-view/ready"): RoutePermission(CANDIDATES, State.IDENTITY_VERIFIED),
    ("POST", "/candidate/waiting-room"): RoutePermission(CANDIDATES, State.SECOND_VIEW_READY),
    ("POST", "/candidate/lock"): RoutePermission(
        CANDIDATES, body={"sequence": 1, "away": True, "why": "blur", "ago": 1_500}
    ),
    ("POST", "/candidate/safe-browser"): RoutePermission(CANDIDATES),
    ("POST", "/candidate/safe-browser/{nonce}"): RoutePermission(
        frozenset({Caller.CANDIDATE}), path_parameters={"nonce": NONCE}, body={"config_key": PROOF}
    ),
    ("POST", "/candidate/start"): RoutePermission(CANDIDATES, State.WAITING),
    ("GET", "/candidate/paper"): RoutePermission(CANDIDATES),
    ("PUT", "/candidate/answers/{question_id}"): RoutePermission(
        CANDIDATES, path_parameters={"question_id": "q1"}, body={"sequence": 1, "value": ["A"]}
    ),
    ("POST", "/candidate/submit"): RoutePermission(CANDIDATES),
    ("POST", "/candidate/captures"): RoutePermission(CANDIDATES),
    ("POST", "/candidate/recordings"): RoutePermission(
        CANDIDATES, body={"container": "webm", "tracks": ["first", "screen"]}
    ),
    ("POST", "/phone/recordings"): RoutePermission(
        PHONE, body={"container": "mp4", "tracks": ["second"]}
    ),
    ("POST", "/candidate/recording-consent"): RoutePermission(
        CANDIDATES, State.WAITING, body={"agree": True}
    ),
    ("POST", "/candidate/voice-sample"): RoutePermission(CANDIDATES, State.WAITING),
    ("POST", "/candidate/screen"): RoutePermission(CANDIDATES, body={"status": "shared"}),
    ("GET", "/proctor/sessions/{session_id}/recordings/{before}"): room_staff_only(
        path_parameters={**SESSION_PATH, "before": "newest"}
    ),
    ("POST", "/proctor/sessions/{session_id}/evidence/recording"): room_staff_only(
        path_parameters=SESSION_PATH,
        body={**ACT, "began_at": NOW, "ended_at": NOW + MINUTE, "reason": "与他人交谈"},
    ),
    ("PUT", "/admin/exams/{exam_id}/subjects/{subject_id}/recording"): RoutePermission(
        ADMIN,
        path_parameters=SUBJECT_PATH,
        body={
            "version": 1,
            "recording": {
                "first": "all",
                "second": "flags",
                "screen": "none",
                "quality": "standard",
            },
        },
    ),
    ("POST", "/candidate/ask/begin"): RoutePermission(CANDIDATES),
    ("POST", "/candidate/test-shot"): RoutePermission(CANDIDATES, State.SIGNED_IN),
    ("POST", "/candidate/ticket"): RoutePermission(CANDIDATES),
    ("POST", "/phone/join"): RoutePermission(
        EVERYBODY,
        body={"code": "JADE2345", "admission_number": "ADM-one", "id_number": "ID-one-0001"},
    ),
    ("GET", "/phone/session"): RoutePermission(PHONE),
    ("POST", "/phone/report"): RoutePermission(PHONE, body={"battery": 0.5, "visible": True}),
    ("POST", "/phone/devices"): RoutePermission(PHONE, body={"camera": "Back Camera"}),
    ("POST", "/phone/captures"): RoutePermission(PHONE),
    ("POST", "/phone/test-shot"): RoutePermission(PHONE, State.IDENTITY_VERIFIED),
    ("POST", "/phone/ticket"): RoutePermission(PHONE),
    ("POST", "/staff/sign-in"): RoutePermission(
        EVERYBODY, body={"username": "proctor", "password": "password of everybody"}
    ),
    ("GET", "/staff/me"): RoutePermission(STAFF),
    ("POST", "/staff/ticket"): RoutePermission(STAFF),
    ("GET", "/proctor/rooms"): RoutePermission(PROCTORS_AND_ADMIN),
    ("GET", "/proctor/rooms/{room_id}"): room_staff_only(path_parameters={"room_id": ROOM}),
    ("GET", "/proctor/sessions/{session_id}"): room_staff_only(path_parameters=SESSION_PATH),
    ("POST", "/proctor/sessions/{session_id}/identity"): room_staff_only(
        State.PLEDGED, path_parameters=SESSION_PATH, body={**ACT, "accept": True}
    ),
    ("POST", "/proctor/sessions/{session_id}/pause"): room_staff_only(
        path_parameters=SESSION_PATH, body={**ACT, "reason": "网络故障"}
    ),
    ("POST", "/proctor/sessions/{session_id}/resume"): room_staff_only(
        State.PAUSED, path_parameters=SESSION_PATH, body=ACT
    ),
    ("POST", "/proctor/sessions/{session_id}/extend"): room_staff_only(
        path_parameters=SESSION_PATH, body={**ACT, "minutes": 5, "reason": "网络故障"}
    ),
    ("POST", "/proctor/sessions/{session_id}/ask"): room_staff_only(
        path_parameters=SESSION_PATH, body={**ACT, "kind": "room"}
    ),
    ("POST", "/proctor/sessions/{session_id}/terminate"): room_staff_only(
        path_parameters=SESSION_PATH, body={**ACT, "reason": "代考"}
    ),
    ("POST", "/candidate/repeat"): RoutePermission(CANDIDATES, State.SUBMITTED),
    ("POST", "/proctor/sessions/{session_id}/reopen"): RoutePermission(
        ADMIN,
        State.SUBMITTED,
        path_parameters=SESSION_PATH,
        body={**ACT, "reason": "误触交卷", "minutes": 30},
    ),
    ("POST", "/proctor/sessions/{session_id}/reopen/confirm"): room_staff_only(
        State.SUBMITTED, path_parameters=SESSION_PATH, body=ACT
    ),
    ("POST", "/proctor/sessions/{session_id}/reopen/refuse"): room_staff_only(
        State.SUBMITTED, path_parameters=SESSION_PATH, body={**ACT, "reason": "时间已过"}
    ),
    ("GET", "/candidate/messages"): RoutePermission(CANDIDATES),
    ("POST", "/candidate/warnings/{warning_id}"): RoutePermission(
        CANDIDATES, path_parameters={"warning_id": "warning"}, body={"acknowledged": True}
    ),
    ("GET", "/candidate/chat"): RoutePermission(CANDIDATES),
    ("POST", "/candidate/chat"): RoutePermission(CANDIDATES, body=MESSAGE),
    ("POST", "/candidate/chat/read"): RoutePermission(CANDIDATES, body={"number": 1}),
    ("POST", "/candidate/calls/{call_id}"): RoutePermission(
        CANDIDATES, path_parameters={"call_id": "talk"}, body={"answer": "end"}
    ),
    ("POST", "/candidate/calls/{call_id}/signals"): RoutePermission(
        CANDIDATES, path_parameters={"call_id": "talk"}, body=SIGNAL
    ),
    ("GET", "/phone/messages"): RoutePermission(PHONE),
    ("POST", "/phone/calls/{call_id}"): RoutePermission(
        PHONE, path_parameters={"call_id": "second"}, body={"answer": "end"}
    ),
    ("POST", "/phone/calls/{call_id}/signals"): RoutePermission(
        PHONE, path_parameters={"call_id": "second"}, body=SIGNAL
    ),
    ("POST", "/proctor/rooms/{room_id}/warnings"): room_staff_only(
        path_parameters={"room_id": ROOM},
        body={
            "warning_id": "w",
            "text": {"zh": "请注意", "en": "Attention"},
            "session_ids": [SESSION],
        },
    ),
    ("GET", "/proctor/sessions/{session_id}/messages"): room_staff_only(
        path_parameters=SESSION_PATH
    ),
    ("POST", "/proctor/sessions/{session_id}/calls"): room_staff_only(
        path_parameters=SESSION_PATH, body={"call_id": "new", "kind": "first"}
    ),
    ("POST", "/proctor/sessions/{session_id}/calls/{call_id}"): calling_proctor_only(
        {"answer": "end"}
    ),
    ("POST", "/proctor/sessions/{session_id}/calls/{call_id}/signals"): calling_proctor_only(
        SIGNAL
    ),
    ("GET", "/proctor/rooms/{room_id}/chats"): room_staff_only(path_parameters={"room_id": ROOM}),
    ("GET", "/support/exams/{exam_id}/chats"): RoutePermission(
        frozenset({Caller.SUPPORT, Caller.ADMIN}), path_parameters={"exam_id": EXAM}
    ),
    ("GET", "/staff/chats/{session_id}"): chat_staff_only(),
    ("POST", "/staff/chats/{session_id}"): chat_staff_only(MESSAGE),
    ("POST", "/staff/chats/{session_id}/read"): chat_staff_only({"number": 1}),
    ("POST", "/staff/chats/{session_id}/care"): chat_staff_only({"care": "mine"}),
    ("GET", "/live/ice"): RoutePermission(CANDIDATES | PHONE | PROCTORS_AND_ADMIN),
    ("GET", "/exams/{exam_id}/ice"): RoutePermission(EVERYBODY, path_parameters={"exam_id": EXAM}),
    ("GET", "/proctor/rooms/{room_id}/queue"): room_staff_only(path_parameters={"room_id": ROOM}),
    ("POST", "/proctor/sessions/{session_id}/reviews"): room_staff_only(
        path_parameters=SESSION_PATH, body={**ACT, "verdict": "confirm", "reason": "misconduct"}
    ),
    ("POST", "/proctor/sessions/{session_id}/reviews/{review_id}"): room_staff_only(
        path_parameters={**SESSION_PATH, "review_id": "awaiting"},
        body={**ACT, "verdict": "confirm", "reason": "device"},
    ),
    ("GET", "/proctor/sessions/{session_id}/violations/{review_id}"): room_staff_only(
        path_parameters={**SESSION_PATH, "review_id": "confirmed"}
    ),
    ("GET", "/proctor/sessions/{session_id}/evidence"): room_staff_only(
        path_parameters=SESSION_PATH
    ),
    ("POST", "/proctor/sessions/{session_id}/evidence"): room_staff_only(
        path_parameters=SESSION_PATH, body={"capture_id": CAPTURE}
    ),
    ("POST", "/proctor/sessions/{session_id}/evidence/live-form"): room_staff_only(
        path_parameters=SESSION_PATH, body={"sha256": "0" * 64}
    ),
    ("POST", "/proctor/sessions/{session_id}/evidence/live"): room_staff_only(
        path_parameters=SESSION_PATH, body={"sha256": LIVE_FRAME_SHA256, "view": "first", "at": 0}
    ),
    ("POST", "/proctor/sessions/{session_id}/evidence/{evidence_id}/after"): room_staff_only(
        path_parameters={**SESSION_PATH, "evidence_id": "kept"}
    ),
    ("GET", "/proctor/sessions/{session_id}/captures/{before}"): room_staff_only(
        path_parameters={**SESSION_PATH, "before": "newest"}
    ),
    ("GET", "/proctor/sessions/{session_id}/record"): room_staff_only(path_parameters=SESSION_PATH),
    ("GET", "/admin/subjects/{subject_id}/decided"): RoutePermission(
        ADMIN, path_parameters={"subject_id": SUBJECT}
    ),
    ("POST", "/admin/exams/{exam_id}/candidates"): RoutePermission(
        ADMIN, path_parameters={"exam_id": EXAM}, body={"candidates": [NEW_CANDIDATE]}
    ),
    ("POST", "/admin/exams/{exam_id}/candidates/find"): RoutePermission(
        ADMIN, path_parameters={"exam_id": EXAM}, body={"text": "one"}
    ),
    ("GET", "/admin/exams/{exam_id}/candidates/{candidate_id}"): RoutePermission(
        ADMIN, path_parameters={"exam_id": EXAM, "candidate_id": "candidate-one"}
    ),
    ("PUT", "/admin/exams/{exam_id}/candidates/{candidate_id}/accommodation"): RoutePermission(
        ADMIN,
        path_parameters={"exam_id": EXAM, "candidate_id": "candidate-one"},
        body={
            "version": 1,
            "accommodation": {"excused": ["voice"], "extra_percent": 25, "extra_minutes": 0},
            "reason": "医院证明",
        },
    ),
    ("GET", "/admin/profiles"): RoutePermission(ADMIN),
    ("GET", "/admin/exams"): RoutePermission(ADMIN),
    ("GET", "/admin/exams/{exam_id}"): RoutePermission(ADMIN, path_parameters={"exam_id": EXAM}),
    ("GET", "/admin/exams/{exam_id}/rooms"): RoutePermission(
        ADMIN, path_parameters={"exam_id": EXAM}
    ),
    ("GET", "/admin/exams/{exam_id}/rooms/{room_id}/figures"): RoutePermission(
        ADMIN, path_parameters={"exam_id": EXAM, "room_id": ROOM}
    ),
    ("PUT", "/admin/exams/{exam_id}"): RoutePermission(
        ADMIN,
        path_parameters={"exam_id": EXAM},
        body={"version": 1, "title": TEXT, "pledge": TEXT, "support": TEXT},
    ),
    ("PUT", "/admin/exams/{exam_id}/subjects/{subject_id}"): RoutePermission(
        ADMIN,
        path_parameters=SUBJECT_PATH,
        body={
            "version": 1,
            "title": TEXT,
            "duration": 60 * MINUTE,
            "earliest_submit": 30 * MINUTE,
            "second_view": "required",
            "trial": TIMES,
            "official": TIMES,
        },
    ),
    ("GET", "/proctor/sessions/{session_id}/retention"): room_staff_only(
        path_parameters=SESSION_PATH
    ),
    ("POST", "/proctor/sessions/{session_id}/retention/hold"): RoutePermission(
        ADMIN, path_parameters=SESSION_PATH, body={**ACT, "reason": "申诉"}
    ),
    ("POST", "/proctor/sessions/{session_id}/retention/release"): RoutePermission(
        ADMIN, path_parameters=SESSION_PATH, body={**ACT, "reason": "已结案"}
    ),
    ("PUT", "/admin/exams/{exam_id}/retention"): RoutePermission(
        ADMIN,
        path_parameters={"exam_id": EXAM},
        body={
            "version": 1,
            "retention": {
                "snapshots": 20,
                "clips": 20,
                "identity": 10,
                "evidence": 365,
                "recordings": 20,
            },
        },
    ),
    ("PUT", "/admin/exams/{exam_id}/subjects/{subject_id}/rules"): RoutePermission(
        ADMIN, path_parameters=SUBJECT_PATH, body={"version": 1, "profile": "strict", "rules": []}
    ),
    ("PUT", "/admin/exams/{exam_id}/subjects/{subject_id}/lock"): RoutePermission(
        ADMIN,
        path_parameters=SUBJECT_PATH,
        body={
            "version": 1,
            "lock": {"on": True, "allowed": 3, "then": "tell", "forgiven": 0},
            "safe_browser": {"use": "allowed", "exam_keys": [], "quit_hash": ""},
        },
    ),
    ("PUT", "/admin/exams/{exam_id}/subjects/{subject_id}/continuity"): RoutePermission(
        ADMIN,
        path_parameters=SUBJECT_PATH,
        body={
            "version": 1,
            "outages": {
                "min_outage": 90_000,
                "max_credit": 600_000,
                "max_percent": 10,
                "beyond_window": False,
            },
            "device_change": "proctor",
        },
    ),
    ("POST", "/admin/exams/{exam_id}/subjects/{subject_id}/passcodes"): RoutePermission(
        ADMIN, path_parameters=SUBJECT_PATH, body={"version": 1, "kind": "trial"}
    ),
    ("POST", "/admin/exams/{exam_id}/subjects/{subject_id}/mailings"): RoutePermission(
        ADMIN, path_parameters=SUBJECT_PATH, body={"kind": "trial"}
    ),
    ("GET", "/admin/exams/{exam_id}/subjects/{subject_id}/mailings/{kind}"): RoutePermission(
        ADMIN, path_parameters={**SUBJECT_PATH, "kind": "trial"}
    ),
    ("POST", "/admin/exams/{exam_id}/candidates/check"): RoutePermission(
        ADMIN, path_parameters={"exam_id": EXAM}, body={"file": ""}
    ),
    ("PUT", "/staff/password"): RoutePermission(
        STAFF, body={"old": "password of everybody", "new": "a longer password"}
    ),
    ("POST", "/staff/sessions/end"): RoutePermission(STAFF),
    ("GET", "/admin/staff"): RoutePermission(ADMIN),
    ("GET", "/admin/staff/{username}"): RoutePermission(
        ADMIN, path_parameters={"username": "proctor"}
    ),
    ("PUT", "/admin/staff/{username}"): RoutePermission(
        ADMIN,
        path_parameters={"username": "proctor"},
        body={"version": 1, "role": "support", "rooms": [], "disabled": False},
    ),
    ("POST", "/admin/staff/{username}/sessions/end"): RoutePermission(
        ADMIN, path_parameters={"username": "proctor"}
    ),
    ("POST", "/admin/exams/{exam_id}/subjects/{subject_id}/passcodes/export"): RoutePermission(
        ADMIN, path_parameters=SUBJECT_PATH, body={"kind": "trial"}
    ),
    ("POST", "/admin/exams/{exam_id}/candidates/{candidate_id}/passcode"): RoutePermission(
        ADMIN,
        path_parameters={"exam_id": EXAM, "candidate_id": "candidate-one"},
        body={"subject_id": SUBJECT, "kind": "trial"},
    ),
    ("POST", "/admin/exams/{exam_id}/candidates/{candidate_id}/passcode/replace"): RoutePermission(
        ADMIN,
        path_parameters={"exam_id": EXAM, "candidate_id": "candidate-one"},
        body={"subject_id": SUBJECT, "kind": "official"},
    ),
    ("POST", "/admin/exams/{exam_id}/candidates/{candidate_id}/passcode/sms"): RoutePermission(
        ADMIN,
        path_parameters={"exam_id": EXAM, "candidate_id": "candidate-one"},
        body={"subject_id": SUBJECT, "kind": "trial"},
    ),
    ("POST", "/admin/exams/{exam_id}/candidates/{candidate_id}/photo"): RoutePermission(
        ADMIN,
        path_parameters={"exam_id": EXAM, "candidate_id": "candidate-one"},
        body={"upload_id": PHOTO_UPLOAD},
    ),
    ("POST", "/admin/exams/{exam_id}/candidates/{candidate_id}/correction"): RoutePermission(
        ADMIN,
        path_parameters={"exam_id": EXAM, "candidate_id": "candidate-one"},
        body={"version": 1, "name": "李四", "reason": "姓名有误"},
    ),
    ("POST", "/admin/exams/{exam_id}/candidates/{candidate_id}/exchange"): RoutePermission(
        ADMIN,
        path_parameters={"exam_id": EXAM, "candidate_id": "candidate-new"},
        body={
            "version": 1,
            "field": "admission_number",
            "other_number": "ADM-two",
            "reason": "准考证号互换",
        },
    ),
}

ROUTES = {(route.method, route.path): route for route in all_routes()}


def expected_status(row: RoutePermission, route: Route, caller: Caller) -> int:
    """Return 200 for allowed callers, otherwise 401, 403 or 404, whichever reveals least."""
    if caller in row.allowed:
        return 200
    if route.roles != PUBLIC and caller not in AUTHENTICATED:
        return 401
    return 404 if caller in row.out_of_scope | row.not_owners else 403
