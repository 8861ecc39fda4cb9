"""Run the vision pipeline on pictures from the command line, with the code that the Lambda runs.

``look`` prints one JSON object per line for each picture, ``compare`` one for each pair. A picture
that cannot be read gets ``error`` with the reason, and the command continues. The exit code is 0,
or 2 if the command line, the reference or the list of pairs is invalid.
"""

import argparse
import csv
import json
import sys
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

from functions import MODELS_DIR
from functions.vision.boxes import FloatArray
from functions.vision.pipeline import UnreadablePicture, View, VisionPipeline


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    if not (MODELS_DIR / "faces.onnx").is_file():
        return _fail(MODELS_DIR, "holds no models: run `python -m models build`")
    pipeline = VisionPipeline.load()
    if options.command == "look":
        return look(pipeline, options.pictures, options.view, options.reference)
    return compare(pipeline, options.pairs)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m functions.vision", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    look_command = commands.add_parser("look", help="analyse each picture")
    look_command.add_argument("--view", choices=["first", "second"], default="first")
    look_command.add_argument("--reference", type=Path, help="a picture of the candidate's face")
    look_command.add_argument("pictures", nargs="+", type=Path, metavar="PICTURE")
    compare_command = commands.add_parser("compare", help="similarity of the faces of two pictures")
    compare_command.add_argument("--pairs", type=Path, required=True, help="CSV with columns a, b")
    return parser


def look(pipeline: VisionPipeline, pictures: list[Path], view: View, reference: Path | None) -> int:
    """Analyse each picture and print a line; return the exit code."""
    embedding = None
    if reference is not None:
        try:
            embedding = pipeline.embed(reference.read_bytes())
        except (OSError, UnreadablePicture) as error:
            return _fail(reference, f"cannot be read: {_reason(error)}")
        if embedding is None:
            return _fail(reference, "no face found")
    for picture in pictures:
        analysis = _analysis(pipeline, picture, view, embedding)
        _print({"file": str(picture), "view": view, **analysis})
    return 0


def _analysis(
    pipeline: VisionPipeline, path: Path, view: View, reference: FloatArray | None
) -> dict[str, Any]:
    try:
        analysis = pipeline.analyze(path.read_bytes(), view=view, reference=reference)
    except (OSError, UnreadablePicture) as error:
        return {"error": _reason(error)}
    counts = {"faces": len(analysis.faces), "persons": len(analysis.persons)}
    boxes = {name: [asdict(box) for box in getattr(analysis, name)] for name in _BOX_FIELDS}
    fields = {name: value for name, value in asdict(analysis).items() if name not in _INTERNAL}
    return {**fields, **counts, "objects": len(analysis.objects), "boxes": boxes}


_BOX_FIELDS = ("faces", "persons", "objects")
_INTERNAL = ("signatures", "quality")


def compare(pipeline: VisionPipeline, pairs: Path) -> int:
    """Compare each pair, print a line in the file's order; return the exit code."""

    @lru_cache(maxsize=4096)
    def embedding(path: Path) -> FloatArray | None:
        return pipeline.embed(path.read_bytes())

    try:
        rows = _rows(pairs)
    except (OSError, ValueError) as error:
        return _fail(pairs, f"cannot be read: {error}")
    if rows and not {"a", "b"} <= rows[0].keys():
        return _fail(pairs, "has no columns a and b")
    for row in rows:
        line: dict[str, Any] = {"a": row["a"], "b": row["b"], "similarity": None}
        if not row["a"] or not row["b"]:
            line["error"] = "not_found"
        else:
            try:
                a, b = (embedding(pairs.parent / row[side]) for side in ("a", "b"))
                if a is not None and b is not None:
                    line["similarity"] = round(float(a @ b), 6)
            except (OSError, UnreadablePicture) as error:
                line["error"] = _reason(error)
        _print(line)
    return 0


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _reason(error: OSError | UnreadablePicture) -> str:
    if isinstance(error, UnreadablePicture):
        return error.reason
    return "not_found" if isinstance(error, FileNotFoundError) else "not_readable"


def _fail(path: Path, reason: str) -> int:
    """Print why a file cannot be used; return the exit code."""
    print(f"{path}: {reason}", file=sys.stderr)
    return 2


def _print(line: dict[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False, default=str), flush=True)


if __name__ == "__main__":
    sys.exit(main())
