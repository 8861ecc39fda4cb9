"""What a candidate and a proctor do at their pages, step by step, as a person would."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from infra.demo import Summary

STEP_TIMEOUT = 60_000  # ms; a first picture waits for a cold function


def wait_for_state(page: Page, state: str, timeout: float = STEP_TIMEOUT) -> None:
    """Wait until the exam page has a state's screen; the lock's cover may still hide it."""
    expect(page.locator(f'main[data-state="{state}"]')).to_be_attached(timeout=timeout)


def sign_in(page: Page, summary: Summary, who: dict[str, Any], kind: str) -> None:
    """Open the exam page, verify the numbers, pass the checks and enter; ends at «confirm»."""
    submit_credentials(page, summary, who, kind)
    pass_checks(page)
    enter_exam(page)


def submit_credentials(page: Page, summary: Summary, who: dict[str, Any], kind: str) -> None:
    """Open the exam page and have the numbers verified; ends at the two doors."""
    page.goto(summary["exam_url"])
    page.get_by_test_id(f"sign-in-subject-{who['subject']}").check()
    page.get_by_test_id("sign-in-number").fill(who["admission_number"])
    page.get_by_test_id("sign-in-passcode").fill(who[f"{kind}_passcode"])
    page.get_by_test_id("sign-in-submit").click()
    wait_for_state(page, "signed_in")


def pass_checks(page: Page) -> None:
    """Have everything measured, answer what only the person can tell; ends at the doors again."""
    page.get_by_test_id("open-checks").click()
    page.get_by_test_id("run-checks").click()
    page.get_by_test_id("play-sound").click()
    page.get_by_test_id("answer-speaker-heard").click()
    page.get_by_test_id("answer-headphones-no").click()
    done = page.get_by_test_id("checks-sum")
    expect(done).to_have_attribute("data-busy", "false", timeout=STEP_TIMEOUT)
    expect(done).to_have_attribute("data-missing", "0")
    page.get_by_test_id("checks-back").click()


def enter_exam(page: Page) -> None:
    """Go through the entrance; ends at «confirm»."""
    page.get_by_test_id("enter-exam").click()
    expect(page.get_by_test_id("confirm-info")).to_be_visible()


def agree_to_everything(page: Page) -> None:
    """Confirm the information, agree to the pledge and to face processing; ends at the photo."""
    go_to_consent(page)
    page.get_by_test_id("consent-agree").click()
    expect(page.get_by_test_id("photo-take")).to_be_visible()


def go_to_consent(page: Page) -> None:
    """Confirm the information and agree to the pledge; ends where consent is asked for."""
    page.get_by_test_id("confirm-info").click()
    wait_for_state(page, "info_confirmed")
    page.get_by_test_id("pledge-text").press("End")
    page.get_by_test_id("pledge-agree").click()
    wait_for_state(page, "pledged")


def take_photo(page: Page) -> None:
    """Take the verification pictures; the second one takes itself."""
    page.get_by_test_id("photo-take").click()


def go_to_paper(page: Page) -> None:
    """Go from the second view's screen without a phone to the open paper."""
    wait_for_state(page, "identity_verified")
    page.get_by_test_id("second-view-continue").click()
    wait_for_state(page, "second_view_ready")
    page.get_by_test_id("enter-waiting-room").click()
    wait_for_state(page, "waiting")
    page.get_by_test_id("start-exam").click()
    wait_for_state(page, "answering")


def enter_fullscreen(page: Page) -> None:
    """Say at the cover that one is here: fill the screen, and see the questions."""
    page.get_by_test_id("lock-enter").click()
    expect(page.get_by_test_id("lock-cover")).to_be_hidden()


def wait_for_camera_pictures(page: Page) -> None:
    """Wait until every camera that is on has a picture on the page."""
    page.wait_for_function(
        """() => [...document.querySelectorAll('main video')].every(
            (one) => !one.srcObject || one.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA
        )"""
    )


def sign_in_to_console(page: Page, summary: Summary, role: str = "proctor") -> None:
    """Sign in at the console."""
    account = next(one for one in summary["staff"] if one["role"] == role)
    page.goto(summary["console_url"])
    page.get_by_test_id("sign-in-username").fill(account["username"])
    page.get_by_test_id("sign-in-password").fill(account["password"])
    page.get_by_test_id("sign-in-submit").click()


def open_room(page: Page, summary: Summary, role: str = "proctor") -> None:
    """Sign in at the console and open the demonstration room."""
    sign_in_to_console(page, summary, role)
    page.get_by_test_id("room-link").first.click()
    expect(page.get_by_test_id("link")).to_have_attribute("data-link", "open", timeout=20_000)


def candidate_tile(page: Page, name: str) -> Locator:
    """Return a candidate's card on the wall."""
    return page.get_by_test_id("seat").filter(has_text=name)


def open_flag(seat: Locator, kind: str) -> Locator:
    """Return the seat's open flag of a kind."""
    return seat.locator(f'[data-testid="flag"][data-kind="{kind}"][data-open="true"]')


def alternate_origin(url: str) -> str:
    """Return a page's address under the other local name, so that the API is another origin."""
    return url.replace("localhost", "127.0.0.1")
