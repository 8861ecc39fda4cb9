"""Playwright once for all tests, and a place for the screens they pass."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, sync_playwright

type Shoot = Callable[[Page, str], None]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, with nothing running yet."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def shoot(tmp_path_factory: pytest.TempPathFactory) -> Shoot:
    """Take a picture of a page; INVIGIL_SCREENS names the folder, such as docs/screens."""
    folder = Path(os.environ.get("INVIGIL_SCREENS") or tmp_path_factory.mktemp("screens"))
    folder.mkdir(parents=True, exist_ok=True)

    def take(page: Page, name: str) -> None:
        page.screenshot(path=folder / f"{name}.png")

    return take
