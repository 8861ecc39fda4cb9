"""Recordings on the device: consent, the shared screen, and a sitting that is interrupted."""

import io
import itertools
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import pytest
from playwright.sync_api import CDPSession, Page, Playwright, expect

from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.recording.recording_plans import RecordingDevice
from chalicelib.domain.recording.recording_rule import (
    RecordingMode,
    RecordingQuality,
    RecordingRule,
    Track,
)
from chalicelib.domain.recording.segments import Segment
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.page_exits import PageLockRule
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, Role
from chalicelib.wiring.settings import settings
from tests.conftest import PrintFigure
from tests.data.scenes import one_person
from tests.e2e.actors import wait_for_state
from tests.e2e.browsers import BrowserUser, open_browser
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.signed_in_pages import (
    add_candidate_session,
    add_demo_subject,
    assert_reflows,
    open_exam,
)
from tests.e2e.test_voice_and_chat import SPEECH
from tests.support.deployed_exam import ApiClient, DeployedExam
from tests.support.polling import wait_for
from tests.support.segment_files import SENTENCE

pytestmark = pytest.mark.e2e

STEP = 60_000
HOLE = 2_500
"""Between two segments less than this is missing from neither, ms."""
SLOW_BYTES = 125_000
"""1 Mbit/s."""

# A screen of the test's own: `surface` is what the person chooses in the browser's window.
SCREEN = """
window.surface = "monitor";
navigator.mediaDevices.getDisplayMedia = async () => {
  if (window.surface === "refused") throw new DOMException("no", "NotAllowedError");
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [1280, 720];
  const paper = canvas.getContext("2d");
  const draw = () => {
    for (let count = 0; count < 400; count += 1) {
      paper.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`;
      paper.fillRect(Math.random() * 1280, Math.random() * 720, 40, 40);
    }
  };
  draw();
  setInterval(draw, 200);
  const stream = canvas.captureStream(5);
  const [track] = stream.getVideoTracks();
  const settings = track.getSettings.bind(track);
  const { surface } = window;
  track.getSettings = () => ({ ...settings(), displaySurface: surface });
  window.stopSharing = () => { track.stop(); track.dispatchEvent(new Event("ended")); };
  return stream;
};
"""


@dataclass(frozen=True)
class Sitting:
    """A candidate with a session that is recorded."""

    deployed: DeployedExam
    person: ApiClient

    @property
    def segments(self) -> list[Segment]:
        """What has arrived and was inspected, oldest first."""
        found = self.deployed.context.sessions.segments(self.person.session_id, limit=100)
        return sorted(found, key=lambda segment: (segment.track, segment.began_at))

    def of(self, track: Track) -> list[Segment]:
        """Return the segments of a track."""
        return [segment for segment in self.segments if segment.track is track]

    def has_voice(self) -> bool:
        """Return whether something is kept of the candidate's voice."""
        identity = self.deployed.context.sessions.bundle(self.person.session_id).identity
        return identity.voice is not None

    @property
    def gaps(self) -> list[dict[str, Any]]:
        """The gaps that were told."""
        entries = self.deployed.context.sessions.audit(self.person.session_id)
        return [dict(entry.detail) for entry in entries if entry.action == "recording_gap"]

    @property
    def open_flags(self) -> set[FindingKind]:
        """The kinds of flags that are open."""
        flags = self.deployed.context.sessions.flags(self.person.session_id)
        return {flag.kind for flag in flags if flag.ended_at is None}


def record_sitting(
    deployed: DeployedExam, state: State, rule: RecordingRule, *, consent: bool | None
) -> Sitting:
    """Add a candidate whose session stands there and is recorded by a rule."""
    context = deployed.context
    now, is_answering = context.clock(), state is State.ANSWERING
    lock = PageLockRule(on=is_answering)
    subject: Subject = add_demo_subject(context, recording=rule, lock=lock)
    _, session = add_candidate_session(
        context,
        subject,
        state,
        recording=rule,
        recording_consent=consent,
        started_at=now if is_answering else None,
        ends_at=now + 60 * MINUTE if is_answering else None,
    )
    person = deployed.client_for(Role.CANDIDATE, session.session_id, subject.subject_id)
    return Sitting(deployed, person)


