"""Pages that are signed in already, for tests that are not about the way there."""

import json
from typing import Any

from playwright.sync_api import Page, expect

from chalicelib.exam.states import State
from chalicelib.exam.words import MINUTE, Role
from tests.e2e.people import STEP_TIMEOUT, show_questions
from tests.support.hall import Hall, Person


def _keep(page: Page, storage: str, name: str, kept: Any) -> None:
    """Have the page find something in its storage when it starts, and what it makes of it later."""
    key, value = json.dumps(name), json.dumps(json.dumps(kept))
    page.add_init_script(f"{storage}.getItem({key}) ?? {storage}.setItem({key}, {value})")


def open_exam(page: Page, hall: Hall, person: Person) -> None:
    """Open the exam page of a session as it goes on after a reload."""
    kept = {
        "token": person.token,
        "expires_at": hall.world.clock() + 60 * MINUTE,
        "session": person.get("/candidate/session"),
    }
    _keep(page, "localStorage", "invigil.exam", kept)
    page.goto(hall.product.summary["exam_url"])
    main = page.locator("main[data-state]")
    expect(main).to_be_attached(timeout=STEP_TIMEOUT)
    if main.get_attribute("data-state") == State.ANSWERING:
        show_questions(page)


def open_phone(page: Page, hall: Hall, session_id: str) -> None:
    """Open the phone's page as it goes on after a reload."""
    phone = hall.person(Role.PHONE, session_id)
    kept = {"token": phone.token, "session": phone.get("/phone/session")}
    _keep(page, "sessionStorage", f"invigil.phone.placed.{session_id}", 1)
    _keep(page, "localStorage", "invigil.phone", kept)
    page.goto(hall.product.summary["phone_url"])
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
    _keep(page, "sessionStorage", "invigil.console.session", kept)
    page.goto(f"{hall.product.summary['console_url']}#/rooms/{hall.room_id}/seats/{session_id}")
    expect(page.get_by_test_id("link")).to_have_attribute("data-link", "open", timeout=STEP_TIMEOUT)
    expect(page.get_by_test_id("speak")).to_be_visible()
