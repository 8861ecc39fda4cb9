"""The real packages, models and all, at work in a clean interpreter that has nothing else."""

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
    done = run_alone(archive, Path(package_smoke.__file__), function, str(sample))
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.fixture(scope="module")
def vision() -> Path:
    return package(ROOT, "vision", Target.here(), CACHE)


def test_the_eyes_see_with_nothing_but_their_package(vision: Path, tmp_path: Path) -> None:
    frame = tmp_path / "frame.jpg"
    scenes.holding_phone("person_b.jpg").save(frame)
    seen = run_smoke_test(vision, "vision", frame)
    assert (seen["faces"], seen["persons"], seen["findings"]) == (1, 1, ["phone"])
    assert seen["similarity"] == pytest.approx(1, abs=1e-4)
    assert {"faces", "objects", "phone_recheck", "identity", "head_pose", "eye_landmarks"} <= set(
        seen["models"]
    )
    assert seen["megabytes"] < 600
    assert seen["load_seconds"] < 2


def test_the_eyes_package_is_small_enough(vision: Path) -> None:
    with zipfile.ZipFile(vision) as packed:
        assert sum(entry.file_size for entry in packed.infolist()) < 250_000_000


def test_the_ears_hear_with_nothing_but_their_package() -> None:
    archive = package(ROOT, "sound", Target.here(), CACHE)
    heard = run_smoke_test(archive, "sound", scenes.HERE / "speech.wav")
    assert heard["speech_ratio"] > 0.5
    assert heard["models"] == ["speech"]


def test_a_package_without_the_models_is_found_out() -> None:
    """In this environment everything can be had: the trial must not see it."""
    archive = package(ROOT, "sound", Target.here(), CACHE)
    done = run_alone(
        archive, Path(package_smoke.__file__), "vision", str(scenes.HERE / "person_a.jpg")
    )
    assert done.returncode != 0
    assert "functions.vision" in done.stderr
