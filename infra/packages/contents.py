"""Which files of the project a function's package holds, and the hash that names it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.errors import InfraError
from infra.packages.target import Target

FUNCTIONS = ("vision", "sound", "notify", "sms")
FORMAT = b"1"  # raise it when the way of packing changes
EXCLUDED = {"__pycache__", "__main__.py", "requirements.in", "requirements.txt", "api"}


@dataclass(frozen=True)
class Contents:
    """The files of one package, by their path inside it, and the requirements beside them."""

    function: str
    target: Target
    requirements: Path
    files: dict[str, Path]

    @property
    def handler(self) -> str:
        """The dotted name of what Lambda calls."""
        return f"functions.{self.function}.handler.handle"

    @property
    def dependencies_hash(self) -> str:
        """Names the installed requirements."""
        return _digest(FORMAT, self.target.name.encode(), self.requirements.read_bytes())

    @property
    def hash(self) -> str:
        """Names the whole package."""
        parts = [self.dependencies_hash.encode()]
        for name, path in sorted(self.files.items()):
            parts += [name.encode(), hashlib.sha256(path.read_bytes()).digest()]
        return _digest(*parts)


def contents(root: Path, function: str, target: Target) -> Contents:
    """List what goes into the package of `functions/<function>` below `root`.

    Raises InfraError when the function's code or a model it needs is not there.
    """
    folder = root / "functions" / function
    if not (folder / "handler.py").is_file():
        raise InfraError(f"functions/{function}/handler.py is missing.")
    sources = [
        *(root / "functions").glob("*.py"),
        *_sources(folder),
        *_sources(root / "chalicelib"),
        *_models(root, function),
    ]
    return Contents(
        function=function,
        target=target,
        requirements=folder / "requirements.txt",
        files={path.relative_to(root).as_posix(): path for path in sources},
    )


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not EXCLUDED.intersection(inside.parts):
            yield path


def _models(root: Path, function: str) -> list[Path]:
    """The model files that list `function`, with the list itself when there are any."""
    listing = root / "models" / "models.toml"
    if not listing.is_file():
        return []
    entries = tomllib.loads(listing.read_text(encoding="utf-8")).get("model", [])
    files = [
        root / "models" / entry["file"]
        for entry in entries
        if function in entry.get("functions", [])
    ]
    for path in files:
        if not path.is_file():
            raise InfraError(f"models/{path.name} is missing: run `python -m models build`.")
    return [listing, *files] if files else []


def _digest(*parts: bytes) -> str:
    whole = hashlib.sha256()
    for part in parts:
        whole.update(len(part).to_bytes(8) + part)
    return whole.hexdigest()[:16]
