"""From opening the page to the signed pledge: the help page, the checks, the door, by keyboard too."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from infra.demo import Running
from tests.data.scenes import alone
from tests.e2e.actors import (
    STEP_TIMEOUT,
    at,
    enter,
    go_to_paper,
    open_room,
    pass_checks,
    seat_of,
    take_photo,
    verify,
)
from tests.e2e.browsers import somebody
from tests.e2e.cameras import Camera
from tests.e2e.conftest import Shoot
from tests.e2e.enrolment import EnrolCandidate

pytestmark = pytest.mark.e2e

# What must pass in a subject without rules of its own.
MUST = {"browser", "screens", "storage", "allowed", "camera", "microphone", "speaker"}
MEASURED = {"headphones", "upload", "download", "latency"}


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    """Every step here asks the API, whose functions may be cold."""
    expect.set_options(timeout=STEP_TIMEOUT)
    yield
    expect.set_options(timeout=5_000)


def test_trial_then_official(
    product: Running, sign_up: EnrolCandidate, playwright: Playwright, tmp_path: Path, shoot: Shoot
) -> None:
    camera = Camera(tmp_path / "camera.y4m", alone("person_a.jpg"))
    who = sign_up("person_a.jpg")
    with (
        somebody(playwright, camera) as candidate,
        somebody(playwright, size=(1440, 900)) as proctor,
    ):
        page = candidate.page
        _refuse_a_wrong_passcode(page, product, who)
        candidate.complaints.clear()  # the browser complains of the refusal, as it should
        verify(page, product.summary, who, "trial")
        expect(page.get_by_test_id("enter-exam")).to_be_disabled()
        shoot(page, "exam-doors")
        _see_the_phones_way(page, shoot)
        pass_checks(page)
        _see_what_was_measured(page, shoot)
        enter(page)
        _report_an_error(page, shoot)
        _sign_after_reading(page, shoot)
        take_photo(page)
        go_to_paper(page)
        page.locator('[data-testid^="option-"]').first.check()
        expect(page.get_by_test_id("save-state")).to_have_attribute("data-save", "saved")
        page.get_by_test_id("hand-in").click()
        page.get_by_test_id("hand-in-confirm").click()
        at(page, "submitted")
        _read_the_report(page, shoot)

        open_room(proctor.page, product.summary)
        seat = seat_of(proctor.page, who["name"]).filter(has_text="调试")
        expect(seat.get_by_test_id("check-mark")).to_have_attribute("data-standing", "warn")
        seat.get_by_test_id("seat-open").click()
        upload = proctor.page.get_by_test_id("seat-check-upload")
        expect(upload).to_contain_text("Mbit/s")
        shoot(proctor.page, "console-checks")

        page.get_by_test_id("leave").click()
        verify(page, product.summary, who, "official")
        pass_checks(page)
        enter(page)
        candidate.is_content()
        proctor.is_content()


def _refuse_a_wrong_passcode(page: Page, product: Running, who: dict[str, Any]) -> None:
    """Another subject's passcode does not open this one, and the answer names no other."""
    other = next(
        candidate
        for candidate in product.summary["candidates"]
        if candidate["subject"] != who["subject"]
    )
    page.goto(product.summary["exam_url"])
    page.get_by_test_id(f"sign-in-subject-{who['subject']}").check()
    expect(page.get_by_test_id("window-trial")).to_have_attribute("data-standing", "open")
    page.get_by_test_id("sign-in-number").fill(who["admission_number"])
    page.get_by_test_id("sign-in-passcode").fill(other["trial_passcode"])
    page.get_by_test_id("sign-in-submit").click()
    refusal = page.get_by_test_id("sign-in-error")
    expect(refusal).to_contain_text("与所选科目不符")
    expect(refusal).not_to_contain_text("健康管理师")


def _see_the_phones_way(page: Page, shoot: Shoot) -> None:
    page.get_by_test_id("open-phone").click()
    expect(page.get_by_test_id("second-view-qr")).to_be_visible()
    shoot(page, "exam-phone-door")
    page.get_by_test_id("phone-dialog-close").click()


def _see_what_was_measured(page: Page, shoot: Shoot) -> None:
    page.get_by_test_id("open-checks").click()
    for check in MUST | MEASURED:
        row = page.get_by_test_id(f"check-{check}")
        expect(row).not_to_have_attribute("data-outcome", "fail")
        expect(row).not_to_have_attribute("data-outcome", "todo")
    expect(page.get_by_test_id("check-framing")).to_have_attribute("data-outcome", "pass")
    expect(page.get_by_test_id("check-screens")).to_have_attribute("data-value", "1")
    page.get_by_test_id("answer-headphones-yes").click()
    expect(page.get_by_test_id("check-headphones")).to_have_attribute("data-outcome", "fail")
    expect(page.get_by_test_id("checks-sum")).to_have_attribute("data-missing", "1")
    shoot(page, "exam-checks")
    page.get_by_test_id("checks-back").click()
    expect(page.get_by_test_id("enter-exam")).to_be_disabled()
    page.get_by_test_id("open-checks").click()
    page.get_by_test_id("answer-headphones-no").click()
    expect(page.get_by_test_id("checks-sum")).to_have_attribute("data-missing", "0")
    page.get_by_test_id("checks-back").click()
    shoot(page, "exam-doors-done")


