"""Failures on exam day: no answer is lost, and the page reports its state."""

import contextlib
import os
import re
import signal
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Playwright, WebSocketRoute, expect

from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, Millis, Role, SittingKind
from chalicelib.services.core.staff_acts import ActBy
from chalicelib.services.core.tokens import API_AUDIENCE
from chalicelib.services.identity.verification import decide_identity
from chalicelib.services.ports import AppContext, ClaimedSitting, Claims
from infra.demo import ProductInstance
from tests.data.scenes import one_person
from tests.e2e.actors import STEP_TIMEOUT, enter_fullscreen, wait_for_state
from tests.e2e.browsers import BrowserUser, open_browser
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.enrolment import passcodes_of
from tests.e2e.signed_in_pages import (
    add_candidate_session,
    demo_candidate_client,
    demo_proctor_client,
    demo_subject,
    open_exam,
)
from tests.support.deployed_exam import ApiClient, DeployedExam, jpeg

pytestmark = pytest.mark.e2e

TEXT = 10
MEDIA = "**/invigil-local-media*"
CLOCK_ERROR: Millis = 180 * MINUTE
OUTAGE: Millis = 10 * MINUTE


@dataclass
class ExamDay:
    """A candidate's exam day: the candidate, the session and what sign-in requires."""

    context: AppContext
    deployed: DeployedExam
    url: str
    passcode: str
    candidate: Candidate
    session: Session
    check_screen: CheckScreen


