"""From the help page to the pledge: sign-in, device checks and check-in, also by keyboard only."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from infra.demo import ProductInstance
from tests.data.scenes import one_person
from tests.e2e.actors import (
    STEP_TIMEOUT,
    candidate_tile,
    enter_exam,
    go_to_paper,
    open_room,
    pass_checks,
    submit_credentials,
    take_photo,
    wait_for_state,
)
from tests.e2e.browsers import open_browser
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.enrolment import EnrolCandidate

pytestmark = pytest.mark.e2e

# The checks that must pass in a subject with default settings.
REQUIRED_CHECKS = {"browser", "screens", "storage", "allowed", "camera", "microphone", "speaker"}
OTHER_CHECKS = {"headphones", "upload", "download", "latency"}


@pytest.fixture(autouse=True)
def longer_timeout() -> Iterator[None]:
    """Every step here calls the API, whose functions may have a cold start."""
    expect.set_options(timeout=STEP_TIMEOUT)
    yield
    expect.set_options(timeout=5_000)


def test_practice_session_then_official_exam(
    product: ProductInstance,
    enrol_candidate: EnrolCandidate,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    camera = Camera(tmp_path / "camera.y4m", one_person("person_a.jpg"))
    details = enrol_candidate("person_a.jpg")
    with (
        open_browser(playwright, camera) as candidate,
        open_browser(playwright, size=(1440, 900)) as proctor,
    ):
        page = candidate.page
        _sign_in_with_wrong_passcode(page, product, details)
        candidate.console_errors.clear()  # the browser logs the rejected request
        submit_credentials(page, product.summary, details, "trial")
        expect(page.get_by_test_id("enter-exam")).to_be_disabled()
        check_screen(page, "exam-check-in")
        _open_phone_dialog(page, check_screen)
        pass_checks(page)
        _review_device_checks(page, check_screen)
        enter_exam(page)
        _report_wrong_details(page, check_screen)
        _agree_to_pledge(page, check_screen)
        take_photo(page, camera, "person_a.jpg")
        go_to_paper(page)
        page.locator('[data-testid^="option-"]').first.check()
        expect(page.get_by_test_id("save-state")).to_have_attribute("data-save", "saved")
        page.get_by_test_id("hand-in").click()
        page.get_by_test_id("hand-in-confirm").click()
        wait_for_state(page, "submitted")
        _read_practice_report(page, check_screen)

        open_room(proctor.page, product.summary)
        tile = candidate_tile(proctor.page, details["name"]).filter(has_text="调试")
        expect(tile.get_by_test_id("check-mark")).to_have_attribute("data-standing", "warn")
        tile.get_by_test_id("seat-open").click()
        upload = proctor.page.get_by_test_id("seat-check-upload")
        expect(upload).to_contain_text("Mbit/s")
        check_screen(proctor.page, "console-checks")

        page.get_by_test_id("leave").click()
        submit_credentials(page, product.summary, details, "official")
        pass_checks(page)
        enter_exam(page)
        candidate.assert_no_console_errors()
        proctor.assert_no_console_errors()


def _sign_in_with_wrong_passcode(
    page: Page, product: ProductInstance, details: dict[str, Any]
) -> None:
    """Another subject's passcode is rejected, and the message does not name that subject."""
    other = next(
        candidate
        for candidate in product.summary["candidates"]
        if candidate["subject"] != details["subject"]
    )
    page.goto(product.summary["exam_url"])
    page.get_by_test_id(f"sign-in-subject-{details['subject']}").check()
    expect(page.get_by_test_id("window-trial")).to_have_attribute("data-standing", "open")
    page.get_by_test_id("sign-in-number").fill(details["admission_number"])
    page.get_by_test_id("sign-in-passcode").fill(other["trial_passcode"])
    page.get_by_test_id("sign-in-submit").click()
    error = page.get_by_test_id("sign-in-error")
    expect(error).to_contain_text("与所选科目不符")
    expect(error).not_to_contain_text("健康管理师")


def _open_phone_dialog(page: Page, check_screen: CheckScreen) -> None:
    page.get_by_test_id("open-phone").click()
    expect(page.get_by_test_id("second-view-qr")).to_be_visible()
    check_screen(page, "exam-phone-pairing")
    page.get_by_test_id("phone-dialog-close").click()


