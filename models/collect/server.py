"""The local HTTP server: the page, and what it sends.

It listens on 127.0.0.1 only. Other pages in the same browser, and other users of the machine, know
neither the token nor may they name another host (DNS rebinding): both are checked on every call.
"""

import hmac
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from functions.vision.image_decoding import MAX_BYTES, UnreadablePicture, decode_picture
from models.collect.consent import CHINESE, ENGLISH, VolunteerConsent
from models.collect.picture_set import CameraView, NotAgreed, PictureSet, Volunteer, now
from models.collect.script import INTERVAL_SECONDS, PICTURES, STEPS, Step, named

PAGE = Path(__file__).parent / "page"
_FILES = {
    "/": ("index.html", "text/html; charset=utf-8"),
    "/collect.js": ("collect.js", "text/javascript; charset=utf-8"),
    "/texts.js": ("texts.js", "text/javascript; charset=utf-8"),
    "/collect.css": ("collect.css", "text/css; charset=utf-8"),
}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; media-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PICTURE = re.compile(r"^/api/steps/([a-z_]+)/(first|second)/(\d)$")
_STEP = re.compile(r"^/api/steps/([a-z_]+)$")
_MAX_JSON = 10_000
_MAX_NAME = 80


class _Refused(Exception):
    def __init__(self, status: HTTPStatus, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


@dataclass(frozen=True)
class Collection:
    """What the server works on: the set, the volunteer, and the token that the page must send."""

    pictures: PictureSet
    volunteer: Volunteer
    token: str
    lock: threading.Lock

    def state(self) -> dict[str, Any]:
        """Return everything that the page shows."""
        volunteer = self.volunteer
        return {
            "volunteer": volunteer.number,
            "agreed": volunteer.has_agreed,
            "second_agreed": volunteer.second_agreed,
            "consent": {"zh": CHINESE, "en": ENGLISH},
            "pictures": PICTURES,
            "interval": INTERVAL_SECONDS,
            "steps": [
                {
                    "name": step.name,
                    "zh": step.zh,
                    "en": step.en,
                    "prepare": step.prepare,
                    "another_person": step.another_person,
                    "status": volunteer.status(step),
                }
                for step in STEPS
            ],
        }


class CollectServer(ThreadingHTTPServer):
    """The server on 127.0.0.1; port 0 takes a free one."""

    daemon_threads = True

    def __init__(self, collection: Collection, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), partial(_Handler, collection))

    @property
    def origin(self) -> str:
        """The page's address, without the token."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    """One request. Named by `http.server`: do_GET and its like."""

    timeout = 30

    def __init__(self, collection: Collection, *arguments: Any) -> None:
        self._collection = collection
        super().__init__(*arguments)

    def log_message(self, *_: object) -> None:
        """Print nothing: the terminal belongs to the person who guides the volunteer."""

    def do_GET(self) -> None:
        """Serve the page's files, and the state."""
        path = urlsplit(self.path).path
        if path in _FILES and self._is_local():
            name, kind = _FILES[path]
            self._send(HTTPStatus.OK, kind, (PAGE / name).read_bytes())
        else:
            self._answer(lambda: self._state() if path == "/api/state" else None)

    def do_POST(self) -> None:
        """Take the consent, or the status of a step."""
        self._answer(lambda: self._consent() if self.path == "/api/consent" else self._status())

    def do_PUT(self) -> None:
        """Take a picture."""
        self._answer(self._picture)

    def do_DELETE(self) -> None:
        """Delete everything about the volunteer."""
        self._answer(lambda: self._delete() if self.path == "/api/volunteer" else None)

    def _answer(self, act: Callable[[], dict[str, Any] | None]) -> None:
        """Check the caller, act, and answer with JSON."""
        status, answer = HTTPStatus.OK, None
        try:
            self._require_page()
            with self._collection.lock:
                answer = act()
            if answer is None:
                status, answer = HTTPStatus.NOT_FOUND, {"code": "not_found"}
        except _Refused as refusal:
            status, answer = refusal.status, {"code": refusal.code}
        except NotAgreed:
            status, answer = HTTPStatus.FORBIDDEN, {"code": "not_agreed"}
        self._send(status, "application/json", json.dumps(answer).encode())

    def _is_local(self) -> bool:
        _, port = self.connection.getsockname()
        return self.headers.get("Host") in {f"127.0.0.1:{port}", f"localhost:{port}"}

    def _require_page(self) -> None:
        token = self.headers.get("X-Collect-Token", "")
        if not self._is_local() or not hmac.compare_digest(
            token.encode(), self._collection.token.encode()
        ):
            raise _Refused(HTTPStatus.FORBIDDEN, "not_the_page")

    def _state(self) -> dict[str, Any]:
        return self._collection.state()

    def _consent(self) -> dict[str, Any]:
        fields = self._json()
        name, second = (_name(fields.get(field)) for field in ("name", "second_name"))
        if not name or fields.get("agreed") is not True:
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "name_and_agreement")
        self._collection.volunteer.agree(VolunteerConsent(name, second), now())
        return self._collection.state()

    def _status(self) -> dict[str, Any]:
        step, status = self._step(_STEP), self._json().get("status")
        volunteer = self._collection.volunteer
        if status not in ("open", "done", "skipped"):
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "no_such_status")
        if status == "done" and not volunteer.has_pictures(step):
            raise _Refused(HTTPStatus.CONFLICT, "pictures_missing")
        volunteer.set_status(step, status)
        self._collection.pictures.write_scenes()
        return self._collection.state()

    def _picture(self) -> dict[str, Any]:
        step = self._step(_PICTURE)
        match = _PICTURE.match(self.path)
        number = int(match[3]) if match else PICTURES
        if not match or number >= PICTURES:
            raise _Refused(HTTPStatus.NOT_FOUND, "not_found")
        content = self._body(MAX_BYTES)
        try:
            decode_picture(content)
        except UnreadablePicture as error:
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, str(error.reason)) from error
        view: CameraView = "second" if match[2] == "second" else "first"
        self._collection.volunteer.store_picture(step, view, number, content)
        return {}

    def _delete(self) -> dict[str, Any]:
        self._collection.pictures.delete(self._collection.volunteer)
        return {}

    def _step(self, pattern: re.Pattern[str]) -> Step:
        match = pattern.match(self.path)
        step = named(match[1]) if match else None
        if step is None:
            raise _Refused(HTTPStatus.NOT_FOUND, "not_found")
        return step

    def _json(self) -> dict[str, Any]:
        try:
            fields = json.loads(self._body(_MAX_JSON))
        except ValueError:
            fields = None
        if not isinstance(fields, dict):
            raise _Refused(HTTPStatus.UNPROCESSABLE_ENTITY, "no_json")
        return fields

    def _body(self, most: int) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > most:
            self.close_connection = True
            raise _Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large")
        return self.rfile.read(int(length))

    def _send(self, status: HTTPStatus, kind: str, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", _POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(content)


def _name(value: object) -> str:
    return " ".join(value.split())[:_MAX_NAME] if isinstance(value, str) else ""
