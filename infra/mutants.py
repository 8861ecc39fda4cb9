"""`python -m infra.mutants`: change the rules and use cases on purpose; a test must fail each time.

mutmut makes the mutants and tries each against the unit tests that reach the changed function, in a
copy of the tree below .local. What survives is printed with its change; docs/mutants.md says what
became of the last survivors.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from infra.deployments import ROOT, WORK
from infra.errors import InfraError
from models.evaluate.scoring import Share

WORKPLACE = WORK / "mutants"
LOG = WORK / "mutants.log"
CHANGED = ("chalicelib", "tests", "pyproject.toml")
"""What mutmut copies and changes; other packages are imported from the tree itself."""
READ = ("docs",)
"""What tests read beside it."""
SAMPLE, SEED = 150, 11
DETECTED = frozenset({"killed", "timeout", "segfault"})


@dataclass(frozen=True, slots=True)
class Choice:
    """Which mutants to try, and on how many processors; a `sample` of None is all of them."""

    paths: Sequence[str] = ()
    sample: int | None = SAMPLE
    seed: int = SEED
    jobs: int = 1


def main(arguments: Sequence[str]) -> int:
    """Try mutants, then print survivors and counts. Returns 0 whether or not any survived."""
    choice = parse(arguments)
    try:
        enter_workplace(WORKPLACE)
        report(try_mutants(choice))
    except InfraError as error:
        print(f"✗ {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def parse(arguments: Sequence[str]) -> Choice:
    """Return the choice in a command line."""
    parser = argparse.ArgumentParser(
        prog="make mutants ARGS='…'",
        description="Change the rules and use cases on purpose, and see whether a unit test fails.",
    )
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        help="file or folder below chalicelib/domain or chalicelib/services (default: both)",
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument(
        "--sample",
        type=int,
        default=SAMPLE,
        metavar="N",
        help="try N mutants drawn at random (%(default)s)",
    )
    size.add_argument("--all", action="store_true", help="try all of them; takes hours")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the draw (%(default)s)")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time (%(default)s)"
    )
    options = parser.parse_args(arguments)
    sample = None if options.all else options.sample
    return Choice(options.paths, sample, options.seed, options.jobs)


def enter_workplace(workplace: Path) -> None:
    """Make the folder that mutmut works in the current one: it changes a copy, never the tree."""
    copy = workplace / "mutants"
    copy.mkdir(parents=True, exist_ok=True)
    for folder, names in ((workplace, CHANGED), (copy, READ)):
        for name in names:
            if not (folder / name).is_symlink():
                (folder / name).symlink_to(ROOT / name)
    os.chdir(workplace)


def draw(names: Sequence[str], choice: Choice) -> list[str]:
    """Return the mutants to try. Raises InfraError where a path has none."""
    modules = [path.removesuffix(".py").strip("/").replace("/", ".") for path in choice.paths]
    within = sorted(
        name
        for name in names
        if not modules or any(name.startswith(f"{module}.") for module in modules)
    )
    if not within:
        raise InfraError(f"No mutants in {', '.join(choice.paths)}; give paths as in the tree.")
    if choice.sample is None or choice.sample >= len(within):
        return within
    return sorted(random.Random(choice.seed).sample(within, choice.sample))  # noqa: S311


def try_mutants(choice: Choice) -> dict[str, str]:
    """Make the mutants, try those that were drawn, and return how each ended."""
    # mutmut reads the current folder when it is imported.
    from mutmut import __main__ as mutmut  # noqa: PLC0415
    from mutmut.stats import status_by_exit_code  # noqa: PLC0415
    from mutmut.utils.file_utils import copy_also_copy_files, copy_src_dir  # noqa: PLC0415

    sys.path.append(str(ROOT))
    print("… Making mutants", flush=True)
    with _progress():
        copy_src_dir()
        copy_also_copy_files()
        mutmut.create_mutants(choice.jobs)
    mutants, _ = mutmut.collect_source_file_mutation_data(mutant_names=())
    drawn = draw([name for _, name, _ in mutants], choice)
    print(f"… Trying {len(drawn)} of {len(mutants)} mutants, seed {choice.seed}", flush=True)
    with _progress():
        mutmut._run(drawn, choice.jobs)  # noqa: SLF001  (what mutmut's command line calls)
    tried, _ = mutmut.collect_source_file_mutation_data(mutant_names=drawn)
    return {name: status_by_exit_code[code] for _, name, code in tried}


@contextmanager
def _progress() -> Iterator[None]:
    """Show mutmut's counts while it works: on the terminal, or in a file where there is none."""
    if sys.stdout.isatty():
        yield
        return
    print(f"  (progress: {LOG})", flush=True)
    stdout = os.dup(sys.stdout.fileno())
    try:
        with LOG.open("a", encoding="utf-8") as log:
            os.dup2(log.fileno(), sys.stdout.fileno())
            yield
    except SystemExit as end:
        raise InfraError(f"mutmut gave up; see {LOG}.") from end
    finally:
        sys.stdout.flush()
        os.dup2(stdout, sys.stdout.fileno())
        os.close(stdout)


def report(outcomes: dict[str, str]) -> None:
    """Print the survivors with their changes, then the counts."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # noqa: PLC0415

    survivors = sorted(name for name, outcome in outcomes.items() if outcome not in DETECTED)
    for name in survivors:
        print(f"\n{outcomes[name]}: {name}\n{get_diff_for_mutant(name)}")
    counts = Counter(outcomes.values())
    share = Share(len(outcomes) - len(survivors), len(outcomes))
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()))
    print(f"{share.hits} of {share.total} detected: {str(share).strip()} (95 %, Wilson)")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
