"""A fake webcam: a y4m file that Chromium plays as its camera, changed while the page runs."""

from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Locator

from tests.data.scenes import FRAME

THUMBNAIL = (32, 24)
MAX_DISTANCE = (
    20  # mean distance of a channel in the small pictures; two scenes lie 50 and more apart
)
MATCHES_PICTURE = """([video, wanted, width, height, near]) => {
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [width, height];
    const paper = canvas.getContext("2d");
    paper.drawImage(video, 0, 0, width, height);
    const seen = paper.getImageData(0, 0, width, height).data.filter((_, index) => index % 4 < 3);
    const apart = seen.reduce((sum, one, index) => sum + Math.abs(one - wanted[index]), 0);
    return apart / seen.length < near;
}"""

RATE = 5  # frames a second; Chromium keeps to the header of a y4m
HEADER = f"YUV4MPEG2 W{FRAME[0]} H{FRAME[1]} F{RATE}:1 Ip A1:1 C420jpeg\n".encode()


class Camera:
    """What one browser sees through its camera.

    Every picture fills a file of the same length, so that it can be written over in place while
    the browser reads it.
    """

    def __init__(self, file: Path, picture: Image.Image) -> None:
        self.file = file
        file.write_bytes(_y4m(picture))

    def show(self, picture: Image.Image) -> None:
        """Put another picture before the camera."""
        with self.file.open("r+b") as film:
            film.write(_y4m(picture))

    def show_and_wait(self, view: Locator, picture: Image.Image) -> None:
        """Put another picture before the camera, and wait until a page's own view has it."""
        self.show(picture)
        wanted = np.asarray(picture.convert("RGB").resize(THUMBNAIL), np.uint8).ravel().tolist()
        given = [view.element_handle(), wanted, *THUMBNAIL, MAX_DISTANCE]
        view.page.wait_for_function(MATCHES_PICTURE, arg=given)


def _y4m(picture: Image.Image) -> bytes:
    """Return one second of a picture as y4m, 4:2:0."""
    frame = b"FRAME\n" + _planes(picture.convert("RGB").resize(FRAME))
    return HEADER + frame * RATE


def _planes(picture: Image.Image) -> bytes:
    """Return Y at full size, U and V at half, in limited range (16 to 235, 16 to 240)."""
    y, u, v = (np.asarray(image, np.float32) for image in picture.convert("YCbCr").split())
    limited = [16 + y * 219 / 255, 128 + (u - 128) * 224 / 255, 128 + (v - 128) * 224 / 255]
    halved = [limited[0], *(one.reshape(240, 2, 320, 2).mean((1, 3)) for one in limited[1:])]
    return b"".join(np.rint(one).astype(np.uint8).tobytes() for one in halved)
