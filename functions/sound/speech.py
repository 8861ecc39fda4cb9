"""One listen to one clip: is there speech, how much, and how loud is it.

The voice model (Silero VAD) goes through the clip in windows of 32 ms and remembers what came
before. It tells speech from noise; it does not tell who speaks or what is said.
"""

import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from functions import MODELS_DIR, open_model
from functions.sound.wav_decoding import RATE, ClipProblem, Samples, UnreadableClip, decode_clip

__all__ = ["ClipAnalysis", "ClipProblem", "SpeechDetector", "UnreadableClip"]

_WINDOW = 512
_CONTEXT = 64  # each window begins with the end of the one before
_SPEECH = 0.5
_SILENCE_DBFS = -96.0  # the floor of 16 bits


@dataclass(frozen=True)
class ClipAnalysis:
    """What one clip holds. ``level_dbfs`` is its RMS level, 0 at full scale, -96 for silence."""

    seconds: float
    speech_seconds: float
    speech_ratio: float
    level_dbfs: float
    timings_ms: dict[str, float]
    models: dict[str, str]


class SpeechDetector:
    """The voice model, loaded once and used for every clip of the process."""

    def __init__(self, session: onnxruntime.InferenceSession, models: dict[str, str]) -> None:
        self._session, self._models = session, models

    @classmethod
    def load(cls, models_dir: Path | None = None) -> "SpeechDetector":
        """Open the model under *models_dir* (the repository's, or the package's, by default)."""
        session, facts = open_model((models_dir or MODELS_DIR) / "speech.onnx")
        return cls(session, {"speech": facts["version"]})

    def analyze(self, data: bytes) -> ClipAnalysis:
        """Listen to one WAV clip; raises UnreadableClip."""
        started = time.perf_counter()
        samples = decode_clip(data)
        decoded = time.perf_counter()
        ratio = float((self._probabilities(samples) >= _SPEECH).mean())
        done = time.perf_counter()
        seconds = len(samples) / RATE
        return ClipAnalysis(
            seconds=round(seconds, 3),
            speech_seconds=round(ratio * seconds, 3),
            speech_ratio=round(ratio, 4),
            level_dbfs=round(_level(samples), 1),
            timings_ms={
                "decode": round((decoded - started) * 1000, 2),
                "speech": round((done - decoded) * 1000, 2),
            },
            models=self._models,
        )

    def _probabilities(self, samples: Samples) -> Samples:
        """The chance of speech in each window, (windows,)."""
        padded = np.pad(samples, (_CONTEXT, -len(samples) % _WINDOW))
        state = np.zeros((2, 1, 128), np.float32)
        rate = np.array(RATE, np.int64)
        chances = []
        for start in range(0, len(padded) - _CONTEXT, _WINDOW):
            window = padded[None, start : start + _CONTEXT + _WINDOW]
            feed = {"input": window, "state": state, "sr": rate}
            chance, state = self._session.run(None, feed)
            chances.append(chance[0, 0])
        return np.array(chances, np.float32)


def _level(samples: Samples) -> float:
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return max(_SILENCE_DBFS, 10 * math.log10(power)) if power else _SILENCE_DBFS
