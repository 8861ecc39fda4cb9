"""Socket events and the schedule, by recorded AWS events through the app's own handlers."""

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


def connect(context: FakeContext, role: Role, subject: str, audience: str = SOCKET_AUDIENCE) -> int:
    aws_event = event("socket_connect")
    ticket = context.tokens.issue(Claims(role, subject, NOW + MINUTE), audience)
    aws_event["queryStringParameters"]["ticket"] = ticket
    return status(app.connect, aws_event)


def status(handler: Any, aws_event: dict[str, Any]) -> int:
    response = handler(aws_event, None)
    return int(response["statusCode"])


def subscribers(context: FakeContext, topic: str) -> list[str]:
    return [connection.connection_id for connection in context.connections.subscribers(topic)]


@pytest.fixture(autouse=True)
def _on_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


def test_console_connects_subscribes_and_disconnects(context: FakeContext) -> None:
    assert connect(context, Role.PROCTOR, "proctor") == 200
    endpoint = context.connections.get(SOCKET_ID).endpoint
    assert endpoint == "https://abcdef1234.execute-api.eu-central-1.amazonaws.com/api"
    assert status(app.message, event("socket_message")) == 200
    assert subscribers(context, "room:room-1") == [SOCKET_ID]
    assert status(app.disconnect, event("socket_disconnect")) == 200
    assert subscribers(context, "room:room-1") == []
    with pytest.raises(NotFound):
        context.connections.get(SOCKET_ID)


def test_candidate_page_is_subscribed_to_its_own_session_only(context: FakeContext) -> None:
    add_session(context)
    assert connect(context, Role.CANDIDATE, "5e55") == 200
    assert subscribers(context, "session:5e55") == [SOCKET_ID]
    assert status(app.message, event("socket_message")) == 403


@pytest.mark.parametrize("audience", [API_AUDIENCE, "other"])
def test_socket_without_valid_ticket_is_refused(context: FakeContext, audience: str) -> None:
    assert connect(context, Role.ADMIN, "admin", audience) == 401
    aws_event = event("socket_connect")
    for query in (None, {}, {"ticket": ""}):
        aws_event["queryStringParameters"] = query
        assert status(app.connect, aws_event) == 401
    with pytest.raises(NotFound):
        context.connections.get(SOCKET_ID)


def test_room_of_another_proctor_is_not_found(context: FakeContext) -> None:
    connect(context, Role.PROCTOR, "elsewhere")
    assert status(app.message, event("socket_message")) == 404


@pytest.mark.parametrize(
    ("body", "expected"),
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
def test_client_message_is_accepted_or_refused(
    context: FakeContext, body: str, expected: int
) -> None:
    connect(context, Role.ADMIN, "admin")
    aws_event = event("socket_message")
    aws_event["body"] = body
    assert status(app.message, aws_event) == expected
    assert subscribers(context, "room:room-1") == []


def test_schedule_ends_due_session_once(context: FakeContext) -> None:
    session = add_session(context)
    assert app.tick(event("schedule"), None) == {"sessions": 0}
    context.clock.now = session.ends_at or 0
    assert app.tick(event("schedule"), None) == {"sessions": 1}
    assert app.tick(event("schedule"), None) == {"sessions": 0}
    assert context.sessions.session(session.session_id).state is State.TIMED_OUT
