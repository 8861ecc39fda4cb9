"""The steps of a candidate and a proctor in their pages."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from infra.demo import Summary
from tests.data.scenes import one_person, with_head_turned
from tests.e2e.cameras import Camera

STEP_TIMEOUT = 60_000  # ms; the first picture waits for a cold start


def wait_for_state(page: Page, state: str, timeout: float = STEP_TIMEOUT) -> None:
    """Wait until the exam page shows a state's screen; the page lock may still cover it."""
    expect(page.locator(f'main[data-state="{state}"]')).to_be_attached(timeout=timeout)


def sign_in(page: Page, summary: Summary, details: dict[str, Any], kind: str) -> None:
    """Sign in, pass the device checks and enter the exam; ends at the confirmation of details."""
    submit_credentials(page, summary, details, kind)
    pass_checks(page)
    enter_exam(page)


def submit_credentials(page: Page, summary: Summary, details: dict[str, Any], kind: str) -> None:
    """Open the exam page and submit number and passcode; ends at the check-in steps."""
    page.goto(summary["exam_url"])
    fill_credentials(page, details, kind)


def fill_credentials(page: Page, details: dict[str, Any], kind: str) -> None:
    """Sign in where the form is already shown; ends at the check-in steps."""
    page.get_by_test_id(f"sign-in-subject-{details['subject']}").check()
    page.get_by_test_id("sign-in-number").fill(details["admission_number"])
    page.get_by_test_id("sign-in-passcode").fill(details[f"{kind}_passcode"])
    page.get_by_test_id("sign-in-submit").click()
    wait_for_state(page, "signed_in")


def pass_checks(page: Page) -> None:
    """Run all device checks and answer the questions; ends at the check-in steps."""
    page.get_by_test_id("open-checks").click()
    page.get_by_test_id("run-checks").click()
    page.get_by_test_id("play-sound").click()
    page.get_by_test_id("answer-speaker-heard").click()
    page.get_by_test_id("answer-headphones-no").click()
    summary = page.get_by_test_id("checks-sum")
    expect(summary).to_have_attribute("data-busy", "false", timeout=STEP_TIMEOUT)
    expect(summary).to_have_attribute("data-missing", "0")
    page.get_by_test_id("checks-back").click()


def enter_exam(page: Page) -> None:
    """Enter the exam; ends at the confirmation of details."""
    page.get_by_test_id("enter-exam").click()
    expect(page.get_by_test_id("confirm-info")).to_be_visible()


def agree_to_everything(page: Page) -> None:
    """Confirm the details, agree to the pledge and to face processing; ends at the photo."""
    go_to_consent(page)
    page.get_by_test_id("consent-agree").click()
    expect(page.get_by_test_id("photo-take")).to_be_visible()


def go_to_consent(page: Page) -> None:
    """Confirm the details and agree to the pledge; ends at the face-processing consent."""
    page.get_by_test_id("confirm-info").click()
    wait_for_state(page, "info_confirmed")
    page.get_by_test_id("pledge-text").press("End")
    page.get_by_test_id("pledge-agree").click()
    wait_for_state(page, "pledged")


def take_photo(page: Page, camera: Camera, person: str) -> None:
    """Take the verification pictures, turning the head for the second one, which takes itself."""
    page.get_by_test_id("photo-take").click()
    turn = page.get_by_test_id("photo-turn")
    expect(turn).to_be_visible()
    camera.show(with_head_turned(person))
    expect(turn).to_be_hidden()
    # The picture is drawn as soon as the time is over; the file is read once a second.
    page.wait_for_timeout(1_000)
    camera.show(one_person(person))


def go_to_paper(page: Page) -> None:
    """Continue without a second view to the paper."""
    wait_for_state(page, "identity_verified")
    page.get_by_test_id("second-view-continue").click()
    wait_for_state(page, "second_view_ready")
    page.get_by_test_id("enter-waiting-room").click()
    wait_for_state(page, "waiting")
    page.get_by_test_id("start-exam").click()
    wait_for_state(page, "answering")


def enter_fullscreen(page: Page) -> None:
    """Enter fullscreen at the page lock's overlay, which uncovers the questions."""
    page.get_by_test_id("lock-enter").click()
    expect(page.get_by_test_id("lock-cover")).to_be_hidden()


def wait_for_camera_pictures(page: Page) -> None:
    """Wait until every running camera shows a picture on the page."""
    page.wait_for_function(
        """() => [...document.querySelectorAll('main video')].every((video) =>
            !video.srcObject || video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA
        )"""
    )


def sign_in_to_console(page: Page, summary: Summary, role: str = "proctor") -> None:
    """Sign in to the console."""
    account = next(staff for staff in summary["staff"] if staff["role"] == role)
    page.goto(summary["console_url"])
    page.get_by_test_id("sign-in-username").fill(account["username"])
    page.get_by_test_id("sign-in-password").fill(account["password"])
    page.get_by_test_id("sign-in-submit").click()


def open_room(page: Page, summary: Summary, role: str = "proctor") -> None:
    """Sign in to the console and open the demonstration room."""
    sign_in_to_console(page, summary, role)
    page.get_by_test_id("room-link").first.click()
    expect(page.get_by_test_id("link")).to_have_attribute("data-link", "open", timeout=20_000)


def candidate_tile(page: Page, name: str) -> Locator:
    """Return a candidate's tile on the wall."""
    return page.get_by_test_id("seat").filter(has_text=name)


def open_flag(tile: Locator, kind: str) -> Locator:
    """Return the open flag of a kind on a candidate's tile."""
    return tile.locator(f'[data-testid="flag"][data-kind="{kind}"][data-open="true"]')


def alternate_origin(url: str) -> str:
    """Return a page's URL under the other local host name, so that the API is cross-origin."""
    return url.replace("localhost", "127.0.0.1")
