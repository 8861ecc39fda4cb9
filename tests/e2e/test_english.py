"""A candidate's whole exam in English on both devices: practice session, then official exam."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from infra.demo import ProductInstance
from tests.data.scenes import one_person
from tests.e2e.actors import (
    STEP_TIMEOUT,
    enter_exam,
    go_to_consent,
    pass_checks,
    submit_credentials,
    take_photo,
    wait_for_camera_pictures,
    wait_for_state,
)
from tests.e2e.browsers import open_browser
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.english_only import CHINESE_TEXT, SET_ENGLISH
from tests.e2e.enrolment import EnrolCandidate

pytestmark = pytest.mark.e2e

PHONE = (390, 844)


def test_practice_and_official_exam_in_english(
    product: ProductInstance,
    enrol_candidate: EnrolCandidate,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    webcam = Camera(tmp_path / "webcam.y4m", one_person("person_b.jpg"))
    side = Camera(tmp_path / "side.y4m", one_person("person_c.jpg"))
    details = enrol_candidate("person_b.jpg")
    with (
        open_browser(playwright, webcam) as candidate,
        open_browser(playwright, side, size=PHONE) as phone,
    ):
        candidate.context.add_init_script(SET_ENGLISH)
        phone.context.add_init_script(SET_ENGLISH)
        journey = CandidateJourney(
            candidate.page, phone.page, product.summary, details, check_screen
        )
        journey.go_to_paper("trial", webcam)
        journey.submit()
        wait_for_state(candidate.page, "submitted")
        candidate.page.get_by_test_id("report-receipt").scroll_into_view_if_needed()
        journey.check_state_screen("submitted", "exam-trial-report-en")
        candidate.page.get_by_test_id("leave").click()
        journey.go_to_paper("official", webcam)
        journey.check_state_screen("answering", "exam-answering-en")
        journey.submit()
        journey.check_state_screen("submitted", "exam-receipt-en")
        candidate.assert_no_console_errors()
        phone.assert_no_console_errors(ignoring="401")


class CandidateJourney:
    """A candidate with both devices; every screen is checked once, also for Chinese text."""

    def __init__(
        self,
        page: Page,
        mobile: Page,
        summary: dict[str, Any],
        details: dict[str, Any],
        check_screen: CheckScreen,
    ) -> None:
        self.page, self.mobile, self._check_screen = page, mobile, check_screen
        self._summary, self._details = summary, details
        self._checked_screens: set[str] = set()

    def go_to_paper(self, kind: str, camera: Camera) -> None:
        page = self.page
        submit_credentials(page, self._summary, self._details, kind)
        self.check_state_screen("signed_in", "exam-check-in-en")
        pass_checks(page)
        enter_exam(page)
        go_to_consent(page)
        page.get_by_test_id("consent-agree").click()
        expect(page.get_by_test_id("photo-take")).to_be_enabled()
        self.check_state_screen("pledged", "exam-photo-en")
        take_photo(page, camera, "person_b.jpg")
        wait_for_state(page, "identity_verified")
        self._join_second_view()
        page.get_by_test_id("second-view-continue").click()
        self.check_state_screen("second_view_ready", "exam-rules-en")
        page.get_by_test_id("enter-waiting-room").click()
        self.check_state_screen("waiting", "exam-waiting-en")
        page.get_by_test_id("start-exam").click()
        wait_for_state(page, "answering")
        expect(page.get_by_test_id("question")).to_be_visible(timeout=STEP_TIMEOUT)

    def _join_second_view(self) -> None:
        """Join with the phone's code, place the phone and start its view."""
        code = self.page.get_by_test_id("second-view-code")
        expect(code).to_have_text(re.compile(r"^[A-Z0-9]{8}$"))
        self.check_state_screen("identity_verified", "exam-second-view-en")
        mobile = self.mobile
        mobile.goto(f"{self._summary['phone_url']}?code={code.inner_text().strip()}")
        mobile.get_by_test_id("check-camera").click()
        mobile.get_by_test_id("join-admission-number").fill(self._details["admission_number"])
        mobile.get_by_test_id("join-id-number").fill(self._details["id_number"])
        submit = mobile.get_by_test_id("join-submit")
        expect(submit).to_be_enabled(timeout=STEP_TIMEOUT)
        self.check_screen(mobile, "phone-join-en")
        submit.click()
        expect(mobile.get_by_test_id("place-phone")).to_be_visible(timeout=STEP_TIMEOUT)
        mobile.get_by_test_id("shot-take").click()
        expect(mobile.get_by_test_id("test-shot")).to_have_attribute(
            "data-step", "ready", timeout=STEP_TIMEOUT
        )
        self.check_screen(mobile, "phone-placed-en")
        mobile.get_by_test_id("place-done").click()
        badge = mobile.get_by_test_id("second-view-badge")
        expect(badge).to_have_attribute("data-live", "true", timeout=STEP_TIMEOUT)
        self.check_screen(mobile, "phone-capturing-en")
        status = self.page.get_by_test_id("second-view-status")
        expect(status).to_have_attribute("data-joined", "true", timeout=STEP_TIMEOUT)

    def submit(self) -> None:
        page = self.page
        page.locator('[data-testid^="option-"]').first.check()
        page.get_by_test_id("mark").click()
        expect(page.get_by_test_id("save-state")).to_have_attribute("data-save", "saved")
        page.get_by_test_id("hand-in").click()
        expect(page.get_by_test_id("unanswered")).to_be_visible()
        self.check_state_screen("answering", "exam-summary-en")
        page.get_by_test_id("hand-in-confirm").click()

    def check_state_screen(self, state: str, name: str) -> None:
        """Wait for a state's screen on the exam page and check it."""
        wait_for_state(self.page, state)
        self.check_screen(self.page, name)

    def check_screen(self, page: Page, name: str) -> None:
        """Check a screen once; the candidate's name is the only Chinese text on it."""
        if name in self._checked_screens:
            return
        self._checked_screens.add(name)
        wait_for_camera_pictures(page)
        self._check_screen(page, name)
        text = page.locator("main").inner_text().replace(self._details["name"], "")
        assert CHINESE_TEXT.findall(text) == [], name
