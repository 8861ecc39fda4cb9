"""The main scenario: behaviour before the camera opens and closes flags in the console."""

from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from infra.demo import ProductInstance
from tests.conftest import PrintFigure
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
CALM_MS = 40_000  # ms of a lone person's pictures, without any flag
FLAG_TIMEOUT = 60_000
OFFENCES: list[tuple[str, Callable[[], Image.Image]]] = [
    ("absent", empty),
    ("extra_person", lambda: two_people("person_a.jpg", "person_b.jpg")),
    ("identity_mismatch", lambda: one_person("person_b.jpg")),
]


def test_behaviour_before_the_camera_opens_flags_in_the_console(
    product: ProductInstance,
    enrol_candidate: EnrolCandidate,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
    print_figure: PrintFigure,
) -> None:
    camera = Camera(tmp_path / "camera.y4m", one_person("person_a.jpg"))
    details = enrol_candidate("person_a.jpg")
    summary = {name: value for name, value in product.summary.items() if name != "exam_url"}
    # Another host name than the API's: requests are cross-origin, as on AWS.
    summary["exam_url"] = alternate_origin(product.summary["exam_url"])
    with (
        open_browser(playwright, camera) as candidate,
        open_browser(playwright, size=(1440, 900)) as proctor,
    ):
        proctor.page.add_init_script(path=RECORDER)
        open_room(proctor.page, summary)
        page = candidate.page
        sign_in(page, summary, details, "official")
        check_screen(page, "exam-confirm")
        agree_to_everything(page)
        expect(page.get_by_test_id("photo-take")).to_be_enabled()
        check_screen(page, "exam-photo")
        take_photo(page, camera, "person_a.jpg")
        go_to_paper(page)
        tile = candidate_tile(proctor.page, details["name"])
        expect(tile).to_have_attribute("data-state", "answering", timeout=20_000)

        session = tile.get_attribute("data-session") or ""
        expect(page.get_by_test_id("question")).to_be_visible()
        check_screen(page, "exam-answering")

        _wait_without_flags(proctor.page, session)
        assert _recorded_flags(proctor.page, session) == [], "a lone person raised a flag"

        for kind, scene in OFFENCES:
            camera.show(scene())
            expect(open_flag(tile, kind)).to_be_visible(timeout=FLAG_TIMEOUT)
            check_screen(proctor.page, f"console-{kind}")
            camera.show(one_person("person_a.jpg"))
            expect(open_flag(tile, kind)).to_have_count(0, timeout=FLAG_TIMEOUT)
        assert set(_recorded_flags(proctor.page, session)) == {kind for kind, _ in OFFENCES}

        print_figure(_median_delay(proctor.page, session))
        _review_flag_pictures(proctor.page, session)
        check_screen(proctor.page, "console-candidate")
        candidate.assert_no_console_errors()
        proctor.assert_no_console_errors()


def _wait_without_flags(page: Page, session: str) -> None:
    """Wait until the candidate's pictures on the wall span CALM_MS."""
    page.wait_for_function(
        """([session, calm]) => {
            const pictures = window.recorded.pictures.filter(
                (picture) => picture.session === session);
            const times = pictures.map((picture) => picture.capturedAt);
            return times.length && Math.max(...times) - Math.min(...times) >= calm;
        }""",
        arg=[session, CALM_MS],
        timeout=CALM_MS + 60_000,
    )


def _recorded_flags(page: Page, session: str) -> list[str]:
    flags = page.evaluate("window.recorded.flags")
    return [flag["kind"] for flag in flags if flag["session"] == session]


def _median_delay(page: Page, session: str) -> str:
    pictures = [
        picture
        for picture in page.evaluate("window.recorded.pictures")
        if picture["session"] == session
    ]
    delays = [picture["shownAt"] - picture["capturedAt"] for picture in pictures]
    return f"from capture to console: median {median(delays):.0f} ms over {len(delays)} pictures"


def _review_flag_pictures(page: Page, session_id: str) -> None:
    """Open the candidate's page with the pictures that caused the flags."""
    page.locator(f'[data-session="{session_id}"]').get_by_test_id("seat-open").click()
    for kind, _ in OFFENCES:
        flag = page.locator(f'[data-testid="flag"][data-kind="{kind}"]')
        expect(flag).to_have_attribute("data-open", "false")
        expect(flag.get_by_test_id("flag-cause").first).to_be_visible()
    expect(page.get_by_test_id("audit")).to_have_attribute("data-whole", "true")


def test_candidate_without_registration_photo_is_verified_by_the_proctor(
    product: ProductInstance,
    enrol_candidate: EnrolCandidate,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
) -> None:
    camera = Camera(tmp_path / "camera.y4m", one_person("person_b.jpg"))
    details = enrol_candidate(None)
    with (
        open_browser(playwright, camera) as candidate,
        open_browser(playwright, size=(1440, 900)) as proctor,
    ):
        open_room(proctor.page, product.summary)
        sign_in(candidate.page, product.summary, details, "trial")
        agree_to_everything(candidate.page)
        take_photo(candidate.page, camera, "person_b.jpg")
        tile = candidate_tile(proctor.page, details["name"])
        expect(tile).to_have_attribute("data-identity", "pending", timeout=60_000)
        check_screen(candidate.page, "exam-photo-pending")
        tile.get_by_test_id("identity-open").click()
        expect(proctor.page.get_by_test_id("no-registered")).to_be_visible()
        check_screen(proctor.page, "console-identity")
        proctor.page.get_by_test_id("identity-accept").click()
        wait_for_state(candidate.page, "identity_verified")
        candidate.assert_no_console_errors()
        proctor.assert_no_console_errors()
