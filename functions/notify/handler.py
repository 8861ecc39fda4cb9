"""The Lambda behind the sessions table's stream: changed record → messages → open sockets.

Delivery is best effort: clients re-read the API after a lost message, and recognise a duplicate by
its version. A connection that is gone is therefore removed, one that cannot be reached is logged,
and nothing is retried for either: one socket never holds up the others.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any, Protocol

from aws_lambda_powertools import Logger

from chalicelib.adapters.socket_push import SocketPush
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import SECOND, Millis, Role
from chalicelib.services.ports import Connection, EndedSockets, FunctionContext
from chalicelib.services.ports.sockets import PushFailed, session_topic
from chalicelib.store.item_mapping import record_from_image
from chalicelib.tracing import trace
from chalicelib.wiring.functions import build_function_context
from functions.notify.messages import PushMessage, messages_of

trace()
log = Logger()

OPENING: Millis = 30 * SECOND
"""How long a new connection is kept although it seems gone: one still opening answers the same."""


class SocketSender(Protocol):
    """Sends text to open sockets."""

    def send(self, endpoint: str, connection_id: str, text: str) -> bool:
        """Send; return False if the connection is gone. Raises PushFailed."""
        ...

    def close(self, endpoint: str, connection_id: str) -> None:
        """Close; one that is gone already is no error. Raises PushFailed."""
        ...


@cache
def _dependencies() -> tuple[FunctionContext, SocketSender]:
    return build_function_context(), SocketPush()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Publish every change of a batch (DynamoDB stream; partial batch responses)."""
    context, push = _dependencies()
    return publish_batch(context, push, event)


def publish_batch(
    context: FunctionContext, push: SocketSender, event: dict[str, Any]
) -> dict[str, Any]:
    """Publish every change; after a failure, the stream retries from the change that failed."""
    subscribers = _SubscriberCache(context)
    for record in event["Records"]:
        try:
            for message in _messages(context, record):
                for connection in subscribers.of(message.topic):
                    _send(context, push, connection, message.text)
            for connection in _ended(subscribers, record):
                _close(push, connection)
                subscribers.remove(connection)
        except Exception:  # the stream retries from here
            log.exception("a change could not be published")
            sequence_number = record["dynamodb"]["SequenceNumber"]
            return {"batchItemFailures": [{"itemIdentifier": sequence_number}]}
    return {"batchItemFailures": []}


class _SubscriberCache:
    """The subscribers of a topic, queried once per topic and batch."""

    def __init__(self, context: FunctionContext) -> None:
        self._context = context
        self._connections_by_topic: dict[str, list[Connection]] = {}

    def of(self, topic: str) -> list[Connection]:
        if topic not in self._connections_by_topic:
            self._connections_by_topic[topic] = self._context.connections.subscribers(topic)
        return self._connections_by_topic[topic]

    def remove(self, connection: Connection) -> None:
        """Forget a connection: nothing of this batch is sent to it any more."""
        self._context.connections.remove(connection.connection_id)
        for topic, connections in self._connections_by_topic.items():
            self._connections_by_topic[topic] = [
                other for other in connections if other.connection_id != connection.connection_id
            ]


def _ended(subscribers: _SubscriberCache, record: dict[str, Any]) -> tuple[Connection, ...]:
    """Return the sockets to close: of sign-ins that ended, and of devices that were replaced."""
    image = record["dynamodb"].get("NewImage")
    changed = record_from_image(image) if image else None
    match changed:
        case EndedSockets():
            return changed.connections
        case Session():
            return _replaced(subscribers, changed)
        case _:
            return ()


def _replaced(subscribers: _SubscriberCache, session: Session) -> tuple[Connection, ...]:
    """Return the sockets of devices that another one has replaced, once a session says so."""
    current = {Role.CANDIDATE: session.generation, Role.PHONE: session.phone_generation}
    return tuple(
        connection
        for connection in subscribers.of(session_topic(session.session_id))
        if connection.generation < current.get(connection.role, 0)
    )


def _messages(context: FunctionContext, record: dict[str, Any]) -> Iterator[PushMessage]:
    change = record["dynamodb"]
    if "NewImage" in change:
        yield from messages_of(change["NewImage"], change.get("OldImage"), context.media.view_url)


def _send(context: FunctionContext, push: SocketSender, connection: Connection, text: str) -> None:
    try:
        if push.send(connection.endpoint, connection.connection_id, text):
            return
    except PushFailed:
        log.warning("a socket could not be reached", extra={"role": connection.role})
        return
    if context.clock() - connection.opened_at > OPENING:
        context.connections.remove(connection.connection_id)


def _close(push: SocketSender, connection: Connection) -> None:
    try:
        push.close(connection.endpoint, connection.connection_id)
    except PushFailed:
        log.warning("a socket could not be closed", extra={"role": connection.role})
