"""Answers survive a failing network, a reload and a second tab, and are submitted."""

from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, Route, expect

from infra.demo import ProductInstance
from tests.data.scenes import one_person
from tests.e2e.actors import (
    agree_to_everything,
    candidate_tile,
    enter_fullscreen,
    go_to_paper,
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

QUESTIONS = 11
BLANKS, TEXT, ESSAY = 9, 10, 11
ANSWERS = "**/candidate/answers/*"


def test_no_answer_is_lost(
    product: ProductInstance,
    enrol_candidate: EnrolCandidate,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    camera = Camera(tmp_path / "camera.y4m", one_person("person_b.jpg"))
    details = enrol_candidate("person_b.jpg")
    with (
        open_browser(playwright, camera) as candidate,
        open_browser(playwright, size=(1440, 900)) as proctor,
    ):
        open_room(proctor.page, product.summary)
        page = candidate.page
        sign_in(page, product.summary, details, "official")
        agree_to_everything(page)
        take_photo(page, camera, "person_b.jpg")
        go_to_paper(page)

        _fail_every_fifth(candidate.context)
        _answer_all(page, "first")
        _answer_all(page, "second")
        expect(page.get_by_test_id("save-state")).to_have_attribute(
            "data-save", "saved", timeout=60_000
        )
        candidate.context.unroute(ANSWERS)

        candidate.context.set_offline(True)
        _answer_text(page, TEXT, "写在断网时")
        expect(page.get_by_test_id("save-state")).to_have_attribute("data-save", "offline")
        check_screen(page, "exam-offline")
        candidate.context.set_offline(False)
        expect(page.get_by_test_id("save-state")).to_have_attribute(
            "data-save", "saved", timeout=60_000
        )
        _reload(page)
        wait_for_state(page, "answering")
        enter_fullscreen(page)
        page.get_by_test_id(f"question-{TEXT}").click()
        expect(page.get_by_test_id("text-answer")).to_have_value("写在断网时")

        second = candidate.context.new_page()
        second.goto(product.summary["exam_url"])
        wait_for_state(second, "answering")
        enter_fullscreen(second)
        _answer_text(second, ESSAY, "写在第二个标签页")
        expect(second.get_by_test_id("save-state")).to_have_attribute("data-save", "saved")
        second.close()

        page.get_by_test_id("hand-in").click()
        expect(page.get_by_test_id("summary")).to_be_visible()
        check_screen(page, "exam-summary")
        page.get_by_test_id("hand-in-confirm").click()
        wait_for_state(page, "submitted")
        expect(page.get_by_test_id("receipt-answered")).to_contain_text(
            f"{QUESTIONS} / {QUESTIONS}"
        )
        expect(page.get_by_test_id("receipt-check")).to_have_attribute("data-same", "true")
        check_screen(page, "exam-receipt")
        tile = candidate_tile(proctor.page, details["name"]).filter(has_not_text="调试")
        expect(tile).to_have_attribute("data-state", "submitted", timeout=20_000)
        expect(tile).to_have_attribute("data-answered", str(QUESTIONS))
        proctor.assert_no_console_errors()


def _reload(page: Page) -> None:
    """Reload an open paper: the browser asks first, and a no keeps everything as it is."""
    leave = "() => void setTimeout(() => location.reload())"
    with page.expect_event("dialog") as asked:
        page.evaluate(leave)
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    expect(page.get_by_test_id("text-answer")).to_have_value("写在断网时")
    with page.expect_event("dialog") as asked:
        page.evaluate(leave)
    with page.expect_navigation():
        asked.value.accept()


def _fail_every_fifth(browser_context: BrowserContext) -> None:
    calls = count(1)

    def continue_or_abort(route: Route) -> None:
        if next(calls) % 5:
            route.continue_()
        else:
            route.abort("connectionfailed")

    browser_context.route(ANSWERS, continue_or_abort)


def _answer_all(page: Page, text: str) -> None:
    for number in range(1, QUESTIONS + 1):
        if number in {TEXT, ESSAY}:
            _answer_text(page, number, text)
        elif number == BLANKS:
            page.get_by_test_id(f"question-{number}").click()
            for blank in (1, 2):
                page.get_by_test_id(f"blank-{blank}").fill(f"{text} {blank}")
        else:
            page.get_by_test_id(f"question-{number}").click()
            option = page.locator('[data-testid^="option-"]').nth(0 if text == "first" else 1)
            option.check()
            expect(option).to_be_checked()


def _answer_text(page: Page, number: int, text: str) -> None:
    page.get_by_test_id(f"question-{number}").click()
    page.get_by_test_id("text-answer").fill(text)
