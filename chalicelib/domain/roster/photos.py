"""Registration photos: whose a file is, by its name, and whether it is a usable JPEG."""

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from chalicelib.domain.capture.captures import MAX_PICTURE_BYTES
from chalicelib.domain.errors import BadInput
from chalicelib.domain.normalization import normalize_number
from chalicelib.domain.roster.rows import RosterRow
from chalicelib.domain.types import LocalizedText

MIN_PHOTO_BYTES = 500
"""No photo of a face is smaller; a file that was cut off is."""

START_LENGTH = 32
"""How many bytes tell a file's format."""

_JPEG = b"\xff\xd8\xff"
_FORMATS = (
    (b"\x89PNG", "PNG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%PDF", "PDF"),
    (b"PK\x03\x04", "ZIP/Office"),
)
_ISO_BRANDS = {b"avif": "AVIF", b"avis": "AVIF"}
"""Brands of ISO media files; the others of still pictures are HEIC (HEIF)."""


class UnusablePhoto(BadInput):
    """A file that cannot be a registration photo."""

    code = "unusable_photo"
    text = LocalizedText("照片无法使用。", "The photo cannot be used.")


def match_photos(names: Iterable[str], rows: Sequence[RosterRow]) -> list[int | None]:
    """Return for each file name the position of the row whose ID or admission number it is.

    None: it belongs to nobody. Of several rows of one person the first counts.
    """
    positions: dict[str, int] = {}
    for position, row in enumerate(rows):
        positions.setdefault(row.id_number, position)
    for position, row in enumerate(rows):
        positions.setdefault(row.admission_number, position)
    positions.pop("", None)
    return [positions.get(normalize_number(PurePosixPath(name).stem)) for name in names]


def require_photo(size: int, start: bytes) -> None:
    """Raise UnusablePhoto, naming the reason, unless a file is a JPEG of an allowed size.

    `start` are its first START_LENGTH bytes, or all of them.
    """
    if not start.startswith(_JPEG):
        name = format_name(start) if size else None
        raise UnusablePhoto(_not_jpeg(name) if size else _EMPTY)
    if size < MIN_PHOTO_BYTES:
        raise UnusablePhoto(_EMPTY)
    if size > MAX_PICTURE_BYTES:
        raise UnusablePhoto(
            LocalizedText(
                f"照片有 {size / 1_000_000:.1f} MB，不能超过 {MAX_PICTURE_BYTES / 1_000_000:.1f} MB。",
                f"The photo has {size / 1_000_000:.1f} MB; at most "
                f"{MAX_PICTURE_BYTES / 1_000_000:.1f} MB are possible.",
            ),
            "photo_too_large",
        )


_EMPTY = LocalizedText(
    "照片文件是空的或不完整，请重新选择。", "The photo is empty or incomplete. Choose it again."
)


def format_name(start: bytes) -> str | None:
    """Return the name of a picture format by its first bytes, or None."""
    if start[4:8] == b"ftyp":
        return _ISO_BRANDS.get(start[8:12], "HEIC")
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "WebP"
    return next((name for signature, name in _FORMATS if start.startswith(signature)), None)


def _not_jpeg(name: str | None) -> LocalizedText:
    if name is None:
        return LocalizedText(
            "文件不是 JPEG 照片，请选择 JPEG 格式的照片。",
            "The file is not a JPEG photo. Choose one in JPEG format.",
        )
    return LocalizedText(
        f"文件是 {name} 格式（文件名的后缀不算数），请转换为 JPEG 后重新上传。",
        f"The file is in {name} format, whatever its name says. Convert it to JPEG and upload it again.",
    )
