"""Voice activity detection: does a clip contain speech, how much, and how loud is it?

The model (Silero VAD) is recurrent and runs over the clip in windows of 32 ms. It distinguishes
speech from noise; it does not identify speakers or transcribe.
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
_CONTEXT = 64  # each window begins with the end of the previous one
_SPEECH_PROBABILITY = 0.5
_SILENCE_DBFS = -96.0  # the noise floor of 16 bits


@dataclass(frozen=True)
class ClipAnalysis:
    """The speech in one clip. ``level_dbfs`` is its RMS level, 0 at full scale, -96 for silence.

    ``peak`` is the largest sample, 1 at full scale; of a muted microphone it is 0 or nearly so.
    ``speech`` are the windows with speech, joined.
    """

    seconds: float
    speech_seconds: float
    speech_ratio: float
    level_dbfs: float
    peak: float
    speech: Samples
    timings_ms: dict[str, float]
    models: dict[str, str]


class SpeechDetector:
    """The VAD model, loaded once per process."""

    def __init__(self, session: onnxruntime.InferenceSession, models: dict[str, str]) -> None:
        self._session, self._models = session, models

    @classmethod
    def load(cls, models_dir: Path | None = None) -> "SpeechDetector":
        """Open the model in *models_dir* (default: the repository's, or the package's)."""
        session, metadata = open_model((models_dir or MODELS_DIR) / "speech.onnx")
        return cls(session, {"speech": metadata["version"]})

    def analyze(self, data: bytes) -> ClipAnalysis:
        """Analyse one WAV clip. Raises UnreadableClip."""
        start_time = time.perf_counter()
        samples = decode_clip(data)
        decode_end = time.perf_counter()
        spoken = self._probabilities(samples) >= _SPEECH_PROBABILITY
        ratio = float(spoken.mean())
        speech_end = time.perf_counter()
        seconds = len(samples) / RATE
        return ClipAnalysis(
            seconds=round(seconds, 3),
            speech_seconds=round(ratio * seconds, 3),
            speech_ratio=round(ratio, 4),
            level_dbfs=round(_level_dbfs(samples), 1),
            peak=round(float(np.abs(samples).max(initial=0.0)), 6),
            speech=samples[np.repeat(spoken, _WINDOW)[: len(samples)]],
            timings_ms={
                "decode": round((decode_end - start_time) * 1000, 2),
                "speech": round((speech_end - decode_end) * 1000, 2),
            },
            models=self._models,
        )

    def _probabilities(self, samples: Samples) -> Samples:
        """Return the probability of speech in each window, (windows,)."""
        signal = np.pad(samples, (_CONTEXT, -len(samples) % _WINDOW))
        state = np.zeros((2, 1, 128), np.float32)
        rate = np.array(RATE, np.int64)
        probabilities = []
        for start in range(0, len(signal) - _CONTEXT, _WINDOW):
            window = signal[None, start : start + _CONTEXT + _WINDOW]
            feed = {"input": window, "state": state, "sr": rate}
            probability, state = self._session.run(None, feed)
            probabilities.append(probability[0, 0])
        return np.array(probabilities, np.float32)


def _level_dbfs(samples: Samples) -> float:
    power = float(np.mean(np.square(samples, dtype=np.float64)))
    return max(_SILENCE_DBFS, 10 * math.log10(power)) if power else _SILENCE_DBFS
