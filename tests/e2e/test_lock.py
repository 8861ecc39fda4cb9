"""The page lock while answering, and subjects that require Safe Exam Browser."""

import plistlib
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import CDPSession, Page, Playwright, expect

from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.rules.page_exits import PageLockRule
from chalicelib.domain.rules.safe_exam_browser import SebRule, SebUse
from chalicelib.domain.rules.seb_config_key import config_key
from chalicelib.domain.sessions.states import State
from chalicelib.services.ports import AppContext
from infra.demo import ProductInstance
from infra.seed.demonstration import EXAM_ID
from tests.data.scenes import one_person
from tests.e2e.actors import candidate_tile, enter_fullscreen, open_flag, open_room, wait_for_state
from tests.e2e.browsers import BrowserUser, open_browser
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.signed_in_pages import add_candidate_session, add_demo_subject
from tests.support import builders as build

pytestmark = pytest.mark.e2e

STORE_SESSION = "(stored) => localStorage.setItem('invigil.exam', JSON.stringify(stored))"
# The API of Safe Exam Browser: hashes of the URL, computed as by the real one.
SAFE_EXAM_BROWSER = """
window.SafeExamBrowser = { security: { updateKeys(done) {
  const text = new TextEncoder().encode(location.href.split('#')[0] + '%s');
  crypto.subtle.digest('SHA-256', text).then((digest) => {
    const bytes = [...new Uint8Array(digest)];
    this.configKey = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
    done();
  });
} } };
"""


def open_signed_in_page(
    product: ProductInstance, context: AppContext, page: Page, subject: Subject, state: State
) -> dict[str, Any]:
    """Sign in a new candidate whose session is in the given state, and open the page."""
    candidate, _ = add_candidate_session(context, subject, state)
    body = {
        "exam_id": EXAM_ID,
        "subject_id": subject.subject_id,
        "number": candidate.admission_number,
        "passcode": build.OFFICIAL,
    }
    response = httpx.post(f"{product.endpoints.api_url}/candidate/sign-in", json=body, timeout=60)
    signed_in: dict[str, Any] = response.raise_for_status().json()
    page.goto(product.summary["exam_url"])
    page.evaluate(STORE_SESSION, signed_in)
    page.reload()
    return {"name": candidate.name, **signed_in}


def lose_focus(devtools: CDPSession, page: Page) -> Page:
    """Focus another page, and return it."""
    devtools.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
    return page.context.new_page()


def regain_focus(devtools: CDPSession, page: Page, other: Page) -> None:
    """Close the other page and focus this one again."""
    other.close()
    page.bring_to_front()
    devtools.send("Emulation.setFocusEmulationEnabled", {"enabled": True})


