"""The table: every route × everybody who may call it → who passes."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from chalicelib.api.route_modules import all_routes
from chalicelib.api.routing import PUBLIC, Route
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE
from tests.support import builders as build
from tests.support.builders import EXAM, NOW, OFFICIAL, ROOM, SUBJECT, observation
from tests.support.callers import KNOWN, Caller

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
WATCHERS = frozenset({Caller.PROCTOR, Caller.OTHER_PROCTOR, Caller.ADMIN})
STAFF = WATCHERS | {Caller.SUPPORT}
OF_THE_ROOM = frozenset({Caller.PROCTOR, Caller.ADMIN})
MESSAGE = {"message_id": "m", "text": "你好"}
SIGNAL = {"peer": "p", "number": 0, "type": "offer", "sdp": "v=0"}
NONCE = "n0nce"
PROOF = build.page_proof(NONCE)
NEW = {
    "name": "李", "id_number": "11010119900101", "admission_number": "20269999",
    "phone": "10000000009", "subject_id": SUBJECT, "room_id": ROOM,
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Who passes at a route whose request is right and whose session stands at `state`."""

    passes: frozenset[Caller]
    state: State = State.ANSWERING
    parts: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None
    hidden: frozenset[Caller] = frozenset()
    """Who has the role, but for whom there is no such thing: 404."""
    strangers: frozenset[Caller] = frozenset()
    """Who may do the like, but not with this one, which is somebody else's: 404."""


BOTH = {"zh": "中文", "en": "English"}
TIMES = {"opens_at": NOW, "starts_at": NOW, "ends_at": NOW + 600 * MINUTE}
OF_SUBJECT = {"exam_id": EXAM, "subject_id": SUBJECT}
WATCHED = {"session_id": SESSION}
CAPTURE = observation(SESSION).capture_id
SHOT = b"what the proctor saw"
LIVE_SHOT = hashlib.sha256(SHOT).hexdigest()


def of_the_room(
    state: State = State.ANSWERING, *, parts: dict[str, str], body: dict[str, Any] | None = None
) -> Row:
    """A row of what only those who watch the room may see or do."""
    return Row(OF_THE_ROOM, state, parts, body, frozenset({Caller.OTHER_PROCTOR}))


def of_one_proctor(body: dict[str, Any]) -> Row:
    """A row of a call: only the proctor whose call it is, not even an admin."""
    return Row(
        frozenset({Caller.PROCTOR}),
        parts={**WATCHED, "call_id": "talk"},
        body=body,
        hidden=frozenset({Caller.OTHER_PROCTOR}),
        strangers=frozenset({Caller.ADMIN}),
    )


def of_helpers(body: dict[str, Any] | None = None) -> Row:
    """A row of a chat: the room's, and support."""
    return Row(
        OF_THE_ROOM | {Caller.SUPPORT},
        parts=WATCHED,
        body=body,
        hidden=frozenset({Caller.OTHER_PROCTOR}),
    )


