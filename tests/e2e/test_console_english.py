"""The console in English: every page that a proctor and an administrator work with."""

import pytest
from playwright.sync_api import Page, Playwright, expect

from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.types import SECOND, LocalizedText
from infra.seed.demonstration import EXAM_ID
from tests.data.scenes import alone, together
from tests.e2e.actors import enter_console
from tests.e2e.browsers import somebody
from tests.e2e.conftest import Shoot
from tests.e2e.english_only import CHINESE, SPEAKS_ENGLISH
from tests.e2e.signed_in_pages import known_subject, open_seat, subject_of
from tests.support import builders as build
from tests.support.deployed_exam import ApiPerson, DeployedExam, jpeg

pytestmark = pytest.mark.e2e

# Names are data, and the other language is offered in its own.
NAMES = ("中文", "员工", "系统管理员")


def test_the_console_in_english(
    deployed: DeployedExam, playwright: Playwright, shoot: Shoot
) -> None:
    person = _seen_twice(deployed)
    with somebody(playwright, size=(1440, 900)) as proctor:
        page = proctor.page
        page.add_init_script(SPEAKS_ENGLISH)
        open_seat(page, deployed, person.session_id)
        _see(page, shoot, "candidate")
        page.get_by_test_id("warn").click()
        expect(page.get_by_test_id("warn-send")).to_be_visible()
        _see(page, shoot, "warn")
        page.keyboard.press("Escape")
        _go(page, f"rooms/{deployed.room_id}")
        expect(page.get_by_test_id("seat")).not_to_have_count(0)
        _see(page, shoot, "room")
        _go(page, "review")
        entry = f'[data-testid="review-entry"][data-session="{person.session_id}"]'
        page.locator(entry).first.click()
        expect(page.get_by_test_id("review-detail").locator("img").first).to_be_visible()
        page.keyboard.press("c")
        _see(page, shoot, "review")
        proctor.is_content()


def test_the_administration_in_english(
    deployed: DeployedExam, playwright: Playwright, shoot: Shoot
) -> None:
    like = known_subject(deployed.context)
    title = LocalizedText("Safety officer", "Safety officer")
    subject_id = subject_of(deployed.context, title=title, windows=like.windows).subject_id
    with somebody(playwright, size=(1280, 720)) as admin:
        page = admin.page
        page.add_init_script(SPEAKS_ENGLISH)
        enter_console(page, deployed.product.summary, "admin")
        expect(page.get_by_test_id("admin-link")).to_be_visible()
        _go(page, f"admin/{EXAM_ID}")
        link = page.locator(f'[data-testid="subject-link"][data-subject="{subject_id}"]')
        expect(link).to_be_visible()
        _see(page, shoot, "admin-exam")
        link.click()
        for section, there in {
            "times": "earliest", "rules": "on-phone", "lock": "browser-use",
            "passcodes": "passcode-trial",
        }.items():  # fmt: skip
            page.get_by_test_id(f"section-{section}").click()
            expect(page.get_by_test_id(there)).to_be_visible()
            _see(page, shoot, f"admin-{section}")
        admin.is_content()


def _seen_twice(deployed: DeployedExam) -> ApiPerson:
    """Somebody who was alone, then not, with the flag for it."""
    begun = deployed.context.clock() - 60 * SECOND
    person = deployed.sitting(started_at=begun, candidate_name="Lin Xiao")
    scenes = (alone("person_a.jpg"), together("person_a.jpg", "person_b.jpg"))
    seen = [
        deployed.snapshot(person, begun + number * 10 * SECOND, jpeg(scene))
        for number, scene in enumerate(scenes)
    ]
    at = seen[1].captured_at
    flag = build.flag(
        person.session_id,
        at,
        flag_id=f"{at:013d}-first-{FindingKind.EXTRA_PERSON}",
        room_id=deployed.room_id,
        kind=FindingKind.EXTRA_PERSON,
        severity=Severity.CRITICAL,
        ended_at=at + 10 * SECOND,
        captures=(seen[1].capture_id,),
    )
    deployed.context.sessions.commit(flag)
    return person


def _go(page: Page, place: str) -> None:
    page.evaluate("(place) => { location.hash = place; }", f"#/{place}")


def _see(page: Page, shoot: Shoot, name: str) -> None:
    """Find nothing but English on the page, and take its picture."""
    shoot(page, f"console-{name}-en")
    text = page.locator("body").inner_text()
    for one in NAMES:
        text = text.replace(one, "")
    found = CHINESE.search(text)
    assert found is None, text[max(found.start() - 60, 0) : found.end() + 60]
