"""Which files can be registration photos, by their first bytes."""

from dataclasses import replace

import pytest

from chalicelib.domain.capture.captures import MAX_PICTURE_BYTES
from chalicelib.domain.roster.photos import (
    MIN_PHOTO_BYTES,
    UnusablePhoto,
    match_photos,
    require_photo,
)
from chalicelib.domain.roster.rows import RosterRow, check_row

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF"


@pytest.mark.parametrize("size", [MIN_PHOTO_BYTES, 300_000, MAX_PICTURE_BYTES])
def test_jpeg_of_an_allowed_size_is_taken(size: int) -> None:
    require_photo(size, JPEG)


@pytest.mark.parametrize(
    ("start", "name"),
    [
        (b"\0\0\0\x18ftypheic", "HEIC"),
        (b"\0\0\0\x18ftypmif1", "HEIC"),
        (b"\0\0\0\x18ftypavif", "AVIF"),
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"GIF89a", "GIF"),
        (b"BM\x36\x00", "BMP"),
        (b"II*\0", "TIFF"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "WebP"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "ZIP"),
    ],
)
def test_other_format_is_refused_by_name(start: bytes, name: str) -> None:
    with pytest.raises(UnusablePhoto) as refusal:
        require_photo(50_000, start)
    assert name in refusal.value.text.zh
    assert name in refusal.value.text.en


def test_no_picture_at_all_is_refused() -> None:
    with pytest.raises(UnusablePhoto, match="not a JPEG"):
        require_photo(50_000, b"hello")


@pytest.mark.parametrize(("size", "start"), [(0, b""), (0, JPEG), (MIN_PHOTO_BYTES - 1, JPEG)])
def test_empty_or_cut_off_file_is_refused(size: int, start: bytes) -> None:
    with pytest.raises(UnusablePhoto, match="empty or incomplete"):
        require_photo(size, start)


def test_large_photo_is_refused_with_its_size() -> None:
    with pytest.raises(UnusablePhoto) as refusal:
        require_photo(2_900_000, JPEG)
    assert refusal.value.code == "photo_too_large"
    assert "2.9 MB" in refusal.value.text.zh


def test_photo_is_found_by_either_number_however_its_file_is_named() -> None:
    rows = [
        RosterRow("甲", "99000019880202107X", "G070002", "hr-2"),
        RosterRow("乙", "E123", "G07-0003", "hr-2"),
    ]
    names = ["99000019880202107x.JPG", "ｇ070002.jpeg", "g07 0003.jpg", "nobody.jpg", ".jpg"]
    checked = [check_row(row).row for row in rows]
    assert match_photos(names, checked) == [0, 0, 1, None, None]
    assert match_photos(["-.jpg"], [replace(checked[0], admission_number="")]) == [None]
