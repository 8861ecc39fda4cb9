"""A stub of the product for the console: the built pages, a few API responses and a socket."""

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

from chalicelib.api.headers import API_HEADER
from chalicelib.schemas.push import ServerMessage
from infra.build_all import WEB
from infra.content_policy import PageHosts, with_hosts
from infra.publish import content_type
from tests.data.scenes import in_room, one_person
from tests.support import builders as build
from tests.support.polling import wait_for
from tests.support.simulated_room import SimulatedRoom

SNAPSHOT_SIZE = (960, 720)
"""The size of snapshots that the pages upload."""
BRIGHTNESS = (0.75, 0.85, 0.95, 1.05)

type Handlers = dict[str, Callable[[], Any]]
type Size = tuple[int, int]
type Response = tuple[int, str, bytes]

JSON = "application/json"


class StubServer:
    """Serves the pages and the API on one port, and the WebSocket on another."""

    def __init__(self, answers: Handlers) -> None:
        self.handlers = answers
        self.snapshot_size = SNAPSHOT_SIZE
        """Width and height of the snapshots."""
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
            "stage": "simulated",
        }

    def wait_for_connection(self) -> None:
        """Wait until a page has connected its socket."""
        wait_for(lambda: self._sockets, "an open socket")

    def push(self, *pushes: ServerMessage) -> None:
        """Send pushes to all connected pages."""
        for push in pushes:
            text = push.model_dump_json()
            for socket in self._sockets:
                socket.send(text)

    def run_events(self, room: SimulatedRoom, events: int, gap: float = 0) -> None:
        """Generate events in the room, `gap` seconds apart, and push each of them."""
        pause, began_at = threading.Event(), time.monotonic()
        for number in range(events):
            self.push(*room.next_event())
            pause.wait(max(0, began_at + (number + 1) * gap - time.monotonic()))

    def respond(self, path: str) -> Response:
        """Return the status, content type and body for a path."""
        if path == "/config.json":
            return 200, JSON, json.dumps(self.config).encode()
        if path.startswith("/media/"):
            return 200, "image/jpeg", _snapshot(path, self.snapshot_size)
        if path.startswith("/api/"):
            handler = self.handlers.get(path.removeprefix("/api"))
            body = handler() if handler else {"code": "not_found", "message": {"zh": "", "en": ""}}
            return 200 if handler else 404, JSON, json.dumps(body).encode()
        file = WEB / "dist" / path.lstrip("/")
        if ".." in file.parts or not file.is_file():
            return 404, JSON, b""
        pages = with_hosts({path.lstrip("/"): file.read_bytes()}, self._hosts)
        return 200, content_type(file.name), pages[path.lstrip("/")]

    @property
    def _hosts(self) -> PageHosts:
        """The hosts that publishing would write into the pages' policies."""
        socket = self.config["ws_url"]
        return PageHosts(self.url, socket, self.url, self.url)

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
    """Run a server with a simulated room of `size` candidates for the block."""
    server = StubServer({})
    room = SimulatedRoom(f"{server.url}/media", size)
    server.handlers |= {
        "/staff/ticket": lambda: {"ticket": "simulated", "expires_at": room.now},
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
            if self.path.startswith("/api/"):
                self.send_header(API_HEADER, "1")
            self.end_headers()
            # The page may have closed the connection.
            with suppress(OSError):
                self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.do_GET()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the base's name)
            """Do not log requests."""

    return Handler


def _snapshot(path: str, size: Size) -> bytes:
    """Return a snapshot; the path determines the person and the brightness."""
    session_id, view, name = path.split("/")[-3:]
    person, level = int(session_id, 16) % 3, sum(name.encode()) % len(BRIGHTNESS)
    return _picture(person, view, level, size)


@cache
def _picture(person: int, view: str, level: int, size: Size) -> bytes:
    file = ("person_a.jpg", "person_b.jpg", None)[person]
    if view == "first":
        frame = one_person(file or "person_b.jpg")
    else:
        frame = in_room(file or "person_a.jpg", (30 * person, 10 * person))
    gain = BRIGHTNESS[level]
    stream = io.BytesIO()
    frame.resize(size).point(lambda value: value * gain).save(stream, "JPEG", quality=80)
    return stream.getvalue()
