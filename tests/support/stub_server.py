"""The built pages, an API of a few answers and a socket: a console page without the product."""

import io
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from chalicelib.schemas.push import ServerMessage
from infra.build_all import WEB
from infra.publish import content_type
from tests.data.scenes import alone, in_room
from tests.support import builders as build
from tests.support.polling import wait_for
from tests.support.simulated_room import SimulatedRoom

SNAPSHOT_SIZE = (960, 720)
"""What pages send: the width of a snapshot is theirs."""
BRIGHTNESS = (0.75, 0.85, 0.95, 1.05)

type Handlers = dict[str, Callable[[], Any]]
type Size = tuple[int, int]
type Response = tuple[int, str, bytes]

JSON = "application/json"


class StubServer:
    """A console's whole world on two ports of this machine: pages with the API, and the socket."""

    def __init__(self, answers: Handlers) -> None:
        self.handlers = answers
        self.snapshot_size = SNAPSHOT_SIZE
        """The size of its pictures."""
        self._sockets: list[ServerConnection] = []
        self._pages = ThreadingHTTPServer(("127.0.0.1", 0), _handler_class(self))
        self._pages.daemon_threads = True
        self._gateway: Server = serve(self._serve_socket, "127.0.0.1", 0)
        for server in (self._pages, self._gateway):
            threading.Thread(target=server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._pages.server_port}"

    @property
    def config(self) -> dict[str, str]:
        port = self._gateway.socket.getsockname()[1]
        return {
            "api_url": f"{self.url}/api",
            "ws_url": f"ws://127.0.0.1:{port}",
            "exam_id": build.EXAM,
            "stage": "played",
        }

    def wait_for_connection(self) -> None:
        """Wait until a page has opened its socket."""
        wait_for(lambda: self._sockets, "an open socket")

    def push(self, *pushes: ServerMessage) -> None:
        """Tell every page that is connected."""
        for push in pushes:
            text = push.model_dump_json()
            for socket in self._sockets:
                socket.send(text)

    def run_events(self, room: SimulatedRoom, events: int, gap: float = 0) -> None:
        """Let so many things happen in the room, `gap` seconds apart, and tell of each."""
        pace, begun = threading.Event(), time.monotonic()
        for number in range(events):
            self.push(*room.next_event())
            pace.wait(max(0, begun + (number + 1) * gap - time.monotonic()))

    def respond(self, path: str) -> Response:
        """The status, the type and the body of what stands at a path."""
        if path == "/config.json":
            return 200, JSON, json.dumps(self.config).encode()
        if path.startswith("/media/"):
            return 200, "image/jpeg", _snapshot(path, self.snapshot_size)
        if path.startswith("/api/"):
            told = self.handlers.get(path.removeprefix("/api"))
            body = told() if told else {"code": "not_found", "message": {"zh": "", "en": ""}}
            return 200 if told else 404, JSON, json.dumps(body).encode()
        file = WEB / "dist" / path.lstrip("/")
        there = ".." not in file.parts and file.is_file()
        return (200, content_type(file.name), file.read_bytes()) if there else (404, JSON, b"")

    def close(self) -> None:
        """Stop serving."""
        self._gateway.shutdown()
        self._pages.shutdown()
        self._pages.server_close()

    def _serve_socket(self, socket: ServerConnection) -> None:
        self._sockets.append(socket)
        try:
            for _ in socket:
                pass
        except ConnectionClosed:
            pass
        self._sockets.remove(socket)


@contextmanager
def serve_room(size: int) -> Iterator[tuple[StubServer, SimulatedRoom]]:
    """A server and the room that it tells of, for the block."""
    server = StubServer({})
    room = SimulatedRoom(f"{server.url}/media", size)
    server.handlers |= {
        "/staff/ticket": lambda: {"ticket": "played", "expires_at": room.now},
        f"/proctor/rooms/{build.ROOM}": room.room_detail,
        f"/proctor/rooms/{build.ROOM}/chats": lambda: {"chats": [], "now": room.now},
    }
    try:
        yield server, room
    finally:
        server.close()


def _handler_class(server: StubServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            status, kind, body = server.respond(urlsplit(self.path).path)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            # A page that has gone away wants nothing more.
            with suppress(OSError):
                self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base's name)
            """Nobody reads what was asked for."""

    return Handler


def _snapshot(path: str, size: Size) -> bytes:
    """A picture as pages send them: who it is, and in which light, by its address."""
    session_id, view, name = path.split("/")[-3:]
    return _picture(int(session_id, 16) % 3, view, sum(name.encode()) % len(BRIGHTNESS), size)


@cache
def _picture(who: int, view: str, light: int, size: Size) -> bytes:
    person = ("person_a.jpg", "person_b.jpg", None)[who]
    if view == "first":
        frame = alone(person or "person_b.jpg")
    else:
        frame = in_room(person or "person_a.jpg", (30 * who, 10 * who))
    gain = BRIGHTNESS[light]
    stream = io.BytesIO()
    frame.resize(size).point(lambda value: value * gain).save(stream, "JPEG", quality=80)
    return stream.getvalue()
