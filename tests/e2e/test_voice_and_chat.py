"""Live video of both views, a voice call and warnings with two candidates; the support chat."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from chalicelib.domain.sessions.states import State
from tests.e2e.actors import STEP_TIMEOUT, enter_fullscreen
from tests.e2e.browsers import open_browser
from tests.e2e.calls import (
    BLUE,
    GREEN,
    RED,
    open_live_video,
    solid_colour,
    wait_for_colour,
    wait_for_silence,
    wait_for_sound,
)
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.signed_in_pages import open_candidate_page, open_exam, open_phone
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam

pytestmark = pytest.mark.e2e

SPEECH = Path(__file__).parents[1] / "data" / "speech.wav"
PHONE = (390, 844)


def test_live_video_call_and_warnings_with_two_candidates(
    deployed: DeployedExam, playwright: Playwright, tmp_path: Path, check_screen: CheckScreen
) -> None:
    webcam = Camera(tmp_path / "webcam.y4m", solid_colour(RED))
    side = Camera(tmp_path / "side.y4m", solid_colour(BLUE))
    other = Camera(tmp_path / "other.y4m", solid_colour(GREEN))
    desk = Camera(tmp_path / "desk.y4m", solid_colour(GREEN))
    first_client, second_client = deployed.candidate_client(), deployed.candidate_client()
    with (
        open_browser(playwright, webcam, sound=SPEECH) as first,
        open_browser(playwright, other, sound=SPEECH) as second,
        open_browser(playwright, side, size=PHONE) as phone,
        open_browser(playwright, desk, sound=SPEECH, size=(1440, 900)) as proctor,
    ):
        open_exam(first.page, deployed, first_client)
        open_exam(second.page, deployed, second_client)
        open_phone(phone.page, deployed, first_client.session_id)
        open_candidate_page(proctor.page, deployed, first_client.session_id)

        _open_both_views(proctor.page, first.page, phone.page, webcam)
        check_screen(proctor.page, "console-live")
        _talk(proctor.page, first.page, check_screen)
        _close_live_video(proctor.page, first.page, phone.page)
        _warn_the_room(proctor.page, (first.page, second.page), check_screen)
        _assert_warning_receipts(proctor.page, first_client, deployed)
        for user in (first, second, phone, proctor):
            user.assert_no_console_errors()


def _open_both_views(proctor: Page, candidate: Page, phone: Page, webcam: Camera) -> None:
    tile = open_live_video(proctor, "first")
    wait_for_colour(tile, RED)
    webcam.show(solid_colour(GREEN))
    wait_for_colour(tile, GREEN)
    expect(candidate.get_by_test_id("watched")).to_contain_text(build.DISPLAY_NAMES["proctor"])
    wait_for_colour(open_live_video(proctor, "second"), BLUE)
    expect(phone.get_by_test_id("watched")).to_contain_text(build.DISPLAY_NAMES["proctor"])
    wait_for_sound(proctor, "live-tile")


def _talk(proctor: Page, candidate: Page, check_screen: CheckScreen) -> None:
    card = candidate.get_by_test_id("talk")
    proctor.get_by_test_id("talk").click()
    proctor.get_by_test_id("talk-ask").click()
    candidate.get_by_test_id("talk-decline").click()
    expect(proctor.get_by_test_id("talk-last")).to_contain_text("考生拒接")
    proctor.get_by_test_id("talk").click()
    proctor.get_by_test_id("talk-reason").fill("请调整第二视角的位置")
    proctor.get_by_test_id("talk-ask").click()
    expect(card).to_have_attribute("data-talk", "ringing", timeout=STEP_TIMEOUT)
    expect(candidate.get_by_test_id("talk-reason")).to_contain_text("请调整第二视角的位置")
    candidate.get_by_test_id("talk-accept").click()
    expect(card).to_have_attribute("data-talk", "connected", timeout=40_000)
    expect(proctor.get_by_test_id("talk-strip")).to_have_attribute("data-talk", "connected")
    wait_for_sound(proctor, "talk-heard")
    wait_for_sound(candidate, "talk-heard")
    wait_for_sound(candidate, "talk-own")
    wait_for_sound(proctor, "talk-own")
    check_screen(proctor, "console-talk")
    check_screen(candidate, "exam-talk")
    candidate.get_by_test_id("talk-mute").click()
    wait_for_silence(proctor, "talk-heard")
    candidate.get_by_test_id("talk-end").click()
    expect(proctor.get_by_test_id("talk-last")).to_contain_text("已挂断")
    expect(card).to_be_hidden()


def _close_live_video(proctor: Page, candidate: Page, phone: Page) -> None:
    for _ in range(2):
        proctor.get_by_test_id("live-stop").first.click()
    expect(candidate.get_by_test_id("watched")).to_have_count(0, timeout=STEP_TIMEOUT)
    expect(phone.get_by_test_id("watched")).to_have_count(0, timeout=STEP_TIMEOUT)


def _warn_the_room(proctor: Page, candidates: tuple[Page, Page], check_screen: CheckScreen) -> None:
    proctor.get_by_test_id("warn-room").click()
    proctor.get_by_test_id("warn-some").check()
    for box in proctor.get_by_test_id("warn-candidate").all():
        box.check()
    proctor.get_by_test_id("reason-template").nth(2).click()
    check_screen(proctor, "console-warn")
    proctor.get_by_test_id("warn-send").click()
    for page in candidates:
        expect(page.get_by_test_id("danmaku-text")).to_contain_text("请将面部保持在画面中央")
    check_screen(candidates[1], "exam-warning-still")
    candidates[1].emulate_media(reduced_motion="no-preference")
    check_screen(candidates[1], "exam-warning")
    candidates[1].emulate_media(reduced_motion="reduce")
    _acknowledge_over_a_dialog(candidates[1], check_screen)
    # After a reload the warning is still shown, above the page lock, until it is acknowledged.
    candidates[0].reload()
    expect(candidates[0].get_by_test_id("lock-cover")).to_be_visible()
    candidates[0].get_by_test_id("danmaku-acknowledge").click()
    expect(candidates[0].get_by_test_id("danmaku")).to_be_hidden()
    enter_fullscreen(candidates[0])


def _acknowledge_over_a_dialog(page: Page, check_screen: CheckScreen) -> None:
    """What must be seen at once lies over every dialog of the page, and can be pressed there."""
    page.get_by_test_id("reading").click()
    expect(page.get_by_test_id("reading-dialog")).to_be_visible()
    check_screen(page, "exam-warning-over-dialog")
    page.get_by_test_id("danmaku-acknowledge").click()
    expect(page.get_by_test_id("danmaku")).to_be_hidden()
    page.get_by_test_id("reading-close").click()
    expect(page.get_by_test_id("reading-dialog")).to_be_hidden()


def _assert_warning_receipts(proctor: Page, person: ApiClient, deployed: DeployedExam) -> None:
    row = proctor.get_by_test_id("warning").first
    for receipt in ("data-shown", "data-acknowledged"):
        expect(row).to_have_attribute(receipt, re.compile(r"^\d{13}$"), timeout=STEP_TIMEOUT)
    audit = deployed.context.sessions.audit(person.session_id)
    # Pictures of one colour raise flags, which are irrelevant here.
    actions = [entry.action for entry in audit if not entry.action.startswith("flag")]
    assert actions == [
        "signed_in", "live_begun", "live_begun", "talk_asked", "talk_ended", "talk_asked",
        "talk_accepted", "talk_ended", "live_ended", "live_ended", "warned",
        "warning_acknowledged",
    ]  # fmt: skip
    [warning] = deployed.context.messages.warnings(person.session_id)
    assert warning.shown_at is not None
    assert warning.acknowledged_at is not None
    assert warning.sent_at <= warning.shown_at <= warning.acknowledged_at


def test_candidate_and_support_chat(
    deployed: DeployedExam, playwright: Playwright, check_screen: CheckScreen
) -> None:
    summary, name = deployed.product.summary, "曾可欣"
    account = next(staff for staff in summary["staff"] if staff["role"] == "support")
    # Support's page shows the demonstration exam's queue.
    subject_id = summary["candidates"][0]["subject"]
    person = deployed.candidate_client(
        State.SIGNED_IN, exam_id="demo", subject_id=subject_id, candidate_name=name
    )
    with (
        open_browser(playwright) as candidate,
        open_browser(playwright, size=(1440, 900)) as support,
    ):
        open_exam(candidate.page, deployed, person)
        page, desk = candidate.page, support.page
        desk.goto(summary["console_url"])
        desk.get_by_test_id("sign-in-username").fill(account["username"])
        desk.get_by_test_id("sign-in-password").fill(account["password"])
        desk.get_by_test_id("sign-in-submit").click()
        expect(desk.get_by_test_id("support-page")).to_have_attribute(
            "data-link", "open", timeout=STEP_TIMEOUT
        )
        page.get_by_test_id("support-open").click()
        expect(page.get_by_test_id("support-hours")).to_contain_text("9:00")
        page.get_by_test_id("support-field").fill("我的姓名显示有误，怎么办？")
        page.get_by_test_id("support-send").click()

        chat = desk.get_by_test_id("chat-open").filter(has_text=name)
        expect(chat).to_have_attribute("data-unread", "1", timeout=STEP_TIMEOUT)
        chat.click()
        expect(desk.get_by_test_id("chat-message")).to_contain_text("我的姓名显示有误")
        desk.get_by_test_id("chat-canned").select_option(index=1)
        desk.get_by_test_id("chat-send").click()
        answer = page.locator('[data-testid="chat-message"][data-side="staff"]')
        expect(answer).to_contain_text("请问遇到了什么问题", timeout=STEP_TIMEOUT)
        expect(desk.get_by_test_id("chat-care")).to_contain_text("处理中")
        check_screen(desk, "console-support")
        check_screen(page, "exam-chat")
        page.get_by_test_id("support-close").click()
        desk.get_by_test_id("chat-text").fill("请看一下准考证上的姓名。")
        desk.get_by_test_id("chat-send").click()
        expect(page.get_by_test_id("support-open")).to_have_attribute("data-unread", "1")
        desk.get_by_test_id("chat-done").click()
        expect(chat).to_have_count(0)
        candidate.assert_no_console_errors()
        support.assert_no_console_errors()
