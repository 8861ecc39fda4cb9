"""The port `Connections`, on the fake and on the table."""

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.types import MINUTE, Millis, Role
from chalicelib.services.ports import Connection, Connections
from tests.integration.store.conftest import BOTH

pytestmark = BOTH


def connection(name: str) -> Connection:
    return Connection(name, Role.PROCTOR, "somebody", "http://127.0.0.1:1/socket")


def names(subscribers: list[Connection]) -> list[str]:
    return sorted(subscriber.connection_id for subscriber in subscribers)


def test_connection_is_stored(connections: Connections, unique_id: str, now: Millis) -> None:
    socket = connection(unique_id)
    connections.add(socket, now + MINUTE)
    assert connections.get(unique_id) == socket


def test_unknown_connection_is_not_found(connections: Connections, unique_id: str) -> None:
    with pytest.raises(NotFound):
        connections.get(unique_id)


def test_subscribers_of_a_topic(connections: Connections, unique_id: str, now: Millis) -> None:
    first, second = connection(f"a{unique_id}"), connection(f"b{unique_id}")
    for socket in (first, second, second):
        connections.add(socket, now + MINUTE)
        connections.subscribe(socket, f"room:{unique_id}", now + MINUTE)
    assert names(connections.subscribers(f"room:{unique_id}")) == [f"a{unique_id}", f"b{unique_id}"]
    assert connections.subscribers(f"session:{unique_id}") == []


def test_removed_connection_has_no_subscriptions(
    connections: Connections, unique_id: str, now: Millis
) -> None:
    leaving, staying = connection(f"a{unique_id}"), connection(f"b{unique_id}")
    for socket in (leaving, staying):
        connections.add(socket, now + MINUTE)
        for topic in ("room", "session"):
            connections.subscribe(socket, f"{topic}:{unique_id}", now + MINUTE)
    connections.remove(leaving.connection_id)
    connections.remove(leaving.connection_id)
    for topic in ("room", "session"):
        assert names(connections.subscribers(f"{topic}:{unique_id}")) == [staying.connection_id]
    with pytest.raises(NotFound):
        connections.get(leaving.connection_id)
