"""Checks of screens that no other test covers, in both languages."""

import re
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Playwright, expect

from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, LocalizedText, SittingKind
from chalicelib.services.ports import AppContext
from infra.demo import ProductInstance
from infra.seed.demonstration import EXAM_ID
from tests.data.scenes import one_person
from tests.e2e.actors import STEP_TIMEOUT, wait_for_camera_pictures
from tests.e2e.browsers import open_browser
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.signed_in_pages import (
    add_candidate_session,
    add_demo_subject,
    demo_candidate_client,
    demo_proctor_client,
    open_exam,
)
from tests.support import builders as build
from tests.support.deployed_exam import DeployedExam
from tests.support.polling import wait_for

pytestmark = pytest.mark.e2e


def test_help_page_and_sign_in_before_opening(
    product: ProductInstance, context: AppContext, playwright: Playwright, check_screen: CheckScreen
) -> None:
    now = context.clock()
    later = replace(
        build.window(build.OFFICIAL, now), opens_at=now + 30 * MINUTE, starts_at=now + 60 * MINUTE
    )
    title = LocalizedText("劳动关系协调师（二级）", "Labour relations coordinator (level 2)")
    subject = add_demo_subject(context, title=title, windows=dict.fromkeys(SittingKind, later))
    candidate_record, _ = add_candidate_session(context, subject, State.SIGNED_IN)
    api = product.endpoints.api_url
    body = {"exam_id": EXAM_ID, "subject_id": subject.subject_id, "passcode": build.OFFICIAL}
    # A sign-in to a subject unknown to the API refreshes its cached exam.
    httpx.post(
        f"{api}/candidate/sign-in", json={**body, "number": candidate_record.id_number}, timeout=60
    )
    exam_url = f"{api}/exams/{EXAM_ID}"
    wait_for(lambda: subject.subject_id in httpx.get(exam_url, timeout=60).text, "the new subject")
    with open_browser(playwright) as visitor:
        page = visitor.page
        page.goto(product.summary["exam_url"].replace("/exam/", "/help/"))
        expect(page.get_by_test_id("support-hours")).to_contain_text("每日", timeout=STEP_TIMEOUT)
        check_screen(page, "exam-help-zh")
        page.goto(product.summary["exam_url"])
        page.get_by_test_id(f"sign-in-subject-{subject.subject_id}").check()
        page.get_by_test_id("sign-in-number").fill(candidate_record.admission_number)
        page.get_by_test_id("sign-in-passcode").fill(build.OFFICIAL)
        page.get_by_test_id("sign-in-submit").click()
        early = page.get_by_test_id("sign-in-early")
        expect(early).to_contain_text("还没到")
        check_screen(page, "exam-too-early")
        page.get_by_test_id("language-en").click()
        expect(early).to_contain_text("too early")
        check_screen(page, "exam-too-early-en")


def test_call_and_chat_in_the_waiting_room(
    deployed: DeployedExam, playwright: Playwright, tmp_path: Path, check_screen: CheckScreen
) -> None:
    now = deployed.context.clock()
    person = demo_candidate_client(deployed, State.WAITING, "沈清禾", starts_at=now + 20 * MINUTE)
    proctor = demo_proctor_client(deployed)
    camera = Camera(tmp_path / "camera.y4m", one_person("person_c.jpg"))
    with open_browser(playwright, camera) as candidate:
        page = candidate.page
        open_exam(page, deployed, person)
        expect(page.get_by_test_id("countdown")).to_have_text(re.compile("^(20:00|19:)"))
        expect(page.get_by_test_id("start-exam")).to_be_disabled()
        for kind in ("camera", "microphone"):
            expect(page.get_by_test_id(f"device-{kind}")).to_have_attribute("data-device", "live")
        wait_for_camera_pictures(page)
        check_screen(page, "exam-waiting")
        page.get_by_test_id("language-en").click()
        call = {"call_id": "c1", "kind": "talk", "reason": "Please move your second camera"}
        proctor.post(f"/proctor/sessions/{person.session_id}/calls", call)
        call_card = page.get_by_test_id("talk")
        expect(call_card).to_have_attribute("data-talk", "ringing", timeout=STEP_TIMEOUT)
        check_screen(page, "exam-talk-ringing-en")
        page.get_by_test_id("talk-decline").click()
        expect(call_card).to_be_hidden()
        page.get_by_test_id("support-open").click()
        page.get_by_test_id("support-field").fill("When does it begin?")
        page.get_by_test_id("support-send").click()
        expect(page.get_by_test_id("chat-message")).to_contain_text(
            "When does it begin?", timeout=STEP_TIMEOUT
        )
        answer = {"message_id": "m1", "text": "At the time shown; stay on this page."}
        proctor.post(f"/staff/chats/{person.session_id}", answer)
        reply = page.locator('[data-testid="chat-message"][data-side="staff"]')
        expect(reply).to_contain_text("stay on this page", timeout=STEP_TIMEOUT)
        check_screen(page, "exam-chat-en")


def test_manual_verification_in_english(
    deployed: DeployedExam, playwright: Playwright, tmp_path: Path, check_screen: CheckScreen
) -> None:
    person = demo_candidate_client(deployed, State.PLEDGED, "沈清禾")
    person.post("/candidate/face-consent", {"agreed": False})
    camera = Camera(tmp_path / "camera.y4m", one_person("person_c.jpg"))
    with open_browser(playwright, camera) as candidate:
        page = candidate.page
        page.add_init_script("localStorage.setItem('invigil.language', 'en')")
        open_exam(page, deployed, person)
        expect(page.get_by_test_id("person-check")).to_have_attribute("data-status", "pending")
        expect(page.get_by_test_id("person-check").locator("video")).to_be_visible()
        wait_for_camera_pictures(page)
        check_screen(page, "exam-manual-verification-en")
