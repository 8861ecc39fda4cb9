"""A session's record: exported, verified in the tables, and verified offline on its own."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from chalicelib.services.review import evidence
from infra.cli import main
from infra.errors import InfraError
from infra.progress import Progress
from infra.record_export import export, verify_file, verify_session
from tests.support.deployed_exam import DeployedExam

pytestmark = pytest.mark.integration


@pytest.fixture
def archive(deployed: DeployedExam, person_a: bytes, tmp_path: Path) -> Path:
    person = deployed.candidate_client()
    observation = deployed.upload_snapshot(person, deployed.context.clock(), person_a)
    staff = deployed.context.registry.staff(deployed.username("proctor"))
    evidence.keep_capture(deployed.context, staff, person.session_id, observation.capture_id, "")
    assert verify_session(deployed.product.deployment, person.session_id) == []
    target = tmp_path / "record.zip"
    export(deployed.product.deployment, Progress(), person.session_id, target)
    return target


def test_exported_record_verifies_offline(archive: Path, tmp_path: Path) -> None:
    assert verify_file(archive) == []
    assert main(["verify-audit", str(archive)]) == 0
    unpacked = tmp_path / "unpacked"
    with zipfile.ZipFile(archive) as exported:
        exported.extractall(unpacked)
    alone = [sys.executable, "-I", "-S", "-B", str(unpacked / "verify.py")]
    run = subprocess.run(alone, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (run.returncode, run.stdout.strip()) == (0, "valid"), run.stderr
    picture = next((unpacked / "evidence").rglob("*.jpg"))
    picture.write_bytes(picture.read_bytes()[:-1])
    run = subprocess.run(alone, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert run.returncode == 1
    assert picture.name in run.stdout


def test_other_file_is_rejected(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(b"nothing")
    with pytest.raises(InfraError):
        verify_file(other)
    assert main(["verify-audit", str(other)]) == 1
    assert "not an exported record" in capsys.readouterr().err
