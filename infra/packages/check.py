"""Checks that a package is complete: its handler imports from the package alone.

The local Lambda runs in this project's environment, where every dependency is installed; a missing
requirement would only show on AWS. Here an isolated interpreter with the unpacked package and the
standard library imports the function's modules; then every import statement in the function's code
and in the loaded modules of chalicelib, including those inside functions, must be resolvable.
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
    """Raise IncompletePackage, with the reason, unless `handler` can be imported from `archive`."""
    result = run_alone(archive, PROBE, handler)
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise IncompletePackage(f"The package of {handler} is incomplete: {reason}")


def run_alone(archive: Path, script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `script` in an isolated interpreter; its first argument is the unpacked `archive`."""
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
    """Return a Lambda-like environment whose AWS endpoint is unreachable."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_EC2_METADATA_DISABLED": "true",
        "INVIGIL_STAGE": "check",
    }
