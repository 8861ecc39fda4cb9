"""Decode an untrusted image.

Everything is bounded before decoding: first the bytes, then the pixels that the header claims.
The result is upright RGB, at most ``WORKING_SIDE`` pixels on its longer side.
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
# From this size on, the half-size picture still shows small phones and distant faces.
HALVED_FROM = 960

_FORMATS = ("JPEG", "PNG", "WEBP")
# Magic numbers of formats that the pages never send: «unsupported» rather than «not an image».
_OTHER_FORMATS = (b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0", b"8BPS", b"qoif", b"%!PS")
_ORIENTATION = 0x0112
_TRANSPOSITIONS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What Pillow's decoders raise on malformed input.
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
    """A decoded picture, upright; ``width`` and ``height`` are those of its header."""

    image: Image.Image
    width: int
    height: int

    @cached_property
    def half(self) -> Image.Image:
        """The picture at half its size, for the stages that need no more; a small one as it is."""
        return self.image.reduce(2) if max(self.image.size) >= HALVED_FROM else self.image


def decode_picture(data: bytes) -> DecodedPicture:
    """Decode a picture. Raises UnreadablePicture."""
    if not data:
        raise UnreadablePicture(PictureProblem.EMPTY)
    if len(data) > MAX_BYTES:
        raise UnreadablePicture(PictureProblem.TOO_LARGE)
    with warnings.catch_warnings():
        # Pillow warns of odd metadata, which is harmless; what matters is raised.
        warnings.simplefilter("ignore")
        return _decode(data)


def _decode(data: bytes) -> DecodedPicture:
    image = _open(data)
    _check_header(image)
    transposition = _exif_transposition(image)
    width, height = image.size
    upright = _downscale(_load_rgb(image))
    if transposition is not None:
        upright = upright.transpose(transposition)
        if transposition not in (_TRANSPOSITIONS[2], _TRANSPOSITIONS[3], _TRANSPOSITIONS[4]):
            width, height = height, width
    return DecodedPicture(upright, width, height)


def _open(data: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.DecompressionBombError as error:
        raise UnreadablePicture(PictureProblem.TOO_LARGE) from error
    except _DECODER_ERRORS as error:
        is_image = data.startswith(_OTHER_FORMATS) or data[4:8] == b"ftyp"
        reason = PictureProblem.UNSUPPORTED if is_image else PictureProblem.NOT_AN_IMAGE
        raise UnreadablePicture(reason) from error


def _check_header(image: Image.Image) -> None:
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise UnreadablePicture(PictureProblem.TOO_LARGE)
    if min(width, height) < MIN_SIDE:
        raise UnreadablePicture(PictureProblem.TOO_SMALL)
    # Phones append a second frame to a JPEG (MPO): the first frame is the picture.
    animated = getattr(image, "is_animated", False) and image.format != "MPO"
    if animated or image.mode in ("I", "F") or image.mode.startswith("I;16"):
        raise UnreadablePicture(PictureProblem.UNSUPPORTED)


def _exif_transposition(image: Image.Image) -> Image.Transpose | None:
    """Return how to transpose the picture upright; None if EXIF is absent or broken."""
    try:
        return _TRANSPOSITIONS.get(image.getexif().get(_ORIENTATION, 1))
    except _DECODER_ERRORS:
        return None


def _load_rgb(image: Image.Image) -> Image.Image:
    """Decode to RGB; the JPEG decoder itself downscales a large picture, which is cheap."""
    try:
        image.draft("RGB", (WORKING_SIDE, WORKING_SIDE))
        image.load()
        if image.mode == "P":
            image = image.convert("RGBA")
        return image if image.mode == "RGB" else image.convert("RGB")
    except _DECODER_ERRORS as error:
        raise UnreadablePicture(PictureProblem.TRUNCATED) from error


def _downscale(image: Image.Image) -> Image.Image:
    factor = WORKING_SIDE / max(image.size)
    if factor >= 1:
        return image
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2)
