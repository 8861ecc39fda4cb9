"""An ended official exam is reopened by two people, and the candidate's page is open again at once."""

import pytest
from playwright.sync_api import Page, Playwright, expect

from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, Role
from chalicelib.services.ports import AppContext
from tests.e2e.actors import STEP_TIMEOUT, fill_credentials
from tests.e2e.browsers import open_browser
from tests.e2e.conftest import CheckScreen
from tests.e2e.english_only import CHINESE_TEXT, SET_ENGLISH
from tests.e2e.enrolment import passcodes_of
from tests.e2e.signed_in_pages import (
    ROOM,
    add_candidate_session,
    assert_reflows,
    demo_subject,
    open_candidate_page,
    open_exam,
)
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam

pytestmark = pytest.mark.e2e

CLOSED_WHILE_OPENING = "WebSocket is closed before the connection is established"
REASON = "考生误触交卷。"


def add_admin(deployed: DeployedExam, name: str) -> ApiClient:
    """Add an administrator of a name that is shown; return their API client."""
    username = deployed.username(name)
    deployed.context.registry.put_staff(build.staff(username, Role.ADMIN))
    return deployed.client_for(Role.ADMIN, username)


def test_exam_is_reopened_by_two_administrators(
    deployed: DeployedExam,
    context: AppContext,
    playwright: Playwright,
    check_screen: CheckScreen,
) -> None:
    subject, now = demo_subject(context), context.clock()
    person, session = add_candidate_session(
        context,
        subject,
        State.ANSWERING,
        started_at=now - 60 * MINUTE,
        ends_at=now + 25 * MINUTE,
    )
    client = deployed.client_for(Role.CANDIDATE, session.session_id, subject.subject_id)
    client.post("/candidate/submit")
    asking, deciding = (add_admin(deployed, name) for name in ("asking", "deciding"))
    with (
        open_browser(playwright) as candidate,
        open_browser(playwright, size=(1440, 900)) as first,
        open_browser(playwright, size=(1440, 900)) as second,
    ):
        open_exam(candidate.page, deployed, client)
        expect(candidate.page.get_by_test_id("end-title")).to_be_visible()
        expect(candidate.page.get_by_test_id("reopened")).to_have_count(0)
        open_candidate_page(first.page, deployed, session.session_id, asking, ROOM)
        second.page.add_init_script(SET_ENGLISH)
        open_candidate_page(second.page, deployed, session.session_id, deciding, ROOM)

        request_reopening(first.page, check_screen)
        confirm_reopening(second.page, asking.session_id, check_screen)

        # At once, and without anybody touching the page.
        expect(candidate.page.get_by_test_id("reopened")).to_be_visible(timeout=STEP_TIMEOUT)
        candidate.page.get_by_test_id("sign-in-again").click()
        details = {
            "subject": subject.subject_id,
            "admission_number": person.admission_number,
            **passcodes_of(context, subject.subject_id, person.candidate_id),
        }
        fill_credentials(candidate.page, details, "official")

        # The page of who asked shows the sealed attempt still, and leads to the new one.
        page = first.page
        superseded = page.get_by_test_id("superseded")
        expect(superseded).to_be_visible(timeout=STEP_TIMEOUT)
        check_screen(page, "console-attempt-sealed")
        superseded.get_by_role("link").click()
        expect(page.get_by_test_id("attempt").first).to_contain_text("重新开放")
        expect(page.get_by_test_id("seat-page")).not_to_have_attribute(
            "data-session", session.session_id
        )
        check_screen(page, "console-attempt-new")
        # Back by the list, and directly: it is on no wall any more.
        page.locator('[data-testid="attempt"][data-attempt="1"] a').click()
        expect(superseded).to_be_visible()
        page.reload()
        expect(superseded).to_be_visible(timeout=STEP_TIMEOUT)
        for staff in (first, second):
            staff.assert_no_console_errors()
        # The sealed attempt's socket may still be opening when its page is told, by polling, and closes it.
        candidate.assert_no_console_errors(ignoring=CLOSED_WHILE_OPENING)
    current = context.sessions.current_attempt(session.session_id)
    attempt = context.sessions.session(current.session_id)
    assert (attempt.attempt, attempt.reopened is not None) == (2, True)
    assert attempt.reopened is not None
    assert (attempt.reopened.reason, attempt.reopened.span) == (REASON, 25 * MINUTE)


def request_reopening(page: Page, check_screen: CheckScreen) -> None:
    """Ask for it with a reason and the time that was left."""
    page.get_by_test_id("reopen").click()
    minutes = page.get_by_test_id("reopen-minutes")
    expect(minutes).to_be_visible()
    minutes.fill("25")
    page.get_by_test_id("reason-template").first.click()
    check_screen(page, "console-reopen-dialog")
    assert_reflows(page)
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("withdraw")).to_be_visible(timeout=STEP_TIMEOUT)
    expect(page.get_by_test_id("approve")).to_have_count(0)


def confirm_reopening(page: Page, username: str, check_screen: CheckScreen) -> None:
    """Read who asked and why, also on the wall, and confirm."""
    request = page.get_by_test_id("reopen-request")
    expect(request).to_contain_text(username, timeout=STEP_TIMEOUT)
    expect(request).to_contain_text(REASON)
    text = page.get_by_test_id("attempts").inner_text().replace(REASON, "")
    assert CHINESE_TEXT.findall(text) == []
    check_screen(page, "console-reopen-request")
    assert_reflows(page)
    page.get_by_test_id("back-to-wall").click()
    expect(page.get_by_test_id("reopening-pending")).to_be_visible()
    page.go_back()
    page.get_by_test_id("approve").click()
    page.get_by_test_id("confirm").click()
    expect(page.get_by_test_id("superseded")).to_be_visible(timeout=STEP_TIMEOUT)
