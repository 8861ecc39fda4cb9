"""The evaluation on a small folder made of the pictures in tests/data."""

import re
from pathlib import Path

import pytest

from functions.vision.own_detector import OwnDetector
from functions.vision.pipeline import VisionPipeline, open_models
from models.evaluate.__main__ import main
from models.evaluate.scenes import MANY, read_pairs, read_scenes
from models.manifest import MODELS_DIR
from models.own_detector.slot import add
from tests.data.scenes import HERE
from tests.support.tiny_detectors import detr

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
    problems: list[str] = []
    calm, glasses, _, wrong = read_scenes(folder, problems)
    assert calm.is_compliant
    assert (calm.view, glasses.view) == ("first", "second")
    assert glasses.labels == {
        "phone": False,
        "book": None,
        "face_occluded": None,
        "looking_away": None,
        "looking_down": None,
    }
    assert not glasses.is_compliant
    assert wrong.persons == MANY
    assert [pair.same for pair in read_pairs(folder, problems)] == [True, False]
    assert problems == []


def test_results_are_printed_and_written_as_a_report(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "report" / "index.html"
    assert main([str(folder), "--parts", "--out", str(report.parent)]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = [line.split() for line in lines]
    assert ["absent", "1", "3", "50.0%"] in [row[:4] for row in rows]
    assert any(line.startswith("persons 0, 1 or more, right") and "75.0%" in line for line in lines)
    assert any(line.startswith("accuracy at") and "100.0%" in line for line in lines)
    page = report.read_text("utf-8")
    assert "labelled wrongly" in page
    assert page.count("data:image/jpeg") >= 4
    assert "<polyline" in page
    assert page.count("<circle") > len("four scenes")
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert not any(line.startswith("LEFT OUT") for line in lines)


def test_either_file_is_sufficient(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "scenes.csv").rename(tmp_path / "scenes.bak")
    assert main([str(folder), "--parts", "--out", str(tmp_path / "pairs")]) == 0
    assert "IDENTITY" in (output := capsys.readouterr().out)
    assert "FINDINGS" not in output
    (tmp_path / "scenes.bak").rename(folder / "scenes.csv")
    (folder / "pairs.csv").unlink()
    assert main([str(folder), "--parts", "--out", str(tmp_path / "scenes")]) == 0
    assert "IDENTITY" not in (output := capsys.readouterr().out)
    assert "FINDINGS" in output


def test_invalid_rows_are_reported_and_skipped(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "note.jpg").write_text("no picture")
    with (folder / "scenes.csv").open("a") as stream:
        stream.write("\nnowhere.jpg,,,face,1,1,0,0,0,0,\nnote.jpg,,,face,1,1,,,,,\n,,,,,,,,,,")
        stream.write("\nperson_a.jpg,,,face,one, 1 ,maybe,0\nperson_b.jpg")
    with (folder / "pairs.csv").open("a") as stream:
        stream.write("\nnowhere.jpg,person_b.jpg,1\nperson_a.jpg\nperson_a.jpg,person_b.jpg,x")
    assert main([str(folder), "--parts", "--out", str(tmp_path / "report")]) == 0
    output = capsys.readouterr().out
    problems = output[output.index("LEFT OUT") :]
    for reason in (
        "nowhere.jpg: cannot be read",
        "note.jpg: not_an_image",
        "person_a.jpg: faces is 'one', not a number",
        "person_a.jpg: phone is 'maybe', not 0 or 1",
        "pairs.csv, line 5: no a or b or same",
        "person_a.jpg: same is 'x', not 0 or 1",
    ):
        assert reason in problems
    assert "left out" in (tmp_path / "report" / "index.html").read_text("utf-8")
    assert any(
        line.startswith("accuracy at") and "[34%, 100%]" in line for line in output.splitlines()
    )


def test_a_folder_with_neither_file_is_rejected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 2
    assert "scenes.csv" in capsys.readouterr().err


def test_an_own_detector_is_named(
    folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slot = tmp_path / "slot"
    slot.mkdir()
    add(detr().write(slot), slot)
    with_own = VisionPipeline(*open_models(MODELS_DIR), OwnDetector.load(slot))
    monkeypatch.setattr(VisionPipeline, "load", lambda: with_own)
    assert main([str(folder), "--parts", "--out", str(tmp_path / "report")]) == 0
    output = capsys.readouterr().out
    assert output.index("OWN DETECTOR") < output.index("FINDINGS")
    assert with_own.own_detector
    assert with_own.own_detector in output
    assert "none of the product's own" in (tmp_path / "report" / "index.html").read_text(
        "utf-8"
    ).replace("&#x27;", "'")
