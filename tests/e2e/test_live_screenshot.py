"""A proctor takes a picture of the live video: what is kept is the very frame that was shown."""

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
# Presses the button, and returns what the tile's video showed at that very moment, without loss.
# A picture that was just connected gets sharper from frame to frame.
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
    """A picture of two colours, so that its sides can be told apart."""
    picture = solid_colour(left)
    picture.paste(right, (FRAME[0] // 2, 0, *FRAME))
    return picture


def decode_image(data: bytes) -> Image.Image:
    """A picture, read whole."""
    with Image.open(io.BytesIO(data)) as picture:
        return picture.convert("RGB")


def test_the_kept_picture_is_the_frame_that_was_shown(
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
        # The camera goes on: what was taken is of the moment before.
        webcam.show(solid_colour(GREEN))
        wait_for_colour(tile, GREEN)
        preview.locator("input").fill(NOTE)
        check_screen(page, "console-live-shot")
        sha256 = preview.get_attribute("data-sha256")
        page.get_by_test_id("shot-keep").click()
        expect(tile.get_by_test_id("shot-kept")).to_be_visible()
        expect(page.get_by_test_id("evidence-item")).to_contain_text(NOTE)
        proctor.assert_no_console_errors()
        candidate.assert_no_console_errors()
    [kept] = deployed.proctor_client.get(f"/proctor/sessions/{person.session_id}/evidence")[
        "evidence"
    ]
    moment = next(exhibit for exhibit in kept["exhibits"] if exhibit["place"] == "moment")
    data = httpx.get(moment["url"]).content
    assert (kept["source"], kept["note"], moment["sha256"]) == ("live", NOTE, sha256)
    assert hashlib.sha256(data).hexdigest() == sha256
    picture = decode_image(data)
    assert picture.size == frame.size
    apart = ImageStat.Stat(ImageChops.difference(picture, frame)).mean
    assert max(apart) < 2, f"not the frame that was shown: {apart}"
    assert verify_session(deployed.product.deployment, person.session_id) == []
