"""What staff do in the console about one candidate: the same steps in every engine."""

import re
from dataclasses import dataclass

from infra.demo import Summary
from tests.e2e.engines.page import EnginePage

ROOM = "demo-room-1"
# The session of the seat with a candidate's name on it.
SEAT_OF = """(name) => [...document.querySelectorAll('[data-testid="seat"]')]
    .find((seat) => seat.textContent.includes(name))?.dataset.session"""
HAS_PICTURE = """(selector) => {
    const image = document.querySelector(selector);
    return !!image && image.complete && image.naturalWidth > 0;
}"""
IS_PLAYING = """(selector) => {
    const video = document.querySelector(selector);
    return !!video && video.videoWidth > 0 && video.currentTime > 0;
}"""
IS_HEARD = """(id) =>
    Number(document.querySelector(`[data-testid="${id}"] [data-level]`)?.dataset.level) >= 5"""
CLIP_IS_PLAYING = """async () => {
    const audio = document.querySelector('[data-testid="clip"] audio');
    if (audio?.paused && audio.currentTime === 0) await audio.play().catch(() => undefined);
    return audio?.currentTime > 0;
}"""
YEAR_FIRST = re.compile(r"\b\d{4}/\d{2}/\d{2} \d{2}:\d{2}:\d{2}\b")
CHECKS = 8


@dataclass
class Proctor:
    """A proctor in the console of an engine."""

    page: EnginePage
    summary: Summary

    def open_wall(self) -> None:
        """Sign in and open the room; ends when its connection is open."""
        account = next(staff for staff in self.summary["staff"] if staff["role"] == "proctor")
        page = self.page
        page.goto(self.summary["console_url"])
        page.fill("sign-in-username", account["username"])
        page.fill("sign-in-password", account["password"])
        page.click("sign-in-submit")
        page.click("room-link")
        page.wait_visible("link", link="open")

    def find(self, name: str) -> str:
        """Wait for a candidate's tile on the wall; return the session."""
        return str(self.page.wait(SEAT_OF, name, what=f"the tile of {name}"))

    def accept_identity(self, session_id: str) -> None:
        """Decide that the candidate is the registered one."""
        self.page.click("seat identity-open", session=session_id)
        self.page.click("identity-accept")
        self.page.wait_visible("identity-said")
        self.page.click("close")
        self.page.wait_hidden("identity-said")

    def see_pictures(self, session_id: str) -> None:
        """See the newest picture of the candidate on the wall."""
        selector = f'[data-testid="seat"][data-session="{session_id}"] img'
        self.page.wait(HAS_PICTURE, selector, what="a picture on the wall")

    def open_seat(self, session_id: str) -> None:
        """Open the candidate's page: pictures, checks, sound and the audit trail are there."""
        page = self.page
        # By key: a pointer over the seat enlarges it, which covers what is under it.
        page.open_by_key("seat seat-open", session=session_id)
        page.wait_visible("seat-page", session=session_id)
        page.wait(HAS_PICTURE, '[data-testid="seat-page"] figure img', what="a large picture")
        page.wait_visible("audit", whole="true")
        page.wait_visible("seat-checks")
        page.wait(
            """(least) => document.querySelectorAll('[data-testid^="seat-check-"]').length
                >= least""",
            CHECKS,
            what="the device checks",
        )
        page.wait(CLIP_IS_PLAYING, what="a sound clip that plays")
        page.wait_visible("observation-item")

    def watch_live(self, view: str) -> None:
        """Open live video of a view; ends when its picture moves."""
        self.page.click(f"live-{view}")
        self.page.wait_visible("live-tile", view=view, state="connected")
        selector = f'[data-testid="live-tile"][data-view="{view}"] video'
        self.page.wait(IS_PLAYING, selector, what=f"live video of the {view} view")

    def talk(self, candidate: EnginePage) -> None:
        """Talk with the candidate: both hear each other."""
        page = self.page
        page.click("talk")
        page.click("talk-ask")
        candidate.click("talk-accept")
        candidate.wait_visible("talk", talk="connected")
        page.wait_visible("talk-strip", talk="connected")
        page.wait(IS_HEARD, "talk-heard", what="the candidate's voice")
        candidate.wait(IS_HEARD, "talk-heard", what="the proctor's voice")
        candidate.click("talk-end")
        candidate.wait_hidden("talk")

    def confirm_violation(self, session_id: str) -> None:
        """Decide by keyboard on the candidate's first incident."""
        page = self.page
        page.click("go-review")
        page.click("review-entry", session=session_id)
        page.wait_visible("review-detail")
        for key in ("c", "4", "Enter"):
            page.press(key)
        page.wait(
            "() => document.querySelector('[data-testid=review-said]')?.textContent.trim()",
            what="that the decision was sent",
        )

    def read_record(self, session_id: str) -> None:
        """Open the record of a confirmed violation; its dates are the page's, not the browser's."""
        page = self.page
        page.click("review-tab-settled")
        page.click("review-entry", session=session_id)
        page.click("violation-link")
        page.wait_visible("violation", ready="true")
        assert YEAR_FIRST.search(page.text("decision")), page.text("decision")

    def replay(self, session_id: str) -> None:
        """Replay the session: pictures, the flag, and time that passes."""
        page = self.page
        page.goto(f"{self.summary['console_url']}#/replay/{session_id}")
        page.wait_visible("replay-moment")
        before = page.text("replay-moment")
        page.click("replay-play")
        page.wait(
            """(before) => document.querySelector('[data-testid=replay-moment]').textContent
                .trim() !== before""",
            before,
            what="a later moment of the replay",
        )
        page.wait(
            HAS_PICTURE,
            '[data-testid="replay-view"][data-view="first"] img',
            what="a picture in the replay",
        )
