"""Firewalls, proxies and login pages that answer in the servers' place; browsers that keep nothing."""

import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from chalicelib.domain.capture.captures import PICTURES_FIRST, PICTURES_SECOND
from chalicelib.domain.rules.findings import ARRIVAL_KINDS
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, Medium, Millis, View
from chalicelib.services.ports import AppContext
from infra.demo import ProductInstance
from tests.data.scenes import empty, one_person
from tests.e2e.actors import STEP_TIMEOUT, enter_fullscreen, sign_in_to_console, wait_for_state
from tests.e2e.browsers import open_browser
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.enrolment import passcodes_of
from tests.e2e.intermediaries import MEDIA, STATUSES, Intermediary
from tests.e2e.signed_in_pages import (
    add_candidate_session,
    demo_candidate_client,
    demo_subject,
    open_exam,
    open_phone,
)
from tests.support.deployed_exam import DeployedExam

pytestmark = pytest.mark.e2e

CHOICES = range(1, 9)
TEXT = 10
SPAN = 12_000  # ms that everything is answered by something between
PHONE = (390, 844)
PERIODS = {schedule.view: schedule.period for schedule in (PICTURES_FIRST, PICTURES_SECOND)}
BLOCKED_COOKIES = {"profile": {"default_content_setting_values": {"cookies": 2}}}


def test_answers_of_something_between_harm_nobody(
    deployed: DeployedExam, playwright: Playwright, tmp_path: Path, check_screen: CheckScreen
) -> None:
    webcam = Camera(tmp_path / "webcam.y4m", one_person("person_b.jpg"))
    side = Camera(tmp_path / "side.y4m", empty())
    context = deployed.context
    now = context.clock()
    person = demo_candidate_client(
        deployed, State.ANSWERING, "唐知远", started_at=now, ends_at=now + 60 * MINUTE
    )
    with (
        open_browser(playwright, webcam) as candidate,
        open_browser(playwright, side, size=PHONE) as phone,
    ):
        page = candidate.page
        exam_proxy = Intermediary(
            candidate.context,
            "**/candidate/answers/*", "**/candidate/captures", "**/candidate/lock",
            "**/candidate/submit", "**/candidate/session", "**/candidate/ticket", MEDIA,
        )  # fmt: skip
        phone_proxy = Intermediary(phone.context, "**/phone/*", MEDIA)
        exam_proxy.once(answers=len(STATUSES), captures=1, lock=1, media=2)
        open_exam(page, deployed, person)
        open_phone(phone.page, deployed, person.session_id)

        # Each page once: each of the first answers gets another one.
        choose(page, 0)
        wait_until_saved(page)
        assert exam_proxy.answered["answers"] == len(STATUSES)
        assert len(context.sessions.answers(person.session_id)) == len(CHOICES)
        wait_on_page(
            page,
            lambda: bool(pictures(context, person.session_id, View.FIRST, now, context.clock())),
            "a picture after a page of each kind",
        )
        leave_full_screen(page)

        # For a while, everything: pictures, answers, the report of a page exit, the phone.
        for proxy in (exam_proxy, phone_proxy):
            proxy.block()
        began_at = context.clock()
        choose(page, 1)
        page.get_by_test_id(f"question-{TEXT}").click()
        page.get_by_test_id("text-answer").fill("写在登录页之间")
        expect(page.get_by_test_id("save-state")).to_have_attribute("data-save", "offline")
        leave_full_screen(page)
        page.get_by_test_id("hand-in").click()
        page.get_by_test_id("hand-in-confirm").click()
        page.wait_for_timeout(SPAN)
        told = page.get_by_test_id("hand-in-unsaved")
        expect(told).to_contain_text("第 1、2、3、4、5、6、7、8、10 题", timeout=STEP_TIMEOUT)
        check_screen(page, "exam-hand-in-unsaved")
        expect(phone.page.get_by_test_id("second-view-badge")).to_be_visible()
        wait_on_page(
            page,
            lambda: (
                {"answers", "lock", "media"} <= exam_proxy.answered.keys()
                and {"report", "media"} <= phone_proxy.answered.keys()
            ),
            "everything is answered by something between",
        )
        assert deployed.session(person).state is State.ANSWERING

        # The line is good again: everything arrives, and the paper is handed in by itself.
        for proxy in (exam_proxy, phone_proxy):
            proxy.lift()
        ended_at = context.clock()
        wait_for_state(page, "submitted")
        expect(page.get_by_test_id("receipt-answered")).to_contain_text(f"{len(CHOICES) + 1} /")
        expect(page.get_by_test_id("receipt-check")).to_have_attribute("data-same", "true")
        # Reports give way to answers, and to nothing else: the paper may be handed in before them.
        wait_on_page(page, lambda: deployed.session(person).exits.count == 2, "both page exits")
        for view in PERIODS:
            _wait_for_held_back(page, context, person.session_id, view, began_at, ended_at)
        absences = [
            flag for flag in context.sessions.flags(person.session_id) if flag.kind in ARRIVAL_KINDS
        ]
        assert absences == []


