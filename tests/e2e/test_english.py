"""The whole way in English, on both devices: the trial, then the official exam."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from infra.demo import Running
from tests.data.scenes import alone
from tests.e2e.actors import (
    STEP_TIMEOUT,
    at,
    cameras_show,
    enter,
    go_to_consent,
    pass_checks,
    take_photo,
    verify,
)
from tests.e2e.browsers import somebody
from tests.e2e.cameras import Camera
from tests.e2e.conftest import Shoot
from tests.e2e.english_only import CHINESE, SPEAKS_ENGLISH
from tests.e2e.enrolment import EnrolCandidate

pytestmark = pytest.mark.e2e

PHONE = (390, 844)


def test_the_whole_way_in_english(
    product: Running, sign_up: EnrolCandidate, playwright: Playwright, tmp_path: Path, shoot: Shoot
) -> None:
    webcam = Camera(tmp_path / "webcam.y4m", alone("person_b.jpg"))
    side = Camera(tmp_path / "side.y4m", alone("person_c.jpg"))
    who = sign_up("person_b.jpg")
    with (
        somebody(playwright, webcam) as candidate,
        somebody(playwright, side, size=PHONE) as phone,
    ):
        candidate.context.add_init_script(SPEAKS_ENGLISH)
        phone.context.add_init_script(SPEAKS_ENGLISH)
        way = Way(candidate.page, phone.page, product.summary, who, shoot)
        way.to_the_paper("trial")
        way.hands_in()
        at(candidate.page, "submitted")
        candidate.page.get_by_test_id("report-receipt").scroll_into_view_if_needed()
        way.sees("submitted", "exam-trial-report-en")
        candidate.page.get_by_test_id("leave").click()
        way.to_the_paper("official")
        way.sees("answering", "exam-answering-en")
        way.hands_in()
        way.sees("submitted", "exam-receipt-en")
        candidate.is_content()
        phone.is_content(but="401")


class Way:
    """One candidate at both devices; every screen passed is looked at once, for Chinese too."""

    def __init__(
        self, page: Page, mobile: Page, summary: dict[str, Any], who: dict[str, Any], shoot: Shoot
    ) -> None:
        self.page, self.mobile, self._shoot = page, mobile, shoot
        self._summary, self._who = summary, who
        self._seen: set[str] = set()

    def to_the_paper(self, kind: str) -> None:
        page = self.page
        verify(page, self._summary, self._who, kind)
        self.sees("signed_in", "exam-doors-en")
        pass_checks(page)
        enter(page)
        go_to_consent(page)
        page.get_by_test_id("consent-agree").click()
        expect(page.get_by_test_id("photo-take")).to_be_enabled()
        self.sees("pledged", "exam-photo-en")
        take_photo(page)
        at(page, "identity_verified")
        self._join()
        page.get_by_test_id("second-view-continue").click()
        self.sees("second_view_ready", "exam-rules-en")
        page.get_by_test_id("enter-waiting-room").click()
        self.sees("waiting", "exam-waiting-en")
        page.get_by_test_id("start-exam").click()
        at(page, "answering")
        expect(page.get_by_test_id("question")).to_be_visible(timeout=STEP_TIMEOUT)

    def _join(self) -> None:
        """The phone scans the code, stands where it should, and watches."""
        code = self.page.get_by_test_id("second-view-code")
        expect(code).to_have_text(re.compile(r"^[A-Z0-9]{8}$"))
        self.sees("identity_verified", "exam-second-view-en")
        mobile = self.mobile
        mobile.goto(f"{self._summary['phone_url']}?code={code.inner_text().strip()}")
        mobile.get_by_test_id("check-camera").click()
        mobile.get_by_test_id("join-admission-number").fill(self._who["admission_number"])
        mobile.get_by_test_id("join-id-number").fill(self._who["id_number"])
        submit = mobile.get_by_test_id("join-submit")
        expect(submit).to_be_enabled(timeout=STEP_TIMEOUT)
        self.shoot(mobile, "phone-join-en")
        submit.click()
        expect(mobile.get_by_test_id("place-phone")).to_be_visible(timeout=STEP_TIMEOUT)
        mobile.get_by_test_id("shot-take").click()
        expect(mobile.get_by_test_id("test-shot")).to_have_attribute(
            "data-step", "ready", timeout=STEP_TIMEOUT
        )
        self.shoot(mobile, "phone-placed-en")
        mobile.get_by_test_id("place-done").click()
        badge = mobile.get_by_test_id("second-view-badge")
        expect(badge).to_have_attribute("data-live", "true", timeout=STEP_TIMEOUT)
        self.shoot(mobile, "phone-watching-en")
        joined = self.page.get_by_test_id("second-view-status")
        expect(joined).to_have_attribute("data-joined", "true", timeout=STEP_TIMEOUT)

    def hands_in(self) -> None:
        page = self.page
        page.locator('[data-testid^="option-"]').first.check()
        page.get_by_test_id("mark").click()
        expect(page.get_by_test_id("save-state")).to_have_attribute("data-save", "saved")
        page.get_by_test_id("hand-in").click()
        expect(page.get_by_test_id("unanswered")).to_be_visible()
        self.sees("answering", "exam-summary-en")
        page.get_by_test_id("hand-in-confirm").click()

    def sees(self, state: str, name: str) -> None:
        """The exam page shows a state's screen, in English."""
        at(self.page, state)
        self.shoot(self.page, name)

    def shoot(self, page: Page, name: str) -> None:
        """Take a picture once; nothing on it is in Chinese but the person's own name."""
        if name in self._seen:
            return
        self._seen.add(name)
        cameras_show(page)
        self._shoot(page, name)
        text = page.locator("main").inner_text().replace(self._who["name"], "")
        assert CHINESE.findall(text) == [], name
