"""A WebSocket client of the deployment that records received messages."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.support.polling import wait_for

type Message = dict[str, Any]


class Socket:
    """Reads in the background; `messages` are in the order of arrival."""

    def __init__(self, connection: ClientConnection) -> None:
        self.messages: list[Message] = []
        self.closed = False
        self._connection = connection
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        try:
            for text in self._connection:
                self.messages.append(json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            self.closed = True

    def send(self, **message: str) -> None:
        """Send a message."""
        self._connection.send(json.dumps(message))

    def wait_for_message(
        self, kind: str, matches: Callable[[Message], bool] = lambda _: True
    ) -> Message:
        """Wait for a message of a type, and return the first one that matches."""

        def matching() -> list[Message]:
            return [
                message
                for message in list(self.messages)
                if message["type"] == kind and matches(message)
            ]

        return wait_for(matching, f"a message «{kind}»")[0]


@contextmanager
def open_socket(ws_url: str, ticket: str) -> Iterator[Socket]:
    """Open a socket for the block."""
    with connect(f"{ws_url}?ticket={ticket}", open_timeout=60) as connection:
        yield Socket(connection)
