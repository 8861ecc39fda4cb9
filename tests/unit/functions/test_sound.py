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
def detector() -> SpeechDetector:
    return SpeechDetector.load()


@pytest.fixture
def context() -> FakeContext:
    return fake_context()


def upload(context: FakeContext, detector: SpeechDetector, second: int, data: bytes) -> None:
    key = f"clips/5e55/{NOW + second * SECOND:013d}-aaaaaaaaaa.wav"
    context.media.objects[key] = data
    process_upload(context, context.media, detector, parse_key(key, NOW))


def test_speech_in_two_clips_is_a_flag(context: FakeContext, detector: SpeechDetector) -> None:
    seat(context)
    upload(context, detector, 0, SPEECH)
    assert context.sessions.flags("5e55") == []
    upload(context, detector, 30, SPEECH)
    [flag] = context.sessions.flags("5e55")
    assert flag.kind == "voice"
    [newest] = context.sessions.observations("5e55", most=1)
    assert newest.measures
    assert newest.measures["speech_seconds"] >= 1.5


def test_what_cannot_be_heard_is_an_error_and_never_a_flag(
    context: FakeContext, detector: SpeechDetector
) -> None:
    seat(context)
    for second in (0, 30, 60):
        upload(context, detector, second, b"no clip at all")
    assert {observation.error for observation in context.sessions.observations("5e55", most=9)} == {
        "not_a_clip"
    }
    assert context.sessions.flags("5e55") == []


def test_a_clip_that_is_gone_is_no_failure(context: FakeContext, detector: SpeechDetector) -> None:
    seat(context)
    process_upload(context, context.media, detector, parse_key(f"clips/5e55/{NOW}-a.wav", NOW))
    assert context.sessions.observations("5e55", most=9) == []
