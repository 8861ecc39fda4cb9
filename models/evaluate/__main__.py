"""Evaluate the vision pipeline: ``python -m models.evaluate FOLDER [--as SET] [--sample N]``.

The folder holds ``scenes.csv``, or ``pairs.csv`` for identity, or both, in the format that
``models.evaluate.scenes`` describes. The results are printed, and written with plots and the wrong
answers to index.html. ``--as`` says what the pictures are used for (models/cards/README.md); the
other parts are made by program from the folder's pictures, and are told as simulated.
"""

import argparse
import sys
from pathlib import Path

from functions.vision.pipeline import VisionPipeline
from models.evaluate.claims import PictureSet, claims_table
from models.evaluate.measure import compare, evaluate_scenes
from models.evaluate.report import to_html
from models.evaluate.scenes import Pair, Scene, read_pairs, read_scenes
from models.evaluate.simulated import PARTS, simulated_tables
from models.evaluate.tables import own_detector_table, problems_table, tables, to_text


def main(arguments: list[str] | None = None) -> int:
    """Print the results and write the report; return 0, or 2 if there is nothing to evaluate."""
    options = _parser().parse_args(arguments)
    if not any((options.folder / name).is_file() for name in ("scenes.csv", "pairs.csv")):
        print(f"{options.folder} holds no scenes.csv and no pairs.csv", file=sys.stderr)
        return 2
    pipeline, problems = VisionPipeline.load(), list[str]()
    labelled, pairs = _read(options.folder, problems)
    scenes = evaluate_scenes(pipeline, labelled, problems)
    roc, faceless = compare(pipeline, pairs, problems)
    if not scenes and not (roc.same or roc.different):
        print(f"{options.folder} holds nothing to evaluate", *problems, sep="\n", file=sys.stderr)
        return 2
    all_tables = [
        *claims_table(scenes, options.used_as),
        *tables(scenes, roc, faceless),
        *simulated_tables(pipeline, labelled, pairs, options.parts, options.sample, options.seed),
        *problems_table(problems),
    ]
    if pipeline.own_detector:
        all_tables.insert(0, own_detector_table(pipeline.own_detector))
    print(to_text(all_tables))
    options.out.mkdir(parents=True, exist_ok=True)
    report = options.out / "index.html"
    report.write_text(to_html(all_tables, scenes, roc), "utf-8")
    print(f"\nreport: {report}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.evaluate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(".local/evaluation"))
    parser.add_argument(
        "--as",
        dest="used_as",
        type=PictureSet,
        choices=list(PictureSet),
        default=PictureSet.TUNE,
        help="what the pictures are used for (default: tune)",
    )
    parser.add_argument(
        "--parts",
        nargs="*",
        choices=PARTS,
        default=PARTS,
        help="what to make by program, beside the labelled pictures (default: all)",
    )
    parser.add_argument("--sample", type=int, default=30, help="portraits of the robustness set")
    parser.add_argument("--seed", type=int, default=1)
    return parser


def _read(folder: Path, problems: list[str]) -> tuple[list[Scene], list[Pair]]:
    return list(read_scenes(folder, problems)), list(read_pairs(folder, problems))


if __name__ == "__main__":
    sys.exit(main())
