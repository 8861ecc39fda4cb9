"""A fake webcam: a y4m file that Chromium uses as its camera, modified while the page runs."""

from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Locator

from tests.data.scenes import FRAME

THUMBNAIL = (32, 24)
MAX_DISTANCE = 20  # mean distance per channel of the thumbnails; different scenes differ by 50
MATCHES_PICTURE = """([video, expected, width, height, maxDistance]) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const drawing = canvas.getContext("2d");
    drawing.drawImage(video, 0, 0, width, height);
    const { data } = drawing.getImageData(0, 0, width, height);
    const actual = data.filter((_, index) => index % 4 < 3);
    const distance = actual.reduce(
        (sum, channel, index) => sum + Math.abs(channel - expected[index]), 0);
    return distance / actual.length < maxDistance;
}"""

RATE = 5  # frames per second; Chromium uses the rate in the y4m header
HEADER = f"YUV4MPEG2 W{FRAME[0]} H{FRAME[1]} F{RATE}:1 Ip A1:1 C420jpeg\n".encode()


class Camera:
    """The camera of one browser.

    The file has the same length for every picture, so that it can be overwritten in place while
    the browser reads it.
    """

    def __init__(self, file: Path, picture: Image.Image) -> None:
        self.file = file
        file.write_bytes(_y4m(picture))

    def show(self, picture: Image.Image) -> None:
        """Show another picture to the camera."""
        with self.file.open("r+b") as file:
            file.write(_y4m(picture))

    def show_and_wait(self, preview: Locator, picture: Image.Image) -> None:
        """Show another picture to the camera, and wait until the page's preview has it."""
        self.show(picture)
        expected = np.asarray(picture.convert("RGB").resize(THUMBNAIL), np.uint8).ravel().tolist()
        arguments = [preview.element_handle(), expected, *THUMBNAIL, MAX_DISTANCE]
        preview.page.wait_for_function(MATCHES_PICTURE, arg=arguments)


def _y4m(picture: Image.Image) -> bytes:
    """Return one second of a picture as y4m, 4:2:0."""
    frame = b"FRAME\n" + _planes(picture.convert("RGB").resize(FRAME))
    return HEADER + frame * RATE


def _planes(picture: Image.Image) -> bytes:
    """Return Y at full size, U and V at half, in limited range (16 to 235, 16 to 240)."""
    y, u, v = (np.asarray(image, np.float32) for image in picture.convert("YCbCr").split())
    limited = [16 + y * 219 / 255, 128 + (u - 128) * 224 / 255, 128 + (v - 128) * 224 / 255]
    halved = [
        limited[0],
        *(channel.reshape(240, 2, 320, 2).mean((1, 3)) for channel in limited[1:]),
    ]
    return b"".join(np.rint(plane).astype(np.uint8).tobytes() for plane in halved)
