"""Sockets and the clock, by golden events through the app's own handlers."""

from typing import Any

import pytest

import app
from chalicelib.domain.errors import NotFound
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, Role
from chalicelib.services.core.tokens import API_AUDIENCE, SOCKET_AUDIENCE
from chalicelib.services.ports import Claims
from tests.support.builders import NOW
from tests.support.events import event
from tests.support.fake_context import FakeContext, add_session

SOCKET_ID = "IEOCUdhDliACHNg="


def connect(context: FakeContext, role: Role, subject: str, purpose: str = SOCKET_AUDIENCE) -> int:
    given = event("socket_connect")
    ticket = context.tokens.issue(Claims(role, subject, NOW + MINUTE), purpose)
    given["queryStringParameters"]["ticket"] = ticket
    return status(app.connect, given)


def status(handler: Any, given: dict[str, Any]) -> int:
    answer = handler(given, None)
    return int(answer["statusCode"])


def followers(context: FakeContext, topic: str) -> list[str]:
    return [connection.connection_id for connection in context.connections.subscribers(topic)]


@pytest.fixture(autouse=True)
def _on_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


def test_a_console_connects_watches_and_leaves(context: FakeContext) -> None:
    assert connect(context, Role.PROCTOR, "proctor") == 200
    endpoint = context.connections.get(SOCKET_ID).endpoint
    assert endpoint == "https://abcdef1234.execute-api.eu-central-1.amazonaws.com/api"
    assert status(app.message, event("socket_message")) == 200
    assert followers(context, "room:room-1") == [SOCKET_ID]
    assert status(app.disconnect, event("socket_disconnect")) == 200
    assert followers(context, "room:room-1") == []
    with pytest.raises(NotFound):
        context.connections.get(SOCKET_ID)


def test_a_page_follows_its_session(context: FakeContext) -> None:
    assert connect(context, Role.CANDIDATE, "5e55") == 200
    assert followers(context, "session:5e55") == [SOCKET_ID]
    assert status(app.message, event("socket_message")) == 403


@pytest.mark.parametrize("purpose", [API_AUDIENCE, "other"])
def test_without_a_ticket_there_is_no_socket(context: FakeContext, purpose: str) -> None:
    assert connect(context, Role.ADMIN, "admin", purpose) == 401
    given = event("socket_connect")
    for query in (None, {}, {"ticket": ""}):
        given["queryStringParameters"] = query
        assert status(app.connect, given) == 401
    with pytest.raises(NotFound):
        context.connections.get(SOCKET_ID)


def test_a_room_of_others_is_not_there(context: FakeContext) -> None:
    connect(context, Role.PROCTOR, "elsewhere")
    assert status(app.message, event("socket_message")) == 404


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ('{"action":"ping"}', 200),
        ("", 400),
        ("ping", 400),
        ("[]", 400),
        ('{"action":"other"}', 400),
        ('{"action":"watch_room"}', 400),
        ('{"action":"watch_room","room_id":""}', 400),
        ('{"action":"watch_room","room_id":"a b"}', 400),
        ('{"action":"watch_room","room_id":"room-1","more":1}', 400),
        ('{"action":"ping","pad":"' + "x" * 5_000 + '"}', 400),
        ("[" * 5_000, 400),
    ],
)
def test_what_a_page_says(context: FakeContext, body: str, answer: int) -> None:
    connect(context, Role.ADMIN, "admin")
    given = event("socket_message")
    given["body"] = body
    assert status(app.message, given) == answer
    assert followers(context, "room:room-1") == []


def test_the_clock_looks_at_what_is_due(context: FakeContext) -> None:
    session = add_session(context)
    assert app.tick(event("schedule"), None) == {"sessions": 0}
    context.clock.now = session.ends_at or 0
    assert app.tick(event("schedule"), None) == {"sessions": 1}
    assert app.tick(event("schedule"), None) == {"sessions": 0}
    assert context.sessions.session(session.session_id).state is State.TIMED_OUT
