"""Socket events: connecting with a ticket, what a page says, and leaving."""

from typing import Any

from aws_lambda_powertools import Logger
from chalice.app import WebsocketEvent
from pydantic import TypeAdapter, ValidationError

from chalicelib.api.routing import world
from chalicelib.contract.push import Said, WatchRoom
from chalicelib.exam.errors import ExamError
from chalicelib.services import sockets
from chalicelib.wiring.settings import socket_endpoint

log = Logger()
SAID: TypeAdapter[WatchRoom | object] = TypeAdapter(Said)
LARGEST_MESSAGE = 4_096


def no_session(**_: Any) -> None:
    """Chalice wants a session for its own sending, which this project does not use."""


def connect(event: WebsocketEvent) -> dict[str, int]:
    """Open a socket, if its ticket is good."""
    given = event.to_dict()
    ticket = (given.get("queryStringParameters") or {}).get("ticket", "")
    endpoint = socket_endpoint(given["requestContext"])
    return _status(lambda: sockets.connect(world(), event.connection_id, endpoint, ticket))


def message(event: WebsocketEvent) -> dict[str, int]:
    """Take what a page says; what is not understood is refused and changes nothing."""
    try:
        said = SAID.validate_json((event.body or "")[:LARGEST_MESSAGE])
    except ValidationError:
        return {"statusCode": 400}
    if not isinstance(said, WatchRoom):
        return {"statusCode": 200}
    return _status(lambda: sockets.watch_room(world(), event.connection_id, said.room_id))


def disconnect(event: WebsocketEvent) -> dict[str, int]:
    """Forget a socket that closed."""
    return _status(lambda: sockets.disconnect(world(), event.connection_id))


def _status(act: Any) -> dict[str, int]:
    try:
        act()
    except ExamError as error:
        log.info("a socket was refused", extra={"code": error.code})
        return {"statusCode": error.status}
    return {"statusCode": 200}
