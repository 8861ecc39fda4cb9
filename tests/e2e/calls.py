"""Assertions about calls: colours of live video, audio levels and ICE candidate types."""

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.data.scenes import FRAME
from tests.support.polling import wait_for

CONNECT_TIMEOUT = 70_000  # ms; the page itself times out soon after
RED, BLUE, GREEN = (200, 30, 30), (30, 30, 200), (30, 170, 60)

READ_COLOUR = """(video) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 8;
    const drawing = canvas.getContext("2d");
    drawing.drawImage(video, 0, 0, 8, 8);
    return [...drawing.getImageData(4, 4, 1, 1).data].slice(0, 3);
}"""
IS_LOUDER = """([id, level]) =>
    Number(document.querySelector(`[data-testid="${id}"] [data-level]`)?.dataset.level) >= level"""
IS_QUIETER = """([id, level]) =>
    Number(document.querySelector(`[data-testid="${id}"] [data-level]`)?.dataset.level) <= level"""
# Records every RTCPeerConnection of a page, to read its statistics later.
RECORD_PEERS = """
    window.peers = [];
    window.RTCPeerConnection = class extends RTCPeerConnection {
        constructor(...settings) { super(...settings); window.peers.push(this); }
    };
"""
READ_CONNECTIONS = """async () => {
    const connections = [];
    for (const peer of window.peers.filter((peer) => peer.connectionState !== "closed")) {
        const stats = [...(await peer.getStats()).values()];
        const transport = stats.find((entry) => entry.type === "transport");
        const pair = stats.find((entry) => entry.id === transport?.selectedCandidatePairId);
        const local = stats.find((entry) => entry.id === pair?.localCandidateId);
        connections.push(`${peer.connectionState} ${local?.candidateType}`);
    }
    return connections;
}"""


def solid_colour(colour: tuple[int, int, int]) -> Image.Image:
    """Return a picture of one colour, which the other side can recognize on a canvas."""
    return Image.new("RGB", FRAME, colour)


def open_live_video(page: Page, view: str) -> Locator:
    """Open live video of a view, and wait until it is connected."""
    page.get_by_test_id(f"live-{view}").click()
    tile = page.locator(f'[data-testid="live-tile"][data-view="{view}"]')
    expect(tile).to_have_attribute("data-state", "connected", timeout=CONNECT_TIMEOUT)
    return tile


def wait_for_colour(tile: Locator, colour: tuple[int, int, int]) -> None:
    """Wait until live video shows a colour: it was decoded and is current."""
    video = tile.locator("video")
    expect(video).to_be_visible()
    handle = video.element_handle()
    tile.page.wait_for_function(
        f"""([video, colour]) => video.videoWidth > 0 && ({READ_COLOUR})(video).every(
            (channel, index) => Math.abs(channel - colour[index]) < 45
        )""",
        arg=[handle, list(colour)],
        timeout=CONNECT_TIMEOUT,
    )


def wait_for_sound(page: Page, meter: str, threshold: int = 15) -> None:
    """Wait until a level meter rises to the threshold."""
    page.wait_for_function(IS_LOUDER, arg=[meter, threshold], timeout=CONNECT_TIMEOUT)


def wait_for_silence(page: Page, meter: str) -> None:
    """Wait until a level meter has dropped."""
    page.wait_for_function(IS_QUIETER, arg=[meter, 4], timeout=CONNECT_TIMEOUT)


def wait_for_connections(page: Page, expected: list[str]) -> None:
    """Wait until the open connections are as expected: «connected relay», «connected host» …

    Each is its state and its local ICE candidate's type. On a busy machine a connection may be
    «disconnected» for a moment. The page must run RECORD_PEERS.
    """
    found: list[str] = []

    def is_expected() -> bool:
        found[:] = page.evaluate(READ_CONNECTIONS)
        return found == expected

    try:
        wait_for(is_expected, "the connections")
    except TimeoutError:
        assert found == expected
