"""The main job: what the camera sees reaches the proctor, as flags that open and close."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from infra.demo import ProductInstance
from tests.data.scenes import empty, one_person, two_people
from tests.e2e.actors import (
    agree_to_everything,
    alternate_origin,
    candidate_tile,
    go_to_paper,
    open_flag,
    open_room,
    sign_in,
    take_photo,
    wait_for_state,
)
from tests.e2e.browsers import open_browser
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.enrolment import EnrolCandidate

pytestmark = pytest.mark.e2e

RECORDER = Path(__file__).with_name("watching.js")
CALM_MS = 40_000  # ms that a person alone is watched without a flag
FLAG_TIMEOUT = 60_000
OFFENCES: list[tuple[str, Callable[[], Image.Image]]] = [
    ("absent", empty),
    ("extra_person", lambda: two_people("person_a.jpg", "person_b.jpg")),
    ("identity_mismatch", lambda: one_person("person_b.jpg")),
]


def test_what_the_camera_sees_reaches_the_proctor(
    product: ProductInstance,
    enrol_candidate: EnrolCandidate,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
    capsys: pytest.CaptureFixture[str],
) -> None:
    camera = Camera(tmp_path / "camera.y4m", one_person("person_a.jpg"))
    who = enrol_candidate("person_a.jpg")
    summary = {name: value for name, value in product.summary.items() if name != "exam_url"}
    # Another local name than the API's: the browser then asks whether it may, as on AWS.
    summary["exam_url"] = alternate_origin(product.summary["exam_url"])
    with (
        open_browser(playwright, camera) as candidate,
        open_browser(playwright, size=(1440, 900)) as proctor,
    ):
        proctor.page.add_init_script(path=RECORDER)
        open_room(proctor.page, summary)
        page = candidate.page
        sign_in(page, summary, who, "official")
        check_screen(page, "exam-confirm")
        agree_to_everything(page)
        expect(page.get_by_test_id("photo-take")).to_be_enabled()
        check_screen(page, "exam-photo")
        take_photo(page)
        go_to_paper(page)
        seat = candidate_tile(proctor.page, who["name"])
        expect(seat).to_have_attribute("data-state", "answering", timeout=20_000)

        session = seat.get_attribute("data-session") or ""
        expect(page.get_by_test_id("question")).to_be_visible()
        check_screen(page, "exam-answering")

        _wait_without_flags(proctor.page, session)
        assert _recorded_flags(proctor.page, session) == [], "a person alone raised a flag"

        for kind, scene in OFFENCES:
            camera.show(scene())
            expect(open_flag(seat, kind)).to_be_visible(timeout=FLAG_TIMEOUT)
            check_screen(proctor.page, f"console-{kind}")
            camera.show(one_person("person_a.jpg"))
            expect(open_flag(seat, kind)).to_have_count(0, timeout=FLAG_TIMEOUT)
        assert set(_recorded_flags(proctor.page, session)) == {kind for kind, _ in OFFENCES}

        _print_median_delay(proctor.page, session, capsys)
        _review_flag_pictures(proctor.page, session)
        check_screen(proctor.page, "console-candidate")
        candidate.assert_no_console_errors()
        proctor.assert_no_console_errors()


def _wait_without_flags(page: Page, session: str) -> None:
    """Wait until the candidate's pictures on the wall span CALM."""
    page.wait_for_function(
        """([session, calm]) => {
            const pictures = window.noted.pictures.filter((one) => one.session === session);
            const times = pictures.map((one) => one.capturedAt);
            return times.length && Math.max(...times) - Math.min(...times) >= calm;
        }""",
        arg=[session, CALM_MS],
        timeout=CALM_MS + 60_000,
    )


def _recorded_flags(page: Page, session: str) -> list[str]:
    noted = page.evaluate("window.noted.flags")
    return [one["kind"] for one in noted if one["session"] == session]


def _print_median_delay(page: Page, session: str, capsys: pytest.CaptureFixture[str]) -> None:
    pictures = [one for one in page.evaluate("window.noted.pictures") if one["session"] == session]
    took = [picture["shownAt"] - picture["capturedAt"] for picture in pictures]
    with capsys.disabled():
        print(f"\nfrom capture to console: median {median(took):.0f} ms over {len(took)} pictures")


def _review_flag_pictures(page: Page, session_id: str) -> None:
    """Open the candidate and look at the pictures that caused the flags."""
    page.locator(f'[data-session="{session_id}"]').get_by_test_id("seat-open").click()
    for kind, _ in OFFENCES:
        flag = page.locator(f'[data-testid="flag"][data-kind="{kind}"]')
        expect(flag).to_have_attribute("data-open", "false")
        expect(flag.get_by_test_id("flag-cause").first).to_be_visible()
    expect(page.get_by_test_id("audit")).to_have_attribute("data-whole", "true")


def test_a_newcomer_waits_for_the_proctors_yes(
    product: ProductInstance,
    enrol_candidate: EnrolCandidate,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    camera = Camera(tmp_path / "camera.y4m", one_person("person_b.jpg"))
    who = enrol_candidate(None)
    with (
        open_browser(playwright, camera) as candidate,
        open_browser(playwright, size=(1440, 900)) as proctor,
    ):
        open_room(proctor.page, product.summary)
        sign_in(candidate.page, product.summary, who, "trial")
        agree_to_everything(candidate.page)
        take_photo(candidate.page)
        seat = candidate_tile(proctor.page, who["name"])
        expect(seat).to_have_attribute("data-identity", "pending", timeout=60_000)
        check_screen(candidate.page, "exam-photo-pending")
        seat.get_by_test_id("identity-open").click()
        expect(proctor.page.get_by_test_id("no-registered")).to_be_visible()
        check_screen(proctor.page, "console-identity")
        proctor.page.get_by_test_id("identity-accept").click()
        wait_for_state(candidate.page, "identity_verified")
        candidate.assert_no_console_errors()
        proctor.assert_no_console_errors()
