"""From what sounds to what a microphone hears: distance, echo, the room's own noise, the radio."""

import numpy as np
from numpy.random import Generator

from functions.sound.wav_decoding import RATE
from models.evaluate.sounds.noises import Samples

DISTANCES = (0.5, 1.5, 3.0, 6.0)
"""Metres from the microphone: at the desk, beside it, across the room, beyond a door that is open."""
ROOM_NOISE = 10 ** (-62 / 20)
"""A quiet room, as a laptop's microphone has it."""
_REVERBERATION = 0.4  # seconds until the echo has fallen by 60 dB
_CRITICAL = 1.0  # metres: here the echo is as loud as the sound itself


def heard(sound: Samples, level: float, distance: float, random: Generator) -> Samples:
    """Return a sound from a distance; `level` is its peak at half a metre, 1 at full scale."""
    direct = level * 0.5 / distance
    echo = level * 0.5 / _CRITICAL
    times = np.arange(round(_REVERBERATION * RATE)) / RATE
    tail = random.standard_normal(len(times)) * np.exp(-6.9 * times / _REVERBERATION)
    tail *= echo / np.sqrt(np.sum(tail**2))
    tail[0] = direct
    count = len(sound) + len(tail)
    reached = np.fft.irfft(np.fft.rfft(sound, count) * np.fft.rfft(tail, count), count)
    noise = ROOM_NOISE * random.standard_normal(len(sound))
    return np.clip(reached[: len(sound)] + noise, -1, 1)


def through_a_radio(sound: Samples) -> Samples:
    """Return a sound as a small loudspeaker plays it: from 300 to 3,400 Hz."""
    spectrum = np.fft.rfft(sound)
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
    spectrum[(frequencies < 300) | (frequencies > 3_400)] = 0
    return np.fft.irfft(spectrum, len(sound))