PERMISSIONS: dict[tuple[str, str], Row] = {
    ("GET", "/exams/{exam_id}"): Row(EVERYBODY, parts={"exam_id": EXAM}),
    ("GET", "/exams/{exam_id}/subjects/{subject_id}/exam.seb"): Row(
        EVERYBODY, parts={"exam_id": EXAM, "subject_id": SUBJECT}
    ),
    ("POST", "/candidate/sign-in"): Row(
        EVERYBODY,
        body={
            "exam_id": EXAM,
            "subject_id": SUBJECT,
            "number": "ADM-two",
            "passcode": OFFICIAL,
        },
    ),
    ("GET", "/candidate/session"): Row(CANDIDATES),
    ("GET", "/candidate/checks"): Row(CANDIDATES, State.SIGNED_IN),
    ("PUT", "/candidate/checks"): Row(
        CANDIDATES, State.SIGNED_IN, body={"measures": [{"check": "screens", "value": 1}]}
    ),
    ("POST", "/candidate/checks/transfer"): Row(CANDIDATES, State.SIGNED_IN),
    ("POST", "/candidate/confirm-info"): Row(CANDIDATES, State.SIGNED_IN),
    ("POST", "/candidate/pledge"): Row(CANDIDATES, State.INFO_CONFIRMED, body={"agreed": True}),
    ("POST", "/candidate/face-consent"): Row(CANDIDATES, State.PLEDGED, body={"agreed": False}),
    ("POST", "/candidate/identity"): Row(CANDIDATES, State.PLEDGED),
    ("POST", "/candidate/second-view/code"): Row(CANDIDATES, State.IDENTITY_VERIFIED),
    ("POST", "/candidate/second-view/ready"): Row(CANDIDATES, State.IDENTITY_VERIFIED),
    ("POST", "/candidate/waiting-room"): Row(CANDIDATES, State.SECOND_VIEW_READY),
    ("POST", "/candidate/lock"): Row(
        CANDIDATES, body={"sequence": 1, "away": True, "why": "blur", "ago": 1_500}
    ),
    ("POST", "/candidate/safe-browser"): Row(CANDIDATES),
    ("POST", "/candidate/safe-browser/{nonce}"): Row(
        frozenset({Caller.CANDIDATE}), parts={"nonce": NONCE}, body={"config_key": PROOF}
    ),
    ("POST", "/candidate/start"): Row(CANDIDATES, State.WAITING),
    ("GET", "/candidate/paper"): Row(CANDIDATES),
    ("PUT", "/candidate/answers/{question_id}"): Row(
        CANDIDATES, parts={"question_id": "q1"}, body={"sequence": 1, "value": ["A"]}
    ),
    ("POST", "/candidate/submit"): Row(CANDIDATES),
    ("POST", "/candidate/captures"): Row(CANDIDATES),
    ("POST", "/candidate/ask/begin"): Row(CANDIDATES),
    ("POST", "/candidate/test-shot"): Row(CANDIDATES, State.SIGNED_IN),
    ("POST", "/candidate/ticket"): Row(CANDIDATES),
    ("POST", "/phone/join"): Row(
        EVERYBODY,
        body={"code": "CODE2345", "admission_number": "ADM-one", "id_number": "ID-one-0001"},
    ),
    ("GET", "/phone/session"): Row(PHONE),
    ("POST", "/phone/report"): Row(PHONE, body={"battery": 0.5, "visible": True}),
    ("POST", "/phone/captures"): Row(PHONE),
    ("POST", "/phone/test-shot"): Row(PHONE, State.IDENTITY_VERIFIED),
    ("POST", "/phone/ticket"): Row(PHONE),
    ("POST", "/staff/sign-in"): Row(
        EVERYBODY, body={"username": "proctor", "password": "password of proctor"}
    ),
    ("GET", "/staff/me"): Row(STAFF),
    ("POST", "/staff/ticket"): Row(STAFF),
    ("GET", "/proctor/rooms"): Row(WATCHERS),
    ("GET", "/proctor/rooms/{room_id}"): of_the_room(parts={"room_id": ROOM}),
    ("GET", "/proctor/sessions/{session_id}"): of_the_room(parts=WATCHED),
    ("POST", "/proctor/sessions/{session_id}/identity"): of_the_room(
        State.PLEDGED, parts=WATCHED, body={"accept": True}
    ),
    ("POST", "/proctor/sessions/{session_id}/pause"): of_the_room(
        parts=WATCHED, body={"reason": "网络故障"}
    ),
    ("POST", "/proctor/sessions/{session_id}/resume"): of_the_room(State.PAUSED, parts=WATCHED),
    ("POST", "/proctor/sessions/{session_id}/extend"): of_the_room(
        parts=WATCHED, body={"minutes": 5, "reason": "网络故障"}
    ),
    ("POST", "/proctor/sessions/{session_id}/ask"): of_the_room(
        parts=WATCHED, body={"kind": "room"}
    ),
    ("POST", "/proctor/sessions/{session_id}/terminate"): of_the_room(
        parts=WATCHED, body={"reason": "代考"}
    ),
    ("GET", "/candidate/messages"): Row(CANDIDATES),
    ("POST", "/candidate/warnings/{warning_id}"): Row(
        CANDIDATES, parts={"warning_id": "warning"}, body={"acknowledged": True}
    ),
    ("GET", "/candidate/chat"): Row(CANDIDATES),
    ("POST", "/candidate/chat"): Row(CANDIDATES, body=MESSAGE),
    ("POST", "/candidate/chat/read"): Row(CANDIDATES, body={"number": 1}),
    ("POST", "/candidate/calls/{call_id}"): Row(
        CANDIDATES, parts={"call_id": "talk"}, body={"answer": "end"}
    ),
    ("POST", "/candidate/calls/{call_id}/signals"): Row(
        CANDIDATES, parts={"call_id": "talk"}, body=SIGNAL
    ),
    ("GET", "/phone/messages"): Row(PHONE),
    ("POST", "/phone/calls/{call_id}"): Row(
        PHONE, parts={"call_id": "second"}, body={"answer": "end"}
    ),
    ("POST", "/phone/calls/{call_id}/signals"): Row(
        PHONE, parts={"call_id": "second"}, body=SIGNAL
    ),
    ("POST", "/proctor/rooms/{room_id}/warnings"): of_the_room(
        parts={"room_id": ROOM},
        body={
            "warning_id": "w",
            "text": {"zh": "请注意", "en": "Attention"},
            "session_ids": [SESSION],
        },
    ),
    ("GET", "/proctor/sessions/{session_id}/messages"): of_the_room(parts=WATCHED),
    ("POST", "/proctor/sessions/{session_id}/calls"): of_the_room(
        parts=WATCHED, body={"call_id": "new", "kind": "first"}
    ),
    ("POST", "/proctor/sessions/{session_id}/calls/{call_id}"): of_one_proctor({"answer": "end"}),
    ("POST", "/proctor/sessions/{session_id}/calls/{call_id}/signals"): of_one_proctor(SIGNAL),
    ("GET", "/proctor/rooms/{room_id}/chats"): of_the_room(parts={"room_id": ROOM}),
    ("GET", "/support/exams/{exam_id}/chats"): Row(
        frozenset({Caller.SUPPORT, Caller.ADMIN}), parts={"exam_id": EXAM}
    ),
    ("GET", "/staff/chats/{session_id}"): of_helpers(),
    ("POST", "/staff/chats/{session_id}"): of_helpers(MESSAGE),
    ("POST", "/staff/chats/{session_id}/read"): of_helpers({"number": 1}),
    ("POST", "/staff/chats/{session_id}/care"): of_helpers({"care": "mine"}),
    ("GET", "/live/ice"): Row(CANDIDATES | PHONE | WATCHERS),
    ("GET", "/exams/{exam_id}/ice"): Row(EVERYBODY, parts={"exam_id": EXAM}),
    ("GET", "/proctor/rooms/{room_id}/queue"): of_the_room(parts={"room_id": ROOM}),
    ("POST", "/proctor/sessions/{session_id}/reviews"): of_the_room(
        parts=WATCHED, body={"verdict": "confirm", "reason": "misconduct"}
    ),
    ("POST", "/proctor/sessions/{session_id}/reviews/{review_id}"): of_the_room(
        parts={**WATCHED, "review_id": "awaiting"}, body={"verdict": "confirm", "reason": "device"}
    ),
    ("GET", "/proctor/sessions/{session_id}/violations/{review_id}"): of_the_room(
        parts={**WATCHED, "review_id": "confirmed"}
    ),
    ("GET", "/proctor/sessions/{session_id}/evidence"): of_the_room(parts=WATCHED),
    ("POST", "/proctor/sessions/{session_id}/evidence"): of_the_room(
        parts=WATCHED, body={"capture_id": CAPTURE}
    ),
    ("POST", "/proctor/sessions/{session_id}/evidence/live-form"): of_the_room(
        parts=WATCHED, body={"sha256": "0" * 64}
    ),
    ("POST", "/proctor/sessions/{session_id}/evidence/live"): of_the_room(
        parts=WATCHED, body={"sha256": LIVE_SHOT, "view": "first", "at": 0}
    ),
    ("POST", "/proctor/sessions/{session_id}/evidence/{evidence_id}/after"): of_the_room(
        parts={**WATCHED, "evidence_id": "kept"}
    ),
    ("GET", "/proctor/sessions/{session_id}/captures/{before}"): of_the_room(
        parts={**WATCHED, "before": "newest"}
    ),
    ("GET", "/proctor/sessions/{session_id}/record"): of_the_room(parts=WATCHED),
    ("GET", "/admin/subjects/{subject_id}/decided"): Row(ADMIN, parts={"subject_id": SUBJECT}),
    ("POST", "/admin/exams/{exam_id}/candidates"): Row(
        ADMIN, parts={"exam_id": EXAM}, body={"candidates": [NEW]}
    ),
    ("POST", "/admin/exams/{exam_id}/candidates/find"): Row(
        ADMIN, parts={"exam_id": EXAM}, body={"text": "one"}
    ),
    ("GET", "/admin/exams/{exam_id}/candidates/{candidate_id}"): Row(
        ADMIN, parts={"exam_id": EXAM, "candidate_id": "candidate-one"}
    ),
    ("PUT", "/admin/exams/{exam_id}/candidates/{candidate_id}/accommodation"): Row(
        ADMIN,
        parts={"exam_id": EXAM, "candidate_id": "candidate-one"},
        body={
            "version": 1,
            "accommodation": {"excused": ["voice"], "extra_percent": 25, "extra_minutes": 0},
            "reason": "医院证明",
        },
    ),
    ("GET", "/admin/profiles"): Row(ADMIN),
    ("GET", "/admin/exams"): Row(ADMIN),
    ("GET", "/admin/exams/{exam_id}"): Row(ADMIN, parts={"exam_id": EXAM}),
    ("GET", "/admin/exams/{exam_id}/rooms"): Row(ADMIN, parts={"exam_id": EXAM}),
    ("PUT", "/admin/exams/{exam_id}"): Row(
        ADMIN,
        parts={"exam_id": EXAM},
        body={"version": 1, "title": BOTH, "pledge": BOTH, "support": BOTH},
    ),
    ("PUT", "/admin/exams/{exam_id}/subjects/{subject_id}"): Row(
        ADMIN,
        parts=OF_SUBJECT,
        body={
            "version": 1,
            "title": BOTH,
            "duration": 60 * MINUTE,
            "earliest_submit": 30 * MINUTE,
            "second_view": "required",
            "trial": TIMES,
            "official": TIMES,
        },
    ),
    ("PUT", "/admin/exams/{exam_id}/subjects/{subject_id}/rules"): Row(
        ADMIN, parts=OF_SUBJECT, body={"version": 1, "profile": "strict", "rules": []}
    ),
    ("PUT", "/admin/exams/{exam_id}/subjects/{subject_id}/lock"): Row(
        ADMIN,
        parts=OF_SUBJECT,
        body={
            "version": 1,
            "lock": {"on": True, "allowed": 3, "then": "tell", "forgiven": 0},
            "safe_browser": {"use": "allowed", "exam_keys": [], "quit_hash": ""},
        },
    ),
    ("POST", "/admin/exams/{exam_id}/subjects/{subject_id}/passcodes"): Row(
        ADMIN, parts=OF_SUBJECT, body={"version": 1, "kind": "trial"}
    ),
    ("POST", "/admin/exams/{exam_id}/subjects/{subject_id}/mailings"): Row(
        ADMIN, parts=OF_SUBJECT, body={"kind": "trial"}
    ),
    ("GET", "/admin/exams/{exam_id}/subjects/{subject_id}/mailings/{kind}"): Row(
        ADMIN, parts={**OF_SUBJECT, "kind": "trial"}
    ),
    ("POST", "/admin/exams/{exam_id}/candidates/{candidate_id}/photo"): Row(
        ADMIN, parts={"exam_id": EXAM, "candidate_id": "candidate-one"}
    ),
}

ROUTES = {(route.method, route.path): route for route in all_routes()}


def expected(row: Row, route: Route, caller: Caller) -> int:
    """Only the right ones pass; of the others, each is told as little as the caller may know."""
    if caller in row.passes:
        return 200
    if route.roles != PUBLIC and caller not in KNOWN:
        return 401
    return 404 if caller in row.hidden | row.strangers else 403
