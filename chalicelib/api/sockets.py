"""Socket events: connecting with a ticket, what a page says, and leaving."""

from collections.abc import Callable
from typing import Any, assert_never

from aws_lambda_powertools import Logger
from chalice.app import WebsocketEvent
from pydantic import TypeAdapter, ValidationError

from chalicelib.api.call_signals import signal_step
from chalicelib.api.gateway import socket_endpoint
from chalicelib.api.routing import get_context
from chalicelib.domain.errors import DomainError
from chalicelib.schemas.push import ClientMessage, Ping, RelaySignal, SubscribeChats, SubscribeRoom
from chalicelib.services import realtime

log = Logger()
CLIENT_MESSAGE: TypeAdapter[SubscribeRoom | SubscribeChats | RelaySignal | Ping] = TypeAdapter(
    ClientMessage
)
MAX_MESSAGE_BYTES = 24 * 1024
"""An offer with its first addresses has about 6 KB; API Gateway takes 32 KB in one frame."""


def no_session(**_: Any) -> None:
    """Chalice wants a session for its own sending, which this project does not use."""


def connect(event: WebsocketEvent) -> dict[str, int]:
    """Open a socket, if its ticket is good."""
    given = event.to_dict()
    ticket = (given.get("queryStringParameters") or {}).get("ticket", "")
    endpoint = socket_endpoint(given["requestContext"])
    return _status(lambda: realtime.connect(get_context(), event.connection_id, endpoint, ticket))


def message(event: WebsocketEvent) -> dict[str, int]:
    """Take what a page says; what is not understood is refused and changes nothing."""
    try:
        said = CLIENT_MESSAGE.validate_json((event.body or "")[:MAX_MESSAGE_BYTES])
    except ValidationError:
        return {"statusCode": 400}
    return _status(lambda: _dispatch(event.connection_id, said))


def _dispatch(
    connection_id: str, said: SubscribeRoom | SubscribeChats | RelaySignal | Ping
) -> None:
    match said:
        case SubscribeRoom():
            realtime.subscribe_room(get_context(), connection_id, said.room_id)
        case SubscribeChats():
            realtime.subscribe_chats(get_context(), connection_id, said.exam_id)
        case RelaySignal():
            step = signal_step(said.signal)
            realtime.relay_signal(get_context(), connection_id, said.session_id, said.call_id, step)
        case Ping():
            return
        case _:
            assert_never(said)


def disconnect(event: WebsocketEvent) -> dict[str, int]:
    """Forget a socket that closed."""
    return _status(lambda: realtime.disconnect(get_context(), event.connection_id))


def _status(action: Callable[[], None]) -> dict[str, int]:
    try:
        action()
    except DomainError as error:
        log.info("a socket was refused", extra={"code": error.code})
        return {"statusCode": error.status}
    return {"statusCode": 200}
