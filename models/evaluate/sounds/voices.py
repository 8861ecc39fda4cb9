"""Sentences spoken by eSpeak NG, a free synthesiser (Debian package espeak-ng)."""

import io
import shutil
import subprocess
import wave
from functools import cache

import numpy as np
from numpy.random import Generator

from functions.sound.wav_decoding import RATE
from models.evaluate.sounds.noises import Samples

PROGRAM = "espeak-ng"
VARIANTS = ("m1", "m2", "m3", "m4", "m7", "f1", "f2", "f3", "f4", "f5")
WHISPERS = ("whisper", "whisperf")
SENTENCES = {
    "cmn": (
        "第三题应该选哪一个？",
        "我觉得是第二个，你再看看后面那道题。",
        "把那张纸递给我，快一点。",
        "这里要先算利息，再除以十二个月。",
        "别着急，还有二十分钟。",
        "请把窗户关上，外面有点吵。",
    ),
    "en-us": (
        "Which one is right for question three?",
        "I think it is the second one, but read the next one again.",
        "Give me that sheet of paper, quickly.",
        "First you add the interest, then you divide by twelve.",
        "Take your time, there are twenty minutes left.",
        "Please close the window, it is noisy outside.",
    ),
}


class NoSynthesiser(Exception):
    """eSpeak NG is not installed."""


def voice(seconds: float, random: Generator, variants: tuple[str, ...] = VARIANTS) -> Samples:
    """Return somebody who speaks sentence after sentence, with pauses. Raises NoSynthesiser."""
    return _conversation(seconds, random, (str(random.choice(variants)),))


def whisper(seconds: float, random: Generator) -> Samples:
    """Return somebody who whispers. Raises NoSynthesiser."""
    return voice(seconds, random, WHISPERS)


def two_voices(seconds: float, random: Generator) -> Samples:
    """Return two who speak in turn. Raises NoSynthesiser."""
    first, second = random.choice(VARIANTS, 2, replace=False)
    return _conversation(seconds, random, (str(first), str(second)))


def _conversation(seconds: float, random: Generator, variants: tuple[str, ...]) -> Samples:
    sound, at, turn = np.zeros(round(seconds * RATE)), random.uniform(0, 2), 0
    language = str(random.choice(list(SENTENCES)))
    speeds = {variant: int(random.integers(130, 190)) for variant in variants}
    while at < seconds:
        variant, turn = variants[turn % len(variants)], turn + 1
        sentence = str(random.choice(SENTENCES[language]))
        spoken = speak(sentence, f"{language}+{variant}", speeds[variant])
        start = round(at * RATE)
        spoken = spoken[: len(sound) - start]
        sound[start : start + len(spoken)] += spoken
        at += len(spoken) / RATE + random.uniform(0.4, 2.5)
    return sound


@cache
def speak(sentence: str, name: str, words_per_minute: int) -> Samples:
    """Return a sentence by a voice, its loudest sample 1. Raises NoSynthesiser."""
    program = shutil.which(PROGRAM)
    if program is None:
        raise NoSynthesiser(f"{PROGRAM} is not installed (Debian: apt install {PROGRAM})")
    command = [program, "-v", name, "-s", str(words_per_minute), "--stdout", sentence]
    data = subprocess.run(command, check=True, capture_output=True).stdout  # noqa: S603
    with wave.open(io.BytesIO(data)) as file:
        rate = file.getframerate()
        spoken = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
    return _at_16_khz(spoken, rate)


def _at_16_khz(sound: Samples, rate: int) -> Samples:
    count = round(len(sound) * RATE / rate)
    spectrum = np.fft.rfft(sound)[: count // 2 + 1]
    resampled = np.fft.irfft(spectrum, count)
    return resampled / max(float(np.abs(resampled).max()), 1e-9)
