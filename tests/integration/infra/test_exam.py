"""An exam file imported into a stage, up to the sign-in of its staff."""

import json
from pathlib import Path

import httpx
import pytest

from infra.cli import main
from infra.demo import ProductInstance
from infra.seed.demonstration import FILE

pytestmark = pytest.mark.integration

OWN_IDS = {"exam_id": "own-2026", "room": "own-room", "staff": "own-proctor"}


def _write_own_exam(folder: Path) -> Path:
    """Write a copy of the example with other ids; return its file."""
    text = FILE.read_text(encoding="utf-8")
    for example_id, own_id in (("demo-room-1", OWN_IDS["room"]), ("proctor1", OWN_IDS["staff"])):
        text = text.replace(f'"{example_id}"', f'"{own_id}"')
    exam = json.loads(text)
    exam["exam_id"] = OWN_IDS["exam_id"]
    for subject in exam["subjects"]:
        subject["subject_id"] = f"own-{subject['subject_id']}"
    exam["staff"] = exam["staff"][:1]
    (folder / "drawings").symlink_to(FILE.parent / "drawings")
    file = folder / "exam.json"
    file.write_text(json.dumps(exam), encoding="utf-8")
    return file


def test_exam_file_is_imported_and_its_staff_can_sign_in(
    product: ProductInstance, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment = product.deployment
    command = ["exam", "--port", str(deployment.port), "--data", str(deployment.data)]
    file = str(_write_own_exam(tmp_path))
    assert main([*command, file]) == 0
    output = capsys.readouterr().out
    password = next(line.split()[1] for line in output.splitlines() if OWN_IDS["staff"] in line)
    api = product.endpoints.api_url
    exam = httpx.get(f"{api}/exams/{OWN_IDS['exam_id']}", timeout=60).json()
    assert [subject["subject_id"] for subject in exam["subjects"]] == ["own-hr-2", "own-health-2"]
    body = {"username": OWN_IDS["staff"], "password": password}
    response = httpx.post(f"{api}/staff/sign-in", json=body, timeout=60)
    assert response.status_code == 200

    assert main([*command, file]) == 0
    assert OWN_IDS["staff"] not in capsys.readouterr().out
    assert main([*command, file, "--new-password", "nobody"]) == 1
    assert "no staff named nobody" in capsys.readouterr().err
