"""A candidate's exam day, in terms of test ids: the same steps in every engine."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.types import Medium, View
from infra.demo import Summary
from tests.e2e.engines.browser import Browser
from tests.e2e.engines.line import Line
from tests.e2e.engines.page import EnginePage
from tests.support.deployed_exam import DeployedExam
from tests.support.polling import wait_for

BLANKS, TEXT = 9, 10
WRITTEN_OFFLINE = "写在断网时"
HAS_OFFLINE_COPY = """async () =>
    navigator.serviceWorker.controller && await caches.has('invigil-exam-held')"""
PAIRING_CODE = """() => document.querySelector('[data-testid="second-view-code"]')
    ?.textContent.trim().match(/^[A-Z0-9]{8}$/)?.[0]"""
COVER_CHANGED = """(said) => {
    const cover = document.querySelector('[data-testid="lock-cover"]');
    return !cover?.open || cover.textContent.trim() !== said;
}"""
IS_CHECKED = "(selector) => document.querySelector(selector)?.checked"
FIRST_OPTION = """() => document.querySelector('[data-testid^="option-"]')?.dataset.testid"""


@dataclass
class Candidate:
    """A candidate in the exam page of an engine."""

    browser: Browser
    page: EnginePage
    summary: Summary
    details: dict[str, Any]

    # ---- before the paper ----

    def sign_in(self) -> None:
        """Sign in with number and passcode, pass the checks and enter; ends at the details."""
        page, details = self.page, self.details
        page.goto(self.summary["exam_url"])
        page.click(f"sign-in-subject-{details['subject']}")
        page.fill("sign-in-number", details["admission_number"])
        page.fill("sign-in-passcode", details["official_passcode"])
        page.click("sign-in-submit")
        page.wait_state("signed_in")
        page.click("open-checks")
        page.click("run-checks")
        page.click("play-sound")
        page.click("answer-speaker-heard")
        page.click("answer-headphones-no")
        page.wait_visible("checks-sum", busy="false", missing="0")
        page.click("checks-back")
        page.click("enter-exam")
        page.wait_visible("confirm-info")

    def agree(self, *, to_faces: bool) -> None:
        """Confirm the details, sign the pledge, and agree to face processing or refuse it."""
        page = self.page
        page.click("confirm-info")
        page.wait_state("info_confirmed")
        page.click("pledge-text")
        page.press("End")
        page.click("pledge-agree")
        page.wait_state("pledged")
        page.click("consent-agree" if to_faces else "consent-refuse")

    def take_photo(self) -> None:
        """Take both pictures; the machine knows the person."""
        self.page.click("photo-take")
        self.page.wait_visible("photo-turn")
        self.browser.turn_head(aside=True)
        self.page.wait_hidden("photo-turn")
        self.browser.turn_head(aside=False)

    def second_view_code(self) -> str:
        """Wait for the verified identity; return the code that the phone scans."""
        self.page.wait_state("identity_verified")
        return str(self.page.wait(PAIRING_CODE, what="the code for the phone"))

    def start(self) -> None:
        """Go on from the second view to the paper."""
        self.page.click("second-view-continue")
        self.page.wait_state("second_view_ready")
        self.page.click("enter-waiting-room")
        self.page.wait_state("waiting")
        self.page.click("start-exam")
        self.page.wait_state("answering")
        self.hold_screen()

    # ---- the paper ----

    def hold_screen(self) -> None:
        """Give the page the screen, or where the browser will not, let it hold its window."""
        while self.page.is_visible("lock-cover"):
            said = self.page.text("lock-cover")
            self.page.click("lock-enter")
            self.page.wait(COVER_CHANGED, said, what="the screen held, or another way offered")

    def answer(self) -> None:
        """Answer a question of each kind of field."""
        page = self.page
        page.click("question-1")
        option = page.wait(FIRST_OPTION)
        page.click(option)
        page.wait(IS_CHECKED, f'[data-testid="{option}"]', what="the chosen option")
        page.click(f"question-{BLANKS}")
        page.fill("blank-1", "一个月")
        page.click(f"question-{TEXT}")
        page.fill("text-answer", "写在考试时")
        page.wait_visible("save-state", save="saved")

    def answer_offline(self, line: Line) -> None:
        """Write without a network, load the page again, and find the answer kept, then sent."""
        page = self.page
        page.wait(HAS_OFFLINE_COPY)
        line.cut()
        page.click(f"question-{TEXT}")
        page.fill("text-answer", WRITTEN_OFFLINE)
        page.wait_visible("save-state", save="offline")
        page.reload()
        page.wait_state("answering")
        self.hold_screen()
        page.click(f"question-{TEXT}")
        page.wait(
            "(text) => document.querySelector('[data-testid=text-answer]').value === text",
            WRITTEN_OFFLINE,
            what="the answer after the reload",
        )
        line.mend()
        page.wait_visible("save-state", save="saved")

    def leave_and_return(self) -> None:
        """Look at another window and come back: counted, covered, and gone on with."""
        other = self.browser.new_page()
        self.page.wait_visible("lock-cover", kind="left", forgivable="false")
        other.close()
        self.hold_screen()

    def hand_in(self) -> None:
        """Hand in; ends at the receipt, whose check value the page computed alike."""
        page = self.page
        page.click("hand-in")
        page.wait_visible("summary")
        page.click("hand-in-confirm")
        page.wait_state("submitted")
        page.wait(
            """() => document.querySelector('[data-testid="receipt-check"]')
                ?.getAttribute('data-same') === 'true'""",
            what="the receipt's check value",
        )


def join_phone(page: EnginePage, summary: Summary, details: dict[str, Any], code: str) -> None:
    """Join the second view, place the phone, and watch."""
    page.goto(f"{summary['phone_url']}?code={code}")
    page.click("check-camera")
    page.fill("join-admission-number", details["admission_number"])
    page.fill("join-id-number", details["id_number"])
    page.click("join-submit")
    page.wait_visible("place-phone")
    page.click("shot-take")
    page.click("place-done")
    page.wait_visible("second-view-badge", live="true")


def wait_for_captures(deployed: DeployedExam, session_id: str) -> None:
    """Wait until pictures of both views and a sound clip were observed without an error."""
    wanted = {
        (View.FIRST, Medium.PICTURE),
        (View.SECOND, Medium.PICTURE),
        (View.FIRST, Medium.SOUND),
    }

    def have_come() -> bool:
        observations = deployed.context.sessions.observations(session_id, limit=100)
        fine = {(seen.view, seen.medium) for seen in observations if seen.error is None}
        return wanted <= fine

    wait_for(have_come, "observations of both views and the sound")