def test_refused_consent_records_nothing(
    deployed: DeployedExam, playwright: Playwright, tmp_path: Path, check_screen: CheckScreen
) -> None:
    rule = RecordingRule(RecordingMode.ALL, screen=RecordingMode.FLAGS, compare_voices=True)
    asked = record_sitting(deployed, State.INFO_CONFIRMED, rule, consent=None)
    camera = Camera(tmp_path / "camera.y4m", one_person("person_a.jpg"))
    with open_browser(playwright, camera, sound=SENTENCE) as candidate:
        page = candidate.page
        open_exam(page, deployed, asked.person)
        consent = page.get_by_test_id("recording-consent")
        expect(consent).to_be_visible(timeout=STEP)
        page.get_by_test_id("pledge-text").evaluate("(box) => box.scrollTo(0, box.scrollHeight)")
        expect(page.get_by_test_id("pledge-agree")).to_be_disabled()
        page.set_viewport_size({"width": 1280, "height": 1100})
        check_screen(page, "exam-recording-consent")
        assert_reflows(page)
        page.get_by_test_id("recording-agree").check()
        sample = page.get_by_test_id("read-aloud")
        page.get_by_test_id("read-aloud-start").click()
        expect(sample).to_have_attribute("data-step", "reading", timeout=STEP)
        expect(sample).to_have_attribute("data-step", "taken", timeout=STEP)
        check_screen(page, "exam-read-aloud")
        assert asked.has_voice()
        page.get_by_test_id("recording-refuse").check()
        expect(consent).to_have_attribute("data-consent", "false", timeout=STEP)
        expect(page.get_by_test_id("pledge-agree")).to_be_enabled()
        assert not asked.has_voice()

    refused = record_sitting(deployed, State.WAITING, rule, consent=False)
    with open_browser(playwright, camera) as candidate:
        open_exam(candidate.page, deployed, refused.person)
        sessions, session_id = deployed.context.sessions, refused.person.session_id
        wait_for(lambda: sessions.observations(session_id, limit=1), "a snapshot")
        assert sessions.recording_plan(session_id, RecordingDevice.COMPUTER).version == 0
        assert candidate.page.get_by_test_id("screen-share").count() == 0
        candidate.assert_no_console_errors()


def test_shared_screen_is_told_and_flagged(
    deployed: DeployedExam, playwright: Playwright, tmp_path: Path, check_screen: CheckScreen
) -> None:
    rule = RecordingRule(screen=RecordingMode.ALL, quality=RecordingQuality.LOW)
    sitting = record_sitting(deployed, State.SECOND_VIEW_READY, rule, consent=True)
    camera = Camera(tmp_path / "camera.y4m", one_person("person_a.jpg"))
    with open_browser(playwright, camera) as candidate:
        page = candidate.page
        page.add_init_script(SCREEN)
        open_exam(page, deployed, sitting.person)
        card, share = page.get_by_test_id("screen-share"), page.get_by_test_id("share-screen")
        expect(share).to_be_enabled(timeout=STEP)
        page.set_viewport_size({"width": 1280, "height": 1000})
        check_screen(page, "exam-screen-share")
        assert_reflows(page)
        page.evaluate("window.surface = 'window'")
        share.click()
        expect(card).to_have_attribute("data-status", "window")
        page.evaluate("window.surface = 'monitor'")
        share.click()
        expect(card).to_have_attribute("data-status", "shared")
        page.get_by_test_id("enter-waiting-room").click()
        wait_for_state(page, "waiting")
        page.get_by_test_id("start-exam").click()
        wait_for_state(page, "answering")
        expect(card).to_have_count(0)
        assert FindingKind.SCREEN_NOT_SHARED not in sitting.open_flags
        expect(page.locator('[data-testid^="option-"]').first).to_be_visible(timeout=STEP)
        assert_reflows(page)

        page.evaluate("window.stopSharing()")
        expect(card).to_have_attribute("data-status", "stopped", timeout=STEP)
        wait_for(
            lambda: FindingKind.SCREEN_NOT_SHARED in sitting.open_flags, "the flag of the screen"
        )
        page.get_by_test_id("language-en").click()
        check_screen(page, "exam-screen-stopped")
        share.click()
        expect(card).to_have_count(0, timeout=STEP)
        wait_for(
            lambda: FindingKind.SCREEN_NOT_SHARED not in sitting.open_flags, "the end of the flag"
        )
        candidate.assert_no_console_errors()


