"""Reading a picture that nobody vouches for.

Everything is bounded before it is decoded: bytes first, then the pixels that the header claims.
What comes out is upright RGB, at most ``WORKING_SIDE`` pixels on its longer side.
"""

import io
import struct
import warnings
import zlib
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from PIL import Image

MAX_BYTES = 4_000_000
MAX_PIXELS = 20_000_000
MIN_SIDE = 32
WORKING_SIDE = 1280
# Half of this still shows small phones and far faces.
HALVED_FROM = 960

_FORMATS = ("JPEG", "PNG", "WEBP")
# Known beginnings of formats that no page of ours sends: told apart from what is no picture.
_OTHER_FORMATS = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0", b"8BPS", b"qoif", b"%!PS")
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow's decoders raise on hostile input.
_DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    EOFError,
    OverflowError,
    IndexError,
    KeyError,
    TypeError,
    AttributeError,
    struct.error,
    zlib.error,
)


class PictureProblem(StrEnum):
    """Why a picture cannot be read."""

    EMPTY = "empty"
    NOT_AN_IMAGE = "not_an_image"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_SMALL = "too_small"
    UNSUPPORTED = "unsupported"


class UnreadablePicture(Exception):
    """The picture cannot be read; it says nothing about the person."""

    def __init__(self, reason: PictureProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True, eq=False)
class DecodedPicture:
    """A decoded picture and the size its header told, in upright position."""

    image: Image.Image
    width: int
    height: int

    @cached_property
    def half(self) -> Image.Image:
        """The same at half its size, for all who need no more; a small picture as it is."""
        return self.image.reduce(2) if max(self.image.size) >= HALVED_FROM else self.image


def decode_picture(data: bytes) -> DecodedPicture:
    """Decode *data*; raises UnreadablePicture."""
    if not data:
        raise UnreadablePicture(PictureProblem.EMPTY)
    if len(data) > MAX_BYTES:
        raise UnreadablePicture(PictureProblem.TOO_LARGE)
    with warnings.catch_warnings():
        # Odd metadata is no news; what matters is raised.
        warnings.simplefilter("ignore")
        return _read(data)


def _read(data: bytes) -> DecodedPicture:
    image = _open(data)
    _check_header(image)
    turn = _turn(image)
    width, height = image.size
    upright = _shrunk(_decoded(image))
    if turn is not None:
        upright = upright.transpose(turn)
        if turn not in (_TURNS[2], _TURNS[3], _TURNS[4]):
            width, height = height, width
    return DecodedPicture(upright, width, height)


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise UnreadablePicture(PictureProblem.TOO_LARGE) from error
    except _DECODER_ERRORS as error:
        known = data.startswith(_OTHER_FORMATS) or data[4:8] == b"ftyp"
        reason = PictureProblem.UNSUPPORTED if known else PictureProblem.NOT_AN_IMAGE
        raise UnreadablePicture(reason) from error


def _check_header(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise UnreadablePicture(PictureProblem.TOO_LARGE)
    if min(width, height) < MIN_SIDE:
        raise UnreadablePicture(PictureProblem.TOO_SMALL)
    # Phones append a second frame to a JPEG (MPO): its first is the picture.
    animated = getattr(image, "is_animated", False) and image.format != "MPO"
    if animated or image.mode in ("I", "F") or image.mode.startswith("I;16"):
        raise UnreadablePicture(PictureProblem.UNSUPPORTED)


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How to turn the picture upright; broken EXIF data turns nothing."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except _DECODER_ERRORS:
        return None


def _decoded(image: Image.Image) -> Image.Image:
    """RGB pixels; a large JPEG is scaled down by its own decoder, which is cheap."""
    try:
        image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))
        image.load()
        if image.mode == "P":
            image = image.convert("RGBA")
        return image if image.mode == "RGB" else image.convert("RGB")
    except _DECODER_ERRORS as error:
        raise UnreadablePicture(PictureProblem.TRUNCATED) from error


def _shrunk(image: Image.Image) -> Image.Image:
    factor = WORKING_SIDE / max(image.size)
    if factor >= 1:
        return image
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2)
