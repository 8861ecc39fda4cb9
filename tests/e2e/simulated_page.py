"""The console with a simulated room: many candidates, without a deployed product."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from chalicelib.domain.types import MINUTE, Role
from infra.build_all import build_pages
from infra.progress import Progress
from tests.e2e.browsers import BrowserUser, open_browser
from tests.e2e.signed_in_pages import seed_storage
from tests.support import builders as build
from tests.support.simulated_room import SimulatedRoom
from tests.support.stub_server import StubServer, serve_room

LARGE = (1920, 1080)

type Wall = tuple[BrowserUser, StubServer, SimulatedRoom]


@contextmanager
def simulated_wall(
    playwright: Playwright, size: int, *, motion: bool = False, script: Path | None = None
) -> Iterator[Wall]:
    """Open the wall of a simulated room for the block; `script` runs before the page's scripts."""
    build_pages(Progress())
    with (
        serve_room(size) as (server, room),
        open_browser(playwright, size=LARGE, motion=motion) as proctor,
    ):
        if script:
            proctor.page.add_init_script(path=script)
        open_wall(proctor.page, server, room)
        yield proctor, server, room


def open_wall(page: Page, server: StubServer, room: SimulatedRoom) -> None:
    """Open the wall as the room's proctor; ends when every picture has loaded."""
    staff = {
        "username": "proctor",
        "display_name": build.DISPLAY_NAMES["proctor"],
        "role": Role.PROCTOR,
    }
    stored_session = {
        "token": "simulated",
        "expires_at": room.now + 600 * MINUTE,
        "staff": staff,
    }
    seed_storage(page, "sessionStorage", "invigil.console.session", stored_session)
    page.goto(f"{server.url}/console/index.html#/rooms/{build.ROOM}")
    expect(page.get_by_test_id("link")).to_have_attribute("data-link", "open")
    expect(page.get_by_test_id("seat")).to_have_count(room.size)
    expect(page.locator(".seat img")).to_have_count(2 * room.size)