def test_page_exits_are_flagged_and_pause_the_session(
    product: ProductInstance,
    context: AppContext,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    camera = Camera(tmp_path / "camera.y4m", one_person("person_a.jpg"))
    subject = add_demo_subject(context, lock=PageLockRule(max_exits=1))
    with (
        open_browser(playwright, camera) as candidate,
        open_browser(playwright, size=(1440, 900)) as proctor,
    ):
        page = candidate.page
        open_room(proctor.page, product.summary)
        details = open_signed_in_page(product, context, page, subject, State.WAITING)
        wait_for_state(page, "waiting")
        page.get_by_test_id("start-exam").click()
        wait_for_state(page, "answering")
        expect(page.get_by_test_id("question")).to_be_visible(timeout=20_000)
        assert page.evaluate("document.fullscreenElement !== null")
        _assert_content_protected(page)

        cover, tile = (
            page.get_by_test_id("lock-cover"),
            candidate_tile(proctor.page, details["name"]),
        )
        devtools = candidate.context.new_cdp_session(page)
        other = lose_focus(devtools, page)
        page.wait_for_function("document.documentElement.dataset.covered === 'left'")
        expect(page.get_by_test_id("question")).to_be_hidden()
        expect(open_flag(tile, "left_page")).to_be_visible(timeout=20_000)
        regain_focus(devtools, page, other)
        expect(open_flag(tile, "left_page")).to_have_count(0, timeout=20_000)
        expect(cover).to_have_attribute("data-why", "blur")
        expect(page.get_by_test_id("lock-count")).to_contain_text("1")
        check_screen(page, "exam-lock-left")
        enter_fullscreen(page)

        page.evaluate("document.exitFullscreen()")
        expect(cover).to_have_attribute("data-why", "fullscreen")
        expect(page.get_by_test_id("lock-count")).to_contain_text("10 秒")
        expect(cover).to_have_attribute("data-forgivable", "true")
        expect(page.get_by_test_id("paused")).to_be_visible(timeout=40_000)
        expect(page.get_by_test_id("paused-reason")).to_contain_text("多次离开考试页面")
        expect(tile).to_have_attribute("data-state", "paused", timeout=20_000)
        check_screen(page, "exam-lock-paused")
        _review_exits_and_resume(proctor, details["session"]["session_id"], check_screen)

        expect(cover).to_have_attribute("data-kind", "enter", timeout=20_000)
        check_screen(page, "exam-lock-enter")
        enter_fullscreen(page)
        page.evaluate("localStorage.setItem('invigil.language', 'en')")
        page.reload()
        expect(cover).to_have_attribute("data-kind", "enter")
        check_screen(page, "exam-lock-enter-en")
        enter_fullscreen(page)
        assert context.sessions.session(details["session"]["session_id"]).exits.count == 2
        candidate.assert_no_console_errors()
        proctor.assert_no_console_errors()


def _assert_content_protected(page: Page) -> None:
    for name in ("copy", "contextmenu", "dragstart"):
        prevented = page.evaluate(
            """(name) => !document.querySelector('#stem').dispatchEvent(
                new Event(name, { bubbles: true, cancelable: true }))""",
            name,
        )
        assert prevented, name
    selectable = "getComputedStyle(document.querySelector('#stem')).userSelect"
    assert page.evaluate(selectable) == "none"
    page.emulate_media(media="print")
    expect(page.get_by_test_id("question")).to_be_hidden()
    page.emulate_media(media="screen")


def _review_exits_and_resume(
    proctor: BrowserUser, session_id: str, check_screen: CheckScreen
) -> None:
    page = proctor.page
    page.locator(f'[data-session="{session_id}"]').get_by_test_id("seat-open").click()
    flags = page.locator('[data-testid="flag"][data-kind="left_page"]')
    signals = flags.get_by_test_id("flag-why")
    expect(signals).to_have_count(2)
    assert {signal.get_attribute("data-why") for signal in signals.all()} == {"blur", "fullscreen"}
    check_screen(page, "console-left-page")
    page.get_by_test_id("resume").click()
    page.get_by_test_id("confirm").click()


def test_subject_that_requires_safe_exam_browser_opens_in_it_only(
    product: ProductInstance, context: AppContext, playwright: Playwright, check_screen: CheckScreen
) -> None:
    subject = add_demo_subject(context, safe_browser=SebRule(SebUse.REQUIRED))
    with open_browser(playwright) as candidate:
        page = candidate.page
        open_signed_in_page(product, context, page, subject, State.INFO_CONFIRMED)
        link = page.get_by_test_id("seal-link")
        expect(link).to_be_visible()
        check_screen(page, "exam-seb-required")
        page.get_by_test_id("language-en").click()
        check_screen(page, "exam-seb-required-en")

        url = link.get_attribute("href") or ""
        assert url.startswith("seb://")
        file = httpx.get(url.replace("seb://", "http://"), timeout=60)
        assert file.headers["content-type"] == "application/seb"
        settings = plistlib.loads(file.content)
        assert settings["startURL"] == product.summary["exam_url"]
        assert settings["browserMediaCaptureCamera"] is True

        page.add_init_script(SAFE_EXAM_BROWSER % ("0" * 64))
        page.reload()
        expect(page.get_by_test_id("seal-refused")).to_be_visible(timeout=20_000)
        check_screen(page, "exam-seb-refused")
        page.add_init_script(SAFE_EXAM_BROWSER % config_key(settings))
        page.reload()
        wait_for_state(page, "info_confirmed")
        expect(page.get_by_test_id("pledge-text")).to_be_visible()
        assert "nonce" not in page.url
        candidate.assert_no_console_errors(ignoring="403")
        candidate.console_errors.clear()
        page.get_by_test_id("pledge-decline").click()
        page.get_by_test_id("pledge-decline-confirm").click()
        wait_for_state(page, "declined")
        assert (page.get_by_test_id("seal-quit").get_attribute("href") or "") == settings["quitURL"]
        candidate.assert_no_console_errors(ignoring="401")  # declining ended the token
