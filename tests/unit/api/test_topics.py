"""Who hears what over the socket: every kind of push, every topic, everybody who may connect.

The wall's pictures, calls, chats and signals reach those they are for; nobody else can follow a
topic on which they are told, whatever that one's page asks for.
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
from tests.unit.api.test_transcript import SAID, WHO

OWN = {
    "the candidate": SESSION,
    "the phone": SESSION,
    "another candidate": OTHER_SESSION,
    "another phone": OTHER_SESSION,
}
FOLLOWED: dict[str, set[str]] = {
    **{name: {f"session:{session_id}"} for name, session_id in OWN.items()},
    "the proctor": {"staff:proctor", f"room:{ROOM}"},
    "another room's proctor": {"staff:elsewhere", f"room:{OTHER_ROOM}"},
    "an admin": {"staff:admin", f"room:{ROOM}", f"room:{OTHER_ROOM}", f"chats:{EXAM}"},
    "support": {"staff:support", f"chats:{EXAM}"},
}
ASKED: list[dict[str, Any]] = [
    *({"action": "watch_room", "room_id": room} for room in (ROOM, OTHER_ROOM)),
    {"action": "watch_room", "room_id": f"session:{SESSION}"},
    {"action": "watch_chats", "exam_id": EXAM},
    {"action": "watch_chats", "exam_id": "another"},
    {"action": "ping"},
]
HEARD = {
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


def topics_of(context: FakeContext, who: str) -> set[str]:
    """What somebody follows who has asked for everything that a page can ask for."""
    role, subject = WHO[who]
    opening = event("socket_connect")
    ticket = context.tokens.issue(Claims(role, subject, NOW + MINUTE), SOCKET_AUDIENCE)
    opening["queryStringParameters"]["ticket"] = ticket
    opening["requestContext"]["connectionId"] = who
    assert app.connect(opening, None)["statusCode"] == 200
    for body in ASKED:
        given = event("socket_message")
        given["requestContext"]["connectionId"] = who
        given["body"] = json.dumps(body)
        app.message(given, None)
    everything = {topic for topics in FOLLOWED.values() for topic in topics}
    everything |= {"room:another", f"room:session:{SESSION}", "chats:another"}
    return {
        topic
        for topic in everything
        if any(
            connection.connection_id == who for connection in context.connections.subscribers(topic)
        )
    }


def pushes() -> dict[str, set[str]]:
    """Every kind of push that a session's records cause, and the topics on which it is told."""
    session = build.session(SESSION)
    records: dict[str, Any] = {
        "SESSION": session,
        "WATCH": MonitorState(SESSION, ROOM, 1),
        "IDENTITY": IdentityCheck(SESSION, ROOM, 1),
        "DEVICES": CameraStatus(SESSION, ROOM, 1),
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
    images.append(sheet_image())
    found: dict[str, set[str]] = {}
    for image in images:
        for message in messages_of(image, None, str):
            kind = json.loads(message.text)["type"]
            if kind == "signal":
                kind = f"signal to {'staff' if message.topic.startswith('staff') else 'device'}"
            found.setdefault(kind, set()).add(message.topic)
    return found


def sheet_image() -> dict[str, Any]:
    body = dump(AnswerProgress(SESSION, ROOM, 1))
    return {
        "pk": {"S": SESSION}, "sk": {"S": "SHEET"}, "body": {"S": body}, "version": {"N": "1"},
    }  # fmt: skip


@pytest.mark.parametrize("who", WHO)
def test_nobody_can_follow_what_is_not_theirs(context: FakeContext, who: str) -> None:
    for session_id, name in ((SESSION, "one"), (OTHER_SESSION, "two")):
        add_session(context, session_id, candidate_id=f"candidate-{name}")
    assert topics_of(context, who) == FOLLOWED[who]


def test_every_push_reaches_those_it_is_for_and_nobody_else() -> None:
    told = pushes()
    assert told.keys() == HEARD.keys()
    heard = {
        kind: {who for who, followed in FOLLOWED.items() if followed & topics}
        for kind, topics in told.items()
    }
    assert heard == HEARD


def test_the_tables_know_every_message() -> None:
    """A new message of either direction needs its row."""
    asked = {one["action"] for one in ASKED} | {body["action"] for body, _ in SAID.values()}
    assert asked == _names(ClientMessage.__value__, "action")
    assert {kind.split()[0] for kind in HEARD} == _names(ServerMessage.__value__, "type")


def _names(union: Any, field: str) -> set[str]:
    members, *_ = get_args(union)
    return {get_args(get_arg.model_fields[field].annotation)[0] for get_arg in get_args(members)}