def test_interrupted_sitting_is_recorded_and_catches_up(
    deployed: DeployedExam,
    playwright: Playwright,
    tmp_path: Path,
    check_screen: CheckScreen,
    print_figure: PrintFigure,
) -> None:
    rule = RecordingRule(
        first=RecordingMode.ALL, screen=RecordingMode.ALL, quality=RecordingQuality.HIGH
    )
    sitting = record_sitting(deployed, State.ANSWERING, rule, consent=True)
    camera = Camera(tmp_path / "camera.y4m", one_person("person_a.jpg"))
    with open_browser(playwright, camera, sound=SPEECH) as candidate:
        candidate.context.add_init_script(SCREEN)
        page = candidate.page
        open_exam(page, deployed, sitting.person)
        # A page that opens in the middle has no screen yet: that is told, and asked for.
        page.get_by_test_id("share-screen").click(timeout=STEP)
        expect(page.get_by_test_id("screen-share")).to_have_count(0)
        badge = page.get_by_test_id("recording-badge")
        expect(badge).to_have_attribute("data-active", "first screen", timeout=STEP)
        _answer_on_slow_line(candidate, page, sitting, print_figure)
        check_screen(page, "exam-recording")
        expect(badge).to_have_attribute("data-waiting", "0", timeout=STEP)

        page.reload()
        expect(badge).to_have_attribute("data-active", "first", timeout=STEP)
        wait_for(lambda: len(sitting.of(Track.FIRST)) > 3, "segments after the reload")
        page = _kill_and_reopen(page, deployed)
        expect(page.get_by_test_id("recording-badge")).to_have_attribute(
            "data-active", "first", timeout=STEP
        )
        before = len(sitting.of(Track.FIRST))
        wait_for(lambda: len(sitting.of(Track.FIRST)) > before + 1, "segments after the crash")
        sitting.person.post("/candidate/submit")
        wait_for_state(page, "submitted", timeout=STEP)
        left = page.locator('[data-testid="uploads-left"]:not([data-waiting="0"])')
        expect(left).to_have_count(0, timeout=STEP)
        wait_for(lambda: not _untold_holes(sitting), "the gaps")
    _assert_complete(sitting)


def _answer_on_slow_line(
    candidate: BrowserUser, page: Page, sitting: Sitting, print_figure: PrintFigure
) -> None:
    """Answer while recordings fill a line of 1 Mbit/s: answers first, and pictures as planned."""
    devtools = candidate.context.new_cdp_session(page)
    devtools.send("Network.enable")
    _limit(devtools, SLOW_BYTES)
    badge = page.get_by_test_id("recording-badge")
    expect(badge).not_to_have_attribute("data-waiting", "0", timeout=STEP)
    sessions, session_id = sitting.deployed.context.sessions, sitting.person.session_id
    pictures = len(sessions.observations(session_id, limit=100))
    acknowledged = [_answer(page, index) for index in (0, 1, 0)]
    print_figure(f"answers on 1 Mbit/s acknowledged after at most {max(acknowledged):.0f} ms")
    # They overtook what was recorded before them.
    expect(badge).not_to_have_attribute("data-waiting", "0")
    wait_for(
        lambda: len(sessions.observations(session_id, limit=100)) > pictures + 1, "more pictures"
    )
    wait_for(lambda: len(sitting.of(Track.FIRST)) > 0, "a segment over the slow line")
    _limit(devtools, -1)


def _limit(devtools: CDPSession, upload: int) -> None:
    devtools.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 20, "downloadThroughput": -1, "uploadThroughput": upload},
    )


def _answer(page: Page, index: int) -> float:
    """Choose an option; return how long its answer took to be acknowledged, ms."""
    began = time.monotonic()
    with page.expect_response("**/candidate/answers/**", timeout=STEP) as response:
        page.locator('[data-testid^="option-"]').nth(index).check()
    assert response.value.ok
    return (time.monotonic() - began) * 1_000


def _kill_and_reopen(page: Page, deployed: DeployedExam) -> Page:
    """Close the tab without any of its farewells, and open the exam in another."""
    reopened = page.context.new_page()
    page.close(run_before_unload=False)
    reopened.goto(deployed.product.summary["exam_url"])
    wait_for_state(reopened, "answering", timeout=STEP)
    return reopened


def _untold_holes(sitting: Sitting) -> list[tuple[Segment, Segment]]:
    """Return each two segments of a track between which more is missing than was told."""
    return [
        (former, latter)
        for track in Track
        for former, latter in itertools.pairwise(sitting.of(track))
        if latter.began_at - former.ended_at >= HOLE
        and not any(
            gap["track"] == track
            and gap["began_at"] <= former.ended_at + HOLE
            and gap["ended_at"] >= latter.began_at - HOLE
            for gap in sitting.gaps
        )
    ]


def _assert_complete(sitting: Sitting) -> None:
    """Assert that every segment arrived whole and plays alone, and that each hole was told."""
    assert sitting.of(Track.FIRST)
    assert sitting.of(Track.SCREEN)
    assert _untold_holes(sitting) == []
    told = {(gap["track"], gap["reason"]) for gap in sitting.gaps}
    assert ("first", "page_closed") in told, told
    assert "screen" in {track for track, _ in told}, told
    for segment in sitting.segments:
        assert segment.error is None, segment
        frames, sound = _play(sitting.deployed, segment)
        assert frames > 0, segment
        assert (sound > 0) == (segment.track is Track.FIRST), segment


def _play(deployed: DeployedExam, segment: Segment) -> tuple[int, int]:
    """Decode a segment by itself; return how many frames of picture and of sound it has."""
    body = deployed.s3.get_object(Bucket=settings().media_bucket, Key=segment.key)["Body"].read()
    with av.open(io.BytesIO(body), "r") as container:
        frames = list(container.decode())
    pictures = sum(isinstance(frame, av.VideoFrame) for frame in frames)
    return pictures, len(frames) - pictures
