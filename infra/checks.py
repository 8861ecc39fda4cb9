"""`python -m infra check`: everything that must hold before a change is good.

Linting, types, import rules, the pages' own checks, then pytest, whose closing line comes last.
A failing step does not hide the next: all run, as many at a time as there are processors, and any
failure fails the whole.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from infra.build_all import WEB, install_web
from infra.deployments import ROOT
from infra.errors import InfraError
from infra.progress import Progress


@dataclass(frozen=True)
class Check:
    """A command whose exit code is the verdict."""

    title: str
    command: Sequence[str]
    folder: Path = ROOT


def venv_command(name: str, *arguments: str) -> list[str]:
    """A command of this environment."""
    return [str(Path(sys.executable).with_name(name)), *arguments]


def npm_script(name: str) -> list[str]:
    """A script of the pages."""
    return ["npm", "run", "--silent", name]


# The longest first: the others run beside it.
LINTS = (
    Check("Pages: lint", npm_script("lint"), WEB),
    Check("Pages: types and format", npm_script("check"), WEB),
    Check("Lint", venv_command("ruff", "check", ".")),
    Check("Format", venv_command("ruff", "format", "--check", ".")),
    Check("Types", venv_command("mypy")),
    Check("Import rules", venv_command("lint-imports")),
)
PAGE_TESTS = Check("Pages: unit tests", npm_script("test"), WEB)


def lint(progress: Progress) -> None:
    """Run what needs no running product. Raises InfraError when something does not hold."""
    install_web(progress)
    _report(_run_all(LINTS, progress))


def check(progress: Progress) -> None:
    """Run everything; pytest speaks last. Raises InfraError when something does not hold."""
    install_web(progress)
    failed = _run_all((*LINTS, PAGE_TESTS), progress)
    if failed:
        progress.console.print(f"[red]✗ failed:[/red] {', '.join(failed)}")
    sys.stdout.flush()
    tests = subprocess.run([sys.executable, "-m", "pytest"], cwd=ROOT, check=False)
    if failed or tests.returncode:
        raise SystemExit(1)


def _run_all(checks: Sequence[Check], progress: Progress) -> list[str]:
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        passed = pool.map(lambda item: _passes(item, progress), checks)
        return [item.title for item, passes in zip(checks, passed, strict=True) if not passes]


def _passes(item: Check, progress: Progress) -> bool:
    with progress.step(item.title) as step:
        done = subprocess.run(  # noqa: S603
            item.command,
            cwd=item.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env={**os.environ, "FORCE_COLOR": "0"},
        )
        step.failed = done.returncode != 0
    if step.failed:
        print(done.stdout, flush=True)
    return not step.failed


def _report(failed: list[str]) -> None:
    if failed:
        raise InfraError(f"These do not hold: {', '.join(failed)}")
