"""Pages that are signed in already, for tests that are not about the way there."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from chalicelib.exam.words import MINUTE, Role
from tests.e2e.people import STEP_TIMEOUT
from tests.support.hall import Hall, Person

KEEP = "([storage, name, value]) => window[storage].setItem(name, value)"


def _open(page: Page, url: str, storage: str, name: str, kept: dict[str, Any]) -> None:
    page.goto(url)
    page.evaluate(KEEP, [storage, name, json.dumps(kept)])
    page.reload()


def open_exam(page: Page, hall: Hall, person: Person) -> None:
    """Open the exam page of a session as it goes on after a reload."""
    kept = {
        "token": person.token,
        "expires_at": hall.world.clock() + 60 * MINUTE,
        "session": person.get("/candidate/session"),
    }
    _open(page, hall.product.summary["exam_url"], "localStorage", "invigil.exam", kept)
    expect(page.locator("main[data-state]")).to_be_visible(timeout=STEP_TIMEOUT)


def open_phone(page: Page, hall: Hall, session_id: str) -> None:
    """Open the phone's page as it goes on after a reload."""
    phone = hall.person(Role.PHONE, session_id)
    kept = {"token": phone.token, "session": phone.get("/phone/session")}
    placed = f"sessionStorage.setItem('invigil.phone.placed.{session_id}', '1')"
    page.add_init_script(placed)
    _open(page, hall.product.summary["phone_url"], "localStorage", "invigil.phone", kept)
    expect(page.get_by_test_id("second-view-badge")).to_have_attribute(
        "data-live", "true", timeout=STEP_TIMEOUT
    )


def open_seat(page: Page, hall: Hall, session_id: str) -> None:
    """Open the console at one candidate, as the room's proctor."""
    staff = hall.proctor
    kept = {
        "token": staff.token,
        "expires_at": hall.world.clock() + 60 * MINUTE,
        "staff": staff.get("/staff/me"),
    }
    url = hall.product.summary["console_url"]
    page.goto(url)
    page.evaluate(KEEP, ["sessionStorage", "invigil.console.session", json.dumps(kept)])
    page.goto(f"{url}#/rooms/{hall.room_id}/seats/{session_id}")
    page.reload()
    expect(page.get_by_test_id("link")).to_have_attribute("data-link", "open", timeout=STEP_TIMEOUT)
    expect(page.get_by_test_id("speak")).to_be_visible()
