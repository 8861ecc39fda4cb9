"""Sockets: who is connected, and which topics they follow."""

from chalicelib.domain.errors import NotAllowed, NotFound
from chalicelib.domain.messaging.calls import Endpoint
from chalicelib.domain.types import STAFF_ROLES, Millis, Role
from chalicelib.services.core.access import authorized_room, get_staff
from chalicelib.services.core.tokens import SOCKET_AUDIENCE
from chalicelib.services.messaging.calls import SignalStep, signal_from_device, signal_from_staff
from chalicelib.services.ports import AppContext, Connection
from chalicelib.services.sign_in import phone_pairing

# A WebSocket of API Gateway lasts two hours at most; its record a little longer.
CONNECTION_TTL: Millis = 2 * 60 * 60_000 + 5 * 60_000


def room_topic(room_id: str) -> str:
    """Return the topic of a room's proctors."""
    return f"room:{room_id}"


def session_topic(session_id: str) -> str:
    """Return the topic of a candidate's own devices."""
    return f"session:{session_id}"


def staff_topic(username: str) -> str:
    """Return the topic of a staff member's own pages."""
    return f"staff:{username}"


def chats_topic(exam_id: str) -> str:
    """Return the topic of an exam's support."""
    return f"chats:{exam_id}"


def connect(context: AppContext, connection_id: str, endpoint: str, ticket: str) -> None:
    """Open a socket with a ticket; it follows at once what is its person's own.

    Raises NotSignedIn.
    """
    now = context.clock()
    claims = context.tokens.read(ticket, SOCKET_AUDIENCE, now)
    connection = Connection(connection_id, claims.role, claims.subject, endpoint, now)
    expires_at = now + CONNECTION_TTL
    context.connections.add(connection, expires_at)
    own = staff_topic if claims.role in STAFF_ROLES else session_topic
    context.connections.subscribe(connection, own(claims.subject), expires_at)


def subscribe_room(context: AppContext, connection_id: str, room_id: str) -> None:
    """Let a console follow a room. Raises NotAllowed, NotFound."""
    connection = context.connections.get(connection_id)
    if connection.role not in STAFF_ROLES:
        raise NotAllowed
    authorized_room(context, get_staff(context, connection.subject), room_id)
    expires_at = context.clock() + CONNECTION_TTL
    context.connections.subscribe(connection, room_topic(room_id), expires_at)


def subscribe_chats(context: AppContext, connection_id: str, exam_id: str) -> None:
    """Let support follow an exam's chats. Raises NotAllowed, NotFound."""
    connection = context.connections.get(connection_id)
    if connection.role not in {Role.SUPPORT, Role.ADMIN}:
        raise NotAllowed
    context.registry.exam(exam_id)
    expires_at = context.clock() + CONNECTION_TTL
    context.connections.subscribe(connection, chats_topic(exam_id), expires_at)


ENDPOINTS = {Role.CANDIDATE: Endpoint.EXAM, Role.PHONE: Endpoint.PHONE}


def relay_signal(
    context: AppContext, connection_id: str, session_id: str, call_id: str, step: SignalStep
) -> None:
    """Pass on a signal: a device's within its own session, a staff member's within their own call.

    Raises NotAllowed, NotFound, TooMany.
    """
    connection = context.connections.get(connection_id)
    device = ENDPOINTS.get(connection.role)
    if device is not None:
        if connection.subject != session_id:
            raise NotFound
        signal_from_device(context, session_id, device, call_id, step)
    elif connection.role in {Role.PROCTOR, Role.ADMIN}:
        staff = get_staff(context, connection.subject)
        signal_from_staff(context, staff, session_id, call_id, step)
    else:
        raise NotAllowed


def disconnect(context: AppContext, connection_id: str) -> None:
    """Forget a socket that has closed; of a phone's, its candidate is told."""
    try:
        connection = context.connections.get(connection_id)
    except NotFound:
        return
    context.connections.remove(connection_id)
    if connection.role is Role.PHONE:
        others = context.connections.subscribers(session_topic(connection.subject))
        # Sockets are renewed every two hours: an old one that closes is no phone that leaves.
        if not any(other.role is Role.PHONE for other in others):
            phone_pairing.mark_phone_disconnected(context, connection.subject)
