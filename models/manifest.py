"""``models.toml`` as typed objects."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

MODELS_DIR = Path(__file__).parent

Ecosystem = Literal["pip", "npm"]
Converter = Literal["onnx", "tfjs", "darknet", "movenet"]


@dataclass(frozen=True)
class Member:
    """One file inside a package, pinned by its content."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Model:
    """One entry of the manifest: a source, how to convert it, and what the result is for."""

    name: str
    file: str
    ecosystem: Ecosystem
    package: str
    version: str
    members: tuple[Member, ...]
    licence: str
    functions: tuple[str, ...]
    convert: Converter
    options: dict[str, Any]
    input: str
    output: str
    accuracy: str

    @property
    def requirement(self) -> str:
        """The package and its version, as its client wants them written."""
        return f"{self.package}{'==' if self.ecosystem == 'pip' else '@'}{self.version}"

    @property
    def target(self) -> Path:
        """Where the finished model is written."""
        return MODELS_DIR / self.file


def read_manifest(path: Path = MODELS_DIR / "models.toml") -> tuple[Model, ...]:
    """Every model of the manifest, in its order; a missing or unknown key raises TypeError."""
    entries = tomllib.loads(path.read_text("utf-8"))["model"]
    return tuple(_model(entry) for entry in entries)


def _model(entry: dict[str, Any]) -> Model:
    return Model(
        **{
            "options": {},
            **entry,
            "functions": tuple(entry["functions"]),
            "members": tuple(Member(**member) for member in entry["members"]),
        }
    )
