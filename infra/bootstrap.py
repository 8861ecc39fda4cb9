"""Check the required tools and create .venv. Run by bootstrap.sh with a recent enough Python.

Imports the standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements-dev.txt"
STAMP = VENV / "invigil-lock"
PIP = ("-m", "pip", "install", "-qq", "--disable-pip-version-check")
CJK_FONT = "fonts-noto-cjk"
TURN_SERVER = "coturn"
"""A TURN server: voice calls and live video are also tested through a relay."""


def main(arguments: list[str]) -> int:
    """Create the environment; with --test also install what the browser tests need."""
    for_tests = arguments == ["--test"]
    problems = tool_problems()
    if not problems:
        make_environment()
        problems = browser_problems() if for_tests else []
    for problem in problems:
        print(f"✗ {problem}", file=sys.stderr)
    return 1 if problems else 0


def tool_problems() -> list[str]:
    """Return one line for each tool that is missing or too old."""
    package = json.loads((ROOT / "web" / "package.json").read_text(encoding="utf-8"))
    required = package.get("engines", {}).get("node", ">=20").lstrip(">=")
    problems = []
    version = _version("node")
    if version is None:
        problems.append(f"Node.js {required} or newer is required; found none.")
    elif version < _numbers(required):
        problems.append(f"Node.js {required} or newer is required; found {_dotted(version)}.")
    if _version("npm") is None:
        problems.append("npm is required; it comes with Node.js.")
    return problems


def make_environment() -> None:
    """Install requirements-dev.txt into .venv, once per lock file and interpreter."""
    digest = hashlib.sha256(sys.version.encode() + LOCK.read_bytes()).hexdigest()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == digest and PYTHON.exists():
        return
    begin = time.monotonic()
    print("… Python environment (.venv), from requirements-dev.txt", flush=True)
    if not _is_usable(PYTHON):
        venv.EnvBuilder(with_pip=True, clear=True).create(VENV)
    if run_with_timer([str(PYTHON), *PIP, "--requirement", str(LOCK)]):
        sys.exit("✗ pip could not install requirements-dev.txt; see its output above.")
    STAMP.write_text(digest, encoding="utf-8")
    print(f"✓ Python environment {time.monotonic() - begin:.1f} s", flush=True)


def run_with_timer(command: list[str]) -> int:
    """Run a command and return its exit code; on a terminal, show the elapsed seconds."""
    begin = time.monotonic()
    with subprocess.Popen(command) as process:  # noqa: S603
        while True:
            try:
                return process.wait(1)
            except subprocess.TimeoutExpired:
                if sys.stdout.isatty():
                    print(f"  {time.monotonic() - begin:.0f} s\r", end="", flush=True)


def browser_problems() -> list[str]:
    """Install Chromium, a TURN server and a Chinese font unless present; return what failed."""
    missing = [] if shutil.which("chromium") else ["chromium"]
    if not shutil.which("turnserver"):
        missing.append(TURN_SERVER)
    if not _has_cjk_font():
        missing.append(CJK_FONT)
    if not missing:
        return []
    if not shutil.which("apt-get") or not (os.geteuid() == 0 or shutil.which("sudo")):
        return [f"The browser tests require {' and '.join(missing)}: install and try again."]
    print(f"… {' and '.join(missing)} from the distribution's packages", flush=True)
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
        result = subprocess.run(  # noqa: S603
            [*sudo, "apt-get", "--quiet=2", *command],
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    return [] if result.returncode == 0 else [f"apt-get could not install {' and '.join(missing)}."]


def _has_cjk_font() -> bool:
    try:
        result = subprocess.run(
            ["fc-list", ":lang=zh", "family"],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return False
    return bool(result.stdout.strip())


def _version(tool: str) -> tuple[int, ...] | None:
    path = shutil.which(tool)
    if path is None:
        return None
    result = subprocess.run([path, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    return _numbers(result.stdout) if result.returncode == 0 else None


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))


def _is_usable(python: Path) -> bool:
    """Return whether .venv exists, runs, and has the running interpreter's version."""
    code = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    try:
        return subprocess.run([str(python), "-c", code], check=False).returncode == 0  # noqa: S603
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
