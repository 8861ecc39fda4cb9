"""The Lambda behind the sessions table's stream: changed record → messages → open sockets.

A message is a hint. One that is lost is read again from the API; one that comes twice is known by
its version. So a socket that cannot be written to is forgotten, and nothing is retried for it.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Protocol

from aws_lambda_powertools import Logger

from chalicelib.adapters.socket_push import SocketPush
from chalicelib.domain.types import SECOND, Millis
from chalicelib.services.ports import Connection, FunctionContext
from chalicelib.tracing import trace
from chalicelib.wiring.functions import build_function_context
from functions.notify.messages import PushMessage, messages_of

trace()
log = Logger()

OPENING: Millis = 30 * SECOND
"""A socket that is only just being opened answers like one that is gone; this long it is kept."""


class SocketSender(Protocol):
    """Writes to an open socket."""

    def send(self, endpoint: str, connection_id: str, text: str) -> bool:
        """Send; return False where the socket is gone."""
        ...


@cache
def _dependencies() -> tuple[FunctionContext, SocketSender]:
    return build_function_context(), SocketPush()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Tell of every change in a batch."""
    context, push = _dependencies()
    return publish_batch(context, push, event)


def publish_batch(
    context: FunctionContext, push: SocketSender, event: dict[str, Any]
) -> dict[str, Any]:
    """Tell of every change; on a failure, the batch begins again at the change that failed."""
    followers = _FollowerCache(context)
    for record in event["Records"]:
        try:
            for message in _messages(context, record):
                for connection in followers.of(message.topic):
                    _send(context, push, connection, message.text)
        except Exception:  # the stream repeats from here
            log.exception("a change could not be told")
            number = record["dynamodb"]["SequenceNumber"]
            return {"batchItemFailures": [{"itemIdentifier": number}]}
    return {"batchItemFailures": []}


class _FollowerCache:
    """Who follows a topic, asked once for each topic of a batch."""

    def __init__(self, context: FunctionContext) -> None:
        self._context = context
        self._known: dict[str, list[Connection]] = {}

    def of(self, topic: str) -> list[Connection]:
        if topic not in self._known:
            self._known[topic] = self._context.connections.followers(topic)
        return self._known[topic]


def _messages(context: FunctionContext, record: dict[str, Any]) -> Iterator[PushMessage]:
    change = record["dynamodb"]
    if "NewImage" in change:
        yield from messages_of(change["NewImage"], change.get("OldImage"), context.media.view_url)


def _send(context: FunctionContext, push: SocketSender, connection: Connection, text: str) -> None:
    if push.send(connection.endpoint, connection.connection_id, text):
        return
    if context.clock() - connection.opened_at > OPENING:
        context.connections.remove(connection.connection_id)
