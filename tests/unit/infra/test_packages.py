"""Packages: what is in them, the same bytes every time, and complete or not built at all."""

import zipfile
from pathlib import Path

import pytest

from infra.errors import IncompletePackage, InfraError
from infra.packages import build
from infra.packages.build import package, write_zip
from infra.packages.contents import contents
from infra.packages.target import LAMBDA, Target
from tests.unit.infra.projects import HANDLER, small_project

HERE = Target.here()


def test_the_package_holds_the_function_and_the_shared_code_but_not_the_api(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    archive = package(root, "vision", HERE, tmp_path / "cache")
    with zipfile.ZipFile(archive) as packed:
        names = set(packed.namelist())
    assert {
        "functions/__init__.py",
        "functions/vision/handler.py",
        "chalicelib/__init__.py",
    } <= names
    assert not any(name.startswith(("functions/sound", "chalicelib/api")) for name in names)


def test_an_unchanged_package_is_not_built_again(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    first = package(root, "notify", HERE, tmp_path / "cache")
    written = first.stat().st_mtime_ns
    assert package(root, "notify", HERE, tmp_path / "cache") == first
    assert first.stat().st_mtime_ns == written


def test_changed_code_has_another_name(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    before = contents(root, "notify", HERE).hash
    (root / "functions" / "notify" / "handler.py").write_text(HANDLER + "\n")
    assert contents(root, "notify", HERE).hash != before


def test_another_platform_has_another_name(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    other = Target(machine="aarch64" if HERE.machine != "aarch64" else "x86_64")
    assert contents(root, "notify", HERE).hash != contents(root, "notify", other).hash


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    source = tmp_path / "source.py"
    source.write_text("x = 1\n")
    files = {"b.py": source, "a.py": source}
    write_zip(tmp_path / "one.zip", files)
    source.touch()
    write_zip(tmp_path / "two.zip", dict(reversed(files.items())))
    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


@pytest.mark.parametrize(
    ("handler", "missing"),
    [
        ("import boto3\n" + HANDLER, "boto3"),
        ("def handle(event, context):\n    import hypercorn\n", "imports hypercorn"),
        ("from functions.vision import absent\n" + HANDLER, "absent"),
        ("from chalicelib.api import routes\n" + HANDLER, "chalicelib.api"),
    ],
    ids=["not required", "not required, imported late", "not written", "left out"],
)
def test_a_missing_dependency_fails_the_build(tmp_path: Path, handler: str, missing: str) -> None:
    """This environment could import most of these: only the isolation finds them out."""
    root = small_project(tmp_path, handler)
    with pytest.raises(IncompletePackage, match=missing):
        package(root, "vision", HERE, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*.zip"))


def test_imports_for_type_checkers_are_no_dependency(tmp_path: Path) -> None:
    lines = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import hypercorn\n"
    root = small_project(tmp_path, lines + HANDLER)
    assert package(root, "vision", HERE, tmp_path / "cache").is_file()


def test_a_handler_without_its_function_fails_the_build(tmp_path: Path) -> None:
    root = small_project(tmp_path, "def other(): ...\n")
    with pytest.raises(IncompletePackage, match="no function handle"):
        package(root, "vision", HERE, tmp_path / "cache")


def test_a_package_over_the_limit_fails_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "LIMIT", 10)
    with pytest.raises(IncompletePackage, match="unpacked"):
        package(small_project(tmp_path), "vision", HERE, tmp_path / "cache")


def test_a_model_that_was_not_built_is_told(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    (root / "models").mkdir()
    (root / "models" / "models.toml").write_text(
        '[[model]]\nfile = "faces.onnx"\nfunctions = ["vision"]\n'
    )
    with pytest.raises(InfraError, match=r"faces\.onnx is missing"):
        contents(root, "vision", LAMBDA)
    assert "models/models.toml" not in contents(root, "notify", LAMBDA).files


def test_only_wheels_for_lambda_are_asked_for() -> None:
    options = LAMBDA.pip_options
    assert "--platform=manylinux_2_28_x86_64" in options
    assert "--python-version=3.12" in options
