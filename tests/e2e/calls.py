"""What tests see and hear of calls: colours of a live picture, levels, and how it is connected."""

from typing import Any

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.data.scenes import FRAME

CONNECT_TIMEOUT = 70_000  # ms; the page gives up by itself soon after
RED, BLUE, GREEN = (200, 30, 30), (30, 30, 200), (30, 170, 60)

READ_COLOUR = """(video) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 8;
    const paper = canvas.getContext("2d");
    paper.drawImage(video, 0, 0, 8, 8);
    return [...paper.getImageData(4, 4, 1, 1).data].slice(0, 3);
}"""
IS_LOUDER = """([id, level]) =>
    Number(document.querySelector(`[data-testid="${id}"] [data-level]`)?.dataset.level) >= level"""
IS_QUIETER = """([id, level]) =>
    Number(document.querySelector(`[data-testid="${id}"] [data-level]`)?.dataset.level) <= level"""
# Remembers every connection that a page makes, so that a test can ask how it came about.
RECORD_PEERS = """
    window.peers = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(...given) { super(...given); window.peers.push(this); }
    };
"""
READ_CANDIDATE_TYPES = """async () => {
    const ways = [];
    for (const peer of window.peers.filter((one) => one.connectionState === "connected")) {
        const stats = [...(await peer.getStats()).values()];
        const pair = stats.find((one) => one.type === "candidate-pair" && one.nominated
            && one.state === "succeeded");
        const own = stats.find((one) => one.id === pair?.localCandidateId);
        ways.push(own?.candidateType);
    }
    return ways;
}"""


def solid_colour(colour: tuple[int, int, int]) -> Image.Image:
    """A picture of one colour, which a canvas on the other side can tell."""
    return Image.new("RGB", FRAME, colour)


def open_live_video(page: Page, view: str) -> Locator:
    """Ask for live video of a view, and wait until it is there."""
    page.get_by_test_id(f"live-{view}").click()
    tile = page.locator(f'[data-testid="live-tile"][data-view="{view}"]')
    expect(tile).to_have_attribute("data-state", "connected", timeout=CONNECT_TIMEOUT)
    return tile


def wait_for_colour(tile: Locator, colour: tuple[int, int, int]) -> None:
    """Wait until a live picture has a colour: it was decoded, and is of now."""
    video = tile.locator("video")
    expect(video).to_be_visible()
    handle = video.element_handle()
    tile.page.wait_for_function(
        f"""([video, wanted]) => video.videoWidth > 0 && ({READ_COLOUR})(video).every(
            (part, index) => Math.abs(part - wanted[index]) < 45
        )""",
        arg=[handle, list(colour)],
        timeout=CONNECT_TIMEOUT,
    )


def wait_for_sound(page: Page, meter: str, threshold: int = 15) -> None:
    """Wait until a level meter shows a voice."""
    page.wait_for_function(IS_LOUDER, arg=[meter, threshold], timeout=CONNECT_TIMEOUT)


def wait_for_silence(page: Page, meter: str) -> None:
    """Wait until a level meter has fallen."""
    page.wait_for_function(IS_QUIETER, arg=[meter, 4], timeout=CONNECT_TIMEOUT)


def candidate_types(page: Page) -> list[Any]:
    """How each connection of a page that noted them is made: «host», «relay» …"""
    found: list[Any] = page.evaluate(READ_CANDIDATE_TYPES)
    return found
