"""Read the labelled pictures: ``scenes.csv`` and ``pairs.csv`` of a folder.

``scenes.csv`` has the columns file, source, licence, view (face, side or any), faces, persons (a
number or ``many``), phone, book, occluded, looking_away (1, 0, or empty: not scored) and notes, and
may have looking_down and group (the person or the video, see ``models.evaluate.grouping``).
``pairs.csv`` has a, b and same. Paths are relative to the folder. Either file may be missing. An
invalid row is skipped and an invalid value is not scored; both are appended to *problems*.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from functions.vision.rules import View
from models.evaluate.grouping import group_of

MANY = 99
LABELS = {"phone": "phone", "book": "book", "face_occluded": "occluded"}
LABELS |= {"looking_away": "looking_away", "looking_down": "looking_down"}


@dataclass(frozen=True)
class Scene:
    """A picture and its labels; a label of None is not scored."""

    path: Path
    source: str
    view: View
    faces: int | None
    persons: int | None
    labels: dict[str, bool | None]
    notes: str
    group: str = ""

    @property
    def is_compliant(self) -> bool:
        """Whether it shows one person who complies with the rules: every finding is a false alarm."""
        violations = [self.labels[kind] for kind in ("phone", "face_occluded", "looking_away")]
        book = self.labels["book"] is True
        return self.persons == 1 and self.faces == 1 and violations == [False] * 3 and not book


@dataclass(frozen=True)
class Pair:
    """Two pictures of faces, and whether they show the same person."""

    a: Path
    b: Path
    same: bool


def read_scenes(folder: Path, problems: list[str]) -> Iterator[Scene]:
    """Return every scene of the folder, in the file's order; none without the file."""
    for row in _rows(folder / "scenes.csv", ("file",), problems):
        yield Scene(
            path=folder / row["file"],
            source=Path(row["file"]).name.split("_")[0],
            view="second" if row.get("view") == "side" else "first",
            faces=_count(row, "faces", problems),
            persons=_count(row, "persons", problems),
            labels={kind: _label(row, column, problems) for kind, column in LABELS.items()},
            notes=row.get("notes", ""),
            group=group_of(row["file"], row.get("source", ""), row.get("group", "")),
        )


def read_pairs(folder: Path, problems: list[str]) -> Iterator[Pair]:
    """Return every pair of the folder, in the file's order; none without the file."""
    for row in _rows(folder / "pairs.csv", ("a", "b", "same"), problems):
        same = _label(row, "same", problems)
        if same is not None:
            yield Pair(folder / row["a"], folder / row["b"], same)


def _rows(path: Path, required: Sequence[str], problems: list[str]) -> Iterator[dict[str, str]]:
    """Return the rows that have all required values; values are stripped."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        reader = csv.DictReader(stream, restkey="")
        for fields in reader:
            row = {name: text.strip() for name, text in fields.items() if isinstance(text, str)}
            if all(row.get(name) for name in required):
                yield row
            else:
                problems.append(f"{path.name}, line {reader.line_num}: no {' or '.join(required)}")


def _count(row: dict[str, str], column: str, problems: list[str]) -> int | None:
    text = row.get(column, "")
    if text == "many":
        return MANY
    if text and not text.isdecimal():
        problems.append(f"{row['file']}: {column} is {text!r}, not a number")
        return None
    return int(text) if text else None


def _label(row: dict[str, str], column: str, problems: list[str]) -> bool | None:
    text = row.get(column, "")
    if text not in ("", "0", "1"):
        problems.append(f"{next(iter(row.values()))}: {column} is {text!r}, not 0 or 1")
        return None
    return None if text == "" else text == "1"
