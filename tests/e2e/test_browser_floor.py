"""Browsers below the floor: every page works without an API, or says which browser it needs.

The floor stands in web/floor/floor.json. The newest APIs that it has, and those above it which the
pages use where they exist, are deleted one by one before the page's scripts run.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, Playwright, expect

from chalicelib.domain.types import MINUTE, Role
from chalicelib.schemas.serializers.candidate import exam_out
from infra.build_all import WEB, build_pages
from infra.progress import Progress
from tests.e2e.browsers import BrowserUser, open_browser
from tests.e2e.signed_in_pages import seed_storage
from tests.support import builders as build
from tests.support.simulated_room import SimulatedRoom
from tests.support.stub_server import StubServer, serve_room

pytestmark = pytest.mark.e2e

FLOOR: dict[str, str] = json.loads((WEB / "floor" / "floor.json").read_text(encoding="utf-8"))

PAGES = {
    "exam/index.html": "[data-testid='sign-in-number']",
    "phone/index.html": "[data-testid='check-camera']",
    f"console/index.html#/rooms/{build.ROOM}": "[data-testid='seat']",
    "help/index.html": "[data-testid='support-hours']",
    "api-docs/index.html": "[data-state='api-docs']",
}
"""Each page and what it shows when it works."""

ABOVE = (
    "AbortSignal.timeout",
    "AbortSignal.any",
    "AbortSignal.prototype.throwIfAborted",
    "AbortSignal.prototype.reason",
    "Array.prototype.toSorted",
    "Array.prototype.toReversed",
    "Array.prototype.findLast",
    "Object.hasOwn",
    "structuredClone",
    "Element.prototype.requestFullscreen",
    "Document.prototype.fullscreenEnabled",
    "Navigator.prototype.wakeLock",
    "Navigator.prototype.keyboard",
    "Navigator.prototype.permissions",
    "StorageManager.prototype.estimate",
    "RTCPeerConnection.prototype.connectionState",
    "requestIdleCallback",
)
"""Above the floor, so that the oldest supported browsers lack them: nothing may change."""
NEWEST = (
    "BroadcastChannel",
    "Navigator.prototype.locks",
    "Crypto.prototype.randomUUID",
    "HTMLDialogElement",
    "Array.prototype.at",
    "String.prototype.replaceAll",
    "Intl.DateTimeFormat.prototype.formatRange",
    "ResizeObserver",
    "AudioContext",
    "AudioWorkletNode",
    "OfflineAudioContext",
    "MediaRecorder",
    "RTCPeerConnection",
    "Navigator.prototype.mediaDevices",
    "Navigator.prototype.serviceWorker",
    "caches",
    "indexedDB",
    "WebSocket",
    "AbortController",
    "Request",
    "fetch",
    "Proxy",
    "Intl",
)
"""What the floor has: a browser without it lies below, and is told so, or works all the same."""

OUTCOME = """([ready, words]) => {
  const text = document.body.innerText;
  if (document.querySelector(ready)) return 'works';
  return words.some((word) => text.includes(word)) ? 'says so' : null;
}"""
UNTRUE = re.compile("网络连接不畅|检查网络|稍后重试|check your network", re.IGNORECASE)


@pytest.fixture(scope="module")
def stub() -> Iterator[tuple[StubServer, SimulatedRoom]]:
    """The built pages with a simulated room, and an exam to sign in to."""
    build_pages(Progress())
    with serve_room(2) as (server, room):
        exam = exam_out(build.exam(), room.now).model_dump(mode="json")
        server.handlers |= {
            f"/exams/{build.EXAM}": lambda: exam,
            "/openapi.json": lambda: {"openapi": "3.1.0", "info": {"title": "API"}, "paths": {}},
        }
        yield server, room


@pytest.fixture(scope="module")
def visitor(playwright: Playwright) -> Iterator[BrowserUser]:
    with open_browser(playwright) as user:
        yield user


@contextmanager
def opened_without(
    visitor: BrowserUser, stub: tuple[StubServer, SimulatedRoom], api: str, address: str
) -> Iterator[Page]:
    """Open a page in a browser that lacks an API; a proctor is signed in to the console."""
    server, room = stub
    page = visitor.context.new_page()
    owner, _, name = api.rpartition(".")
    page.add_init_script(f"delete {owner or 'globalThis'}.{name}")
    staff = {"username": "proctor", "display_name": "监考", "role": Role.PROCTOR}
    session = {"token": "simulated", "expires_at": room.now + 600 * MINUTE, "staff": staff}
    seed_storage(page, "sessionStorage", "invigil.console.session", session)
    page.goto(f"{server.url}/{address}")
    try:
        yield page
    finally:
        page.close()


def outcome(page: Page, ready: str) -> str:
    """Wait until a page works or says which browser it needs; it says nothing untrue.

    The words stand in the HTML until the page is mounted, so it is asked once all is loaded.
    """
    page.wait_for_load_state("networkidle")
    words = [f"Edge {FLOOR['chrome']}", f"Chrome {FLOOR['chrome']}"]
    result = str(page.wait_for_function(OUTCOME, arg=[ready, words], timeout=15_000).json_value())
    assert not UNTRUE.search(page.inner_text("body")), page.inner_text("body")
    return result


@pytest.mark.parametrize("api", ABOVE)
def test_pages_do_without_what_is_above_the_floor(
    visitor: BrowserUser, stub: tuple[StubServer, SimulatedRoom], api: str
) -> None:
    for address, ready in PAGES.items():
        with opened_without(visitor, stub, api, address) as page:
            expect(page.locator(ready).first, address).to_be_attached(timeout=15_000)


@pytest.mark.parametrize("api", NEWEST)
def test_page_below_the_floor_says_something_true(
    visitor: BrowserUser, stub: tuple[StubServer, SimulatedRoom], api: str
) -> None:
    for address, ready in PAGES.items():
        with opened_without(visitor, stub, api, address) as page:
            outcome(page, ready)


@pytest.mark.parametrize("address", PAGES)
def test_words_stay_where_no_script_runs(
    visitor: BrowserUser, stub: tuple[StubServer, SimulatedRoom], address: str
) -> None:
    server, _ = stub
    page = visitor.context.new_page()
    # What an engine does with syntax that it does not know.
    page.route(
        "**/assets/*.js",
        lambda route: route.fulfill(content_type="text/javascript", body="this does not parse"),
    )
    page.goto(f"{server.url}/{address}")
    expect(page.get_by_text(f"Edge {FLOOR['chrome']} 以上")).to_be_visible(timeout=10_000)
    expect(page.get_by_text("极速模式")).to_be_visible()
    page.close()


WECHAT = "Mozilla/5.0 ({device}) AppleWebKit/537.36 Mobile MicroMessenger/8.0.42"


@pytest.mark.parametrize(
    ("device", "system", "words"),
    [
        ("iPhone; CPU iPhone OS 14_2 like Mac OS X", "ios", "在默认浏览器中打开"),
        ("Linux; Android 10", "android", "在浏览器打开"),
    ],
)
def test_wechat_without_a_camera_is_led_out_with_the_code(
    visitor: BrowserUser,
    stub: tuple[StubServer, SimulatedRoom],
    device: str,
    system: str,
    words: str,
) -> None:
    page = visitor.context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    agent = json.dumps(WECHAT.format(device=device))
    page.add_init_script(
        f"Object.defineProperty(navigator, 'userAgent', {{ get: () => {agent} }});"
        "delete Navigator.prototype.mediaDevices"
    )
    page.goto(f"{stub[0].url}/phone/index.html?code=ABCD2345")
    guide = page.get_by_test_id("wechat-guide")
    expect(guide).to_have_attribute("data-system", system)
    expect(guide.locator("svg")).to_have_count(2)
    expect(guide).to_contain_text(words)
    # The menu opens this very address: without the code it would have to be typed.
    assert page.evaluate("location.search") == "?code=ABCD2345"
    page.get_by_test_id("check-camera").click()
    expect(page.get_by_test_id("check-compatible")).to_have_attribute("data-result", "fail")
    expect(page.get_by_text("与网络无关")).to_be_visible()
    page.close()
