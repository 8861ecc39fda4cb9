"""The models' command line: build and list them; add an institution's own detector, or remove it.

Exit codes: 0 done; 1 a model or detector cannot be used, with a line for each reason; 2 wrong usage.
"""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from models.build import BuildError, build_all
from models.manifest import MODELS_DIR, read_manifest
from models.own_detector.errors import DetectorRefused

if TYPE_CHECKING:
    from models.own_detector.trial import Trial


def main(arguments: list[str] | None = None, models_dir: Path = MODELS_DIR) -> int:
    """Run a command and return its exit code; failures print lines to standard error."""
    options = _parser().parse_args(arguments)
    try:
        _run(options, models_dir)
    except BuildError as error:
        print(f"models: {error}", file=sys.stderr)
        return 1
    except DetectorRefused as error:
        print("models: the detector was refused:", file=sys.stderr)
        print(*(f"  {reason}" for reason in error.reasons), sep="\n", file=sys.stderr)
        return 1
    return 0


def _run(options: argparse.Namespace, models_dir: Path) -> None:
    if options.command == "build":
        build_all(read_manifest(), force=options.force)
        _check_own(models_dir)
    elif options.command == "add":
        _add(options.file, options.picture, models_dir)
    elif options.command == "remove":
        _remove(models_dir)
    else:
        _list(models_dir)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="fetch, verify and convert every model; cached")
    build.add_argument("--force", action="store_true", help="rebuild models that are up to date")
    commands.add_parser("list", help="list every model with its source and licence")
    add = commands.add_parser(
        "add",
        help="add an institution's own detector (ONNX); docs/guide/own-detector.md",
        description="Check a detector and put it into the slot, in place of an earlier one.",
    )
    add.add_argument("file", type=Path, metavar="FILE.toml", help="its description")
    add.add_argument(
        "--picture",
        type=Path,
        action="append",
        default=[],
        metavar="PICTURE",
        help="also print what it finds on this picture; may be repeated",
    )
    commands.add_parser("remove", help="remove the own detector")
    return parser


def _list(models_dir: Path) -> None:
    for model in read_manifest():
        print(
            f"{model.name:14} {model.package} {model.version} ({model.ecosystem}) {model.licence}"
        )
    _check_own(models_dir)


# onnx and the runtime are slow to import: only where there is a detector to handle.
def _add(source: Path, pictures: list[Path], models_dir: Path) -> None:
    from models.own_detector import slot  # noqa: PLC0415

    description, trial = slot.add(source, models_dir, pictures)
    print(f"models: added {description.identity} ({description.licence})")
    _say_trial(trial)
    print(
        "models: the next deployment runs it beside the product's own models. Its accuracy is "
        "unknown here: measure it with `make evaluate PICTURES=folder`."
    )


def _remove(models_dir: Path) -> None:
    from models.own_detector import slot  # noqa: PLC0415

    removed = slot.remove(models_dir)
    print(f"models: {'the own detector was removed' if removed else 'there is no own detector'}")


def _check_own(models_dir: Path) -> None:
    """Check the own detector, if there is one, and say what it is."""
    if not (models_dir / "own").is_dir():
        return
    from models.own_detector import slot  # noqa: PLC0415

    description, trial = slot.check(models_dir)
    print(f"models: own detector {description.identity} ({description.licence})")
    _say_trial(trial)


def _say_trial(trial: "Trial") -> None:
    print(f"models: {trial.milliseconds:.0f} ms a picture, {trial.megabytes:.0f} MB of memory")
    for picture, lines in trial.found.items():
        print(f"models: {picture}: {'; '.join(lines) or 'nothing found'}")


if __name__ == "__main__":
    sys.exit(main())
