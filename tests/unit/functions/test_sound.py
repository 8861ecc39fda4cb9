"""From an uploaded clip to the session's flags, with the real model and in-memory adapters."""

from pathlib import Path

import numpy as np
import pytest

from chalicelib.domain.types import SECOND
from functions.sound.handler import MUTED_PEAK, Ears, process_upload
from functions.uploads import parse_key
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, add_session
from tests.unit.sound.sounds import Samples, noise, silence, wav

SPEECH = (Path(__file__).parents[2] / "data" / "speech.wav").read_bytes()


def upload(context: FakeContext, ears: Ears, second: int, data: bytes) -> None:
    key = f"clips/5e55/{NOW + second * SECOND:013d}-aaaaaaaaaa.wav"
    context.media.objects[key] = data
    process_upload(context, context.media, ears, parse_key(key, NOW))


def test_speech_in_two_clips_is_a_flag(context: FakeContext, ears: Ears) -> None:
    add_session(context)
    upload(context, ears, 0, SPEECH)
    assert context.sessions.flags("5e55") == []
    # Some samples longer: no microphone records the same bytes twice.
    upload(context, ears, 30, SPEECH + b"\0\0")
    [flag] = context.sessions.flags("5e55")
    assert flag.kind == "voice"
    [newest] = context.sessions.observations("5e55", limit=1)
    assert newest.measures
    assert newest.measures["speech_seconds"] >= 1.5


def test_the_same_clip_again_is_told(context: FakeContext, ears: Ears) -> None:
    add_session(context)
    for second in (0, 30):
        upload(context, ears, second, SPEECH)
    flags = {flag.kind.value: flag for flag in context.sessions.flags("5e55")}
    assert set(flags) == {"voice", "repeated_sound"}
    assert flags["repeated_sound"].captures == (
        f"{NOW + 30 * SECOND}-aaaaaaaaaa", f"{NOW}-aaaaaaaaaa",
    )  # fmt: skip


def test_an_unreadable_clip_is_an_error_and_never_a_flag(context: FakeContext, ears: Ears) -> None:
    add_session(context)
    for second in (0, 30, 60):
        upload(context, ears, second, b"no clip at all")
    assert {
        observation.error for observation in context.sessions.observations("5e55", limit=9)
    } == {"not_a_clip"}
    assert context.sessions.flags("5e55") == []


def test_a_deleted_clip_is_ignored(context: FakeContext, ears: Ears) -> None:
    add_session(context)
    process_upload(context, context.media, ears, parse_key(f"clips/5e55/{NOW}-a.wav", NOW))
    assert context.sessions.observations("5e55", limit=9) == []


@pytest.mark.parametrize(
    ("samples", "is_muted"),
    [
        (silence(10), True),
        (2 / 32767 * np.sign(noise(10)), True),  # what a driver dithers
        (noise(10, 0.0005), False),  # the quietest room
    ],
    ids=["zeros", "dither", "a quiet room"],
)
def test_digital_silence_is_found_and_a_quiet_room_is_not(
    context: FakeContext,
    ears: Ears,
    samples: Samples,
    is_muted: bool,  # noqa: FBT001
) -> None:
    add_session(context)
    upload(context, ears, 0, wav(samples))
    [newest] = context.sessions.observations("5e55", limit=1)
    assert [finding.kind for finding in newest.findings] == ["muted"] * is_muted
    assert newest.measures
    assert (newest.measures["peak"] <= MUTED_PEAK) is is_muted
