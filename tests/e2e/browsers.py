"""Chromium, one browser per user: a browser has one camera."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Playwright

from tests.e2e.cameras import Camera

SENSOR_NOISE = """(() => {
    const toBlob = HTMLCanvasElement.prototype.toBlob;
    HTMLCanvasElement.prototype.toBlob = function (...values) {
        const paper = this.getContext("2d");
        if (paper) {
            paper.fillStyle = `rgb(${[0, 0, 0].map(() => Math.random() * 256).join(" ")})`;
            paper.fillRect(0, 0, 2, 2);
        }
        return toBlob.apply(this, values);
    };
})()"""
"""No camera takes two pictures of equal bytes; the file that plays one does without this."""

FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    # Lets two browsers on a machine without a network connect to each other.
    "--allow-loopback-in-peer-connection",
]


class BrowserUser:
    """A user's browser, which records errors and warnings of the page's console."""

    def __init__(self, browser_context: BrowserContext) -> None:
        self.context = browser_context
        self.console_errors: list[str] = []
        self.page: Page = browser_context.pages[0]
        browser_context.on("page", self._record_errors)
        self._record_errors(self.page)

    def assert_no_console_errors(self, *, ignoring: str | None = None) -> None:
        """Assert that the console has no errors or warnings, except those containing `ignoring`."""
        errors = [
            error for error in self.console_errors if ignoring is None or ignoring not in error
        ]
        assert not errors, "\n".join(errors)

    def _record_errors(self, page: Page) -> None:
        page.on("console", self._record_message)
        page.on("pageerror", lambda error: self.console_errors.append(f"error: {error}"))

    def _record_message(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.console_errors.append(f"{message.type}: {message.text} ({message.location})")


PHONE_WIDTH = 500
"""A browser narrower than this says that it is a phone's: a computer's as second view is flagged."""
PHONE_AGENT = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)


@contextmanager
def open_browser(
    playwright: Playwright,
    camera: Camera | None = None,
    *,
    size: tuple[int, int] = (1280, 720),
    language: str = "zh-CN",
    sound: Path | None = None,
    motion: bool = False,
    profile: Path | None = None,
) -> Iterator[BrowserUser]:
    """Open a browser for the block, with or without a camera.

    It uses a new profile, unless the folder of an existing one is passed.
    """
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is not installed: apt-get install chromium"
    flags = [*FLAGS, "--use-fake-device-for-media-stream"] if camera else list(FLAGS)
    if camera:
        flags.append(f"--use-file-for-fake-video-capture={camera.file}")
    if sound:
        flags.append(f"--use-file-for-fake-audio-capture={sound}")
    with tempfile.TemporaryDirectory(prefix="invigil-browser-") as fresh:
        context = playwright.chromium.launch_persistent_context(
            profile or fresh,
            executable_path=chromium,
            headless=True,
            args=flags,
            viewport={"width": size[0], "height": size[1]},
            locale=language,
            user_agent=PHONE_AGENT if size[0] < PHONE_WIDTH else None,
            # Contrast cannot be checked during a colour transition.
            reduced_motion="no-preference" if motion else "reduce",
        )
        context.add_init_script(SENSOR_NOISE)
        try:
            yield BrowserUser(context)
        finally:
            context.close()
