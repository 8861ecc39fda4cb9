"""What every browser of these tests can do."""

from typing import Protocol

from tests.e2e.engines.page import EnginePage

type Size = tuple[int, int]
DESKTOP, CONSOLE, PHONE = (1280, 720), (1440, 900), (390, 844)

# What a page's console says of a connection that a test cut is no fault of the page.
CONNECTION = ("net::ERR", "NetworkError", "could not connect", "Failed to load resource",
              "access control checks", "can’t establish a connection", "was interrupted while",
              "ServiceWorker passed a promise", "FetchEvent")  # fmt: skip


class Browser(Protocol):
    """A browser of one user, with one camera."""

    version: str

    @property
    def faults(self) -> list[str]:
        """Errors and warnings of the pages' consoles."""

    def new_page(self, size: Size = DESKTOP) -> EnginePage:
        """Open a window."""

    def turn_head(self, *, aside: bool) -> None:
        """Let the person before the camera of the first window turn the head, aside or back."""


def is_fault(message: str) -> bool:
    """Return whether a console message tells a fault of the page."""
    return not any(words in message for words in CONNECTION)
