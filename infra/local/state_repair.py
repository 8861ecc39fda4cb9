"""Mending the saved state before the local AWS loads it.

MiniStack saves how far each mapping has read a table's stream, but not the stream's records:
after a start the streams are empty and the mappings wait for records that will never come.
Without the saved positions they begin where the new stream begins.
"""

from __future__ import annotations

import json
from pathlib import Path

POSITIONS = "dynamodb_stream_positions"


def reset_stream_positions(state: Path) -> None:
    """Drop the read positions from the saved Lambda state below the folder `state`."""
    file = state / "lambda.json"
    if not file.is_file():
        return
    saved = json.loads(file.read_text(encoding="utf-8"))
    if saved.get("payload", {}).pop(POSITIONS, None) is not None:
        file.write_text(json.dumps(saved), encoding="utf-8")
