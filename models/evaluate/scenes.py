"""The labelled pictures: ``scenes.csv`` and ``pairs.csv`` of a folder.

``scenes.csv`` has the columns file, source, licence, view (face, side or any), faces, persons (a
number or ``many``), phone, book, occluded, looking_away (1, 0, or empty: not to be scored) and
notes. ``pairs.csv`` has a, b and same. Paths are relative to the folder.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from functions.vision.judge import View

MANY = 99
_LABELS = {"phone": "phone", "book": "book", "face_occluded": "occluded"}
_LABELS |= {"looking_away": "looking_away"}


@dataclass(frozen=True)
class Scene:
    """One picture and what a person said of it; None is not to be scored."""

    path: Path
    source: str
    view: View
    faces: int | None
    persons: int | None
    labels: dict[str, bool | None]
    notes: str

    @property
    def proper(self) -> bool:
        """One person, sitting as one should: nothing to find."""
        others = [self.labels[kind] for kind in ("phone", "face_occluded", "looking_away")]
        book = self.labels["book"] is True
        return self.persons == 1 and self.faces == 1 and others == [False] * 3 and not book


@dataclass(frozen=True)
class Pair:
    """Two pictures of faces, and whether they show the same person."""

    a: Path
    b: Path
    same: bool


def read_scenes(folder: Path) -> Iterator[Scene]:
    """Every scene of the folder, in the file's order."""
    for row in _rows(folder / "scenes.csv"):
        yield Scene(
            path=folder / row["file"],
            source=Path(row["file"]).name.split("_")[0],
            view="second" if row["view"] == "side" else "first",
            faces=_count(row["faces"]),
            persons=_count(row["persons"]),
            labels={kind: _label(row[column]) for kind, column in _LABELS.items()},
            notes=row["notes"],
        )


def read_pairs(folder: Path) -> Iterator[Pair]:
    """Every pair of the folder; none where there is no such file."""
    path = folder / "pairs.csv"
    for row in _rows(path) if path.exists() else ():
        yield Pair(folder / row["a"], folder / row["b"], row["same"] == "1")


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream)


def _count(text: str) -> int | None:
    if text == "many":
        return MANY
    return int(text) if text else None


def _label(text: str) -> bool | None:
    return None if text == "" else text == "1"
