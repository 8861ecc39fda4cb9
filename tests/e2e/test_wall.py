"""The wall of 30 candidates: enlarging, keyboard navigation, sorting and filtering."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from tests.e2e.conftest import CheckScreen
from tests.e2e.simulated_page import simulated_wall
from tests.support.simulated_room import SimulatedRoom
from tests.support.stub_server import StubServer

pytestmark = pytest.mark.e2e

FLAGS = (
    (3, FindingKind.PHONE, Severity.CRITICAL),
    (7, FindingKind.ABSENT, Severity.SERIOUS),
    (11, FindingKind.LOOKING_AWAY, Severity.NOTICE),
    (12, FindingKind.EXTRA_PERSON, Severity.CRITICAL),
    (12, FindingKind.VOICE, Severity.SERIOUS),
)
COLUMNS = 6
RECORDER = Path(__file__).with_name("load.js")
# Counts pictures that are clipped by the window or too small to be useful.
COUNT_CLIPPED = """() => [...document.querySelectorAll('[data-testid="seat"] img')].filter((image) => {
    const box = image.getBoundingClientRect();
    return box.width < 80 || box.top < 0 || box.bottom > innerHeight || box.right > innerWidth;
}).length"""
# The session of the focused tile.
FOCUSED_SESSION = (
    """() => document.activeElement?.closest('[data-testid="seat"]')?.dataset.session"""
)
SESSION_ORDER = """() => [...document.querySelectorAll('[data-testid="seat"]')].map(
    (tile) => tile.dataset.session
)"""


def test_wall_of_thirty_candidates(playwright: Playwright, check_screen: CheckScreen) -> None:
    with simulated_wall(playwright, 30, script=RECORDER) as (proctor, server, room):
        page = proctor.page
        for flag in FLAGS:
            server.push(*room.toggle_flag(*flag))
        first = page.get_by_test_id("seat").first
        expect(first).to_have_attribute("data-session", room.sessions[12].session_id)
        assert page.evaluate(COUNT_CLIPPED) == 0
        check_screen(page, "console-wall")
        _enlarge_with_pointer(page, check_screen)
        _navigate_with_keys(page)
        _sort_and_filter_with_keys(page, server, room, check_screen)
        _update_without_flicker(page, server, room)
        proctor.assert_no_console_errors()
        _open_and_return(page)
        page.get_by_test_id("language-en").click()
        check_screen(page, "console-wall-en")


def _enlarge_with_pointer(page: Page, check_screen: CheckScreen) -> None:
    enlarged, card = page.get_by_test_id("enlarged"), page.get_by_test_id("seat").nth(8)
    name = card.get_by_test_id("seat-open")
    _move_pointer_to(card)
    expect(enlarged).to_be_visible()
    expect(enlarged.locator("img")).to_have_count(2)
    check_screen(page, "console-wall-enlarged")
    page.keyboard.press("Escape")
    expect(enlarged).to_be_hidden()
    # It stays open while the pointer is over it, and closes when the pointer leaves.
    page.mouse.move(0, 0)
    _move_pointer_to(name)
    expect(enlarged).to_be_visible()
    picture = enlarged.locator("img").first
    _move_pointer_to(picture)
    picture.hover()  # fails if another element covers it
    page.mouse.move(5, 5)
    expect(enlarged).to_be_hidden()


def _move_pointer_to(target: Locator) -> None:
    """Move the pointer to the target in steps, as a hand does."""
    box = target.bounding_box()
    assert box
    target.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=4)


def _navigate_with_keys(page: Page) -> None:
    order = page.evaluate(SESSION_ORDER)
    page.get_by_test_id("feed-toggle").focus()
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUSED_SESSION) == order[0], "Tab leads to the first candidate"
    for key, index in (
        ("ArrowRight", 1),
        ("ArrowDown", 1 + COLUMNS),
        ("ArrowLeft", COLUMNS),
        ("ArrowUp", 0),
        ("End", 29),
        ("Home", 0),
        ("ArrowDown", COLUMNS),
    ):
        page.keyboard.press(key)
        page.wait_for_function(f"(id) => ({FOCUSED_SESSION})() === id", arg=order[index])
    enlarged = page.get_by_test_id("enlarged")
    page.keyboard.press("Space")
    expect(enlarged).to_have_attribute("data-of", order[COLUMNS])
    page.keyboard.press("ArrowRight")
    expect(enlarged).to_have_attribute("data-of", order[COLUMNS + 1])
    page.keyboard.press("Escape")
    expect(enlarged).to_be_hidden()


def _sort_and_filter_with_keys(
    page: Page, server: StubServer, room: SimulatedRoom, check_screen: CheckScreen
) -> None:
    page.keyboard.press("?")
    expect(page.get_by_test_id("keys")).to_be_visible()
    check_screen(page, "console-wall-keys")
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("keys")).to_be_hidden()
    focused = page.evaluate(FOCUSED_SESSION)
    page.keyboard.press("s")
    expect(page.get_by_test_id("sorted")).to_have_value("number")
    page.wait_for_function(f"({SESSION_ORDER})().every((id, at, all) => !at || all[at - 1] < id)")
    assert page.evaluate(FOCUSED_SESSION) == focused, "the focus stays on its candidate"
    page.keyboard.press("Home")
    page.keyboard.press("s")
    page.keyboard.press("s")
    expect(page.get_by_test_id("sorted")).to_have_value("attention")
    page.keyboard.press("Home")
    server.push(*room.new_pictures())  # stale pictures would also need attention
    page.keyboard.press("f")
    expect(page.get_by_test_id("filter-attention")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("seat")).to_have_count(4)
    page.keyboard.press("f")
    expect(page.get_by_test_id("filter-answering")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("f")  # skips the empty filters: waiting, finished
    expect(page.get_by_test_id("filter-all")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("seat")).to_have_count(30)
    page.keyboard.press("/")
    expect(page.get_by_test_id("search")).to_be_focused()


def _update_without_flicker(page: Page, server: StubServer, room: SimulatedRoom) -> None:
    """A picture is replaced only after the next one has loaded."""
    server.run_events(room, 60)
    page.wait_for_function("window.work.renewed >= 30")
    assert page.evaluate("window.work.gaps") == []


def _open_and_return(page: Page) -> None:
    page.get_by_test_id("seat-open").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    session_id = page.evaluate(FOCUSED_SESSION)
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("seat-page")).to_have_attribute("data-session", session_id)
    page.go_back()
    page.wait_for_function(f"(id) => ({FOCUSED_SESSION})() === id", arg=session_id)
