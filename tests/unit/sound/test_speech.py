import io
import wave
from pathlib import Path

import numpy as np
import pytest

from functions.sound.speech import Ears, Reason, UnreadableClip
from functions.sound.wav_decoding import MAX_BYTES, read_clip
from tests.unit.sound.sounds import Samples, clicks, noise, silence, tone, wav

SPEECH = Path(__file__).parents[2] / "data" / "speech.wav"


@pytest.fixture(scope="session")
def ears() -> Ears:
    return Ears.load()


@pytest.fixture(scope="session")
def speech() -> Samples:
    return read_clip(SPEECH.read_bytes()).astype(np.float64)


def test_speech_is_heard(ears: Ears) -> None:
    heard = ears.listen(SPEECH.read_bytes())
    assert heard.speech_ratio > 0.6
    assert heard.speech_seconds == pytest.approx(heard.seconds * heard.speech_ratio, abs=0.01)
    assert -40 < heard.level_dbfs < -5
    assert heard.models.keys() == {"speech"}
    assert heard.timings_ms.keys() == {"decode", "speech"}


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("step", [2, 3])
def test_other_rates_and_stereo_are_heard_too(
    ears: Ears, speech: Samples, step: int, channels: int
) -> None:
    clip = wav(np.repeat(speech, step), 16_000 * step, channels)
    assert ears.listen(clip).speech_ratio > 0.6


@pytest.mark.parametrize(
    "sound",
    [silence(3), noise(3), noise(3, 0.01), tone(3), clicks(3)],
    ids=["silence", "noise", "faint noise", "tone", "clicks"],
)
def test_what_is_no_speech_is_not_heard_as_speech(ears: Ears, sound: Samples) -> None:
    assert ears.listen(wav(sound)).speech_ratio < 0.05


def test_speech_between_silences_is_counted_alone(ears: Ears, speech: Samples) -> None:
    whole = ears.listen(wav(speech))
    between = ears.listen(wav(np.concatenate([silence(4), speech, silence(4)])))
    assert between.speech_seconds == pytest.approx(whole.speech_seconds, abs=0.4)


def test_levels(ears: Ears) -> None:
    assert ears.listen(wav(silence(1))).level_dbfs == -96
    assert ears.listen(wav(tone(1, 1.0))).level_dbfs == pytest.approx(-3, abs=0.1)
    assert ears.listen(wav(tone(1, 0.1))).level_dbfs == pytest.approx(-23, abs=0.1)


def test_a_clip_shorter_than_a_window_is_heard(ears: Ears) -> None:
    assert ears.listen(wav(silence(0.01))).seconds == pytest.approx(0.01)


def eight_bits() -> bytes:
    stream = io.BytesIO()
    with wave.open(stream, "wb") as clip:
        clip.setparams((1, 1, 16_000, 0, "NONE", ""))
        clip.writeframes(bytes(16_000))
    return stream.getvalue()


def as_float(data: bytes) -> bytes:
    """The same file, claiming to hold floating point."""
    return data[:20] + b"\x03\x00" + data[22:]


UNREADABLE = {
    "no bytes": (b"", Reason.EMPTY),
    "no samples": (wav(silence(0)), Reason.EMPTY),
    "text": (b"hello " * 100, Reason.NOT_A_CLIP),
    "mp3": (b"ID3\x04" + bytes(1000), Reason.NOT_A_CLIP),
    "header only": (b"RIFF\x00\x00\x00\x00WAVE", Reason.UNSUPPORTED),
    "cut": (wav(noise(2))[:-1000], Reason.TRUNCATED),
    "eight bits": (eight_bits(), Reason.UNSUPPORTED),
    "floating point": (as_float(wav(noise(1))), Reason.UNSUPPORTED),
    "three channels": (wav(noise(1), channels=3), Reason.UNSUPPORTED),
    "11,025 Hz": (wav(noise(1), rate=11_025), Reason.UNSUPPORTED),
    "192,000 Hz": (wav(noise(1), rate=192_000), Reason.UNSUPPORTED),
    "no rate": (wav(noise(1))[:24] + bytes(4) + wav(noise(1))[28:], Reason.UNSUPPORTED),
    "31 seconds": (wav(silence(31)), Reason.TOO_LONG),
    "too many bytes": (wav(silence(1)) + bytes(MAX_BYTES), Reason.TOO_LARGE),
}


@pytest.mark.parametrize(("data", "reason"), UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_heard_is_refused_with_its_reason(
    ears: Ears, data: bytes, reason: Reason
) -> None:
    with pytest.raises(UnreadableClip) as refusal:
        ears.listen(data)
    assert refusal.value.reason is reason


def test_every_cut_of_a_header_is_refused(ears: Ears) -> None:
    whole = wav(noise(0.1))
    for length in range(44):
        with pytest.raises(UnreadableClip):
            ears.listen(whole[:length])
