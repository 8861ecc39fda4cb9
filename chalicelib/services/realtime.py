"""Sockets: connecting, subscribing to topics, relaying signals, disconnecting."""

from chalicelib.domain.errors import NotAllowed, NotFound, NotSignedIn
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.messaging.calls import Endpoint
from chalicelib.domain.sessions.sessions import require_current_device, require_current_phone
from chalicelib.domain.types import STAFF_ROLES, Millis, Role
from chalicelib.services.core.access import authorized_room, get_staff
from chalicelib.services.core.tokens import SOCKET_AUDIENCE
from chalicelib.services.messaging.calls import SignalStep, signal_from_device, signal_from_staff
from chalicelib.services.ports import AppContext, Claims, Connection
from chalicelib.services.ports.sockets import chats_topic, room_topic, session_topic, staff_topic
from chalicelib.services.sign_in import phone_pairing

CONNECTION_TTL: Millis = 2 * 60 * 60_000 + 5 * 60_000
"""A little longer than the two hours after which API Gateway closes a WebSocket."""
ENDPOINTS = {Role.CANDIDATE: Endpoint.EXAM, Role.PHONE: Endpoint.PHONE}
REQUIRE_CURRENT = {Role.CANDIDATE: require_current_device, Role.PHONE: require_current_phone}


def connect(context: AppContext, connection_id: str, endpoint: str, ticket: str) -> None:
    """Register a socket by its ticket, and subscribe it to its caller's own topic.

    Raises NotSignedIn, also as OtherDevice or OtherPhone where another one has taken its place.
    """
    now = context.clock()
    claims = context.tokens.read(ticket, SOCKET_AUDIENCE, now)
    connection = Connection(
        connection_id, claims.role, claims.subject, endpoint, now, claims.generation
    )
    expires_at = now + CONNECTION_TTL
    context.connections.add(connection, expires_at)
    own_topic = staff_topic if claims.role in STAFF_ROLES else session_topic
    context.connections.subscribe(connection, own_topic(claims.subject), expires_at)
    try:
        # Read after it was written: who takes the session over, or ends the account's, finds the
        # socket and closes it.
        if claims.role in STAFF_ROLES:
            get_staff(context, claims)
        _require_current(context, connection)
    except (NotFound, NotSignedIn):
        context.connections.remove(connection_id)
        raise


def _require_current(context: AppContext, connection: Connection) -> None:
    """Raise OtherDevice or OtherPhone unless a device's socket is of its session's current one."""
    require_current = REQUIRE_CURRENT.get(connection.role)
    if require_current is not None:
        require_current(context.sessions.session(connection.subject), connection.generation)


def _staff_of(context: AppContext, connection: Connection) -> Staff:
    """Return the staff member of a socket; one whose session has ended loses the socket."""
    claims = Claims(
        connection.role, connection.subject, context.clock(), generation=connection.generation
    )
    try:
        return get_staff(context, claims)
    except NotSignedIn:
        context.connections.remove(connection.connection_id)
        raise


def subscribe_room(context: AppContext, connection_id: str, room_id: str) -> None:
    """Subscribe a console to a room. Raises NotAllowed, NotFound."""
    connection = context.connections.get(connection_id)
    if connection.role not in STAFF_ROLES:
        raise NotAllowed
    authorized_room(context, _staff_of(context, connection), room_id)
    expires_at = context.clock() + CONNECTION_TTL
    context.connections.subscribe(connection, room_topic(room_id), expires_at)


def subscribe_chats(context: AppContext, connection_id: str, exam_id: str) -> None:
    """Subscribe support to an exam's chats. Raises NotAllowed, NotFound."""
    connection = context.connections.get(connection_id)
    if connection.role not in {Role.SUPPORT, Role.ADMIN}:
        raise NotAllowed
    _staff_of(context, connection)
    context.registry.exam(exam_id)
    expires_at = context.clock() + CONNECTION_TTL
    context.connections.subscribe(connection, chats_topic(exam_id), expires_at)


def relay_signal(
    context: AppContext, connection_id: str, session_id: str, call_id: str, step: SignalStep
) -> None:
    """Relay a signal: a device's within its own session, a staff member's within their own call.

    Raises NotAllowed, NotFound, TooMany, and NotSignedIn for a device that was replaced.
    """
    connection = context.connections.get(connection_id)
    endpoint = ENDPOINTS.get(connection.role)
    if endpoint is not None:
        if connection.subject != session_id:
            raise NotFound
        _require_current(context, connection)
        signal_from_device(context, session_id, endpoint, call_id, step)
    elif connection.role in {Role.PROCTOR, Role.ADMIN}:
        staff = _staff_of(context, connection)
        signal_from_staff(context, staff, session_id, call_id, step)
    else:
        raise NotAllowed


def disconnect(context: AppContext, connection_id: str) -> None:
    """Remove a socket that has closed; if it is a phone's last, mark the phone as disconnected."""
    try:
        connection = context.connections.get(connection_id)
    except NotFound:
        return
    context.connections.remove(connection_id)
    if connection.role is Role.PHONE:
        others = context.connections.subscribers(session_topic(connection.subject))
        # Sockets are renewed every two hours: an old one may close while a new one is open.
        if not any(other.role is Role.PHONE for other in others):
            phone_pairing.mark_phone_disconnected(context, connection.subject)
