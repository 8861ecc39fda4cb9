"""Decode an untrusted sound clip: WAV, 16-bit PCM; size and length are bounded before decoding."""

import io
import wave
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
MAX_SECONDS = 30
MAX_BYTES = 6_000_000  # 30 s of stereo at 48 kHz, and a header
_MAX_CHANNELS = 2

Samples = NDArray[np.float32]


class ClipProblem(StrEnum):
    """Why a clip cannot be read."""

    EMPTY = "empty"
    NOT_A_CLIP = "not_a_clip"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    UNSUPPORTED = "unsupported"


class UnreadableClip(Exception):
    """The clip cannot be read; it says nothing about the person."""

    def __init__(self, reason: ClipProblem) -> None:
        super().__init__(reason.value)
        self.reason = reason


def decode_clip(data: bytes) -> Samples:
    """Return mono samples from -1 to 1 at 16 kHz. Raises UnreadableClip.

    Sample rates that are an integer multiple of 16 kHz are downsampled by averaging; others are
    rejected.
    """
    if not data:
        raise UnreadableClip(ClipProblem.EMPTY)
    if len(data) > MAX_BYTES:
        raise UnreadableClip(ClipProblem.TOO_LARGE)
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise UnreadableClip(ClipProblem.NOT_A_CLIP)
    try:
        with wave.open(io.BytesIO(data)) as clip:
            _check_header(clip)
            return _read_mono(clip)
    except wave.Error as error:
        raise UnreadableClip(ClipProblem.UNSUPPORTED) from error
    except (EOFError, RuntimeError) as error:
        raise UnreadableClip(ClipProblem.TRUNCATED) from error


def _check_header(clip: wave.Wave_read) -> None:
    rate, channels = clip.getframerate(), clip.getnchannels()
    is_supported = clip.getsampwidth() == 2 and channels <= _MAX_CHANNELS
    if not is_supported or rate % RATE or not RATE <= rate <= 3 * RATE:
        raise UnreadableClip(ClipProblem.UNSUPPORTED)
    if not clip.getnframes():
        raise UnreadableClip(ClipProblem.EMPTY)
    if clip.getnframes() > MAX_SECONDS * rate:
        raise UnreadableClip(ClipProblem.TOO_LONG)


def _read_mono(clip: wave.Wave_read) -> Samples:
    frames, channels = clip.getnframes(), clip.getnchannels()
    content = clip.readframes(frames)
    if len(content) < frames * channels * 2:
        raise UnreadableClip(ClipProblem.TRUNCATED)
    mono = np.frombuffer(content, "<i2").reshape(-1, channels).mean(axis=1) / 32768
    factor = clip.getframerate() // RATE
    groups = mono[: len(mono) // factor * factor].reshape(-1, factor)
    return groups.mean(axis=1).astype(np.float32)
