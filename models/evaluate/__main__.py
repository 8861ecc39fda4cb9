"""Measure the eyes: ``python -m models.evaluate FOLDER [--report FILE]``.

The folder holds ``scenes.csv`` and, for identity, ``pairs.csv``; see ``models.evaluate.scenes``.
"""

import argparse
import sys
from pathlib import Path

from functions.vision.observe import Eyes
from models.evaluate.measure import compare, look
from models.evaluate.report import as_html, as_text, tables
from models.evaluate.scenes import read_pairs, read_scenes


def main(arguments: list[str] | None = None) -> int:
    """Print the figures and write the report; 2 where there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--report", type=Path, default=Path(".local/evaluation.html"))
    options = parser.parse_args(arguments)
    if not (options.folder / "scenes.csv").is_file():
        print(f"{options.folder} holds no scenes.csv", file=sys.stderr)
        return 2
    eyes = Eyes.load()
    seen = look(eyes, read_scenes(options.folder))
    roc, faceless = compare(eyes, read_pairs(options.folder))
    shown = tables(seen, roc, faceless)
    print(as_text(shown))
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(as_html(shown, seen, roc), "utf-8")
    print(f"\nreport: {options.report}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
