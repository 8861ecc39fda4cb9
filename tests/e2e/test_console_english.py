"""The console in English: the pages of a proctor and an administrator contain no Chinese text."""

import pytest
from playwright.sync_api import Page, Playwright, expect

from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.types import SECOND, LocalizedText
from infra.seed.demonstration import EXAM_ID
from tests.data.scenes import one_person, two_people
from tests.e2e.actors import sign_in_to_console
from tests.e2e.browsers import open_browser
from tests.e2e.conftest import CheckScreen
from tests.e2e.english_only import CHINESE_TEXT, SET_ENGLISH
from tests.e2e.signed_in_pages import add_demo_subject, demo_subject, open_candidate_page
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam, jpeg

pytestmark = pytest.mark.e2e

# Names are data, and the language switch names each language in itself.
UNTRANSLATED_NAMES = ("中文", "系统管理员", build.DISPLAY_NAMES["proctor"])


def test_console_in_english(
    deployed: DeployedExam, playwright: Playwright, check_screen: CheckScreen
) -> None:
    person = _candidate_with_flag(deployed)
    with open_browser(playwright, size=(1440, 900)) as proctor:
        page = proctor.page
        page.add_init_script(SET_ENGLISH)
        open_candidate_page(page, deployed, person.session_id)
        _check_english_screen(page, check_screen, "candidate")
        page.get_by_test_id("warn").click()
        expect(page.get_by_test_id("warn-send")).to_be_visible()
        _check_english_screen(page, check_screen, "warn")
        page.keyboard.press("Escape")
        _go_to(page, f"rooms/{deployed.room_id}")
        expect(page.get_by_test_id("seat")).not_to_have_count(0)
        _check_english_screen(page, check_screen, "room")
        _go_to(page, "review")
        entry = f'[data-testid="review-entry"][data-session="{person.session_id}"]'
        page.locator(entry).first.click()
        expect(page.get_by_test_id("review-detail").locator("img").first).to_be_visible()
        page.keyboard.press("c")
        _check_english_screen(page, check_screen, "review")
        proctor.assert_no_console_errors()


def test_administration_in_english(
    deployed: DeployedExam, playwright: Playwright, check_screen: CheckScreen
) -> None:
    template = demo_subject(deployed.context)
    title = LocalizedText("Safety officer", "Safety officer")
    subject_id = add_demo_subject(
        deployed.context, title=title, windows=template.windows
    ).subject_id
    with open_browser(playwright, size=(1280, 720)) as admin:
        page = admin.page
        page.add_init_script(SET_ENGLISH)
        sign_in_to_console(page, deployed.product.summary, "admin")
        expect(page.get_by_test_id("admin-link")).to_be_visible()
        _go_to(page, f"admin/{EXAM_ID}")
        link = page.locator(f'[data-testid="subject-link"][data-subject="{subject_id}"]')
        expect(link).to_be_visible()
        _check_english_screen(page, check_screen, "admin-exam")
        link.click()
        for section, control in {
            "times": "earliest", "rules": "on-phone", "lock": "browser-use",
            "continuity": "outage-percent", "passcodes": "passcode-trial",
        }.items():  # fmt: skip
            page.get_by_test_id(f"section-{section}").click()
            expect(page.get_by_test_id(control)).to_be_visible()
            _check_english_screen(page, check_screen, f"admin-{section}")
        admin.assert_no_console_errors()


def _candidate_with_flag(deployed: DeployedExam) -> ApiClient:
    """Return a candidate with two snapshots, alone and with another person, and a flag."""
    began_at = deployed.context.clock() - 60 * SECOND
    person = deployed.candidate_client(started_at=began_at, candidate_name="Lin Xiao")
    scenes = (one_person("person_a.jpg"), two_people("person_a.jpg", "person_b.jpg"))
    observations = [
        deployed.upload_snapshot(person, began_at + number * 10 * SECOND, jpeg(scene))
        for number, scene in enumerate(scenes)
    ]
    at = observations[1].captured_at
    flag = build.flag(
        person.session_id,
        at,
        flag_id=f"{at:013d}-first-{FindingKind.EXTRA_PERSON}",
        room_id=deployed.room_id,
        kind=FindingKind.EXTRA_PERSON,
        severity=Severity.CRITICAL,
        ended_at=at + 10 * SECOND,
        captures=(observations[1].capture_id,),
    )
    deployed.context.sessions.commit(flag)
    return person


def _go_to(page: Page, place: str) -> None:
    page.evaluate("(place) => { location.hash = place; }", f"#/{place}")


def _check_english_screen(page: Page, check_screen: CheckScreen, screen: str) -> None:
    """Check a screen, and assert that it contains no Chinese text."""
    check_screen(page, f"console-{screen}-en")
    text = page.locator("body").inner_text()
    for name in UNTRANSLATED_NAMES:
        text = text.replace(name, "")
    match = CHINESE_TEXT.search(text)
    assert match is None, text[max(match.start() - 60, 0) : match.end() + 60]
