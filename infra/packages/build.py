"""Builds a function's zip file: reproducible, checked for missing imports, cached by content."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

from infra.errors import IncompletePackage
from infra.packages.bytecode import can_compile_for, compile_files
from infra.packages.check import check
from infra.packages.contents import contents
from infra.packages.install import install_requirements
from infra.packages.target import Target

LIMIT = 250 * 1024 * 1024  # Lambda's limit for unpacked code and layers
EPOCH = (1980, 1, 1, 0, 0, 0)


def package(root: Path, function: str, target: Target, cache: Path) -> Path:
    """Return the zip for `functions/<function>`, named `<function>-<hash>.zip` in `cache`.

    It is built unless cached. For a target that cannot run here, the package for this machine is
    checked instead. Raises IncompletePackage when the handler cannot be imported from the package
    alone or the package is too large.
    """
    package_contents = contents(root, function, target)
    archive = cache / f"{function}-{package_contents.hash}.zip"
    if archive.is_file():
        return archive
    partial = archive.with_suffix(".partial")
    requirements = install_requirements(package_contents, cache)
    sources = package_contents.files
    with tempfile.TemporaryDirectory(dir=cache, prefix="compiling-") as scratch:
        compiled = compile_files(sources, Path(scratch)) if can_compile_for(target) else {}
        write_zip(partial, {**_files_below(requirements), **sources, **compiled})
    _check_size(partial, function)
    if target == Target.here():
        check(partial, package_contents.handler)
    else:
        package(root, function, Target.here(), cache)
    return partial.replace(archive)


def write_zip(archive: Path, files: dict[str, Path]) -> None:
    """Write `files` (path in the archive → source); equal contents give equal bytes."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for name, source in sorted(files.items()):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(entry, source.read_bytes())


def _files_below(folder: Path) -> dict[str, Path]:
    return {
        path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()
    }


def _check_size(archive: Path, function: str) -> None:
    with zipfile.ZipFile(archive) as packed:
        size = sum(entry.file_size for entry in packed.infolist())
    if size > LIMIT:
        raise IncompletePackage(
            f"The package of functions/{function} is {size / 2**20:.0f} MB unpacked; "
            f"Lambda's limit is {LIMIT // 2**20} MB."
        )
