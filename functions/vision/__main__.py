"""Look at pictures from the command line, with the very code that the Lambda runs.

``look`` prints one JSON object a line for each picture, ``compare`` one for each pair. A picture
that cannot be read gets ``error`` with the reason, and the command goes on.
"""

import argparse
import csv
import json
import sys
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from functions.vision.boxes import FloatArray
from functions.vision.observe import Eyes, UnreadablePicture, View


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 unless the command line itself is wrong."""
    options = _parser().parse_args(arguments)
    eyes = Eyes.load()
    if options.command == "look":
        return look(eyes, options.pictures, options.view, options.reference)
    return compare(eyes, options.pairs)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m functions.vision", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    look_at = commands.add_parser("look", help="what each picture shows")
    look_at.add_argument("--view", choices=["first", "second"], default="first")
    look_at.add_argument("--reference", type=Path, help="a picture of the candidate's face")
    look_at.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE")
    pairs = commands.add_parser("compare", help="how similar the faces of two pictures are")
    pairs.add_argument("--pairs", type=Path, required=True, help="CSV with columns a and b")
    return parser


def look(eyes: Eyes, pictures: list[Path], view: View, reference: Path | None) -> int:
    """Print a line for each picture."""
    face = None
    if reference is not None:
        try:
            face = eyes.embed(reference.read_bytes())
        except (OSError, UnreadablePicture) as error:
            print(f"{reference}: cannot be read: {_reason(error)}", file=sys.stderr)
            return 2
        if face is None:
            print(f"{reference}: no face found", file=sys.stderr)
            return 2
    for picture in pictures:
        _print({"file": str(picture), "view": view, **_seen(eyes, picture, view, face)})
    return 0


def _seen(eyes: Eyes, path: Path, view: View, reference: FloatArray | None) -> dict[str, Any]:
    try:
        sight = eyes.look(path.read_bytes(), view=view, reference=reference)
    except (OSError, UnreadablePicture) as error:
        return {"error": _reason(error)}
    counts = {"faces": len(sight.faces), "persons": len(sight.persons)}
    boxes = {name: [asdict(box) for box in getattr(sight, name)] for name in _BOXES}
    told = {name: value for name, value in asdict(sight).items() if name != "signs"}
    return {**told, **counts, "objects": len(sight.objects), "boxes": boxes}


_BOXES = ("faces", "persons", "objects")


def compare(eyes: Eyes, pairs: Path) -> int:
    """Print a line for each pair, in the file's order."""

    @lru_cache(maxsize=4096)
    def face(path: Path) -> FloatArray | None:
        return eyes.embed(path.read_bytes())

    with pairs.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            line: dict[str, Any] = {"a": row["a"], "b": row["b"], "similarity": None}
            try:
                a, b = face(pairs.parent / row["a"]), face(pairs.parent / row["b"])
                if a is not None and b is not None:
                    line["similarity"] = round(float(a @ b), 6)
            except (OSError, UnreadablePicture) as error:
                line["error"] = _reason(error)
            _print(line)
    return 0


def _reason(error: OSError | UnreadablePicture) -> str:
    return error.reason if isinstance(error, UnreadablePicture) else "not_found"


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False, default=str), flush=True)


if __name__ == "__main__":
    sys.exit(main())
