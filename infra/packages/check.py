"""Proof that a package is complete: its handler imports with nothing but the package at hand.

The local Lambda runs in this project's environment, where everything can be imported; so a
forgotten requirement would be noticed on AWS only. Here a clean interpreter gets the unpacked
package and the standard library, and imports the function's modules; then every import statement
in the function's own code and in chalicelib's loaded modules, also one inside a function, must
name a module that can be found.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from infra.errors import IncompletePackage

PROBE = Path(__file__).with_name("probe.py")


def check(archive: Path, handler: str) -> None:
    """Raise Incomplete, with the reason, unless `handler` can be imported from `archive`."""
    done = run_alone(archive, PROBE, handler)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise IncompletePackage(f"The package of {handler} is not complete: {reason}")


def run_alone(archive: Path, script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `script` in a clean interpreter with the unpacked `archive` as its first argument."""
    with tempfile.TemporaryDirectory(prefix="invigil-check-") as scratch:
        unpacked = Path(scratch) / "package"
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(unpacked)
        command = [sys.executable, "-I", "-S", "-B", str(script), str(unpacked)]
        return subprocess.run(  # noqa: S603
            [*command, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=scratch,
            env=_environment(),
        )


def _environment() -> dict[str, str]:
    """A Lambda-like environment in which no call reaches anything."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_EC2_METADATA_DISABLED": "true",
        "INVIGIL_STAGE": "check",
    }
