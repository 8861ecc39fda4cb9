"""From an uploaded clip to the session's flags, with the real model and a world in memory."""

from pathlib import Path

import pytest

from chalicelib.domain.types import SECOND
from functions.sound.handler import process_upload
from functions.sound.speech import SpeechDetector
from functions.uploads import parse_key
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, fake_context, seat

SPEECH = (Path(__file__).parents[2] / "data" / "speech.wav").read_bytes()


@pytest.fixture(scope="module")
def ears() -> SpeechDetector:
    return SpeechDetector.load()


@pytest.fixture
def world() -> FakeContext:
    return fake_context()


def upload(world: FakeContext, ears: SpeechDetector, second: int, data: bytes) -> None:
    key = f"clips/5e55/{NOW + second * SECOND:013d}-aaaaaaaaaa.wav"
    world.media.objects[key] = data
    process_upload(world, world.media, ears, parse_key(key, NOW))


def test_speech_in_two_clips_is_a_flag(world: FakeContext, ears: SpeechDetector) -> None:
    seat(world)
    upload(world, ears, 0, SPEECH)
    assert world.sessions.flags("5e55") == []
    upload(world, ears, 30, SPEECH)
    [flag] = world.sessions.flags("5e55")
    assert flag.kind == "voice"
    [newest] = world.sessions.observations("5e55", most=1)
    assert newest.measures
    assert newest.measures["speech_seconds"] >= 1.5


def test_what_cannot_be_heard_is_an_error_and_never_a_flag(
    world: FakeContext, ears: SpeechDetector
) -> None:
    seat(world)
    for second in (0, 30, 60):
        upload(world, ears, second, b"no clip at all")
    assert {observation.error for observation in world.sessions.observations("5e55", most=9)} == {
        "not_a_clip"
    }
    assert world.sessions.flags("5e55") == []


def test_a_clip_that_is_gone_is_no_failure(world: FakeContext, ears: SpeechDetector) -> None:
    seat(world)
    process_upload(world, world.media, ears, parse_key(f"clips/5e55/{NOW}-a.wav", NOW))
    assert world.sessions.observations("5e55", most=9) == []
