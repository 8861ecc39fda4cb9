"""Which messages each role may send over the socket, and to which topics they are pushed."""

import json
from typing import Any

import pytest

import app
from chalicelib.domain.messaging.chats import Side
from chalicelib.domain.types import MINUTE, Role
from chalicelib.services.core.tokens import SOCKET_AUDIENCE
from chalicelib.services.ports import Claims
from chalicelib.store.models import dump
from functions.notify.messages import messages_of
from tests.support import builders as build
from tests.support.builders import EXAM, NOW
from tests.support.events import event
from tests.support.fake_context import FakeContext, add_session
from tests.support.route_permissions import OTHER_SESSION, SESSION

CALLERS = {
    "the candidate": (Role.CANDIDATE, SESSION),
    "another candidate": (Role.CANDIDATE, OTHER_SESSION),
    "the phone": (Role.PHONE, SESSION),
    "another phone": (Role.PHONE, OTHER_SESSION),
    "the proctor": (Role.PROCTOR, "proctor"),
    "another room's proctor": (Role.PROCTOR, "elsewhere"),
    "an admin": (Role.ADMIN, "admin"),
    "support": (Role.SUPPORT, "support"),
}


def signal(call_id: str) -> dict[str, Any]:
    step = {"peer": "p", "number": 0, "type": "offer", "sdp": "v=0", "candidates": []}
    return {"action": "signal", "session_id": SESSION, "call_id": call_id, "signal": step}


CLIENT_MESSAGES = {
    "a signal of the talk": (signal("talk"), {"the candidate": 200, "the proctor": 200}),
    "a signal of the second view": (signal("second"), {"the phone": 200, "the proctor": 200}),
    "a signal of no call": (signal("none"), {}),
    "watch the room": (
        {"action": "watch_room", "room_id": "room-1"},
        {"the proctor": 200, "an admin": 200},
    ),
    "watch the chats": (
        {"action": "watch_chats", "exam_id": EXAM},
        {"support": 200, "an admin": 200},
    ),
}


@pytest.fixture(autouse=True)
def _on_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


def send(context: FakeContext, caller: str, body: dict[str, Any]) -> int:
    role, subject = CALLERS[caller]
    connect_event = event("socket_connect")
    ticket = context.tokens.issue(Claims(role, subject, NOW + MINUTE), SOCKET_AUDIENCE)
    connect_event["queryStringParameters"]["ticket"] = ticket
    assert app.connect(connect_event, None)["statusCode"] == 200
    message_event = event("socket_message")
    message_event["body"] = json.dumps(body)
    return int(app.message(message_event, None)["statusCode"])


@pytest.mark.parametrize("caller", CALLERS)
@pytest.mark.parametrize("message", CLIENT_MESSAGES)
def test_only_permitted_callers_may_send_a_message(
    context: FakeContext, message: str, caller: str
) -> None:
    for session_id, name in ((SESSION, "one"), (OTHER_SESSION, "two")):
        add_session(context, session_id, candidate_id=f"candidate-{name}")
        context.sessions.commit(*build.message_records(session_id))
    before = context.sessions.stored_records(SESSION)
    body, permitted = CLIENT_MESSAGES[message]
    status = send(context, caller, body)
    if caller in permitted:
        assert status == 200
        return
    assert status in {403, 404}
    assert context.sessions.stored_records(SESSION) == before


TOPICS = {
    "DanmakuWarning": {"room:room-1", f"session:{SESSION}"},
    "Calls": {"room:room-1", f"session:{SESSION}"},
    "Chat": {"room:room-1", f"session:{SESSION}", f"chats:{EXAM}"},
    "ChatMessage": set(),
    "to staff": {"staff:proctor"},
    "to device": {f"session:{SESSION}"},
}


def test_stored_message_is_pushed_to_its_topics_only() -> None:
    records: dict[str, object] = {
        type(record).__name__: record for record in build.message_records(SESSION)
    }
    records |= {f"to {side}": build.signal(SESSION, side) for side in Side}
    prefixes = {
        "DanmakuWarning": "WARNING#w", "Calls": "CALLS", "Chat": "CHAT#room-1",
        "ChatMessage": "MESSAGE#000001", "to staff": "SIGNAL#a", "to device": "SIGNAL#b",
    }  # fmt: skip
    assert records.keys() == TOPICS.keys()
    for name, record in records.items():
        image = {"pk": {"S": SESSION}, "sk": {"S": prefixes[name]}, "body": {"S": dump(record)}}
        topics = {message.topic for message in messages_of(image, None, str)}
        assert topics == TOPICS[name], name


def test_signal_out_of_bounds_is_rejected(context: FakeContext) -> None:
    add_session(context)
    context.sessions.commit(*build.message_records(SESSION))
    body = signal("talk")
    for field, value in (("sdp", "v" * 16_001), ("number", 201), ("peer", "a#b"), ("more", 1)):
        message = {**body, "signal": {**body["signal"], field: value}}
        assert send(context, "the candidate", message) == 400, field
    candidates = [{"candidate": "x", "sdp_mid": "0", "sdp_m_line_index": 0}] * 21
    message = {**body, "signal": {**body["signal"], "candidates": candidates}}
    assert send(context, "the candidate", message) == 400
