"""The real packages with their models, run in an isolated interpreter."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from infra.packages.build import package
from infra.packages.check import run_alone
from infra.packages.target import Target
from tests.data import scenes
from tests.support import package_smoke

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


def test_vision_package_is_within_the_size_limit(vision: Path) -> None:
    with zipfile.ZipFile(vision) as packed:
        assert sum(entry.file_size for entry in packed.infolist()) < 250_000_000


def test_sound_package_analyzes_a_clip_in_isolation() -> None:
    archive = package(ROOT, "sound", Target.here(), CACHE)
    output = run_smoke_test(archive, "sound", scenes.HERE / "speech.wav")
    assert output["speech_ratio"] > 0.5
    assert output["models"] == ["speech"]


def test_package_without_the_models_fails() -> None:
    """Everything is installed in this environment; the smoke test must not see it."""
    archive = package(ROOT, "sound", Target.here(), CACHE)
    result = run_alone(
        archive, Path(package_smoke.__file__), "vision", str(scenes.HERE / "person_a.jpg")
    )
    assert result.returncode != 0
    assert "functions.vision" in result.stderr
