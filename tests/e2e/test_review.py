"""Review by keyboard, second review, the printed violation, replay, evidence and export."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, expect

from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.types import SECOND, Millis
from chalicelib.services.ports import AppContext
from infra.demo import ProductInstance
from infra.record_export import verify_file, verify_session
from tests.data.scenes import empty, one_person, two_people
from tests.e2e.actors import alternate_origin, sign_in_to_console
from tests.e2e.browsers import open_browser
from tests.e2e.conftest import CheckScreen
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam, jpeg

pytestmark = pytest.mark.e2e

ROOM = "demo-room-1"
STEP: Millis = 10 * SECOND


@pytest.fixture
def flagged_candidate(product: ProductInstance, context: AppContext) -> ApiClient:
    """A candidate with six snapshots: two with another person, one with an empty chair."""
    deployed = DeployedExam(product, context)
    begin = context.clock() - 10 * STEP
    person = deployed.candidate_client(room_id=ROOM, candidate_name="邵一帆", started_at=begin)
    scenes = [one_person("person_a.jpg")] * 2 + [two_people("person_a.jpg", "person_b.jpg")] * 2
    observations = [
        deployed.upload_snapshot(person, begin + number * STEP, jpeg(scene))
        for number, scene in enumerate([*scenes, empty(), one_person("person_a.jpg")])
    ]
    for kind, severity, causes in (
        (FindingKind.EXTRA_PERSON, Severity.CRITICAL, observations[2:4]),
        (FindingKind.ABSENT, Severity.SERIOUS, observations[4:5]),
    ):
        at = causes[0].captured_at
        flag = build.flag(
            person.session_id,
            at,
            flag_id=f"{at:013d}-first-{kind}",
            room_id=ROOM,
            kind=kind,
            severity=severity,
            ended_at=at + STEP,
            captures=tuple(observation.capture_id for observation in causes),
        )
        context.sessions.commit(flag)
    return person


def _open_review(page: Page) -> None:
    page.get_by_test_id("go-review").click()
    expect(page.get_by_test_id("review-page")).to_be_visible()


def _decide(page: Page, session_id: str, *keys: str) -> None:
    """Select the first incident of a session and decide on it by keyboard only."""
    entry = page.locator(f'[data-testid="review-entry"][data-session="{session_id}"]').first
    entry.focus()
    page.keyboard.press("Enter")
    expect(entry).to_have_attribute("aria-current", "true")
    expect(page.get_by_test_id("review-detail").locator("img").first).to_be_visible()
    for key in keys:
        page.keyboard.press(key)
    expect(page.get_by_test_id("review-said")).not_to_be_empty()


def test_violation_requires_two_reviewers(
    product: ProductInstance,
    context: AppContext,
    flagged_candidate: ApiClient,
    playwright: Playwright,
    check_screen: CheckScreen,
    tmp_path: Path,
) -> None:
    session_id = flagged_candidate.session_id
    summary = {**product.summary, "console_url": alternate_origin(product.summary["console_url"])}
    with open_browser(playwright, size=(1440, 900)) as proctor:
        page = proctor.page
        sign_in_to_console(page, summary, "proctor")
        _open_review(page)
        entries = page.locator(f'[data-testid="review-entry"][data-session="{session_id}"]')
        expect(entries).to_have_count(2)
        entries.first.click()
        page.keyboard.press("c")
        page.keyboard.press("4")
        expect(page.get_by_test_id("reason-other_person")).to_be_checked()
        expect(page.get_by_test_id("review-detail").locator("img").first).to_be_visible()
        check_screen(page, "console-review")
        page.keyboard.press("Escape")
        _decide(page, session_id, "c", "4", "Enter")
        expect(entries).to_have_count(1)
        _decide(page, session_id, "x", "3", "Enter")
        expect(entries).to_have_count(0)
        page.get_by_test_id("review-tab-second").click()
        expect(entries).to_have_count(1)
        entries.first.click()
        expect(page.get_by_test_id("review-barred")).to_be_visible()
        proctor.assert_no_console_errors()
    with open_browser(playwright, size=(1440, 900)) as second:
        page = second.page
        sign_in_to_console(page, summary, "admin")
        _open_review(page)
        page.get_by_test_id("review-tab-second").click()
        _decide(page, session_id, "c", "4", "Enter")
        page.get_by_test_id("review-tab-settled").click()
        violation = page.locator(f'[data-testid="review-entry"][data-session="{session_id}"]')
        expect(violation).to_have_count(2)
        violation.first.click()
        page.get_by_test_id("violation-link").click()
        _print(page, check_screen, tmp_path / "zh.pdf", "console-violation")
        page.get_by_test_id("language-en").click()
        _print(page, check_screen, tmp_path / "en.pdf", "console-violation-en")
        _replay(page, summary, session_id, check_screen)
        _keep_and_export(page, summary, session_id, tmp_path / "record.zip", check_screen)
        second.assert_no_console_errors()
    [confirmed] = [review for review in context.sessions.reviews(session_id) if review.number]
    assert len({decision.by for decision in confirmed.decisions}) == 2
    assert confirmed.evidence_ids
    assert verify_session(product.deployment, session_id) == []


def _print(page: Page, check_screen: CheckScreen, target: Path, name: str) -> None:
    expect(page.get_by_test_id("violation")).to_have_attribute("data-ready", "true")
    check_screen(page, name)
    target.write_bytes(page.pdf(prefer_css_page_size=True))
    assert target.read_bytes().startswith(b"%PDF")
    assert target.stat().st_size > 20_000, "the record was printed without its pictures"


def _replay(
    page: Page, summary: dict[str, object], session_id: str, check_screen: CheckScreen
) -> None:
    page.goto(f"{summary['console_url']}#/replay/{session_id}")
    view = page.locator('[data-testid="replay-view"][data-view="first"]')
    expect(view.locator("img")).to_be_visible()
    before = view.get_attribute("data-capture")
    page.get_by_test_id("replay-next").click()
    expect(view).not_to_have_attribute("data-capture", before or "")
    expect(page.get_by_test_id("replay-flag")).to_have_count(2)
    check_screen(page, "console-replay")
    at_flag = view.get_attribute("data-capture") or ""
    page.get_by_test_id("replay-speed").select_option("16")
    page.get_by_test_id("replay-play").click()
    expect(view).not_to_have_attribute("data-capture", at_flag)


def _keep_and_export(
    page: Page, summary: dict[str, object], session_id: str, target: Path, check_screen: CheckScreen
) -> None:
    page.goto(f"{summary['console_url']}#/rooms/{ROOM}/seats/{session_id}")
    page.get_by_test_id("observation-item").locator("button").first.click()
    page.get_by_test_id("evidence-keep").click()
    expect(page.get_by_test_id("evidence-kept")).to_be_visible()
    page.get_by_test_id("close").click()
    # Both decisions kept the same picture once; this is a different one.
    expect(page.get_by_test_id("evidence-item")).to_have_count(2)
    check_screen(page, "console-evidence")
    with page.expect_download() as loading:
        page.get_by_test_id("record-export").click()
    loading.value.save_as(target)
    assert verify_file(target) == []
