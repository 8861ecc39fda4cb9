"""A network line that can be cut: a SOCKS proxy to this machine, the same for every engine."""

import contextlib
import selectors
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator

DOMAIN = 3
REFUSED = b"\x05\x05\x00\x01\x7f\x00\x00\x01\x00\x00"
ACCEPTED = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00"


class Line(socketserver.ThreadingTCPServer):
    """A SOCKS 5 proxy without names or passwords; every connection ends at 127.0.0.1."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Connection)
        self._sockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.is_cut = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def cut(self) -> None:
        """End all connections and refuse new ones."""
        with self._lock:
            self.is_cut = True
            for connection in self._sockets:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Let connections pass again."""
        self.is_cut = False

    @contextlib.contextmanager
    def carrying(self, *connections: socket.socket) -> Iterator[None]:
        """Register connections for the block, so that they can be cut."""
        with self._lock:
            self._sockets.update(connections)
        try:
            yield
        finally:
            with self._lock:
                self._sockets.difference_update(connections)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that ends a connection is no error."""


class _Connection(socketserver.BaseRequestHandler):
    server: Line
    request: socket.socket

    def handle(self) -> None:
        _, methods = self._read(2)
        self._read(methods)
        self.request.sendall(b"\x05\x00")
        _, _, _, kind = self._read(4)
        self._read(self._read(1)[0] if kind == DOMAIN else 4)
        [port] = struct.unpack("!H", self._read(2))
        if self.server.is_cut:
            self.request.sendall(REFUSED)
            return
        with (
            socket.create_connection(("127.0.0.1", port)) as target,
            self.server.carrying(self.request, target),
        ):
            self.request.sendall(ACCEPTED)
            _join(self.request, target)

    def _read(self, size: int) -> bytes:
        data = b""
        while len(data) < size:
            if not (part := self.request.recv(size - len(data))):
                raise ConnectionError
            data += part
        return data


def _join(left: socket.socket, right: socket.socket) -> None:
    """Pass on bytes in both directions until one side ends."""
    other = {left: right, right: left}
    with selectors.DefaultSelector() as selector:
        for side in other:
            selector.register(side, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                source = key.fileobj
                assert isinstance(source, socket.socket)
                if not (data := source.recv(65_536)):
                    return
                other[source].sendall(data)


@contextlib.contextmanager
def network_line() -> Iterator[Line]:
    """Run the proxy for the block."""
    with Line() as line:
        thread = threading.Thread(target=line.serve_forever, daemon=True)
        thread.start()
        try:
            yield line
        finally:
            line.shutdown()
            thread.join()