def _review_device_checks(page: Page, check_screen: CheckScreen) -> None:
    page.get_by_test_id("open-checks").click()
    for check in REQUIRED_CHECKS | OTHER_CHECKS:
        row = page.get_by_test_id(f"check-{check}")
        expect(row).not_to_have_attribute("data-outcome", "fail")
        expect(row).not_to_have_attribute("data-outcome", "todo")
    expect(page.get_by_test_id("check-framing")).to_have_attribute("data-outcome", "pass")
    expect(page.get_by_test_id("check-screens")).to_have_attribute("data-value", "1")
    page.get_by_test_id("answer-headphones-yes").click()
    expect(page.get_by_test_id("check-headphones")).to_have_attribute("data-outcome", "fail")
    expect(page.get_by_test_id("checks-sum")).to_have_attribute("data-missing", "1")
    check_screen(page, "exam-checks")
    page.get_by_test_id("checks-back").click()
    expect(page.get_by_test_id("enter-exam")).to_be_disabled()
    page.get_by_test_id("open-checks").click()
    page.get_by_test_id("answer-headphones-no").click()
    expect(page.get_by_test_id("checks-sum")).to_have_attribute("data-missing", "0")
    page.get_by_test_id("checks-back").click()
    check_screen(page, "exam-check-in-done")


def _report_wrong_details(page: Page, check_screen: CheckScreen) -> None:
    page.get_by_test_id("report-error").click()
    field = page.get_by_test_id("support-field")
    expect(field).to_have_value(re.compile("^我的报名信息有误"))
    field.press_sequentially("手机号")
    check_screen(page, "exam-report-error")
    page.get_by_test_id("support-send").click()
    expect(page.get_by_test_id("chat-message")).to_contain_text("手机号")
    page.get_by_test_id("support-close").click()


def _agree_to_pledge(page: Page, check_screen: CheckScreen) -> None:
    page.get_by_test_id("confirm-info").click()
    wait_for_state(page, "info_confirmed")
    expect(page.get_by_test_id("pledge-agree")).to_be_disabled()
    check_screen(page, "exam-pledge")
    page.get_by_test_id("pledge-decline").click()
    page.get_by_test_id("pledge-back").click()
    page.get_by_test_id("pledge-text").press("End")
    page.get_by_test_id("pledge-agree").click()
    wait_for_state(page, "pledged")
    page.get_by_test_id("consent-agree").click()


def _read_practice_report(page: Page, check_screen: CheckScreen) -> None:
    for part, standing in {
        "checks": "warn", "photo": "pass", "second": "warn", "answers": "pass", "receipt": "pass",
    }.items():  # fmt: skip
        row = page.get_by_test_id(f"report-{part}")
        expect(row).to_have_attribute("data-standing", standing)
    check_screen(page, "exam-trial-report")


def test_check_in_in_english_by_keyboard_only(
    product: ProductInstance,
    enrol_candidate: EnrolCandidate,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    camera = Camera(tmp_path / "camera.y4m", one_person("person_b.jpg"))
    details = enrol_candidate(None, "health-2")
    with open_browser(playwright, camera) as candidate:
        page = candidate.page
        page.goto(product.summary["exam_url"].replace("/exam/", "/help/"))
        page.get_by_test_id("language-en").click()
        expect(page.get_by_test_id("support-hours")).to_contain_text("daily", timeout=STEP_TIMEOUT)
        check_screen(page, "exam-help")
        page.goto(product.summary["exam_url"])
        expect(page.get_by_test_id("sign-in-number")).to_be_visible()
        page.locator("body").focus()
        _tab_to(page, "sign-in-subject-hr-2")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_test_id("sign-in-subject-health-2")).to_be_checked()
        _tab_to(page, "sign-in-number")
        page.keyboard.type(details["id_number"])
        _tab_to(page, "sign-in-passcode")
        page.keyboard.type(details["trial_passcode"])
        check_screen(page, "exam-sign-in-en")
        page.keyboard.press("Enter")
        wait_for_state(page, "signed_in")
        _press(page, "open-checks")
        expect(page.get_by_test_id("run-checks")).to_be_enabled()
        _press(page, "run-checks")
        _press(page, "play-sound")
        expect(page.get_by_test_id("answer-speaker-heard")).to_be_visible()
        _press(page, "answer-speaker-heard")
        _press(page, "answer-headphones-no")
        summary = page.get_by_test_id("checks-sum")
        expect(summary).to_have_attribute("data-busy", "false", timeout=STEP_TIMEOUT)
        expect(summary).to_have_attribute("data-missing", "0")
        check_screen(page, "exam-checks-en")
        _press(page, "checks-back")
        expect(page.get_by_test_id("enter-exam")).to_be_enabled()
        _press(page, "enter-exam")
        check_screen(page, "exam-confirm-en")
        _press(page, "confirm-info")
        wait_for_state(page, "info_confirmed")
        _tab_to(page, "pledge-text")
        page.keyboard.press("End")
        expect(page.get_by_test_id("pledge-agree")).to_be_enabled()
        check_screen(page, "exam-pledge-en")
        _press(page, "pledge-agree")
        wait_for_state(page, "pledged")
        candidate.assert_no_console_errors()


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until an element has the focus. Fails if it cannot be reached."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.dataset.testid") == name:
            return
    raise AssertionError(f"{name} cannot be reached by the keyboard")


def _press(page: Page, name: str) -> None:
    _tab_to(page, name)
    page.keyboard.press("Enter")
