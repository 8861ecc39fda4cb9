"""Whose voice is it? Speech becomes an embedding that is alike for one voice and not for two.

The model (a GE2E voice encoder of three LSTM layers) looks at 1.6 s of speech; longer speech is the
mean of windows that overlap by half. Its limit and what it is worth: models/cards/voices.md.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from functions import MODELS_DIR, open_model
from functions.sound.wav_decoding import RATE, Samples

OTHER_VOICE = 0.55
"""Speech less alike than this is told as possibly another voice."""
SHORTEST_SECONDS = 1.6
_WINDOW = 25_840  # 160 frames of 10 ms, each 25 ms long
_STEP = round(SHORTEST_SECONDS / 2 * RATE)
_LEVEL = 10 ** (-30 / 20)  # RMS of the speech that the model was trained on


@dataclass(frozen=True)
class VoiceEmbedder:
    """The voice encoder, loaded once per process; `models` is its name and version."""

    session: onnxruntime.InferenceSession
    models: dict[str, str]

    @classmethod
    def load(cls, models_dir: Path | None = None) -> "VoiceEmbedder":
        """Open the model in *models_dir* (default: the repository's, or the package's)."""
        session, metadata = open_model((models_dir or MODELS_DIR) / "voices.onnx")
        return cls(session, {"voices": metadata["version"]})

    def embed(self, speech: Samples) -> Samples | None:
        """Return the embedding of speech at RATE, (256,) of length 1; None if it is too short."""
        power = float(np.mean(np.square(speech, dtype=np.float64))) if len(speech) else 0.0
        if len(speech) < SHORTEST_SECONDS * RATE or power == 0:
            return None
        count = 1 + max(0, len(speech) - _WINDOW) // _STEP
        needed = (count - 1) * _STEP + _WINDOW
        signal = np.pad(speech, (0, max(0, needed - len(speech)))) * (_LEVEL / power**0.5)
        windows = np.stack([signal[at * _STEP : at * _STEP + _WINDOW] for at in range(count)])
        (parts,) = self.session.run(["embedding"], {"samples": windows.astype(np.float32)})
        mean = parts.mean(axis=0)
        embedding: Samples = mean / max(float(np.linalg.norm(mean)), 1e-6)
        return embedding


def likeness(voice: Samples, other: Samples) -> float:
    """Return how alike two embeddings are: their cosine, 0 to 1."""
    return float(voice @ other)
