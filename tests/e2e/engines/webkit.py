"""WebKitGTK as the distribution ships it, driven by the WebDriver that comes with it.

Its build has no WebRTC: the exam goes on without live video and talks.
"""

import base64
import json
import os
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.engines.browser import DESKTOP, Size, is_fault
from tests.e2e.engines.desktop import running, virtual_screen
from tests.e2e.engines.page import EnginePage, PageBusy
from tests.support.polling import wait_for

WINDOW = Path(__file__).with_name("webkit_window.py")
COMMAND_SECONDS = 90
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "End": "\ue010", "Tab": "\ue004"}
RUN = """const [given, done] = arguments;
Promise.resolve().then(() => (%s)(...JSON.parse(given))).then(
    (value) => done(JSON.stringify([value ?? null])), (error) => done(String(error)));"""
COMPLAINT = re.compile(r"CONSOLE (\w+) (ERROR|WARN) (.*)")


class Driver:
    """A session of WebKitWebDriver."""

    def __init__(self, client: httpx.Client, session_id: str) -> None:
        self._client = client
        self._session_id = session_id

    def send(self, command: str, body: Any = None, *, method: str = "POST") -> Any:
        """Send a command and return its value. Raises PageBusy where the page is replaced."""
        response = self._client.request(
            method,
            f"/session/{self._session_id}/{command}",
            json=({} if body is None else body) if method == "POST" else None,
        )
        value = response.json()["value"]
        if response.is_success:
            return value
        raise PageBusy(f"{command}: {value['error']}: {value.get('message', '')}")


class WebKitPage(EnginePage):
    """A window of WebKitGTK."""

    def __init__(self, driver: Driver, window: str) -> None:
        self._driver = driver
        self._window = window

    def goto(self, url: str) -> None:
        self._send("url", {"url": url})

    def evaluate(self, function: str, *arguments: Any) -> Any:
        text = self._send(
            "execute/async", {"script": RUN % function, "args": [json.dumps(arguments)]}
        )
        if not str(text).startswith("["):
            raise RuntimeError(text)
        return json.loads(text)[0]

    def click_at(self, x: int, y: int) -> None:
        self._perform(
            {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}},
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        )

    def type_text(self, text: str) -> None:
        [element] = self._send("element/active", method="GET").values()
        self._send(f"element/{element}/value", {"text": text})

    def press(self, key: str) -> None:
        value = KEYS.get(key, key)
        strokes = [{"type": kind, "value": value} for kind in ("keyDown", "keyUp")]
        self._perform({"type": "key", "id": "keys"}, *strokes)

    def screenshot(self) -> bytes:
        return base64.b64decode(self._send("screenshot", method="GET"))

    def close(self) -> None:
        self._send("window", method="DELETE")

    def _perform(self, source: dict[str, Any], *actions: dict[str, Any]) -> None:
        self._send("actions", {"actions": [{**source, "actions": list(actions)}]})

    def _send(self, command: str, body: Any = None, *, method: str = "POST") -> Any:
        self._driver.send("window", {"handle": self._window})
        return self._driver.send(command, body, method=method)


class WebKit:
    """A running WebKitGTK, on a screen of its own."""

    def __init__(self, driver: Driver, version: str, log: Path) -> None:
        self.version = version
        self._driver = driver
        self._log = log
        self._free = [driver.send("window", method="GET")]

    @property
    def faults(self) -> list[str]:
        found = COMPLAINT.findall(self._log.read_text(errors="replace"))
        return [" ".join(parts) for parts in found if is_fault(parts[2])]

    def new_page(self, size: Size = DESKTOP) -> EnginePage:
        window = self._free.pop() if self._free else self._open_window()
        page = WebKitPage(self._driver, window)
        width, height = size
        self._driver.send("window", {"handle": window})
        self._driver.send("window/rect", {"width": width, "height": height})
        return page

    def turn_head(self, *, aside: bool) -> None:
        raise NotImplementedError("the mock camera shows no person")

    def _open_window(self) -> str:
        return str(self._driver.send("window/new", {"type": "window"})["handle"])


@contextmanager
def start_webkit(folder: Path, proxy: int | None, variables: Mapping[str, str]) -> Iterator[WebKit]:
    """Run WebKitGTK for the block."""
    folder.mkdir(parents=True)
    log = folder / "webkit.log"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = ["WebKitWebDriver", "--host=127.0.0.1", f"--port={port}"]
    options = {
        "binary": str(WINDOW),
        "args": [f"socks5://127.0.0.1:{proxy}"] if proxy else [],
    }
    with virtual_screen(folder) as screen:
        environment = {**os.environ, **variables, **screen, "HOME": str(folder)}
        with (
            running(command, log, environment),
            httpx.Client(
                base_url=f"http://127.0.0.1:{port}", timeout=COMMAND_SECONDS, trust_env=False
            ) as client,
        ):
            wait_for(lambda: _is_ready(client), "WebKitWebDriver")
            capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
            response = client.post("/session", json={"capabilities": capabilities})
            session = response.raise_for_status().json()["value"]
            driver = Driver(client, session["sessionId"])
            try:
                yield WebKit(driver, session["capabilities"]["browserVersion"], log)
            finally:
                client.delete(f"/session/{session['sessionId']}")


def _is_ready(client: httpx.Client) -> bool:
    try:
        return bool(client.get("/status").json()["value"]["ready"])
    except httpx.TransportError:
        return False
