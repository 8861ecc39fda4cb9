"""The port `Connections`, proved on the fake and on the table alike."""

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.types import MINUTE, Millis, Role
from chalicelib.services.ports import Connection, Connections
from tests.integration.store.conftest import BOTH

pytestmark = BOTH


def connection(name: str) -> Connection:
    return Connection(name, Role.PROCTOR, "somebody", "http://127.0.0.1:1/socket")


def names(found: list[Connection]) -> list[str]:
    return sorted(found_item.connection_id for found_item in found)


def test_connection_is_stored(connections: Connections, fresh: str, now: Millis) -> None:
    one = connection(fresh)
    connections.add(one, now + MINUTE)
    assert connections.get(fresh) == one


def test_unknown_connection_is_not_found(connections: Connections, fresh: str) -> None:
    with pytest.raises(NotFound):
        connections.get(fresh)


def test_subscribers_of_a_topic(connections: Connections, fresh: str, now: Millis) -> None:
    first, second = connection(f"a{fresh}"), connection(f"b{fresh}")
    for one in (first, second, second):
        connections.add(one, now + MINUTE)
        connections.subscribe(one, f"room:{fresh}", now + MINUTE)
    assert names(connections.subscribers(f"room:{fresh}")) == [f"a{fresh}", f"b{fresh}"]
    assert connections.subscribers(f"session:{fresh}") == []


def test_removed_connection_has_no_subscriptions(
    connections: Connections, fresh: str, now: Millis
) -> None:
    leaving, staying = connection(f"a{fresh}"), connection(f"b{fresh}")
    for one in (leaving, staying):
        connections.add(one, now + MINUTE)
        for topic in ("room", "session"):
            connections.subscribe(one, f"{topic}:{fresh}", now + MINUTE)
    connections.remove(leaving.connection_id)
    connections.remove(leaving.connection_id)
    for topic in ("room", "session"):
        assert names(connections.subscribers(f"{topic}:{fresh}")) == [staying.connection_id]
    with pytest.raises(NotFound):
        connections.get(leaving.connection_id)
