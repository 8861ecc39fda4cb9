"""Socket events: connecting with a ticket, client messages, disconnecting."""

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
"""An SDP offer with its first ICE candidates has about 6 KB; API Gateway allows 32 KB a frame."""


def no_session(**_: Any) -> None:
    """Stand in for the session that Chalice would create to send by itself, which is not used."""


def connect(event: WebsocketEvent) -> dict[str, int]:
    """Open a socket. Refused unless its ticket is valid."""
    aws_event = event.to_dict()
    ticket = (aws_event.get("queryStringParameters") or {}).get("ticket", "")
    endpoint = socket_endpoint(aws_event["requestContext"])
    return _status(lambda: realtime.connect(get_context(), event.connection_id, endpoint, ticket))


def message(event: WebsocketEvent) -> dict[str, int]:
    """Handle a client message. An invalid one is refused and changes nothing."""
    try:
        client_message = CLIENT_MESSAGE.validate_json((event.body or "")[:MAX_MESSAGE_BYTES])
    except ValidationError:
        return {"statusCode": 400}
    return _status(lambda: _dispatch(event.connection_id, client_message))


def _dispatch(
    connection_id: str, client_message: SubscribeRoom | SubscribeChats | RelaySignal | Ping
) -> None:
    match client_message:
        case SubscribeRoom():
            realtime.subscribe_room(get_context(), connection_id, client_message.room_id)
        case SubscribeChats():
            realtime.subscribe_chats(get_context(), connection_id, client_message.exam_id)
        case RelaySignal():
            step = signal_step(client_message.signal)
            realtime.relay_signal(
                get_context(),
                connection_id,
                client_message.session_id,
                client_message.call_id,
                step,
            )
        case Ping():
            return
        case _:
            assert_never(client_message)


def disconnect(event: WebsocketEvent) -> dict[str, int]:
    """Remove a socket that was closed."""
    return _status(lambda: realtime.disconnect(get_context(), event.connection_id))


def _status(action: Callable[[], None]) -> dict[str, int]:
    try:
        action()
    except DomainError as error:
        log.info("a socket event was refused", extra={"code": error.code})
        return {"statusCode": error.status}
    return {"statusCode": 200}
