"""The replay: communications, also in the exported record, and sound in step with the pictures."""

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.types import SECOND
from infra.progress import Progress
from infra.record_export import export, verify_file, verify_session
from tests.data.scenes import one_person
from tests.e2e.actors import STEP_TIMEOUT
from tests.e2e.browsers import open_browser
from tests.e2e.conftest import CheckScreen
from tests.e2e.signed_in_pages import open_candidate_page
from tests.support.deployed_exam import ApiClient, DeployedExam, jpeg
from tests.unit.sound.sounds import tone, wav

pytestmark = pytest.mark.e2e

WARNING = {"zh": "请将面部保持在画面中央", "en": "Keep your face in the middle"}
QUESTION, ANSWER = "看不到第三题", "请刷新页面"


def test_communications_are_replayed_and_exported(
    deployed: DeployedExam, playwright: Playwright, tmp_path: Path, check_screen: CheckScreen
) -> None:
    began_at = deployed.context.clock() - 30 * SECOND
    person = deployed.candidate_client(started_at=began_at)
    picture = jpeg(one_person("person_a.jpg"))
    deployed.upload_snapshot(person, began_at, picture)
    _exchange_messages(deployed, person)
    deployed.upload_snapshot(person, deployed.context.clock(), picture)
    from_console, from_command = tmp_path / "console.zip", tmp_path / "command.zip"
    with open_browser(playwright, size=(1440, 900)) as proctor:
        page = proctor.page
        open_candidate_page(page, deployed, person.session_id)
        with page.expect_download() as loading:
            page.get_by_test_id("record-export").click()
        loading.value.save_as(from_console)
        page.goto(f"{deployed.product.summary['console_url']}#/replay/{person.session_id}")
        _replay(page, check_screen)
        proctor.assert_no_console_errors()
    deployment = deployed.product.deployment
    export(deployment, Progress(), person.session_id, from_command)
    for file in (from_console, from_command):
        assert verify_file(file) == []
        _assert_tampering_found(file, tmp_path / "tampered.zip")
    assert verify_session(deployment, person.session_id) == []


AT_ONE_MOMENT = """() => {
    const sound = document.querySelector("[data-testid=replay-sound] audio");
    const [moment] = document.querySelectorAll("[data-testid=replay-moment]");
    const view = document.querySelector("[data-testid=replay-view][data-view=first]");
    return {
        moment: Number(moment.dataset.moment),
        clip: sound?.dataset.capture,
        seconds: sound?.paused ? null : sound?.currentTime,
        picture: view.dataset.capture,
    };
}"""
"""What is seen and heard, read between two frames."""


def test_sound_plays_in_step_with_its_picture(
    deployed: DeployedExam, playwright: Playwright, check_screen: CheckScreen
) -> None:
    began_at = deployed.context.clock() - 70 * SECOND
    person = deployed.candidate_client(started_at=began_at)
    picture = jpeg(one_person("person_a.jpg"))
    clip_id = make_capture_id(began_at + 2 * SECOND, "0123456789")
    deployed.put_object(f"clips/{person.session_id}/{clip_id}.wav", wav(tone(10)))
    first, second = (
        deployed.upload_snapshot(person, began_at + at * SECOND, picture).capture_id
        for at in (0, 6)
    )
    deployed.wait_for_observation(person, clip_id)
    with open_browser(playwright, size=(1440, 900)) as proctor:
        page = proctor.page
        open_candidate_page(page, deployed, person.session_id)
        page.get_by_test_id("last-minute-open").click()
        dialog = page.get_by_test_id("last-minute")
        expect(dialog.get_by_test_id("replay-live")).to_be_visible(timeout=STEP_TIMEOUT)
        check_screen(page, "console-last-minute")
        page.goto(f"{deployed.product.summary['console_url']}#/replay/{person.session_id}")
        view = page.locator('[data-testid="replay-view"][data-view="first"]')
        expect(view).to_have_attribute("data-capture", first, timeout=STEP_TIMEOUT)
        page.get_by_test_id("replay-play").click()
        for capture_id, begin, end in ((first, 2, 6), (second, 6, 12)):
            page.wait_for_function(
                f"""() => {{
                    const {{ picture, seconds }} = ({AT_ONE_MOMENT})();
                    return picture === "{capture_id}" && seconds > 0;
                }}"""
            )
            heard = page.evaluate(AT_ONE_MOMENT)
            elapsed = (heard["moment"] - began_at) / SECOND
            assert (heard["clip"], heard["picture"]) == (clip_id, capture_id)
            assert begin <= elapsed < end
            assert abs(heard["seconds"] - (elapsed - 2)) < 0.25
        _assert_gap_is_shown(page, check_screen)
        proctor.assert_no_console_errors()


