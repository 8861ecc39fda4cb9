"""Lists the project files of a function's package, and computes the hash that names it."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.errors import InfraError
from infra.packages.target import Target

FUNCTIONS = ("vision", "sound", "recording", "notify", "sms", "retention")
OWN_DETECTOR = "models/own"
FORMAT = b"3"  # increment when the packaging changes
EXCLUDED = {"__pycache__", "__main__.py", "requirements.in", "requirements.txt", "api"}


@dataclass(frozen=True)
class Contents:
    """The files of a package, by path in the archive, and its requirements file."""

    function: str
    target: Target
    requirements: Path
    files: dict[str, Path]

    @property
    def handler(self) -> str:
        """The dotted name of the Lambda handler."""
        return f"functions.{self.function}.handler.handle"

    @property
    def dependencies_hash(self) -> str:
        """The hash that identifies the installed requirements."""
        return _digest(FORMAT, self.target.name.encode(), self.requirements.read_bytes())

    @property
    def hash(self) -> str:
        """The hash that identifies the package."""
        parts = [self.dependencies_hash.encode()]
        for name, path in sorted(self.files.items()):
            parts += [name.encode(), hashlib.sha256(path.read_bytes()).digest()]
        return _digest(*parts)


def contents(root: Path, function: str, target: Target) -> Contents:
    """Return the contents of the package of `functions/<function>` below `root`.

    Raises InfraError when the function's code or one of its models is missing.
    """
    folder = root / "functions" / function
    if not (folder / "handler.py").is_file():
        raise InfraError(f"functions/{function}/handler.py is missing.")
    sources = [
        *(root / "functions").glob("*.py"),
        *_sources(folder),
        *_sources(root / "chalicelib"),
        *_models(root, function),
        *_own_detector(root, function),
    ]
    return Contents(
        function=function,
        target=target,
        requirements=folder / "requirements.txt",
        files={path.relative_to(root).as_posix(): path for path in sources},
    )


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not EXCLUDED.intersection(relative.parts):
            yield path


def _models(root: Path, function: str) -> list[Path]:
    """Return the model files that `function` uses, preceded by models.toml if there are any."""
    manifest = root / "models" / "models.toml"
    if not manifest.is_file():
        return []
    entries = tomllib.loads(manifest.read_text(encoding="utf-8")).get("model", [])
    files = [
        root / "models" / entry["file"]
        for entry in entries
        if function in entry.get("functions", [])
    ]
    for path in files:
        if not path.is_file():
            raise InfraError(f"models/{path.name} is missing: run `python -m models build`.")
    return [manifest, *files] if files else []


def _own_detector(root: Path, function: str) -> list[Path]:
    """Return the institution's own detector, which `python -m models add` put there, if any."""
    files = [root / OWN_DETECTOR / name for name in ("detector.toml", "detector.onnx")]
    if function != "vision" or not files[0].is_file():
        return []
    if not files[1].is_file():
        raise InfraError(f"{OWN_DETECTOR}/detector.onnx is missing: run `python -m models remove`.")
    return files


def _digest(*parts: bytes) -> str:
    sha256 = hashlib.sha256()
    for part in parts:
        sha256.update(len(part).to_bytes(8) + part)
    return sha256.hexdigest()[:16]
