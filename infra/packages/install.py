"""Installs a function's pinned requirements for the target platform, once per lock file."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from py_compile import PycInvalidationMode

from infra.errors import InfraError
from infra.packages.bytecode import can_compile_for, compile_in_place
from infra.packages.contents import Contents

UNUSED_FOLDERS = {"__pycache__", "tests", "bin"}
UNUSED_PACKAGES = ("onnxruntime/transformers", "onnxruntime/quantization", "numpy/f2py")
SERVICES = "botocore/data"
USED_SERVICES = {
    "apigatewaymanagementapi",
    "dynamodb",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "sts",
}
"""The services whose descriptions stay in a package; botocore brings 18 MB of all of them."""
UNUSED_SUFFIXES = {".pyc", ".pyi", ".pyx", ".pxd", ".c", ".h", ".a"}
RUNTIME_METADATA = {"METADATA", "entry_points.txt"}


def install_requirements(contents: Contents, cache: Path) -> Path:
    """Return the folder with the installed requirements of `contents`; install unless cached.

    Raises InfraError with pip's error message, such as when a requirement has no suitable wheel.
    """
    folder = cache / f"requirements-{contents.function}-{contents.dependencies_hash}"
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix="installing-") as scratch:
        new = Path(scratch) / "site"
        _pip(contents, new)
        _prune(new)
        if can_compile_for(contents.target):
            compile_in_place(new, PycInvalidationMode.UNCHECKED_HASH)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
    return folder


def _pip(contents: Contents, folder: Path) -> None:
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"),
        *("--only-binary=:all:", "--disable-pip-version-check", f"--target={folder}"),
        *contents.target.pip_options,
        f"--requirement={contents.requirements}",
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if result.returncode:
        reason = result.stderr.strip().splitlines()[-1:] or ["pip failed"]
        raise InfraError(f"functions/{contents.function}/requirements.txt: {reason[0]}")
    folder.mkdir(exist_ok=True)


def _prune(folder: Path) -> None:
    """Delete files that are not used at run time: tests, headers, stubs, installation records,
    tools, and the descriptions of services that no function calls.
    """
    for name in UNUSED_PACKAGES:
        shutil.rmtree(folder / name, ignore_errors=True)
    for path in (folder / SERVICES).glob("*/"):
        if path.name not in USED_SERVICES:
            shutil.rmtree(path)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_dir():
            if path.name in UNUSED_FOLDERS:
                shutil.rmtree(path)
        elif path.suffix in UNUSED_SUFFIXES or _is_record(path):
            path.unlink()


def _is_record(path: Path) -> bool:
    """Return whether this is metadata unused at run time; licences are kept with their code."""
    parent = path.parent
    return (
        parent.suffix == ".dist-info"
        and path.name not in RUNTIME_METADATA
        and not (path.name.upper().startswith(("LICENSE", "LICENCE", "NOTICE", "COPYING")))
    )
