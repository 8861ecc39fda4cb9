"""Talks and live video through a TURN relay, where the browsers cannot reach each other directly."""

from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.e2e.browsers import somebody
from tests.e2e.calls import NOTE_PEERS, RED, hears, look, plain, shows, ways
from tests.e2e.cameras import Camera
from tests.e2e.relay import relay
from tests.e2e.signed_in_pages import open_exam, open_seat
from tests.e2e.test_voice_and_chat import SPEECH
from tests.support.deployed_exam import DeployedExam

pytestmark = pytest.mark.e2e


def test_picture_and_voice_come_through_the_relay(
    deployed: DeployedExam, playwright: Playwright, tmp_path: Path
) -> None:
    camera = Camera(tmp_path / "camera.y4m", plain(RED))
    person = deployed.sitting()
    with (
        relay(deployed, tmp_path),
        somebody(playwright, camera, sound=SPEECH) as candidate,
        somebody(playwright, camera, sound=SPEECH, size=(1440, 900)) as proctor,
    ):
        for page in (candidate.page, proctor.page):
            page.add_init_script(NOTE_PEERS)
        open_exam(candidate.page, deployed, person)
        open_seat(proctor.page, deployed, person.session_id)
        shows(look(proctor.page, "first"), RED)
        proctor.page.get_by_test_id("talk").click()
        proctor.page.get_by_test_id("talk-ask").click()
        candidate.page.get_by_test_id("talk-accept").click()
        strip = proctor.page.get_by_test_id("talk-strip")
        expect(strip).to_have_attribute("data-talk", "connected", timeout=40_000)
        hears(proctor.page, "talk-heard")
        hears(candidate.page, "talk-heard")
        for page in (candidate.page, proctor.page):
            assert ways(page) == ["relay", "relay"]
        proctor.page.get_by_test_id("talk-end").click()
        expect(candidate.page.get_by_test_id("talk")).to_be_hidden()
