"""What is read of a segment's container, and that no bytes whatever stop the inspection."""

import struct
import sys
import time
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.recording import inspection
from functions.recording.inspection import UNREADABLE, inspect
from functions.recording.isolation import InspectorUnavailable, IsolatedInspector
from tests.support.segment_files import MP4, SCREEN, WEBM, SegmentFile, make_segment

TEN_SECONDS = replace(WEBM, seconds=10.0)


@pytest.mark.parametrize(
    ("file", "video", "sound"),
    [
        (WEBM, "vp8", "opus"),
        (replace(WEBM, video="libvpx-vp9"), "vp9", "opus"),
        (replace(WEBM, video="libx264", container="mp4", sound="aac"), "h264", "aac"),
        (MP4, "mpeg4", "aac"),
        (replace(MP4, fragmented=False), "mpeg4", "aac"),
        (replace(MP4, sound="libopus"), "mpeg4", "opus"),
        (SCREEN, "vp8", None),
        (replace(WEBM, video=None), None, "opus"),
    ],
    ids=lambda value: "" if isinstance(value, SegmentFile) else str(value),
)
def test_streams_and_duration_are_read_from_packets(
    file: SegmentFile, video: str | None, sound: str | None
) -> None:
    content = inspect(make_segment(file))
    assert (content.readable, content.is_cut) == (True, False)
    assert (content.video, content.sound) == (video, sound)
    assert content.duration == pytest.approx(2_000, abs=200)
    assert content.silent is (None if sound is None else False)


@pytest.mark.parametrize("file", [WEBM, MP4], ids=["webm", "mp4"])
def test_silence_is_told_and_a_tone_is_not(file: SegmentFile) -> None:
    assert inspect(make_segment(replace(file, silent=True))).silent is True
    assert inspect(make_segment(file)).silent is False


def test_cut_file_is_as_long_as_what_is_left() -> None:
    whole = make_segment(TEN_SECONDS)
    content = inspect(whole[: len(whole) // 2])
    assert content.readable
    assert 3_000 < content.duration < 7_000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x1a\x45\xdf\xa3",
        b"\0\0\0\x18ftypmp42",
        b"\xff\xd8\xff\xe0" + bytes(500),
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"RIFF\x24\0\0\0WAVEfmt ",
        make_segment(replace(MP4, fragmented=False))[:5_000],
    ],
    ids=["empty", "magic", "no moov", "jpeg", "playlist", "concat", "wav", "half an mp4"],
)
def test_what_is_no_segment_is_unreadable(data: bytes) -> None:
    assert not inspect(data).readable


def test_mp4_that_names_a_file_elsewhere_reads_nothing_of_it() -> None:
    """A track may refer to another file; it is never opened."""
    data = make_segment(replace(MP4, fragmented=False))
    at = data.index(b"dref")
    elsewhere = b"file:///etc/passwd\0"
    entry = struct.pack(">I4sI", 12 + len(elsewhere), b"url ", 0) + elsewhere
    hostile = data[: at + 12] + entry + data[at + 12 + 12 :]
    assert inspect(hostile).video in {None, "mpeg4"}


def test_no_picture_is_decoded() -> None:
    """Sound has two decoders; a picture has none, not even to find out its shape."""
    assert set(inspection._OPTIONS["codec_whitelist"].split(",")) == {"opus", "aac"}
    data = bytearray(make_segment(SCREEN))
    for place in range(len(data) // 2, len(data)):
        data[place] ^= 0x55  # whatever a decoder would make of it
    assert inspect(bytes(data)).video == "vp8"


def test_packets_without_end_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspection, "MAX_PACKETS", 20)
    content = inspect(make_segment())
    assert (content.readable, content.is_cut) == (True, True)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from([make_segment(WEBM), make_segment(MP4), make_segment(SCREEN)]),
    st.integers(0, 2**32),
)
def test_changed_bytes_are_a_result_and_never_a_crash(data: bytes, seed: int) -> None:
    random, changed = Random(seed), bytearray(data)  # noqa: S311
    for _ in range(random.randint(1, 60)):
        changed[random.randrange(random.choice([300, len(data)]))] = random.randrange(256)
    assert isinstance(inspect(bytes(changed)), inspection.SegmentContent)


def test_isolated_inspection_says_the_same() -> None:
    inspector = IsolatedInspector()
    try:
        for file in (WEBM, MP4, SCREEN):
            assert inspector.inspect(make_segment(file)) == inspect(make_segment(file))
        assert inspector.inspect(b"no segment") == UNREADABLE
    finally:
        inspector.close()


STUBS = {
    "crashes": "import os, sys; print('ready', flush=True); sys.stdin.buffer.read(8); os.abort()",
    "hangs": "import sys, threading; print('ready', flush=True); threading.Event().wait()",
    "babbles": "import sys; print('ready', flush=True); sys.stdin.buffer.read(8); print('{')",
}


@pytest.mark.parametrize("stub", STUBS.values(), ids=STUBS)
def test_file_that_stops_the_process_is_unreadable_in_bounded_time(stub: str) -> None:
    inspector = IsolatedInspector((sys.executable, "-c", stub), deadline_seconds=0.3)
    started_at = time.monotonic()
    try:
        assert inspector.inspect(b"x" * 6_000_000) == UNREADABLE
    finally:
        inspector.close()
    assert time.monotonic() - started_at < 10


def test_next_file_is_read_after_one_that_stopped_the_process() -> None:
    inspector = IsolatedInspector()
    try:
        inspector.inspect(make_segment())
        assert inspector._process
        inspector._process.kill()
        inspector._process.wait()
        assert inspector.inspect(make_segment()).readable
    finally:
        inspector.close()


def test_process_that_does_not_start_is_ours_and_no_finding() -> None:
    """The message is tried again: it says nothing about the segment."""
    with pytest.raises(InspectorUnavailable):
        IsolatedInspector((sys.executable, "-c", "raise SystemExit")).inspect(b"x")


def test_process_has_no_credentials_and_writes_no_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    inspector = IsolatedInspector()
    try:
        inspector.inspect(make_segment())
        assert inspector._process
        proc = f"/proc/{inspector._process.pid}"
        with open(f"{proc}/environ", "rb") as file:  # noqa: PTH123
            assert b"AWS_" not in file.read()
        with open(f"{proc}/limits", encoding="ascii") as file:  # noqa: PTH123
            limits = {line[:25].strip(): line[26:46].strip() for line in file}
        assert limits["Max file size"] == "0"
        assert int(limits["Max address space"]) <= 1024**3
    finally:
        inspector.close()
