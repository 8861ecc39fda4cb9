import io
import wave
from pathlib import Path

import numpy as np
import pytest

from functions.sound.speech import ClipProblem, SpeechDetector, UnreadableClip
from functions.sound.wav_decoding import MAX_BYTES, decode_clip
from tests.unit.sound.sounds import Samples, clicks, noise, silence, tone, wav

SPEECH = Path(__file__).parents[2] / "data" / "speech.wav"


@pytest.fixture(scope="session")
def detector() -> SpeechDetector:
    return SpeechDetector.load()


@pytest.fixture(scope="session")
def speech() -> Samples:
    return decode_clip(SPEECH.read_bytes()).astype(np.float64)


def test_speech_is_detected(detector: SpeechDetector) -> None:
    analysis = detector.analyze(SPEECH.read_bytes())
    expected_seconds = analysis.seconds * analysis.speech_ratio
    assert analysis.speech_ratio > 0.6
    assert analysis.speech_seconds == pytest.approx(expected_seconds, abs=0.01)
    assert -40 < analysis.level_dbfs < -5
    assert analysis.models.keys() == {"speech"}
    assert analysis.timings_ms.keys() == {"decode", "speech"}


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("step", [2, 3])
def test_speech_is_detected_at_other_rates_and_in_stereo(
    detector: SpeechDetector, speech: Samples, step: int, channels: int
) -> None:
    clip = wav(np.repeat(speech, step), 16_000 * step, channels)
    assert detector.analyze(clip).speech_ratio > 0.6


@pytest.mark.parametrize(
    "sound",
    [silence(3), noise(3), noise(3, 0.01), tone(3), clicks(3)],
    ids=["silence", "noise", "faint noise", "tone", "clicks"],
)
def test_other_sounds_are_not_detected_as_speech(detector: SpeechDetector, sound: Samples) -> None:
    assert detector.analyze(wav(sound)).speech_ratio < 0.05


def test_silence_around_speech_does_not_count(detector: SpeechDetector, speech: Samples) -> None:
    alone = detector.analyze(wav(speech))
    surrounded = detector.analyze(wav(np.concatenate([silence(4), speech, silence(4)])))
    assert surrounded.speech_seconds == pytest.approx(alone.speech_seconds, abs=0.4)


def test_the_level_is_in_dbfs(detector: SpeechDetector) -> None:
    assert detector.analyze(wav(silence(1))).level_dbfs == -96
    assert detector.analyze(wav(tone(1, 1.0))).level_dbfs == pytest.approx(-3, abs=0.1)
    assert detector.analyze(wav(tone(1, 0.1))).level_dbfs == pytest.approx(-23, abs=0.1)


def test_a_clip_shorter_than_a_window_is_analysed(detector: SpeechDetector) -> None:
    assert detector.analyze(wav(silence(0.01))).seconds == pytest.approx(0.01)


def eight_bits() -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as clip:
        clip.setparams((1, 1, 16_000, 0, "NONE", ""))
        clip.writeframes(bytes(16_000))
    return stream.getvalue()


def as_float(data: bytes) -> bytes:
    """Return the same file with a header that claims floating point samples."""
    return data[:20] + b"\x03\x00" + data[22:]


UNREADABLE = {
    "no bytes": (b"", ClipProblem.EMPTY),
    "no samples": (wav(silence(0)), ClipProblem.EMPTY),
    "text": (b"hello " * 100, ClipProblem.NOT_A_CLIP),
    "mp3": (b"ID3\x04" + bytes(1000), ClipProblem.NOT_A_CLIP),
    "header only": (b"RIFF\x00\x00\x00\x00WAVE", ClipProblem.UNSUPPORTED),
    "cut": (wav(noise(2))[:-1000], ClipProblem.TRUNCATED),
    "eight bits": (eight_bits(), ClipProblem.UNSUPPORTED),
    "floating point": (as_float(wav(noise(1))), ClipProblem.UNSUPPORTED),
    "three channels": (wav(noise(1), channels=3), ClipProblem.UNSUPPORTED),
    "11,025 Hz": (wav(noise(1), rate=11_025), ClipProblem.UNSUPPORTED),
    "192,000 Hz": (wav(noise(1), rate=192_000), ClipProblem.UNSUPPORTED),
    "no rate": (wav(noise(1))[:24] + bytes(4) + wav(noise(1))[28:], ClipProblem.UNSUPPORTED),
    "31 seconds": (wav(silence(31)), ClipProblem.TOO_LONG),
    "too many bytes": (wav(silence(1)) + bytes(MAX_BYTES), ClipProblem.TOO_LARGE),
}


@pytest.mark.parametrize(("data", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_unreadable_clips_are_rejected_with_a_reason(
    detector: SpeechDetector, data: bytes, reason: ClipProblem
) -> None:
    with pytest.raises(UnreadableClip) as exc_info:
        detector.analyze(data)
    assert exc_info.value.reason is reason


def test_a_truncated_header_is_rejected_at_every_length(detector: SpeechDetector) -> None:
    clip = wav(noise(0.1))
    for length in range(44):
        with pytest.raises(UnreadableClip):
            detector.analyze(clip[:length])
