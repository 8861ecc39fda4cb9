"""Communications of a session appear in the replay and in the exported record."""

import json
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from chalicelib.domain.types import SECOND
from infra.progress import Progress
from infra.record_export import export, verify_file, verify_session
from tests.data.scenes import one_person
from tests.e2e.actors import STEP_TIMEOUT
from tests.e2e.browsers import open_browser
from tests.e2e.conftest import CheckScreen
from tests.e2e.signed_in_pages import open_candidate_page
from tests.support.deployed_exam import ApiClient, DeployedExam, jpeg

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
