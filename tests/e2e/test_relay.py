"""Voice calls and live video through a TURN server, without direct connections."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.browsers import open_browser
from tests.e2e.calls import (
    RECORD_PEERS,
    RED,
    open_live_video,
    solid_colour,
    wait_for_colour,
    wait_for_connections,
    wait_for_sound,
)
from tests.e2e.cameras import Camera
from tests.e2e.relay import turn_relay
from tests.e2e.signed_in_pages import open_candidate_page, open_exam
from tests.e2e.test_voice_and_chat import SPEECH
from tests.support.deployed_exam import DeployedExam

pytestmark = pytest.mark.e2e


def test_video_and_voice_are_relayed(
    deployed: DeployedExam, playwright: Playwright, tmp_path: Path
) -> None:
    camera = Camera(tmp_path / "camera.y4m", solid_colour(RED))
    person = deployed.candidate_client()
    with (
        turn_relay(deployed, tmp_path),
        open_browser(playwright, camera, sound=SPEECH) as candidate,
        open_browser(playwright, camera, sound=SPEECH, size=(1440, 900)) as proctor,
    ):
        for page in (candidate.page, proctor.page):
            page.add_init_script(RECORD_PEERS)
        open_exam(candidate.page, deployed, person)
        open_candidate_page(proctor.page, deployed, person.session_id)
        wait_for_colour(open_live_video(proctor.page, "first"), RED)
        proctor.page.get_by_test_id("talk").click()
        proctor.page.get_by_test_id("talk-ask").click()
        candidate.page.get_by_test_id("talk-accept").click()
        strip = proctor.page.get_by_test_id("talk-strip")
        expect(strip).to_have_attribute("data-talk", "connected", timeout=40_000)
        wait_for_sound(proctor.page, "talk-heard")
        wait_for_sound(candidate.page, "talk-heard")
        for page in (candidate.page, proctor.page):
            wait_for_connections(page, ["connected relay", "connected relay"])
        proctor.page.get_by_test_id("talk-end").click()
        expect(candidate.page.get_by_test_id("talk")).to_be_hidden()
