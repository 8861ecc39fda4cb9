"""What is heard in a room and is no speech. Samples from about -1 to 1 at 16 kHz."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from functions.sound.wav_decoding import RATE

Samples = NDArray[np.float64]


def silence(seconds: float, random: Generator) -> Samples:
    """Return nothing: what is heard is the room's own noise."""
    del random
    return np.zeros(round(seconds * RATE))


def fan(seconds: float, random: Generator) -> Samples:
    """Return noise that falls with the frequency, a hum of the motor, and slow changes."""
    count = round(seconds * RATE)
    spectrum = np.fft.rfft(random.standard_normal(count))
    frequencies = np.fft.rfftfreq(count, 1 / RATE)
    noise = np.fft.irfft(spectrum / np.maximum(frequencies, 40) ** 0.7, count)
    times = np.arange(count) / RATE
    hum = sum(np.sin(2 * np.pi * 50 * n * times) / n for n in (2, 4, 6))
    swell = 1 + 0.3 * np.sin(2 * np.pi * times / random.uniform(3, 9))
    return _even(noise / noise.std() + 0.3 * hum) * swell


def typing(seconds: float, random: Generator) -> Samples:
    """Return keys that are struck in bursts, each with a ring of its own."""
    sound, at = silence(seconds, random), random.uniform(0, 1)
    while at < seconds - 0.2:
        for _ in range(random.integers(4, 30)):
            _strike(sound, at, random.uniform(1_500, 6_000), random.uniform(0.003, 0.012), random)
            at += random.uniform(0.07, 0.28)
        at += random.exponential(3)
    return _even(sound)


def knocks(seconds: float, random: Generator) -> Samples:
    """Return knocks on wood, chairs that are moved, a cup that is put down."""
    sound, at = silence(seconds, random), random.uniform(0, 2)
    while at < seconds - 0.5:
        for _ in range(random.integers(1, 5)):
            _strike(sound, at, random.uniform(90, 700), random.uniform(0.02, 0.09), random)
            at += random.uniform(0.15, 0.5)
        at += random.exponential(4)
    return _even(sound)


def music(seconds: float, random: Generator) -> Samples:
    """Return a melody over chords, with a beat: instruments only."""
    sound, beat = silence(seconds, random), random.uniform(0.3, 0.6)
    scale = random.uniform(110, 220) * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12]) / 12)
    for number in range(int(seconds / beat)):
        at = number * beat
        _note(sound, at, 2 * random.choice(scale), beat * random.uniform(0.5, 1), 0.5)
        if number % 4 == 0:
            for step in (0, 2, 4):
                _note(sound, at, scale[step], 4 * beat, 0.25)
        _strike(sound, at, float(random.choice([80, 5_000])), 0.04, random)
    return _even(sound)


def _note(sound: Samples, at: float, pitch: float, length: float, volume: float) -> None:
    start = round(at * RATE)
    times = np.arange(min(round(length * RATE), len(sound) - start)) / RATE
    harmonics = sum(np.sin(2 * np.pi * pitch * n * times) / n**1.5 for n in range(1, 8))
    attack = np.minimum(times / 0.02, 1) * np.exp(-1.5 * times / length)
    sound[start : start + len(times)] += volume * harmonics * attack


def _strike(sound: Samples, at: float, pitch: float, decay: float, random: Generator) -> None:
    start = round(at * RATE)
    times = np.arange(min(round(8 * decay * RATE), len(sound) - start)) / RATE
    ring = np.sin(2 * np.pi * pitch * times) + 0.5 * random.standard_normal(len(times))
    sound[start : start + len(times)] += random.uniform(0.4, 1) * ring * np.exp(-times / decay)


def _even(sound: Samples) -> Samples:
    """Return a sound whose loudest moments are near 1."""
    return sound / max(float(np.quantile(np.abs(sound), 0.9995)), 1e-9)
