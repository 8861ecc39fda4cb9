"""Golden AWS events, read from `tests/events`."""

import json
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).parent.parent / "events"


def event(name: str) -> dict[str, Any]:
    """Return a fresh copy of the event `name`."""
    content: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return content
