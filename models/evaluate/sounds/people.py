"""Voices of people: is one's own speech told as another's, and another's as such?

A folder has a subfolder for each person, with recordings of any format. The first ten seconds of a
person are their sample, as if read aloud; every other piece of up to ten seconds is compared with
the sample of everybody, as it was recorded and as other rooms would have it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import av
import numpy as np
from numpy.random import Generator

from functions.sound.speech import SpeechDetector
from functions.sound.voices import OTHER_VOICE, VoiceEmbedder, likeness
from functions.sound.wav_decoding import RATE
from functions.sound.wav_decoding import Samples as Voice
from models.evaluate.grouping import GroupedShare
from models.evaluate.sounds.measure import to_wav
from models.evaluate.sounds.noises import Samples
from models.evaluate.sounds.room import heard, through_a_radio
from models.evaluate.tables import Table

PIECE_SECONDS = 10
TITLE = f"voices of people, told as another's below {OTHER_VOICE}"
COLUMNS = ("", "one's own", "somebody else's")
_NOISE_DB = 15
_DISTANCE = 1.5  # metres


@dataclass(frozen=True)
class Comparison:
    """How alike a piece of somebody's speech is to somebody's sample, in a condition."""

    condition: str
    speaker: str
    sample_of: str
    likeness: float


def compare_people(folder: Path, seed: int) -> Iterator[Comparison]:
    """Yield every piece of everybody against every sample. Speech too short to tell is left out."""
    detector, embedder = SpeechDetector.load(), VoiceEmbedder.load()

    def voice(sound: Samples) -> Voice | None:
        return embedder.embed(detector.analyze(to_wav(np.clip(sound, -1, 1))).speech)

    people = {
        person.name: _sounds(person) for person in sorted(folder.iterdir()) if person.is_dir()
    }
    samples = {
        name: voice(np.concatenate(sounds)[: PIECE_SECONDS * RATE])
        for name, sounds in people.items()
    }
    for condition, change in _conditions(np.random.default_rng(seed)).items():
        for speaker, sounds in people.items():
            for piece in _pieces(sounds):
                spoken = voice(change(piece))
                for name, sample in samples.items():
                    if spoken is not None and sample is not None:
                        yield Comparison(condition, speaker, name, likeness(spoken, sample))


def people_table(comparisons: list[Comparison]) -> Table:
    """Return a table with a row for each condition; intervals go by speaker."""
    conditions = dict.fromkeys(comparison.condition for comparison in comparisons)
    return Table(TITLE, COLUMNS, [_row(condition, comparisons) for condition in conditions])


def _row(condition: str, comparisons: list[Comparison]) -> tuple[str, ...]:
    def told(*, own: bool) -> str:
        return str(
            GroupedShare(
                [
                    (comparison.speaker, comparison.likeness < OTHER_VOICE)
                    for comparison in comparisons
                    if comparison.condition == condition
                    and (comparison.speaker == comparison.sample_of) is own
                ]
            )
        )

    return condition, told(own=True), told(own=False)


def _sounds(person: Path) -> list[Samples]:
    return [_read(path) for path in sorted(person.iterdir()) if path.is_file()]


def _read(path: Path) -> Samples:
    resampler = av.AudioResampler("s16", "mono", RATE)
    with av.open(str(path)) as file:
        frames = [
            resampled.to_ndarray()[0]
            for frame in file.decode(audio=0)
            for resampled in resampler.resample(frame)
        ]
    return np.concatenate(frames) / 32768


def _pieces(sounds: list[Samples]) -> Iterator[Samples]:
    """Yield the pieces of all recordings from which nothing went into the sample."""
    size = PIECE_SECONDS * RATE
    for sound, ends_at in zip(sounds, accumulate(map(len, sounds)), strict=True):
        if ends_at - len(sound) >= size:
            yield from (sound[start : start + size] for start in range(0, len(sound), size))


def _conditions(random: Generator) -> Mapping[str, Callable[[Samples], Samples]]:
    return {
        "as recorded": lambda sound: sound,
        "26 dB quieter": lambda sound: sound * 0.05,
        f"with noise, {_NOISE_DB} dB below": lambda sound: _noisy(sound, random),
        f"in a room, from {_DISTANCE} m": lambda sound: heard(sound, 1.0, _DISTANCE, random),
        "through a small loudspeaker": through_a_radio,
    }


def _noisy(sound: Samples, random: Generator) -> Samples:
    power = float(np.mean(np.square(sound))) * 10 ** (-_NOISE_DB / 10)
    return sound + random.normal(0, power**0.5, len(sound))