def test_no_answer_is_lost_in_any_failure(
    product: ProductInstance,
    context: AppContext,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    now = context.clock()
    candidate, session = add_candidate_session(
        context,
        demo_subject(context),
        State.ANSWERING,
        name="林书远",
        started_at=now,
        ends_at=now + 60 * MINUTE,
    )
    passcode = passcodes_of(context, session.subject_id, candidate.candidate_id)[
        "official_passcode"
    ]
    exam_url = product.summary["exam_url"]
    deployed = DeployedExam(product, context)
    day = ExamDay(context, deployed, exam_url, passcode, candidate, session, check_screen)
    camera = Camera(tmp_path / "camera.y4m", one_person("person_b.jpg"))
    computer = tmp_path / "computer"

    with open_browser(playwright, camera, profile=computer) as first:
        set_clock(first.context, context.clock() + CLOCK_ERROR)
        _answer_on_faulty_computer(day, first)
        _answer_offline(day, first)
        kill_browser(computer)

    with open_browser(playwright, camera, profile=computer) as again:
        set_clock(again.context, context.clock() + CLOCK_ERROR)
        _reconnect(day, again)
        with open_browser(playwright, camera) as elsewhere:
            _continue_on_other_computer(day, elsewhere.page)
            expect(again.page.get_by_test_id("sign-in-dismissed")).to_be_visible(
                timeout=STEP_TIMEOUT
            )
            check_screen(again.page, "exam-other-device")

    answers = [answer.value for answer in context.sessions.answers(session.session_id)]
    assert answers == [("换到另一台电脑",)]
    actions = [entry.action for entry in context.sessions.audit(session.session_id)]
    assert {"outage", "change_device", "verify_identity"} <= set(actions)


def _answer_on_faulty_computer(day: ExamDay, person: BrowserUser) -> None:
    """The clock is wrong, uploads fail, the database is deleted, the token expires."""
    person.context.route(MEDIA, lambda route: route.abort())
    page = person.page
    open_paper(page, day)
    expect(page.get_by_test_id("time-left")).to_have_text(re.compile(r"^5[89]:"))
    # One picture arrived before the uploads failed: an outage is credited to such a device only.
    client = ApiClient(day.deployed.api, "", day.session.session_id)
    picture = jpeg(one_person("person_b.jpg"))
    day.deployed.upload_snapshot(client, day.context.clock(), picture)
    write_answer(page, "电脑的时钟错了三个小时")
    wait_until_saved(page)
    delete_database(page)
    write_answer(page, "数据库被清空之后")
    wait_until_saved(page)
    page.get_by_test_id("mark").click()
    expire_token(page, day)
    write_answer(page, "登录过期时写下")
    sign_in_again(page, day)
    wait_until_saved(page)
    expect_answer(page, "登录过期时写下")
    expect(page.get_by_test_id("uploads-notice")).to_be_visible(timeout=STEP_TIMEOUT)
    day.check_screen(page, "exam-uploads-refused")


def _answer_offline(day: ExamDay, person: BrowserUser) -> None:
    """After ten minutes offline the tab crashes; the page reopens and continues."""
    page = person.page
    wait_for_offline_copy(page)
    person.context.set_offline(True)
    write_answer(page, "断网时写下")
    wait_until_offline(page)
    person.context.clock.fast_forward(OUTAGE)
    expect(page.get_by_test_id("time-left")).to_have_text(re.compile(r"^4[789]:"))
    wait_until_offline(page)
    page = crash_tab(page)
    reopen_with_answer(page, day, "断网时写下")
    write_answer(page, "标签页崩溃之后，仍然断网")
    wait_until_offline(page)


def _reconnect(day: ExamDay, person: BrowserUser) -> None:
    """The browser restarts offline, then the network returns."""
    person.context.set_offline(True)
    page = person.page
    reopen_with_answer(page, day, "标签页崩溃之后，仍然断网")
    expect(page.get_by_test_id(f"question-{TEXT}")).to_have_attribute("data-marked", "true")
    wait_until_offline(page)
    set_last_contact_before(day, OUTAGE)
    person.context.set_offline(False)
    wait_until_saved(page)
    expect(page.get_by_test_id("outage-notice")).to_contain_text("10:00")
    day.check_screen(page, "exam-outage")


def _continue_on_other_computer(day: ExamDay, page: Page) -> None:
    """Another computer shows no question before the person was verified on it."""
    sign_in(page, day)
    wait_for_state(page, "reverifying")
    expect(page.get_by_test_id("device-change")).to_be_visible(timeout=STEP_TIMEOUT)
    expect(page.get_by_test_id("question")).to_be_hidden()
    day.check_screen(page, "exam-device-change")
    admin = day.context.registry.staff("admin")
    by = ActBy(admin, day.session.session_id, "verified-on-the-other-computer")
    decide_identity(day.context, by, None, accept=True)
    wait_for_state(page, "answering")
    enter_fullscreen(page)
    expect_answer(page, "标签页崩溃之后，仍然断网")
    write_answer(page, "换到另一台电脑")
    wait_until_saved(page)


def test_warning_arrives_when_sockets_are_blocked(
    deployed: DeployedExam, playwright: Playwright, tmp_path: Path, check_screen: CheckScreen
) -> None:
    now, closed_urls = deployed.context.clock(), []
    person = demo_candidate_client(
        deployed, State.ANSWERING, "沈清禾", started_at=now, ends_at=now + 60 * MINUTE
    )
    room_id = deployed.session(person).room_id
    camera = Camera(tmp_path / "camera.y4m", one_person("person_c.jpg"))
    with open_browser(playwright, camera) as candidate:
        page = candidate.page

        def close(socket: WebSocketRoute) -> None:
            closed_urls.append(socket.url)
            socket.close()

        page.route_web_socket(re.compile("^ws"), close)
        page.add_init_script("localStorage.setItem('invigil.language', 'en')")
        open_exam(page, deployed, person)
        expect(page.get_by_test_id("question")).to_be_visible(timeout=STEP_TIMEOUT)
        text = {"zh": "请将面部保持在画面中央", "en": "Please keep your face in the middle"}
        body = {"warning_id": "w1", "text": text, "session_ids": [person.session_id]}
        demo_proctor_client(deployed).post(f"/proctor/rooms/{room_id}/warnings", body)
        expect(page.get_by_test_id("danmaku-text")).to_have_text(text["en"], timeout=STEP_TIMEOUT)
        check_screen(page, "exam-warning-en")
        page.get_by_test_id("danmaku-acknowledge").click()
        expect(page.get_by_test_id("danmaku")).to_be_hidden()
    assert closed_urls, "the page never tried a socket"
    [warning] = deployed.context.messages.warnings(person.session_id)
    assert warning.acknowledged_at is not None


# ---- failures ----


def set_clock(browser_context: BrowserContext, now: Millis) -> None:
    """Set the computer's clock to another time, from which it continues."""
    browser_context.clock.install(time=datetime.fromtimestamp(now / 1000, UTC))


def delete_database(page: Page) -> None:
    """Delete the database of answers while the page is open."""
    page.evaluate(
        """() => new Promise((resolve, reject) => {
            const request = indexedDB.deleteDatabase('invigil');
            request.onsuccess = resolve;
            request.onerror = reject;
        })"""
    )


def expire_token(page: Page, day: ExamDay) -> None:
    """Replace the page's token with an expired one, as hours later."""
    sitting = ClaimedSitting(day.session.subject_id, SittingKind.OFFICIAL)
    expired_at = day.context.clock() - MINUTE
    claims = Claims(Role.CANDIDATE, day.session.session_id, expired_at, sitting)
    page.evaluate(
        """(token) => {
            const stored = JSON.parse(localStorage.getItem('invigil.exam'));
            localStorage.setItem('invigil.exam', JSON.stringify({ ...stored, token }));
            dispatchEvent(new StorageEvent('storage', { key: 'invigil.exam' }));
        }""",
        day.context.tokens.issue(claims, API_AUDIENCE),
    )


def crash_tab(page: Page) -> Page:
    """Crash the tab's process; return a new tab."""
    new_tab = page.context.new_page()
    with page.expect_event("crash"), contextlib.suppress(Error):
        page.goto("chrome://crash")
    page.close()
    return new_tab


def kill_browser(profile: Path) -> None:
    """Kill the browser that uses a profile, as in a power cut."""
    lock = (profile / "SingletonLock").readlink().name
    os.kill(int(lock.rpartition("-")[2]), signal.SIGKILL)


def set_last_contact_before(day: ExamDay, span: Millis) -> None:
    """Set the time of the server's last contact with the computer to `span` ago."""
    monitor = day.context.sessions.bundle(day.session.session_id).monitor
    last_contact_at = day.context.clock() - span
    day.context.sessions.commit(
        replace(monitor, version=monitor.version + 1, last_contact_at=last_contact_at)
    )


# ---- the candidate's steps ----


def open_paper(page: Page, day: ExamDay) -> None:
    """Sign in to a session that is answering; ends at the paper."""
    sign_in(page, day)
    wait_for_state(page, "answering")
    enter_fullscreen(page)


def sign_in(page: Page, day: ExamDay) -> None:
    page.goto(day.url)
    page.get_by_test_id(f"sign-in-subject-{day.session.subject_id}").check()
    page.get_by_test_id("sign-in-number").fill(day.candidate.admission_number)
    page.get_by_test_id("sign-in-passcode").fill(day.passcode)
    page.get_by_test_id("sign-in-submit").click()


def sign_in_again(page: Page, day: ExamDay) -> None:
    """Sign in again in the dialog; the current question stays open."""
    dialog = page.get_by_test_id("sign-in-again")
    expect(dialog).to_be_visible(timeout=STEP_TIMEOUT)
    day.check_screen(page, "exam-sign-in-again")
    page.get_by_test_id("again-passcode").fill(day.passcode)
    page.get_by_test_id("again-submit").click()
    expect(dialog).to_be_hidden(timeout=STEP_TIMEOUT)


def reopen_with_answer(page: Page, day: ExamDay, text: str) -> None:
    """Reopen the page; it shows the paper with the last answer."""
    page.goto(day.url)
    wait_for_state(page, "answering")
    enter_fullscreen(page)
    expect_answer(page, text)


def write_answer(page: Page, text: str) -> None:
    page.get_by_test_id(f"question-{TEXT}").click()
    page.get_by_test_id("text-answer").fill(text)


def expect_answer(page: Page, text: str) -> None:
    page.get_by_test_id(f"question-{TEXT}").click()
    expect(page.get_by_test_id("text-answer")).to_have_value(text)


def wait_until_saved(page: Page) -> None:
    state = page.get_by_test_id("save-state")
    expect(state).to_have_attribute("data-save", "saved", timeout=STEP_TIMEOUT)


def wait_until_offline(page: Page) -> None:
    state = page.get_by_test_id("save-state")
    expect(state).to_have_attribute("data-save", "offline", timeout=STEP_TIMEOUT)


def wait_for_offline_copy(page: Page) -> None:
    """Wait until the page is cached for offline use."""
    page.wait_for_function(
        "() => navigator.serviceWorker.controller && caches.has('invigil-exam-held')"
    )