def _report_an_error(page: Page, shoot: Shoot) -> None:
    page.get_by_test_id("report-error").click()
    field = page.get_by_test_id("support-field")
    expect(field).to_have_value(re.compile("^我的报名信息有误"))
    field.press_sequentially("手机号")
    shoot(page, "exam-report-error")
    page.get_by_test_id("support-send").click()
    expect(page.get_by_test_id("chat-message")).to_contain_text("手机号")
    page.get_by_test_id("support-close").click()


def _sign_after_reading(page: Page, shoot: Shoot) -> None:
    page.get_by_test_id("confirm-info").click()
    at(page, "info_confirmed")
    expect(page.get_by_test_id("pledge-agree")).to_be_disabled()
    shoot(page, "exam-pledge")
    page.get_by_test_id("pledge-decline").click()
    page.get_by_test_id("pledge-back").click()
    page.get_by_test_id("pledge-text").press("End")
    page.get_by_test_id("pledge-agree").click()
    at(page, "pledged")
    page.get_by_test_id("consent-agree").click()


def _read_the_report(page: Page, shoot: Shoot) -> None:
    for part, standing in {
        "checks": "warn", "photo": "pass", "second": "warn", "answers": "pass", "receipt": "pass",
    }.items():  # fmt: skip
        row = page.get_by_test_id(f"report-{part}")
        expect(row).to_have_attribute("data-standing", standing)
    shoot(page, "exam-trial-report")


def test_the_start_in_english_by_keyboard_alone(
    product: Running, sign_up: EnrolCandidate, playwright: Playwright, tmp_path: Path, shoot: Shoot
) -> None:
    camera = Camera(tmp_path / "camera.y4m", alone("person_b.jpg"))
    who = sign_up(None, "health-2")
    with somebody(playwright, camera) as candidate:
        page = candidate.page
        page.goto(product.summary["exam_url"].replace("/exam/", "/help/"))
        page.get_by_test_id("language-en").click()
        expect(page.get_by_test_id("support-hours")).to_contain_text("daily", timeout=STEP_TIMEOUT)
        shoot(page, "exam-help")
        page.goto(product.summary["exam_url"])
        expect(page.get_by_test_id("sign-in-number")).to_be_visible()
        page.locator("body").focus()
        _tab_to(page, "sign-in-subject-hr-2")
        page.keyboard.press("ArrowDown")
        expect(page.get_by_test_id("sign-in-subject-health-2")).to_be_checked()
        _tab_to(page, "sign-in-number")
        page.keyboard.type(who["id_number"])
        _tab_to(page, "sign-in-passcode")
        page.keyboard.type(who["trial_passcode"])
        shoot(page, "exam-sign-in-en")
        page.keyboard.press("Enter")
        at(page, "signed_in")
        _press(page, "open-checks")
        expect(page.get_by_test_id("run-checks")).to_be_enabled()
        _press(page, "run-checks")
        _press(page, "play-sound")
        expect(page.get_by_test_id("answer-speaker-heard")).to_be_visible()
        _press(page, "answer-speaker-heard")
        _press(page, "answer-headphones-no")
        done = page.get_by_test_id("checks-sum")
        expect(done).to_have_attribute("data-busy", "false", timeout=STEP_TIMEOUT)
        expect(done).to_have_attribute("data-missing", "0")
        shoot(page, "exam-checks-en")
        _press(page, "checks-back")
        expect(page.get_by_test_id("enter-exam")).to_be_enabled()
        _press(page, "enter-exam")
        shoot(page, "exam-confirm-en")
        _press(page, "confirm-info")
        at(page, "info_confirmed")
        _tab_to(page, "pledge-text")
        page.keyboard.press("End")
        expect(page.get_by_test_id("pledge-agree")).to_be_enabled()
        shoot(page, "exam-pledge-en")
        _press(page, "pledge-agree")
        at(page, "pledged")
        candidate.is_content()


def _tab_to(page: Page, name: str) -> None:
    """Go on by the Tab key until something has the focus. Fails where it cannot be reached."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.dataset.testid") == name:
            return
    raise AssertionError(f"{name} cannot be reached by the keyboard")


def _press(page: Page, name: str) -> None:
    _tab_to(page, name)
    page.keyboard.press("Enter")
