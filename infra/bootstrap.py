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
PROGRAMS = {
    "chromium": "chromium",
    "turnserver": "coturn",
    "firefox-esr": "firefox-esr",
    "WebKitWebDriver": "webkit2gtk-driver",
    "Xvfb": "xvfb",
    "pulseaudio": "pulseaudio",
}
"""The programs of the browser tests, and the packages that bring them. The TURN server relays
voice calls and live video; without a sound server Firefox plays and hears nothing."""
LIBRARIES = (
    "gir1.2-webkit2-4.1",
    "python3-gi",
    "gstreamer1.0-plugins-good",
    "gstreamer1.0-plugins-bad",
    "gstreamer1.0-libav",
    "gstreamer1.0-pulseaudio",
)
"""What a window of WebKitGTK needs; only Debian's own tools tell whether they are installed."""
OLD_CHROMIUM = ROOT / "tests" / "e2e" / "engines"
"""Its package.json names the oldest Chromium that a package carries."""


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
    """Install the browsers and what they need, unless present; return what failed."""
    return [*package_problems(), *old_chromium_problems()]


def package_problems() -> list[str]:
    """Install the distribution's packages that are missing, all at once; return what failed."""
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program)]
    missing += _missing_libraries()
    if not _has_cjk_font():
        missing.append(CJK_FONT)
    if not missing:
        return []
    names = ", ".join(missing)
    if not shutil.which("apt-get") or not (os.geteuid() == 0 or shutil.which("sudo")):
        return [f"The browser tests require {names}: install and try again."]
    print(f"… {names} from the distribution's packages", flush=True)
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *missing]):
        result = subprocess.run(  # noqa: S603
            [*sudo, "apt-get", "--quiet=2", *command],
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    return [] if result.returncode == 0 else [f"apt-get could not install {names}."]


def old_chromium_problems() -> list[str]:
    """Install the oldest Chromium, once per lock file; return what failed."""
    digest = hashlib.sha256((OLD_CHROMIUM / "package-lock.json").read_bytes()).hexdigest()
    stamp = OLD_CHROMIUM / "node_modules" / ".invigil-lock"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == digest:
        return []
    print("… the oldest Chromium, from npm", flush=True)
    command = ["npm", "ci", "--silent", "--ignore-scripts", "--prefix", str(OLD_CHROMIUM)]
    if subprocess.run(command, check=False, cwd=OLD_CHROMIUM).returncode:  # noqa: S603
        return [f"npm could not install the packages of {OLD_CHROMIUM}."]
    stamp.write_text(digest, encoding="utf-8")
    return []


def _missing_libraries() -> list[str]:
    """Return the libraries that Debian's tools do not know as installed."""
    if not shutil.which("dpkg-query"):
        return []
    result = subprocess.run(  # noqa: S603
        ["dpkg-query", "--show", "--showformat=${Package} ${db:Status-Status}\n", *LIBRARIES],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    installed = result.stdout.splitlines()
    return [name for name in LIBRARIES if f"{name} installed" not in installed]


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
