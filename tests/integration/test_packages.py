"""The real packages with their models, run in an isolated interpreter."""

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.packages.build import package
from infra.packages.check import run_alone
from infra.packages.contents import contents
from infra.packages.target import Target
from models.own_detector.slot import add
from tests.data import scenes
from tests.support import package_smoke
from tests.support.segment_files import make_segment
from tests.support.tiny_detectors import detr

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".local" / "packages"


def run_smoke_test(archive: Path, function: str, sample: Path) -> dict[str, Any]:
    result = run_alone(archive, Path(package_smoke.__file__), function, str(sample))
    assert result.returncode == 0, result.stderr
    output: dict[str, Any] = json.loads(result.stdout)
    return output


@pytest.fixture(scope="module")
def vision() -> Path:
    return package(ROOT, "vision", Target.here(), CACHE)


def test_vision_package_analyzes_a_picture_in_isolation(vision: Path, tmp_path: Path) -> None:
    frame = tmp_path / "frame.jpg"
    scenes.holding_phone("person_b.jpg").save(frame)
    output = run_smoke_test(vision, "vision", frame)
    assert (output["faces"], output["persons"], output["findings"]) == (1, 1, ["phone"])
    assert output["similarity"] == pytest.approx(1, abs=1e-4)
    assert {"faces", "objects", "phone_recheck", "identity", "head_pose", "eye_landmarks"} <= set(
        output["models"]
    )
    assert output["megabytes"] < 600
    assert output["load_seconds"] < 2


def test_vision_package_runs_an_own_detector(vision: Path, tmp_path: Path) -> None:
    """The package with what an own detector adds to its contents."""
    root = tmp_path / "project"
    (root / "models").mkdir(parents=True)
    for path in (ROOT / "functions", ROOT / "chalicelib"):
        (root / path.name).symlink_to(path)
    for path in (ROOT / "models").iterdir():
        if path.suffix in {".onnx", ".toml"}:
            (root / "models" / path.name).symlink_to(path)
    source = tmp_path / "source"
    source.mkdir()
    add(detr().write(source), root / "models")
    archive = tmp_path / "vision.zip"
    shutil.copy(vision, archive)
    with zipfile.ZipFile(archive, "a") as packed:
        for name in contents(root, "vision", Target.here()).files.keys() - set(packed.namelist()):
            assert name.startswith("models/own/")
            packed.write(root / name, name)
    output = run_smoke_test(archive, "vision", scenes.HERE / "person_a.jpg")
    assert "own_detector" in output["models"]
    assert output["megabytes"] < 600


def test_vision_package_is_within_the_size_limit(vision: Path) -> None:
    with zipfile.ZipFile(vision) as packed:
        assert sum(entry.file_size for entry in packed.infolist()) < 250_000_000


def test_sound_package_analyzes_a_clip_in_isolation() -> None:
    archive = package(ROOT, "sound", Target.here(), CACHE)
    output = run_smoke_test(archive, "sound", scenes.HERE / "speech.wav")
    assert output["speech_ratio"] > 0.5
    assert (output["models"], output["voice"]) == (["speech", "voices"], 256)


def test_recording_package_inspects_a_segment_in_isolation(tmp_path: Path) -> None:
    """With its process of its own, whose libraries come from the package too."""
    archive = package(ROOT, "recording", Target.here(), CACHE)
    segment = tmp_path / "segment.webm"
    segment.write_bytes(make_segment())
    output = run_smoke_test(archive, "recording", segment)
    assert (output["readable"], output["silent"]) == (True, False)
    assert output["samples"] == pytest.approx(output["duration"] * 32, rel=0.1)  # 16 kHz of 16 bits
    with zipfile.ZipFile(archive) as packed:
        assert sum(entry.file_size for entry in packed.infolist()) < 250_000_000


def test_package_without_the_models_fails() -> None:
    """Everything is installed in this environment; the smoke test must not see it."""
    archive = package(ROOT, "sound", Target.here(), CACHE)
    result = run_alone(
        archive, Path(package_smoke.__file__), "vision", str(scenes.HERE / "person_a.jpg")
    )
    assert result.returncode != 0
    assert "functions.vision" in result.stderr
