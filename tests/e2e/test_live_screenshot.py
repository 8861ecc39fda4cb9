"""A proctor takes a screenshot of live video: the evidence is exactly the displayed frame."""

import base64
import hashlib
import io
from pathlib import Path

import httpx
import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Playwright, expect

from infra.record_export import verify_session
from tests.data.scenes import FRAME
from tests.e2e.browsers import open_browser
from tests.e2e.calls import BLUE, GREEN, RED, open_live_video, solid_colour, wait_for_colour
from tests.e2e.cameras import Camera
from tests.e2e.conftest import CheckScreen
from tests.e2e.signed_in_pages import open_candidate_page, open_exam
from tests.support.deployed_exam import DeployedExam

pytestmark = pytest.mark.e2e

NOTE = "桌面左侧有可疑物品"
# Presses the button and returns the video frame of that moment, losslessly.
# Just after connecting, every frame is sharper than the one before.
TAKE_SCREENSHOT = """(tile) => {
    const video = tile.querySelector("video");
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d", { alpha: false }).drawImage(video, 0, 0);
    tile.querySelector('[data-testid="shot-take"]').click();
    return canvas.toDataURL("image/png").split(",")[1];
}"""


def halves(left: tuple[int, int, int], right: tuple[int, int, int]) -> Image.Image:
    """Return a picture of two colours, so that its sides can be distinguished."""
    picture = solid_colour(left)
    picture.paste(right, (FRAME[0] // 2, 0, *FRAME))
    return picture


def decode_image(data: bytes) -> Image.Image:
    """Decode an image."""
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")


def test_evidence_is_the_displayed_frame(
    deployed: DeployedExam, playwright: Playwright, tmp_path: Path, check_screen: CheckScreen
) -> None:
    webcam = Camera(tmp_path / "webcam.y4m", halves(RED, BLUE))
    person = deployed.candidate_client()
    with (
        open_browser(playwright, webcam) as candidate,
        open_browser(playwright, size=(1440, 900)) as proctor,
    ):
        page = proctor.page
        open_exam(candidate.page, deployed, person)
        open_candidate_page(page, deployed, person.session_id)
        tile = open_live_video(page, "first")
        wait_for_colour(tile, BLUE)  # in its right half
        expect(tile.get_by_test_id("shot-take")).to_be_enabled()
        frame = decode_image(base64.b64decode(tile.evaluate(TAKE_SCREENSHOT)))
        preview = page.get_by_test_id("shot")
        expect(preview).to_be_visible()
        # The screenshot does not change when the camera's picture does.
        webcam.show(solid_colour(GREEN))
        wait_for_colour(tile, GREEN)
        preview.locator("input").fill(NOTE)
        check_screen(page, "console-live-screenshot")
        sha256 = preview.get_attribute("data-sha256")
        page.get_by_test_id("shot-keep").click()
        expect(tile.get_by_test_id("shot-kept")).to_be_visible()
        expect(page.get_by_test_id("evidence-item")).to_contain_text(NOTE)
        proctor.assert_no_console_errors()
        candidate.assert_no_console_errors()
    [evidence] = deployed.proctor_client.get(f"/proctor/sessions/{person.session_id}/evidence")[
        "evidence"
    ]
    moment = next(exhibit for exhibit in evidence["exhibits"] if exhibit["place"] == "moment")
    data = httpx.get(moment["url"]).content
    assert (evidence["source"], evidence["note"], moment["sha256"]) == ("live", NOTE, sha256)
    assert hashlib.sha256(data).hexdigest() == sha256
    picture = decode_image(data)
    assert picture.size == frame.size
    distance = ImageStat.Stat(ImageChops.difference(picture, frame)).mean
    assert max(distance) < 2, f"not the displayed frame: {distance}"
    assert verify_session(deployed.product.deployment, person.session_id) == []
