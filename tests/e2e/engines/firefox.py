"""Firefox as the distribution ships it, driven by WebDriver BiDi, which it speaks itself."""

import base64
import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.e2e.engines.browser import DESKTOP, Size, is_fault
from tests.e2e.engines.desktop import running
from tests.e2e.engines.faces import face_camera
from tests.e2e.engines.page import EnginePage, PageBusy
from tests.support.polling import wait_for

SETTINGS: Mapping[str, bool | int | str] = {
    "media.navigator.streams.fake": True,
    "media.navigator.permission.disabled": True,
    "media.autoplay.default": 0,
    "media.peerconnection.ice.loopback": True,
    "media.peerconnection.ice.obfuscate_host_addresses": False,
    "intl.accept_languages": "zh-CN,zh",
    "ui.prefersReducedMotion": 1,
    "full-screen-api.warning.timeout": 0,
    "dom.disable_beforeunload": True,
    # Nothing is fetched from anywhere but this machine.
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "geo.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}
COMMAND_SECONDS = 90
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "End": "\ue010", "Tab": "\ue004"}
REPLACED = ("no such frame", "no such node", "unknown error", "discarded", "destroyed")


class Connection:
    """The BiDi connection: commands in order, and the console messages in between."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._numbers = count(1)
        self.faults: list[str] = []

    def send(self, method: str, **parameters: Any) -> Any:
        """Send a command and return its result. Raises PageBusy where the page is replaced."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self._socket.recv(COMMAND_SECONDS))
            if message.get("id") == number:
                break
            self._record(message)
        if message["type"] == "error":
            text = f"{method}: {message['error']}: {message['message']}"
            raise PageBusy(text) if any(part in text for part in REPLACED) else RuntimeError(text)
        return message["result"]

    def _record(self, message: dict[str, Any]) -> None:
        if message.get("method") != "log.entryAdded":
            return
        entry = message["params"]
        if entry["level"] in {"error", "warn"} and is_fault(str(entry["text"])):
            self.faults.append(f"{entry['level']}: {entry['text']}")


class FirefoxPage(EnginePage):
    """A window of Firefox."""

    def __init__(self, connection: Connection, page: str, size: Size) -> None:
        self._connection = connection
        self._page = page
        width, height = size
        connection.send(
            "browsingContext.setViewport",
            context=page,
            viewport={"width": width, "height": height},
        )
        connection.send("browsingContext.activate", context=page)

    def goto(self, url: str) -> None:
        self._connection.send(
            "browsingContext.navigate", context=self._page, url=url, wait="complete"
        )

    def evaluate(self, function: str, *arguments: Any) -> Any:
        result = self._connection.send(
            "script.callFunction",
            functionDeclaration=f"""async (given) =>
                JSON.stringify(await ({function})(...JSON.parse(given)) ?? null)""",
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            target={"context": self._page},
            awaitPromise=True,
        )
        if result["type"] == "exception":
            raise RuntimeError(result["exceptionDetails"]["text"])
        return json.loads(result["result"]["value"])

    def click_at(self, x: int, y: int) -> None:
        self._perform(
            {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}},
            {"type": "pointerMove", "x": x, "y": y},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        )

    def type_text(self, text: str) -> None:
        strokes = [{"type": kind, "value": sign} for sign in text for kind in ("keyDown", "keyUp")]
        self._perform({"type": "key", "id": "keys"}, *strokes)

    def press(self, key: str) -> None:
        self.type_text(KEYS.get(key, key))

    def screenshot(self) -> bytes:
        result = self._connection.send("browsingContext.captureScreenshot", context=self._page)
        return base64.b64decode(result["data"])

    def close(self) -> None:
        self._connection.send("browsingContext.close", context=self._page)

    def _perform(self, source: dict[str, Any], *actions: dict[str, Any]) -> None:
        self._connection.send(
            "input.performActions",
            context=self._page,
            actions=[{**source, "actions": list(actions)}],
        )


class Firefox:
    """A running Firefox."""

    def __init__(self, connection: Connection, version: str) -> None:
        self.version = version
        self.faults = connection.faults
        self._connection = connection
        self._pages: list[FirefoxPage] = []

    def new_page(self, size: Size = DESKTOP) -> EnginePage:
        # A second page in the same window would hide the first.
        page = self._connection.send("browsingContext.create", type="window")["context"]
        self._pages.append(FirefoxPage(self._connection, page, size))
        return self._pages[-1]

    def turn_head(self, *, aside: bool) -> None:
        self._pages[0].evaluate("(aside) => window.showPerson(aside)", aside)


@contextmanager
def start_firefox(
    folder: Path, proxy: int | None, variables: Mapping[str, str]
) -> Iterator[Firefox]:
    """Run Firefox for the block, with its profile in a folder."""
    settings = dict(SETTINGS)
    if proxy:
        settings |= {
            "network.proxy.type": 1,
            "network.proxy.socks": "127.0.0.1",
            "network.proxy.socks_port": proxy,
            "network.proxy.socks_remote_dns": True,
            "network.proxy.allow_hijacking_localhost": True,
        }
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(settings[name])});" for name in settings]
    profile = folder / "profile"
    profile.mkdir(parents=True)
    (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
    command = ["firefox-esr", "--headless", "--no-remote", "--profile", str(profile)]
    environment = {**os.environ, **variables, "HOME": str(folder)}
    log = folder / "firefox.log"
    with running([*command, "--remote-debugging-port", "0"], log, environment):
        [address] = wait_for(lambda: LISTENING.findall(log.read_text(errors="replace")), "Firefox")
        with connect(f"{address}/session", proxy=None, max_size=None) as socket:
            yield _new_session(Connection(socket))


def _new_session(connection: Connection) -> Firefox:
    # An open paper asks before it is left: these pages mean to.
    prompts = {"unhandledPromptBehavior": {"beforeUnload": "accept"}}
    session = connection.send("session.new", capabilities={"alwaysMatch": prompts})
    connection.send("session.subscribe", events=["log.entryAdded"])
    connection.send("script.addPreloadScript", functionDeclaration=f"() => {{ {face_camera()} }}")
    return Firefox(connection, session["capabilities"]["browserVersion"])
