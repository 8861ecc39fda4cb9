"""Sockets: who may subscribe to which topics."""

import pytest

from chalicelib.domain.errors import NotAllowed, NotFound, NotSignedIn
from chalicelib.domain.types import MINUTE, Role
from chalicelib.services.core.tokens import API_AUDIENCE, SOCKET_AUDIENCE
from chalicelib.services.ports import Claims
from chalicelib.services.realtime import connect, disconnect, subscribe_room
from tests.support.builders import NOW, OTHER_ROOM, ROOM
from tests.support.fake_context import FakeContext, add_session


def open_socket(
    context: FakeContext, role: Role, subject: str, purpose: str = SOCKET_AUDIENCE
) -> None:
    ticket = context.tokens.issue(Claims(role, subject, NOW + MINUTE), purpose)
    connect(context, f"socket-{subject}", "http://socket.test", ticket)


def following(context: FakeContext, topic: str) -> list[str]:
    return [connection.connection_id for connection in context.connections.subscribers(topic)]


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.PHONE])
def test_candidate_devices_subscribe_to_their_session(context: FakeContext, role: Role) -> None:
    add_session(context)
    open_socket(context, role, "5e55")
    assert following(context, "session:5e55") == ["socket-5e55"]
    with pytest.raises(NotAllowed):
        subscribe_room(context, "socket-5e55", ROOM)
    assert following(context, f"room:{ROOM}") == []


def test_staff_subscribe_to_their_rooms_only(context: FakeContext) -> None:
    open_socket(context, Role.PROCTOR, "proctor")
    assert following(context, "session:proctor") == []
    subscribe_room(context, "socket-proctor", ROOM)
    for hidden in (OTHER_ROOM, "nowhere"):
        with pytest.raises(NotFound):
            subscribe_room(context, "socket-proctor", hidden)
    assert following(context, f"room:{ROOM}") == ["socket-proctor"]
    assert following(context, f"room:{OTHER_ROOM}") == []


def test_support_cannot_subscribe_to_a_room(context: FakeContext) -> None:
    open_socket(context, Role.SUPPORT, "support")
    with pytest.raises(NotFound):
        subscribe_room(context, "socket-support", ROOM)


def test_api_token_opens_no_socket(context: FakeContext) -> None:
    with pytest.raises(NotSignedIn):
        open_socket(context, Role.ADMIN, "admin", API_AUDIENCE)
    with pytest.raises(NotFound):
        context.connections.get("socket-admin")


def test_disconnected_socket_is_removed(context: FakeContext) -> None:
    open_socket(context, Role.ADMIN, "admin")
    subscribe_room(context, "socket-admin", ROOM)
    disconnect(context, "socket-admin")
    disconnect(context, "socket-admin")
    assert following(context, f"room:{ROOM}") == []
    with pytest.raises(NotFound):
        subscribe_room(context, "socket-admin", ROOM)
