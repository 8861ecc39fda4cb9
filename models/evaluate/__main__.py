"""Evaluate the vision pipeline: ``python -m models.evaluate FOLDER [--out FOLDER]``.

The folder holds ``scenes.csv``, or ``pairs.csv`` for identity, or both, in the format that
``models.evaluate.scenes`` describes. The results are printed, and written with plots and the wrong
answers to index.html.
"""

import argparse
import sys
from pathlib import Path

from functions.vision.pipeline import VisionPipeline
from models.evaluate.measure import compare, evaluate_scenes
from models.evaluate.report import to_html
from models.evaluate.scenes import read_pairs, read_scenes
from models.evaluate.tables import problems_table, tables, to_text


def main(arguments: list[str] | None = None) -> int:
    """Print the results and write the report; return 0, or 2 if there is nothing to evaluate."""
    parser = argparse.ArgumentParser(prog="python -m models.evaluate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(".local/evaluation"))
    options = parser.parse_args(arguments)
    if not any((options.folder / name).is_file() for name in ("scenes.csv", "pairs.csv")):
        print(f"{options.folder} holds no scenes.csv and no pairs.csv", file=sys.stderr)
        return 2
    pipeline, problems = VisionPipeline.load(), list[str]()
    scenes = evaluate_scenes(pipeline, read_scenes(options.folder, problems), problems)
    roc, faceless = compare(pipeline, read_pairs(options.folder, problems), problems)
    if not scenes and not (roc.same or roc.different):
        print(f"{options.folder} holds nothing to evaluate", *problems, sep="\n", file=sys.stderr)
        return 2
    all_tables = [*tables(scenes, roc, faceless), *problems_table(problems)]
    print(to_text(all_tables))
    options.out.mkdir(parents=True, exist_ok=True)
    report = options.out / "index.html"
    report.write_text(to_html(all_tables, scenes, roc), "utf-8")
    print(f"\nreport: {report}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
