"""The second view: a phone joins, is placed, captures, disconnects and reconnects."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Playwright, expect

from infra.demo import ProductInstance
from tests.data.scenes import empty, one_person
from tests.e2e.actors import (
    agree_to_everything,
    candidate_tile,
    open_room,
    sign_in,
    take_photo,
    wait_for_state,
)
from tests.e2e.browsers import BrowserUser, open_browser
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.enrolment import EnrolCandidate

pytestmark = pytest.mark.e2e

PHONE = (390, 844)
LANDSCAPE = {"width": 844, "height": 390}
CAPTURE_ID = re.compile(r"^\d{13}-")
STEP = 60_000


def join(page: Page, details: dict[str, Any]) -> None:
    """Check the camera, enter both numbers and join; the code is in the URL."""
    page.get_by_test_id("check-camera").click()
    page.get_by_test_id("join-admission-number").fill(details["admission_number"])
    page.get_by_test_id("join-id-number").fill(details["id_number"])
    page.get_by_test_id("join-submit").click()


def test_phone_joins_captures_disconnects_and_reconnects(
    product: ProductInstance,
    enrol_candidate: EnrolCandidate,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    webcam = Camera(tmp_path / "webcam.y4m", one_person("person_b.jpg"))
    side = Camera(tmp_path / "side.y4m", empty())
    details = enrol_candidate("person_b.jpg")
    with (
        open_browser(playwright, webcam) as candidate,
        open_browser(playwright, side, size=PHONE) as phone,
        open_browser(playwright, size=(1440, 900)) as proctor,
    ):
        open_room(proctor.page, product.summary)
        page, mobile = candidate.page, phone.page
        sign_in(page, product.summary, details, "trial")
        agree_to_everything(page)
        take_photo(page, webcam, "person_b.jpg")
        wait_for_state(page, "identity_verified")
        code = page.get_by_test_id("second-view-code")
        expect(code).to_have_text(re.compile(r"^[A-Z0-9]{8}$"))
        check_screen(page, "exam-second-view")

        mobile.goto(product.summary["phone_url"] + f"?code={code.inner_text().strip()}")
        join(mobile, {**details, "id_number": "440100199001011234"})
        expect(mobile.get_by_test_id("join-error")).to_be_visible()
        check_screen(mobile, "phone-join")
        mobile.get_by_test_id("join-id-number").fill(details["id_number"])
        mobile.get_by_test_id("join-submit").click()
        expect(mobile.get_by_test_id("place-phone")).to_be_visible(timeout=20_000)

        _place_phone(mobile, side, check_screen)
        badge = mobile.get_by_test_id("second-view-badge")
        expect(badge).to_be_visible()
        _start_answering(page)

        tile = candidate_tile(proctor.page, details["name"]).filter(has_text="调试")
        second_view = tile.get_by_test_id("tile-second")
        expect(second_view).to_have_attribute("data-capture", CAPTURE_ID, timeout=STEP)
        check_screen(mobile, "phone-capturing")
        mobile.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]
        check_screen(mobile, "phone-capturing-landscape")
        tile.get_by_test_id("seat-open").click()
        phone_state = proctor.page.get_by_test_id("phone-state")
        expect(phone_state.get_by_test_id("phone-orientation")).to_have_text("横屏", timeout=20_000)
        expect(phone_state).to_have_attribute("data-phone", "live")

        mobile.reload()
        expect(badge).to_have_attribute("data-live", "true", timeout=20_000)
        # Checked before the disconnection: only errors reported by the server count here.
        candidate.assert_no_console_errors()
        phone.assert_no_console_errors(ignoring="401")

        _disconnect_phone(page, mobile, phone_state)
        check_screen(proctor.page, "console-phone-lost")
        _reconnect_phone(page, phone, product.summary["phone_url"], details, check_screen)
        expect(phone_state).to_have_attribute("data-phone", "live", timeout=20_000)
        proctor.assert_no_console_errors()


def _start_answering(page: Page) -> None:
    """Continue from the second view's screen to the paper."""
    page.get_by_test_id("second-view-continue").click()
    wait_for_state(page, "second_view_ready")
    page.get_by_test_id("enter-waiting-room").click()
    wait_for_state(page, "waiting")
    page.get_by_test_id("start-exam").click()
    wait_for_state(page, "answering")


def _disconnect_phone(page: Page, mobile: Page, phone_state: Locator) -> None:
    """Close the phone's page: both the candidate and the proctor are notified."""
    mobile.close()
    notice = page.get_by_test_id("phone-notice")
    expect(notice).to_have_attribute("data-trouble", "lost", timeout=STEP)
    expect(phone_state).to_have_attribute("data-phone", "lost", timeout=STEP)


def _reconnect_phone(
    page: Page, phone: BrowserUser, url: str, details: dict[str, Any], check_screen: CheckScreen
) -> None:
    """Join with a new code while answering."""
    page.get_by_test_id("phone-help").press("Enter")
    code = page.get_by_test_id("second-view-code")
    expect(code).to_have_text(re.compile(r"^[A-Z0-9]{8}$"))
    check_screen(page, "exam-phone-lost")
    new_page = phone.context.new_page()
    new_page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    new_page.goto(f"{url}?code={code.inner_text().strip()}")
    join(new_page, details)
    expect(new_page.get_by_test_id("place-phone")).to_be_visible(timeout=20_000)
    expect(page.get_by_test_id("phone-back")).to_be_visible(timeout=STEP)
    page.get_by_test_id("phone-close").press("Enter")
    expect(page.get_by_test_id("phone-notice")).to_have_count(0)


def _place_phone(mobile: Page, side: Camera, check_screen: CheckScreen) -> None:
    """Place the phone badly, read the hint, place it well."""
    shot = mobile.get_by_test_id("test-shot")
    mobile.get_by_test_id("shot-take").click()
    expect(shot.get_by_test_id("shot-problem")).to_have_attribute(
        "data-problem", "nobody", timeout=STEP
    )
    check_screen(mobile, "phone-place")
    side.show_and_wait(mobile.locator("video.camera-view"), one_person("person_c.jpg"))
    mobile.get_by_test_id("shot-take").click()
    expect(shot).to_have_attribute("data-fine", "true", timeout=STEP)
    check_screen(mobile, "phone-placed")
    mobile.get_by_test_id("language-en").click()
    mobile.set_viewport_size(LANDSCAPE)  # type: ignore[arg-type]
    check_screen(mobile, "phone-placed-landscape-en")
    mobile.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    mobile.get_by_test_id("language-zh").click()
    mobile.get_by_test_id("place-done").click()
