"""Sockets: who follows what."""

import pytest

from chalicelib.domain.errors import NotAllowed, NotFound, NotSignedIn
from chalicelib.domain.types import MINUTE, Role
from chalicelib.services.core.tokens import API_AUDIENCE, SOCKET_AUDIENCE
from chalicelib.services.ports import Claims
from chalicelib.services.realtime import connect, disconnect, subscribe_room
from tests.support.builders import NOW, OTHER_ROOM, ROOM
from tests.support.fake_context import FakeContext


def open_socket(
    world: FakeContext, role: Role, subject: str, purpose: str = SOCKET_AUDIENCE
) -> None:
    ticket = world.tokens.issue(Claims(role, subject, NOW + MINUTE), purpose)
    connect(world, f"socket-{subject}", "http://socket.test", ticket)


def following(world: FakeContext, topic: str) -> list[str]:
    return [connection.connection_id for connection in world.connections.followers(topic)]


@pytest.mark.parametrize("role", [Role.CANDIDATE, Role.PHONE])
def test_a_candidates_devices_follow_their_session(world: FakeContext, role: Role) -> None:
    open_socket(world, role, "5e55")
    assert following(world, "session:5e55") == ["socket-5e55"]
    with pytest.raises(NotAllowed):
        subscribe_room(world, "socket-5e55", ROOM)
    assert following(world, f"room:{ROOM}") == []


def test_staff_follow_the_rooms_they_may_see(world: FakeContext) -> None:
    open_socket(world, Role.PROCTOR, "proctor")
    assert following(world, "session:proctor") == []
    subscribe_room(world, "socket-proctor", ROOM)
    for hidden in (OTHER_ROOM, "nowhere"):
        with pytest.raises(NotFound):
            subscribe_room(world, "socket-proctor", hidden)
    assert following(world, f"room:{ROOM}") == ["socket-proctor"]
    assert following(world, f"room:{OTHER_ROOM}") == []


def test_support_follows_no_room(world: FakeContext) -> None:
    open_socket(world, Role.SUPPORT, "support")
    with pytest.raises(NotFound):
        subscribe_room(world, "socket-support", ROOM)


def test_a_token_of_the_api_opens_no_socket(world: FakeContext) -> None:
    with pytest.raises(NotSignedIn):
        open_socket(world, Role.ADMIN, "admin", API_AUDIENCE)
    with pytest.raises(NotFound):
        world.connections.get("socket-admin")


def test_one_that_leaves_is_forgotten(world: FakeContext) -> None:
    open_socket(world, Role.ADMIN, "admin")
    subscribe_room(world, "socket-admin", ROOM)
    disconnect(world, "socket-admin")
    disconnect(world, "socket-admin")
    assert following(world, f"room:{ROOM}") == []
    with pytest.raises(NotFound):
        subscribe_room(world, "socket-admin", ROOM)
