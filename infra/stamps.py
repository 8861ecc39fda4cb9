"""Stamp files, by which up-to-date steps are skipped: the hash of all inputs of a step."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path


def digest(root: Path, files: Iterable[Path]) -> str:
    """Return the hash of the files' names (relative to `root`) and contents."""
    sha256 = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        sha256.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return sha256.hexdigest()


def is_current(stamp: Path, value: str) -> bool:
    """Return whether the step was last run for the inputs with this digest."""
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == value


def write(stamp: Path, value: str) -> None:
    """Record that the step was run for the inputs with this digest."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value, encoding="utf-8")
