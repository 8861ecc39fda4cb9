"""Repairs the saved state before the local AWS loads it.

MiniStack saves the position of each event source mapping in a table's stream, but not the
stream's records: after a restart the streams are empty, and the mappings wait for records that
never arrive. Without saved positions they start at the beginning of the new stream.
"""

from __future__ import annotations

import json
from pathlib import Path

POSITIONS = "dynamodb_stream_positions"


def reset_stream_positions(state: Path) -> None:
    """Delete the stream positions from the saved Lambda state in the folder `state`."""
    file = state / "lambda.json"
    if not file.is_file():
        return
    saved = json.loads(file.read_text(encoding="utf-8"))
    if saved.get("payload", {}).pop(POSITIONS, None) is not None:
        file.write_text(json.dumps(saved), encoding="utf-8")
