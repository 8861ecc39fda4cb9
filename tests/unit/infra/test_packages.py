"""Packages: contents, reproducible bytes, and failed builds when incomplete."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.deployments import ROOT
from infra.errors import IncompletePackage, InfraError
from infra.packages import build
from infra.packages.build import package, write_zip
from infra.packages.contents import contents
from infra.packages.install import USED_SERVICES
from infra.packages.target import LAMBDA, Target
from tests.unit.infra.projects import HANDLER, small_project

HERE = Target.here()


def test_package_holds_function_and_shared_code_without_the_api(tmp_path: Path) -> None:
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


def test_package_starts_without_compiling(tmp_path: Path) -> None:
    """Its bytecode is used as it is, even where the source beside it says something else."""
    root = small_project(tmp_path, HANDLER + "FROM = 'bytecode'\n")
    archive = package(root, "vision", HERE, tmp_path / "cache")
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "unpacked")
    handler = tmp_path / "unpacked" / "functions" / "vision" / "handler.py"
    handler.write_text("FROM = 'source'\n")
    program = "from functions.vision import handler; print(handler.FROM)"
    command = [sys.executable, "-c", program]
    output = subprocess.run(command, cwd=tmp_path / "unpacked", capture_output=True, check=True)
    assert output.stdout.decode().strip() == "bytecode"


def test_package_for_another_python_has_no_bytecode(tmp_path: Path) -> None:
    root, other = small_project(tmp_path), Target(python="3.99", machine=HERE.machine)
    with zipfile.ZipFile(package(root, "vision", other, tmp_path / "cache")) as packed:
        assert not any(name.endswith(".pyc") for name in packed.namelist())


def test_unchanged_package_is_not_rebuilt(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    first = package(root, "notify", HERE, tmp_path / "cache")
    modified_at = first.stat().st_mtime_ns
    assert package(root, "notify", HERE, tmp_path / "cache") == first
    assert first.stat().st_mtime_ns == modified_at


def test_changed_code_changes_the_name(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    before = contents(root, "notify", HERE).hash
    (root / "functions" / "notify" / "handler.py").write_text(HANDLER + "\n")
    assert contents(root, "notify", HERE).hash != before


def test_different_platform_changes_the_name(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    other = Target(machine="aarch64" if HERE.machine != "aarch64" else "x86_64")
    assert contents(root, "notify", HERE).hash != contents(root, "notify", other).hash


def test_equal_contents_give_equal_bytes(tmp_path: Path) -> None:
    source = tmp_path / "source.py"
    source.write_text("x = 1\n")
    files = {"b.py": source, "a.py": source}
    write_zip(tmp_path / "first.zip", files)
    source.touch()
    write_zip(tmp_path / "second.zip", dict(reversed(files.items())))
    assert (tmp_path / "first.zip").read_bytes() == (tmp_path / "second.zip").read_bytes()


@pytest.mark.parametrize(
    ("handler", "missing"),
    [
        ("import boto3\n" + HANDLER, "boto3"),
        ("def handle(event, context):\n    import hypercorn\n", "imports hypercorn"),
        ("from functions.vision import absent\n" + HANDLER, "absent"),
        ("from chalicelib.api import routes\n" + HANDLER, "chalicelib.api"),
    ],
    ids=["missing requirement", "late import", "missing module", "excluded module"],
)
def test_missing_dependency_fails_the_build(tmp_path: Path, handler: str, missing: str) -> None:
    """Most of these can be imported in this environment: only the isolation reveals them."""
    root = small_project(tmp_path, handler)
    with pytest.raises(IncompletePackage, match=missing):
        package(root, "vision", HERE, tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("*.zip"))


def test_type_checking_imports_are_not_dependencies(tmp_path: Path) -> None:
    lines = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import hypercorn\n"
    root = small_project(tmp_path, lines + HANDLER)
    assert package(root, "vision", HERE, tmp_path / "cache").is_file()


def test_missing_handler_function_fails_the_build(tmp_path: Path) -> None:
    root = small_project(tmp_path, "def other(): ...\n")
    with pytest.raises(IncompletePackage, match="no function handle"):
        package(root, "vision", HERE, tmp_path / "cache")


def test_package_over_the_size_limit_fails_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "LIMIT", 10)
    with pytest.raises(IncompletePackage, match="unpacked"):
        package(small_project(tmp_path), "vision", HERE, tmp_path / "cache")


def test_missing_model_is_reported(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    (root / "models").mkdir()
    (root / "models" / "models.toml").write_text(
        '[[model]]\nfile = "faces.onnx"\nfunctions = ["vision"]\n'
    )
    with pytest.raises(InfraError, match=r"faces\.onnx is missing"):
        contents(root, "vision", LAMBDA)
    assert "models/models.toml" not in contents(root, "notify", LAMBDA).files


def test_own_detector_is_packed_for_vision_alone_and_changes_its_name(tmp_path: Path) -> None:
    root = small_project(tmp_path)
    without = contents(root, "vision", HERE)
    assert not any("own" in name for name in without.files)
    (root / "models" / "own").mkdir(parents=True)
    (root / "models" / "own" / "detector.toml").write_text('name = "Tiny"')
    with pytest.raises(InfraError, match=r"detector\.onnx is missing"):
        contents(root, "vision", HERE)
    (root / "models" / "own" / "detector.onnx").write_bytes(b"network")
    with_detector = contents(root, "vision", HERE)
    added = with_detector.files.keys() - without.files.keys()
    assert added == {"models/own/detector.toml", "models/own/detector.onnx"}
    assert with_detector.hash != without.hash
    assert not any("own" in name for name in contents(root, "sound", HERE).files)


def test_a_large_own_detector_fails_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = small_project(tmp_path)
    (root / "models" / "own").mkdir(parents=True)
    (root / "models" / "own" / "detector.toml").touch()
    (root / "models" / "own" / "detector.onnx").write_bytes(bytes(200_000))
    monkeypatch.setattr(build, "LIMIT", 100_000)
    with pytest.raises(IncompletePackage, match="unpacked"):
        package(root, "vision", HERE, tmp_path / "cache")


def test_packages_keep_the_description_of_every_service_that_is_called() -> None:
    sources = [path for part in ("chalicelib", "functions") for path in (ROOT / part).rglob("*.py")]
    called = {
        service
        for source in sources
        for service in re.findall(r"boto3\.client\(\s*\"([a-z0-9]+)\"", source.read_text("utf-8"))
    }
    assert called | {"dynamodb"} <= USED_SERVICES  # PynamoDB makes its own client
    assert called >= {"s3", "sqs", "ssm"}


def test_pip_options_select_wheels_for_lambda() -> None:
    options = LAMBDA.pip_options
    assert "--platform=manylinux_2_28_x86_64" in options
    assert "--python-version=3.12" in options
