"""Open sockets and what they follow."""

from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.types import Millis, Role


@dataclass(frozen=True, slots=True)
class Connection:
    """An open socket: who is there, and the address by which it can be written to."""

    connection_id: str
    role: Role
    subject: str
    endpoint: str
    opened_at: Millis = 0


class Connections(Protocol):
    """The open sockets and the topics they follow: «room:…», «session:…», «staff:…» or «chats:…»."""

    def add(self, connection: Connection, expires_at: Millis) -> None: ...
    def get(self, connection_id: str) -> Connection: ...
    def subscribe(self, connection: Connection, topic: str, expires_at: Millis) -> None: ...
    def subscribers(self, topic: str) -> list[Connection]: ...
    def remove(self, connection_id: str) -> None: ...
