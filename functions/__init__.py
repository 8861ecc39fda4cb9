"""The Lambda functions that data triggers: one folder, one function, its own requirements.

- ``vision``: an uploaded picture → observation → flags
- ``sound``: an uploaded sound clip, or a segment's sound → observation → flags
- ``recording``: an uploaded segment of a recording → its record, chain entry, and its sound for ``sound``
- ``notify``: a changed record of the sessions table → push messages to open sockets
- ``sms``: a job of the passcode queue → text messages
- ``retention``: a job of the retention queue → receipts, and deleted files
- ``uploads``: parses upload events; shared by ``vision``, ``sound`` and ``recording``
- ``batches``: runs the messages of an SQS batch; shared by all that a queue triggers

This module itself is in every function's package; it holds what those with models share.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import onnxruntime

MODELS_DIR = Path(__file__).parent.parent / "models"


def open_model(path: Path) -> tuple[onnxruntime.InferenceSession, dict[str, str]]:
    """Open a model; return a single-threaded session and the file's metadata (name, version …).

    A Lambda of this size has little more than one core: more threads only wait for each other.
    """
    import onnxruntime  # noqa: PLC0415  (functions without models are packaged without the runtime)

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return session, dict(session.get_modelmeta().custom_metadata_map)