def _assert_gap_is_shown(page: Page, check_screen: CheckScreen) -> None:
    page.get_by_test_id("replay-play").click()
    page.get_by_test_id("replay-range").focus()
    page.keyboard.press("Home")
    page.get_by_test_id("replay-moment").click()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    view = page.locator('[data-testid="replay-view"][data-view="first"]')
    expect(view).to_have_attribute("data-gap", "not_arrived")
    expect(page.get_by_test_id("replay-sound-status")).to_contain_text("两段录音之间")
    page.get_by_test_id("replay-keys").locator("summary").click()
    check_screen(page, "console-replay-gap")
    page.get_by_test_id("language-en").click()
    check_screen(page, "console-replay-gap-en")


def _exchange_messages(deployed: DeployedExam, person: ApiClient) -> None:
    """Acknowledge a warning, decline a call, send a proctor request, a question and an answer."""
    proctor, path = deployed.proctor_client, f"/proctor/sessions/{person.session_id}"
    proctor.post(
        f"/proctor/rooms/{deployed.room_id}/warnings",
        {"warning_id": "w", "text": WARNING, "session_ids": [person.session_id]},
    )
    person.post("/candidate/warnings/w", {"acknowledged": True})
    proctor.post(f"{path}/calls", {"call_id": "talk", "kind": "talk", "reason": "核对"})
    person.post("/candidate/calls/talk", {"answer": "decline"})
    proctor.post(f"{path}/ask", {"act_id": "ask", "kind": "room"})
    person.post("/candidate/chat", {"message_id": "q", "text": QUESTION})
    proctor.post(f"/staff/chats/{person.session_id}", {"message_id": "a", "text": ANSWER})


def _replay(page: Page, check_screen: CheckScreen) -> None:
    entries = page.get_by_test_id("replay-spoken")
    expect(entries).to_have_count(5, timeout=STEP_TIMEOUT)
    kinds = [entry.get_attribute("data-kind") for entry in entries.all()]
    assert kinds == ["warning", "talk", "ask", "chat", "chat"]
    lines = page.get_by_test_id("replay-said")
    warning = lines.locator('[data-kind="warning"] button')
    warning.focus()
    page.keyboard.press("Enter")
    expect(warning).to_have_attribute("aria-current", "true")
    for text in (WARNING["zh"], "未接通", "展示考试环境", QUESTION, ANSWER):
        expect(lines).to_contain_text(text)
    check_screen(page, "console-replay-messages")
    page.get_by_test_id("language-en").click()
    expect(lines).to_contain_text(WARNING["en"])
    check_screen(page, "console-replay-messages-en")


def _assert_tampering_found(source: Path, target: Path) -> None:
    """Assert that changed texts of the chat or of a warning are detected."""
    for text in (QUESTION, WARNING["en"]):
        with zipfile.ZipFile(source) as original, zipfile.ZipFile(target, "w") as tampered:
            for name in original.namelist():
                data = original.read(name)
                if name == "record.json":
                    record = json.loads(data)
                    for part in ("chat", "warnings"):
                        content = json.dumps(record[part], ensure_ascii=False)
                        record[part] = json.loads(content.replace(text, "…"))
                    data = json.dumps(record).encode()
                tampered.writestr(name, data)
        assert verify_file(target), text
