"""Measure the eyes: ``python -m models.evaluate FOLDER [--out FOLDER]``.

The folder holds ``scenes.csv``, or ``pairs.csv`` for identity, or both; ``models.evaluate.scenes``
tells what is in them. The figures are printed, and written with plots and mistakes to index.html.
"""

import argparse
import sys
from pathlib import Path

from functions.vision.pipeline import VisionPipeline
from models.evaluate.measure import compare, evaluate_scenes
from models.evaluate.report import as_html
from models.evaluate.scenes import read_pairs, read_scenes
from models.evaluate.tables import as_text, left_out, tables


def main(arguments: list[str] | None = None) -> int:
    """Print the figures and write the report; 2 where there is nothing to measure."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(".local/evaluation"))
    options = parser.parse_args(arguments)
    if not any((options.folder / name).is_file() for name in ("scenes.csv", "pairs.csv")):
        print(f"{options.folder} holds no scenes.csv and no pairs.csv", file=sys.stderr)
        return 2
    pipeline, problems = VisionPipeline.load(), list[str]()
    seen = evaluate_scenes(pipeline, read_scenes(options.folder, problems), problems)
    roc, faceless = compare(pipeline, read_pairs(options.folder, problems), problems)
    if not seen and not (roc.same or roc.different):
        print(f"{options.folder} holds nothing to measure", *problems, sep="\n", file=sys.stderr)
        return 2
    shown = [*tables(seen, roc, faceless), *left_out(problems)]
    print(as_text(shown))
    options.out.mkdir(parents=True, exist_ok=True)
    report = options.out / "index.html"
    report.write_text(as_html(shown, seen, roc), "utf-8")
    print(f"\nreport: {report}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
