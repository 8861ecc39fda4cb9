"""The evaluation over a small folder made of the pictures in tests/data."""

from pathlib import Path

import pytest

from models.evaluate.__main__ import main
from models.evaluate.scenes import MANY, read_pairs, read_scenes
from tests.data.scenes import HERE

HEADER = "file,source,licence,view,faces,persons,phone,book,occluded,looking_away,notes"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("person_a", "person_a_again", "person_b", "empty"):
        (tmp_path / f"{name}.jpg").write_bytes((HERE / f"{name}.jpg").read_bytes())
    rows = [
        "person_a.jpg,,,face,1,1,0,0,0,0,calm",
        "person_b.jpg,,,side,1,1,0,,,,glasses",
        "empty.jpg,,,any,0,0,0,0,,,",
        "empty.jpg,,,any,1,many,1,0,,,labelled wrongly",
    ]
    (tmp_path / "scenes.csv").write_text("\n".join([HEADER, *rows]))
    pairs = ["a,b,same", "person_a.jpg,person_a_again.jpg,1", "person_a.jpg,person_b.jpg,0"]
    (tmp_path / "pairs.csv").write_text("\n".join(pairs))
    return tmp_path


def test_labels_are_read(folder: Path) -> None:
    calm, glasses, _, wrong = read_scenes(folder)
    assert calm.proper
    assert (calm.view, glasses.view) == ("first", "second")
    assert glasses.labels == {
        "phone": False,
        "book": None,
        "face_occluded": None,
        "looking_away": None,
    }
    assert not glasses.proper
    assert wrong.persons == MANY
    assert [pair.same for pair in read_pairs(folder)] == [True, False]


def test_figures_and_report(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "made" / "report.html"
    assert main([str(folder), "--report", str(report)]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in lines]
    assert ["absent", "1", "3", "50.0%"] in [row[:4] for row in rows]
    assert any(line.startswith("persons 0, 1 or more, right") and "75.0%" in line for line in lines)
    assert any(line.startswith("accuracy at") and "100.0%" in line for line in lines)
    page = report.read_text("utf-8")
    assert "labelled wrongly" in page
    assert page.count("data:image/jpeg") >= 4
    assert "<polyline" in page


def test_a_folder_without_scenes_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert "scenes.csv" in capsys.readouterr().err
