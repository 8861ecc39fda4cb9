"""Sessions of staff: what ends them."""

from chalicelib.services.ports import AppContext
from chalicelib.services.ports.sockets import staff_topic


def staff_owner_id(username: str) -> str:
    """Return the id under which an account's audit chain is stored."""
    return f"staff:{username}"


def end_sessions(context: AppContext, username: str) -> None:
    """Forget an account's open sockets: nothing is pushed to them, and they may ask for nothing.

    Tokens end by the account's generation, which the caller has written.
    """
    for connection in context.connections.subscribers(staff_topic(username)):
        context.connections.remove(connection.connection_id)