def test_pages_work_where_all_cookies_are_blocked(
    product: ProductInstance,
    context: AppContext,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    webcam = Camera(tmp_path / "webcam.y4m", one_person("person_c.jpg"))
    profile = tmp_path / "profile"
    (profile / "Default").mkdir(parents=True)
    (profile / "Default" / "Preferences").write_text(json.dumps(BLOCKED_COOKIES), encoding="utf-8")
    now, subject = context.clock(), demo_subject(context)
    candidate, session = add_candidate_session(
        context, subject, State.ANSWERING, "沈念慈", started_at=now, ends_at=now + 60 * MINUTE
    )
    passcodes = passcodes_of(context, subject.subject_id, candidate.candidate_id)
    with open_browser(playwright, webcam, profile=profile) as person:
        page = person.page
        page.goto(product.summary["exam_url"])
        assert page.evaluate("() => { try { return !localStorage } catch { return true } }")
        expect(page.get_by_test_id("storage-notice")).to_be_visible()
        page.get_by_test_id(f"sign-in-subject-{subject.subject_id}").check()
        check_screen(page, "exam-no-storage")
        page.get_by_test_id("sign-in-number").fill(candidate.admission_number)
        page.get_by_test_id("sign-in-passcode").fill(passcodes["official_passcode"])
        page.get_by_test_id("sign-in-submit").click()
        wait_for_state(page, "answering")
        enter_fullscreen(page)
        choose(page, 0)
        wait_until_saved(page)
        wait_on_page(
            page,
            lambda: bool(pictures(context, session.session_id, View.FIRST, now, context.clock())),
            "a picture of the page without storage",
        )

        # A reload is no other device: neither passcode nor photo check, and the same sign-in.
        generation = context.sessions.session(session.session_id).generation
        page.reload()
        wait_for_state(page, "answering")
        enter_fullscreen(page)
        wait_until_saved(page)
        after = context.sessions.session(session.session_id)
        assert (after.state, after.generation) == (State.ANSWERING, generation)

        mobile = person.context.new_page()
        mobile.goto(product.summary["phone_url"] + "?code=ABCDEFGH")
        expect(mobile.get_by_test_id("storage-notice")).to_be_visible()
        expect(mobile.get_by_test_id("check-camera")).to_be_visible()
        mobile.close()
        staff = person.context.new_page()
        sign_in_to_console(staff, product.summary)
        staff.get_by_test_id("room-link").first.click()
        expect(staff.get_by_test_id("link")).to_have_attribute(
            "data-link", "open", timeout=STEP_TIMEOUT
        )
        staff.close()

        enter_again(page)
        page.get_by_test_id("hand-in").click()
        page.get_by_test_id("hand-in-confirm").click()
        wait_for_state(page, "submitted")
        expect(page.get_by_test_id("receipt-check")).to_have_attribute("data-same", "true")
    assert len(context.sessions.answers(session.session_id)) == len(CHOICES)


def _wait_for_held_back(
    page: Page, context: AppContext, session_id: str, view: View, since: Millis, until: Millis
) -> None:
    planned = (until - since) // PERIODS[view] - 1

    def arrived() -> bool:
        return len(pictures(context, session_id, view, since, until)) >= planned

    wait_on_page(page, arrived, f"the pictures of the view {view} that were held back")


def choose(page: Page, option: int) -> None:
    """Choose an option of every question that has options."""
    for number in CHOICES:
        page.get_by_test_id(f"question-{number}").click()
        chosen = page.locator('[data-testid^="option-"]').nth(option)
        chosen.check()
        expect(chosen).to_be_checked()


def wait_until_saved(page: Page) -> None:
    expect(page.get_by_test_id("save-state")).to_have_attribute(
        "data-save", "saved", timeout=STEP_TIMEOUT
    )


def leave_full_screen(page: Page) -> None:
    """Leave the page long enough to be reported, and come back."""
    page.evaluate("document.exitFullscreen()")
    # Out of full screen alone, which is forgiven longer than other exits.
    expect(page.get_by_test_id("lock-cover")).to_have_attribute(
        "data-forgivable", "false", timeout=STEP_TIMEOUT
    )
    enter_fullscreen(page)


def enter_again(page: Page) -> None:
    """Come back from other tabs."""
    page.bring_to_front()
    if page.get_by_test_id("lock-cover").is_visible():
        enter_fullscreen(page)


def wait_on_page(page: Page, probe: Callable[[], bool], what: str) -> None:
    """Poll while the pages go on: their requests are answered by this thread."""
    deadline = time.monotonic() + STEP_TIMEOUT / 1000
    while not probe():
        assert time.monotonic() < deadline, what
        page.wait_for_timeout(200)


def pictures(
    context: AppContext, session_id: str, view: View, since: Millis, until: Millis
) -> list[Millis]:
    """Return the planned times of a view's pictures in a span, that the models have seen."""
    return [
        observation.captured_at
        for observation in context.sessions.observations(session_id, limit=200)
        if observation.view is view
        and observation.medium is Medium.PICTURE
        and since <= observation.captured_at <= until
    ]
