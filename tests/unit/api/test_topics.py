"""Who receives what over the socket: every kind of push, every topic, every kind of caller.

Pictures of the wall, calls, chats and signals reach their recipients; nobody else can subscribe to
their topics, whatever a page asks for.
"""

import json
from typing import Any, get_args

import pytest

import app
from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.exams.papers import AnswerProgress
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.messaging.chats import Side
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.types import MINUTE
from chalicelib.schemas.push import ClientMessage, ServerMessage
from chalicelib.services.core.tokens import SOCKET_AUDIENCE
from chalicelib.services.ports import Claims
from chalicelib.store.models import dump
from functions.notify.messages import messages_of
from tests.support import builders as build
from tests.support.builders import EXAM, NOW, OTHER_ROOM, ROOM
from tests.support.events import event
from tests.support.fake_context import FakeContext, add_session
from tests.support.route_permissions import OTHER_SESSION, SESSION
from tests.unit.api.test_socket_messages import CALLERS, CLIENT_MESSAGES

OWN = {
    "the candidate": SESSION,
    "the phone": SESSION,
    "another candidate": OTHER_SESSION,
    "another phone": OTHER_SESSION,
}
TOPICS: dict[str, set[str]] = {
    **{name: {f"session:{session_id}"} for name, session_id in OWN.items()},
    "the proctor": {"staff:proctor", f"room:{ROOM}"},
    "another room's proctor": {"staff:elsewhere", f"room:{OTHER_ROOM}"},
    "an admin": {"staff:admin", f"room:{ROOM}", f"room:{OTHER_ROOM}", f"chats:{EXAM}"},
    "support": {"staff:support", f"chats:{EXAM}"},
}
SUBSCRIPTIONS: list[dict[str, Any]] = [
    *({"action": "watch_room", "room_id": room} for room in (ROOM, OTHER_ROOM)),
    {"action": "watch_room", "room_id": f"session:{SESSION}"},
    {"action": "watch_chats", "exam_id": EXAM},
    {"action": "watch_chats", "exam_id": "another"},
    {"action": "ping"},
]
RECIPIENTS = {
    "session": {"the proctor", "an admin"},
    "sheet": {"the proctor", "an admin"},
    "watch": {"the proctor", "an admin"},
    "identity": {"the proctor", "an admin"},
    "devices": {"the proctor", "an admin"},
    "flag": {"the proctor", "an admin"},
    "changed": {"the candidate", "the phone"},
    "warning": {"the proctor", "an admin", "the candidate", "the phone"},
    "calls": {"the proctor", "an admin", "the candidate", "the phone"},
    "chat": {"the proctor", "an admin", "the candidate", "the phone", "support"},
    "signal to staff": {"the proctor"},
    "signal to device": {"the candidate", "the phone"},
}


@pytest.fixture(autouse=True)
def _on_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


def topics_of(context: FakeContext, caller: str) -> set[str]:
    """The topics of a caller who has tried every subscription that a page can ask for."""
    role, subject = CALLERS[caller]
    connect_event = event("socket_connect")
    ticket = context.tokens.issue(Claims(role, subject, NOW + MINUTE), SOCKET_AUDIENCE)
    connect_event["queryStringParameters"]["ticket"] = ticket
    connect_event["requestContext"]["connectionId"] = caller
    assert app.connect(connect_event, None)["statusCode"] == 200
    for body in SUBSCRIPTIONS:
        message_event = event("socket_message")
        message_event["requestContext"]["connectionId"] = caller
        message_event["body"] = json.dumps(body)
        app.message(message_event, None)
    all_topics = {topic for topics in TOPICS.values() for topic in topics}
    all_topics |= {"room:another", f"room:session:{SESSION}", "chats:another"}
    return {
        topic
        for topic in all_topics
        if any(
            connection.connection_id == caller
            for connection in context.connections.subscribers(topic)
        )
    }


def pushes() -> dict[str, set[str]]:
    """Every kind of push that a session's records cause, and the topics that it is sent to."""
    session = build.session(SESSION)
    records: dict[str, Any] = {
        "SESSION": session,
        "MONITOR": MonitorState(SESSION, ROOM, 1),
        "IDENTITY": IdentityCheck(SESSION, ROOM, 1),
        "CAMERAS": CameraStatus(SESSION, ROOM, 1),
        "FLAG#f": build.flag(SESSION),
        **{f"SIGNAL#{side}": build.signal(SESSION, side) for side in Side},
    }
    for name, record in zip(
        ("WARNING#w", "CALLS", f"CHAT#{ROOM}"), build.message_records(SESSION), strict=False
    ):
        records[name] = record
    images = [
        {"pk": {"S": SESSION}, "sk": {"S": sk}, "body": {"S": dump(record)}}
        for sk, record in records.items()
    ]
    images.append(progress_image())
    topics_by_kind: dict[str, set[str]] = {}
    for image in images:
        for message in messages_of(image, None, str):
            kind = json.loads(message.text)["type"]
            if kind == "signal":
                kind = f"signal to {'staff' if message.topic.startswith('staff') else 'device'}"
            topics_by_kind.setdefault(kind, set()).add(message.topic)
    return topics_by_kind


def progress_image() -> dict[str, Any]:
    body = dump(AnswerProgress(SESSION, ROOM, 1))
    return {
        "pk": {"S": SESSION}, "sk": {"S": "PROGRESS"}, "body": {"S": body}, "version": {"N": "1"},
    }  # fmt: skip


@pytest.mark.parametrize("caller", CALLERS)
def test_caller_subscribes_to_permitted_topics_only(context: FakeContext, caller: str) -> None:
    for session_id, name in ((SESSION, "one"), (OTHER_SESSION, "two")):
        add_session(context, session_id, candidate_id=f"candidate-{name}")
    assert topics_of(context, caller) == TOPICS[caller]


def test_every_push_reaches_its_recipients_only() -> None:
    sent = pushes()
    assert sent.keys() == RECIPIENTS.keys()
    recipients = {
        kind: {caller for caller, own in TOPICS.items() if own & topics}
        for kind, topics in sent.items()
    }
    assert recipients == RECIPIENTS


def test_tables_cover_every_message() -> None:
    """A new message of either direction needs its row."""
    actions = {message["action"] for message in SUBSCRIPTIONS} | {
        body["action"] for body, _ in CLIENT_MESSAGES.values()
    }
    assert actions == _names(ClientMessage.__value__, "action")
    assert {kind.split()[0] for kind in RECIPIENTS} == _names(ServerMessage.__value__, "type")


def _names(union: Any, field: str) -> set[str]:
    members, *_ = get_args(union)
    return {get_args(model.model_fields[field].annotation)[0] for model in get_args(members)}
