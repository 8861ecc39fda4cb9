"""Socket events: connecting with a ticket, what a page says, and leaving."""

from typing import Any, assert_never

from aws_lambda_powertools import Logger
from chalice.app import WebsocketEvent
from pydantic import TypeAdapter, ValidationError

from chalicelib.api.call_signals import told
from chalicelib.api.routing import world
from chalicelib.domain.errors import ExamError
from chalicelib.schemas.push import Ping, Said, SaySignal, WatchChats, WatchRoom
from chalicelib.services import realtime
from chalicelib.wiring.settings import socket_endpoint

log = Logger()
SAID: TypeAdapter[WatchRoom | WatchChats | SaySignal | Ping] = TypeAdapter(Said)
LARGEST_MESSAGE = 24 * 1024
"""An offer with its first addresses has about 6 KB; API Gateway takes 32 KB in one frame."""


def no_session(**_: Any) -> None:
    """Chalice wants a session for its own sending, which this project does not use."""


def connect(event: WebsocketEvent) -> dict[str, int]:
    """Open a socket, if its ticket is good."""
    given = event.to_dict()
    ticket = (given.get("queryStringParameters") or {}).get("ticket", "")
    endpoint = socket_endpoint(given["requestContext"])
    return _status(lambda: realtime.connect(world(), event.connection_id, endpoint, ticket))


def message(event: WebsocketEvent) -> dict[str, int]:
    """Take what a page says; what is not understood is refused and changes nothing."""
    try:
        said = SAID.validate_json((event.body or "")[:LARGEST_MESSAGE])
    except ValidationError:
        return {"statusCode": 400}
    return _status(lambda: _take(event.connection_id, said))


def _take(connection_id: str, said: WatchRoom | WatchChats | SaySignal | Ping) -> None:
    match said:
        case WatchRoom():
            realtime.watch_room(world(), connection_id, said.room_id)
        case WatchChats():
            realtime.watch_chats(world(), connection_id, said.exam_id)
        case SaySignal():
            step = told(said.signal)
            realtime.say_signal(world(), connection_id, said.session_id, said.call_id, step)
        case Ping():
            return
        case _:
            assert_never(said)


def disconnect(event: WebsocketEvent) -> dict[str, int]:
    """Forget a socket that closed."""
    return _status(lambda: realtime.disconnect(world(), event.connection_id))


def _status(act: Any) -> dict[str, int]:
    try:
        act()
    except ExamError as error:
        log.info("a socket was refused", extra={"code": error.code})
        return {"statusCode": error.status}
    return {"statusCode": 200}
