"""Scenes of two minutes: what sounds, how loud and from where; equal seeds give equal scenes."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from models.evaluate.sounds.noises import Samples, fan, knocks, music, silence, typing
from models.evaluate.sounds.room import DISTANCES, heard, through_a_radio
from models.evaluate.sounds.voices import two_voices, voice, whisper

SECONDS = 120


def radio(seconds: float, random: Generator) -> Samples:
    """Return a speaker over music, from a small loudspeaker."""
    return through_a_radio(voice(seconds, random) + 0.3 * music(seconds, random))


@dataclass(frozen=True)
class SoundClass:
    """A kind of sound: how it is made, how loud it is, whether there is speech in it."""

    name: str
    make: Callable[[float, Generator], Samples]
    level: float
    """Its usual peak at half a metre, 1 at full scale; scenes vary by 6 dB."""
    is_speech: bool = False


CLASSES = (
    SoundClass("speech", voice, 0.35, is_speech=True),
    SoundClass("whisper", whisper, 0.05, is_speech=True),
    SoundClass("two voices", two_voices, 0.35, is_speech=True),
    SoundClass("radio, somebody speaking", radio, 0.25, is_speech=True),
    SoundClass("silence", silence, 0.0),
    SoundClass("typing", typing, 0.2),
    SoundClass("fan", fan, 0.08),
    SoundClass("music", music, 0.25),
    SoundClass("knocks", knocks, 0.5),
)


@dataclass(frozen=True)
class SoundScene:
    """What a microphone heard in two minutes."""

    name: str
    sound_class: SoundClass
    distance: float
    samples: Samples


def scenes(sample: int, seed: int) -> Iterator[SoundScene]:
    """Yield so many scenes of each class, an equal part from each distance. Raises NoSynthesiser."""
    for place, sound_class in enumerate(CLASSES):
        for number in range(sample):
            random = np.random.default_rng([seed, place, number])
            distance = DISTANCES[number % len(DISTANCES)]
            level = sound_class.level * 10 ** (random.uniform(-6, 6) / 20)
            sound = sound_class.make(SECONDS, random)
            samples = heard(sound, level, distance, random)
            yield SoundScene(f"{sound_class.name} {number}", sound_class, distance, samples)
