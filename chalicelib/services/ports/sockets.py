"""Open sockets and the topics that they subscribe to."""

from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.types import Millis, Role


class PushFailed(Exception):
    """A socket could not be reached or closed, though it may be open."""


@dataclass(frozen=True, slots=True)
class Connection:
    """An open socket: whose it is, and the address at which it can be written to."""

    connection_id: str
    role: Role
    subject: str
    endpoint: str
    opened_at: Millis = 0
    generation: int = 1
    """Of a candidate's or a phone's socket: for which of the session's devices, or phones, it is."""


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


class Connections(Protocol):
    """The open sockets and their subscriptions to topics."""

    def add(self, connection: Connection, expires_at: Millis) -> None: ...
    def get(self, connection_id: str) -> Connection: ...
    def subscribe(self, connection: Connection, topic: str, expires_at: Millis) -> None: ...
    def subscribers(self, topic: str) -> list[Connection]: ...
    def remove(self, connection_id: str) -> None: ...
