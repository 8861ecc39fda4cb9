"""Synthetic sounds without speech."""

import io
import wave

import numpy as np
from numpy.typing import NDArray

RATE = 16_000
Samples = NDArray[np.float64]


def wav(samples: Samples, rate: int = RATE, channels: int = 1) -> bytes:
    """Return mono samples as a 16-bit WAV file, the same in every channel."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as clip:
        clip.setparams((channels, 2, rate, 0, "NONE", ""))
        values = np.clip(samples * 32767, -32768, 32767).astype("<i2")
        clip.writeframes(np.repeat(values, channels).tobytes())
    return stream.getvalue()


def silence(seconds: float) -> Samples:
    """Return digital silence."""
    return np.zeros(int(seconds * RATE))


def noise(seconds: float, level: float = 0.1) -> Samples:
    """Return white noise, as of a fan."""
    return level * np.random.default_rng(1).standard_normal(int(seconds * RATE))


def tone(seconds: float, level: float = 0.5) -> Samples:
    """Return a tone of 440 Hz, as of a phone or a kettle."""
    return level * np.sin(2 * np.pi * 440 * np.arange(int(seconds * RATE)) / RATE)


def clicks(seconds: float) -> Samples:
    """Return four short clicks per second, as of a keyboard."""
    sound = silence(seconds)
    for start in range(0, len(sound) - 200, RATE // 4):
        sound[start : start + 200] = 0.5 * np.exp(-np.arange(200) / 30)
    return sound
