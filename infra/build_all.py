"""Build everything that a deployment needs: models, function packages and web pages."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from infra import stamps
from infra.deployments import ROOT, WORK, Deployment
from infra.errors import InfraError
from infra.packages.contents import OWN_DETECTOR
from infra.progress import Progress
from infra.up import build_packages

WEB = ROOT / "web"
IGNORED_FOLDERS = {"node_modules", "dist", "coverage", "test-results"}


def build_all(deployment: Deployment, progress: Progress) -> dict[str, Path]:
    """Build the function packages and the pages in parallel, skipping what is up to date.

    Returns the packages by function name. Another process that builds the same tree is waited for.
    """
    packages: dict[str, Path] = {}

    def functions() -> None:
        build_models(progress)
        packages.update(build_packages(deployment, progress))

    with _only_builder():
        progress.side_by_side(functions, lambda: build_pages(progress))
    return packages


@contextmanager
def _only_builder() -> Iterator[None]:
    """Hold the tree's lock for the block; the system frees it however the process ends."""
    WORK.mkdir(exist_ok=True)
    with (WORK / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def build_models(progress: Progress) -> None:
    """Download, verify and convert the models; `python -m models` has its own cache.

    An institution's own detector is checked again, and named in the step. Raises InfraError.
    """
    with progress.step("Models") as step:
        run([sys.executable, "-m", "models", "build"], ROOT)
        description = ROOT / OWN_DETECTOR / "detector.toml"
        if description.is_file():
            fields = tomllib.loads(description.read_text(encoding="utf-8"))
            step.update(f"with your own detector {fields['name']} {fields['version']}")


def build_pages(progress: Progress) -> None:
    """Install the npm packages and build the pages."""
    install_web(progress)
    stamp = WORK / "stamps" / "pages"
    with progress.step("Pages") as step:
        digest = stamps.digest(WEB, _sources(WEB))
        if (WEB / "dist" / "exam" / "index.html").is_file() and stamps.is_current(stamp, digest):
            step.update("unchanged")
            return
        run(["npm", "run", "--silent", "build"], WEB)
        stamps.write(stamp, digest)


def install_web(progress: Progress) -> None:
    """Run `npm ci`, once per lock file."""
    stamp = WEB / "node_modules" / ".invigil-lock"
    with progress.step("npm packages") as step:
        digest = stamps.digest(WEB, [WEB / "package-lock.json"])
        if stamps.is_current(stamp, digest):
            step.update("unchanged")
            return
        run(["npm", "ci", "--no-audit", "--no-fund"], WEB)
        stamps.write(stamp, digest)


def run(command: list[str], folder: Path) -> None:
    """Run a tool silently. Raises InfraError with the end of its output on failure."""
    try:
        result = subprocess.run(  # noqa: S603
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "NO_COLOR": "1"},
        )
    except FileNotFoundError as error:
        raise InfraError(f"{command[0]} is not installed.") from error
    if result.returncode:
        output = (result.stdout + result.stderr).strip().splitlines()
        raise InfraError(f"`{' '.join(command)}` failed:\n" + "\n".join(output[-30:]))


def _sources(folder: Path) -> Iterable[Path]:
    for path in folder.iterdir():
        if path.name not in IGNORED_FOLDERS:
            yield from (p for p in ([path] if path.is_file() else path.rglob("*")) if p.is_file())
