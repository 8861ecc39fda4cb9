"""Sockets: who is connected, and which topics they follow."""

from chalicelib.exam.errors import NotAllowed
from chalicelib.exam.words import STAFF_ROLES, Millis
from chalicelib.services.ports import Connection, World
from chalicelib.services.rooms import room_for, staff_named
from chalicelib.services.signing_in import SOCKET

# A WebSocket of API Gateway lasts two hours at most; its record a little longer.
CONNECTION_LIFE: Millis = 2 * 60 * 60_000 + 5 * 60_000


def room_topic(room_id: str) -> str:
    """Return the topic of a room's proctors."""
    return f"room:{room_id}"


def session_topic(session_id: str) -> str:
    """Return the topic of a candidate's own devices."""
    return f"session:{session_id}"


def connect(world: World, connection_id: str, endpoint: str, ticket: str) -> None:
    """Open a socket with a ticket; a candidate's devices follow their session at once.

    Raises NotSignedIn.
    """
    now = world.clock()
    claims = world.tokens.read(ticket, SOCKET, now)
    connection = Connection(connection_id, claims.role, claims.subject, endpoint, now)
    expires_at = now + CONNECTION_LIFE
    world.connections.add(connection, expires_at)
    if claims.role not in STAFF_ROLES:
        world.connections.follow(connection, session_topic(claims.subject), expires_at)


def watch_room(world: World, connection_id: str, room_id: str) -> None:
    """Let a console follow a room. Raises NotAllowed, NotFound."""
    connection = world.connections.get(connection_id)
    if connection.role not in STAFF_ROLES:
        raise NotAllowed
    room_for(world, staff_named(world, connection.subject), room_id)
    expires_at = world.clock() + CONNECTION_LIFE
    world.connections.follow(connection, room_topic(room_id), expires_at)


def disconnect(world: World, connection_id: str) -> None:
    """Forget a socket that has closed."""
    world.connections.remove(connection_id)
