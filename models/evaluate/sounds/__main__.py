"""Evaluate the speech model on sounds made by program: ``python -m models.evaluate.sounds``.

With ``--people FOLDER`` the voice model on recordings of people, a subfolder for each.
"""

import argparse
import sys
from pathlib import Path

from functions.sound.speech import SpeechDetector
from models.evaluate.sounds.measure import judge
from models.evaluate.sounds.people import compare_people, people_table
from models.evaluate.sounds.scenes import scenes
from models.evaluate.sounds.tables import sound_tables
from models.evaluate.sounds.voices import NoSynthesiser
from models.evaluate.tables import to_text


def main(arguments: list[str] | None = None) -> int:
    """Print the tables; return 0, or 2 where there is no synthesiser."""
    options = _parser().parse_args(arguments)
    if options.people is not None:
        comparisons = list(compare_people(options.people, options.seed))
        print(to_text([people_table(comparisons)]))
        return 0
    try:
        judged = list(
            judge(SpeechDetector.load(), scenes(options.sample, options.seed), options.seed)
        )
    except NoSynthesiser as error:
        print(error, file=sys.stderr)
        return 2
    print(to_text(sound_tables(judged)))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.evaluate.sounds", description=__doc__)
    parser.add_argument("--sample", type=int, default=40, help="scenes of each class (%(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--people", type=Path, metavar="FOLDER", help="compare voices: a subfolder for each person"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
