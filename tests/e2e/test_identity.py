"""Identity verification: refused consent and mismatching pictures are decided by a proctor."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from infra.demo import ProductInstance
from tests.data.scenes import one_person
from tests.e2e.actors import (
    agree_to_everything,
    candidate_tile,
    go_to_consent,
    open_room,
    sign_in,
    take_photo,
    wait_for_state,
)
from tests.e2e.browsers import open_browser
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.enrolment import EnrolCandidate

pytestmark = pytest.mark.e2e

STEP = 60_000


def reject_identity(page: Page, reason: str) -> None:
    """Reject a verification in the console, with a custom reason."""
    page.get_by_test_id("identity-refuse").click()
    page.get_by_test_id("reason").fill(reason)
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("identity-said")).to_be_visible()
    page.get_by_test_id("close").click()


def press_by_keyboard(page: Page, test_id: str) -> None:
    """Reach a button with Tab and press Enter."""
    button = page.get_by_test_id(test_id)
    for _ in range(30):
        page.keyboard.press("Tab")
        if button.evaluate("(element) => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    pytest.fail(f"{test_id} cannot be reached by keyboard")


def test_refused_face_processing_leads_to_manual_verification(
    product: ProductInstance,
    enrol_candidate: EnrolCandidate,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    camera = Camera(tmp_path / "camera.y4m", one_person("person_b.jpg"))
    details = enrol_candidate(None)
    with (
        open_browser(playwright, camera) as candidate,
        open_browser(playwright, size=(1440, 900)) as proctor,
    ):
        open_room(proctor.page, product.summary)
        page = candidate.page
        sign_in(page, product.summary, details, "trial")
        go_to_consent(page)
        expect(page.get_by_test_id("face-consent")).to_be_visible()
        check_screen(page, "exam-consent")
        page.get_by_test_id("language-en").click()
        check_screen(page, "exam-consent-en")
        page.get_by_test_id("language-zh").click()
        press_by_keyboard(page, "consent-refuse")
        check = page.get_by_test_id("person-check")
        expect(check).to_have_attribute("data-status", "pending")
        check_screen(page, "exam-manual-verification")

        tile = candidate_tile(proctor.page, details["name"]).filter(has_text="调试")
        expect(tile).to_have_attribute("data-identity", "pending", timeout=20_000)
        tile.get_by_test_id("identity-open").click()
        expect(proctor.page.get_by_test_id("identity-consent").last).to_have_attribute(
            "data-consent", "refused"
        )
        check_screen(proctor.page, "console-no-consent")
        reject_identity(proctor.page, "证件反光看不清")
        expect(page.get_by_test_id("person-refused")).to_contain_text("证件反光看不清")
        press_by_keyboard(page, "person-again")
        expect(check).to_have_attribute("data-status", "pending")

        expect(tile).to_have_attribute("data-identity", "pending", timeout=20_000)
        tile.get_by_test_id("identity-open").click()
        proctor.page.get_by_test_id("identity-accept").click()
        wait_for_state(page, "identity_verified")
        candidate.assert_no_console_errors()
        proctor.assert_no_console_errors()


def test_proctor_decides_with_a_reason_after_three_attempts(
    product: ProductInstance,
    enrol_candidate: EnrolCandidate,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    camera = Camera(tmp_path / "camera.y4m", one_person("person_b.jpg"))
    details = enrol_candidate("person_a.jpg")
    with (
        open_browser(playwright, camera) as candidate,
        open_browser(playwright, size=(1440, 900)) as proctor,
    ):
        open_room(proctor.page, product.summary)
        page = candidate.page
        sign_in(page, product.summary, details, "trial")
        agree_to_everything(page)
        status = page.get_by_test_id("photo-status")
        for left in (2, 1):
            page.get_by_test_id("photo-take").click()
            expect(page.get_by_test_id("photo-turn")).to_be_visible()
            if left == 2:
                check_screen(page, "exam-photo-turn")
                page.get_by_test_id("photo-skip-turn").click()
            expect(page.get_by_test_id("photo-reason")).to_be_visible(timeout=STEP)
            expect(page.get_by_test_id("photo-left")).to_contain_text(f"{left}")
        check_screen(page, "exam-photo-retry")
        page.get_by_test_id("photo-take").click()
        expect(status).to_have_attribute("data-step", "pending", timeout=STEP)

        tile = candidate_tile(proctor.page, details["name"]).filter(has_text="调试")
        expect(tile).to_have_attribute("data-identity", "pending", timeout=20_000)
        tile.get_by_test_id("identity-open").click()
        expect(proctor.page.get_by_test_id("identity-movement").last).to_have_attribute(
            "data-movement", "still"
        )
        check_screen(proctor.page, "console-face-mismatch")
        reject_identity(proctor.page, "请摘下军帽")
        expect(page.get_by_test_id("photo-reason")).to_contain_text("请摘下军帽")
        check_screen(page, "exam-photo-refused")

        expect(page.get_by_test_id("photo-take")).to_be_enabled()
        camera.show_and_wait(page.locator("video.camera-view"), one_person("person_a.jpg"))
        take_photo(page, camera, "person_a.jpg")
        wait_for_state(page, "identity_verified")
        candidate.assert_no_console_errors()
        proctor.assert_no_console_errors()
