"""The oldest Chromium that a package carries: the floor of the pages' browsers."""

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Error, Page, Playwright

from tests.data.scenes import one_person, with_head_turned
from tests.e2e.browsers import SENSOR_NOISE
from tests.e2e.cameras import Camera
from tests.e2e.engines.browser import DESKTOP, Size, is_fault
from tests.e2e.engines.faces import PERSON
from tests.e2e.engines.page import EnginePage, PageBusy

PACKAGE = Path(__file__).parent / "node_modules" / "@sparticuz" / "chromium" / "bin"
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--no-zygote",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=user-gesture-required",
    "--force-prefers-reduced-motion",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)
# What Playwright passes to today's Chromium, and the old one does not know.
NEWER_FLAGS = ["--headless=new", "--headless=old"]
UNPACK = """
const { brotliDecompressSync } = require('zlib'), fs = require('fs');
fs.writeFileSync(process.argv[2], brotliDecompressSync(fs.readFileSync(process.argv[1])));
"""


class ChromiumPage(EnginePage):
    """A tab of Chromium. Playwright's locators need newer browsers; its pointer and keys do not."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def goto(self, url: str) -> None:
        self._page.goto(url)

    def evaluate(self, function: str, *arguments: Any) -> Any:
        try:
            return json.loads(
                self._page.evaluate(
                    f"""async (given) =>
                    JSON.stringify(await ({function})(...JSON.parse(given)) ?? null)""",
                    json.dumps(arguments),
                )
            )
        except Error as error:
            if "context was destroyed" in error.message or "navigation" in error.message:
                raise PageBusy(error.message) from error
            raise

    def click_at(self, x: int, y: int) -> None:
        self._page.mouse.click(x, y)

    def type_text(self, text: str) -> None:
        self._page.keyboard.type(text)

    def press(self, key: str) -> None:
        self._page.keyboard.press(key)

    def screenshot(self) -> bytes:
        return self._page.screenshot()

    def close(self) -> None:
        self._page.close()


class Chromium:
    """A running Chromium."""

    def __init__(self, context: BrowserContext, camera: Camera) -> None:
        self.version = context.browser.version if context.browser else ""
        self.faults: list[str] = []
        self._context = context
        self._camera = camera
        context.on("console", self._record)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))

    def new_page(self, size: Size = DESKTOP) -> EnginePage:
        page = self._context.new_page()
        page.set_viewport_size({"width": size[0], "height": size[1]})
        return ChromiumPage(page)

    def turn_head(self, *, aside: bool) -> None:
        self._camera.show(with_head_turned(PERSON) if aside else one_person(PERSON))

    def _record(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and is_fault(message.text):
            self.faults.append(f"{message.type}: {message.text}")


@contextmanager
def start_chromium(
    playwright: Playwright, folder: Path, proxy: int | None, variables: Mapping[str, str]
) -> Iterator[Chromium]:
    """Run Chromium for the block, with its profile in a folder."""
    folder.mkdir(parents=True)
    camera = Camera(folder / "camera.y4m", one_person(PERSON))
    flags = [*FLAGS, f"--use-file-for-fake-video-capture={camera.file}"]
    if proxy:
        flags += [
            f"--proxy-server=socks5://127.0.0.1:{proxy}",
            "--proxy-bypass-list=<-loopback>",
        ]
    context = playwright.chromium.launch_persistent_context(
        folder / "profile",
        executable_path=_unpacked(),
        ignore_default_args=NEWER_FLAGS,
        args=flags,
        locale="zh-CN",
        env={**os.environ, **variables},
    )
    context.add_init_script(SENSOR_NOISE)
    try:
        yield Chromium(context, camera)
    finally:
        context.close()


def _unpacked() -> Path:
    """Return the program, which its package carries compressed."""
    program = PACKAGE / "chromium"
    if not program.is_file():
        partial = program.with_suffix(".part")
        subprocess.run(
            ["node", "-e", UNPACK, str(PACKAGE / "chromium.br"), str(partial)], check=True
        )
        partial.chmod(0o755)
        partial.rename(program)
    return program
