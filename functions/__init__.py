"""What data triggers: one folder, one Lambda, its own requirements.

This module is in every function's package; it holds what those with models share.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime

MODELS_DIR = Path(__file__).parent.parent / "models"


def open_model(path: Path) -> tuple[onnxruntime.InferenceSession, dict[str, str]]:
    """A session on one thread, and the facts written into the model file (name, version …).

    A Lambda of this size has little more than one core: more threads only wait for each other.
    """
    import onnxruntime  # noqa: PLC0415  (functions without models come without the runtime)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session, dict(session.get_modelmeta().custom_metadata_map)
