"""Sessions of staff: what ends them."""

from chalicelib.domain.types import MINUTE, Millis
from chalicelib.services.ports import AppContext, EndedSockets
from chalicelib.services.ports.sockets import staff_topic

ENDED_TTL: Millis = 15 * MINUTE
"""How long it is kept which sockets were ended; they are closed within seconds."""


def staff_owner_id(username: str) -> str:
    """Return the id under which an account's audit chain is stored."""
    return f"staff:{username}"


def end_sockets(context: AppContext, username: str) -> None:
    """Forget an account's open sockets at once, and let them be closed.

    Nothing is pushed to them any more, and they may ask for nothing. Tokens end by the account's
    generation, which the caller has written: an open page then signs in anew, or asks for a socket
    anew where its sign-in still holds.
    """
    connections = tuple(context.connections.subscribers(staff_topic(username)))
    if not connections:
        return
    expires_at = context.clock() + ENDED_TTL
    context.sessions.commit(EndedSockets(context.new_id(), connections, expires_at))
    for connection in connections:
        context.connections.remove(connection.connection_id)
