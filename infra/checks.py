"""`python -m infra check`: all checks that a change must pass.

Linters, type checks, import rules and the pages' checks run in parallel, one per processor; then
pytest runs, and its summary is the last output. All checks run even after a failure; any failure
fails the command.
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
    """A command that passes with exit code 0."""

    title: str
    command: Sequence[str]
    folder: Path = ROOT


def venv_command(name: str, *arguments: str) -> list[str]:
    """Return the command line of a tool installed in .venv."""
    return [str(Path(sys.executable).with_name(name)), *arguments]


def npm_script(name: str) -> list[str]:
    """Return the command line of a script in web/package.json."""
    return ["npm", "run", "--silent", name]


# The slowest first, so that the others run in parallel with it.
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
    """Run the linters and type checks. Raises InfraError when any of them fails."""
    install_web(progress)
    _report(_run_all(LINTS, progress))


def check(progress: Progress) -> None:
    """Run all checks, then pytest. Exits with 1 when anything fails."""
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
        results = pool.map(lambda check: _passes(check, progress), checks)
        return [check.title for check, passes in zip(checks, results, strict=True) if not passes]


def _passes(check: Check, progress: Progress) -> bool:
    with progress.step(check.title) as step:
        result = subprocess.run(  # noqa: S603
            check.command,
            cwd=check.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env={**os.environ, "FORCE_COLOR": "0"},
        )
        step.failed = result.returncode != 0
    if step.failed:
        print(result.stdout, flush=True)
    return not step.failed


def _report(failed: list[str]) -> None:
    if failed:
        raise InfraError(f"Failed checks: {', '.join(failed)}")
