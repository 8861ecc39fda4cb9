"""The command line: one JSON object per line; errors are reported and do not stop the command."""

import json
from pathlib import Path
from typing import Any

import pytest

from functions.vision.__main__ import main
from tests.data.scenes import HERE

PERSON, AGAIN, OTHER = (str(HERE / f"person_{name}.jpg") for name in ("a", "a_again", "b"))
EMPTY = str(HERE / "empty.jpg")


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    assert main(list(arguments)) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_look_prints_a_line_for_each_picture(capsys: pytest.CaptureFixture[str]) -> None:
    person, empty = run(capsys, "look", "--reference", PERSON, AGAIN, EMPTY)
    assert (person["file"], person["view"]) == (AGAIN, "first")
    assert (person["faces"], person["persons"]) == (1, 1)
    assert person["findings"] == []
    assert person["similarity"] > 0.6
    assert {"faces", "persons", "objects"} == person["boxes"].keys()
    assert {"label", "score", "x", "y", "w", "h"} == person["boxes"]["faces"][0].keys()
    assert person["timings_ms"]["decode"] > 0
    assert (empty["faces"], empty["persons"], empty["similarity"]) == (0, 0, None)
    assert [finding["kind"] for finding in empty["findings"]] == ["absent"]


def test_look_accepts_the_second_view(capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = run(capsys, "look", "--view", "second", "--reference", PERSON, OTHER)
    assert line["view"] == "second"
    assert line["findings"] == []


def test_unreadable_pictures_are_reported_and_skipped(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = tmp_path / "note.jpg"
    text.write_text("not a picture")
    lines = run(capsys, "look", str(text), str(tmp_path / "nowhere.jpg"), EMPTY)
    assert [line.get("error") for line in lines] == ["not_an_image", "not_found", None]
    assert "findings" not in lines[0]


@pytest.mark.parametrize("reference", [EMPTY, "nowhere.jpg"])
def test_a_reference_without_a_face_is_rejected(
    capsys: pytest.CaptureFixture[str], reference: str
) -> None:
    assert main(["look", "--reference", reference, PERSON]) == 2
    assert reference in capsys.readouterr().err


def test_compare_keeps_the_order_and_reports_missing_faces(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "near.jpg").write_bytes(Path(PERSON).read_bytes())
    pairs = tmp_path / "pairs.csv"
    rows = [("near.jpg", AGAIN), (PERSON, OTHER), (PERSON, EMPTY), (PERSON, "nowhere.jpg")]
    pairs.write_text("\n".join(["a,b", *(f"{a},{b}" for a, b in rows)]))
    lines = run(capsys, "compare", "--pairs", str(pairs))
    assert [(line["a"], line["b"]) for line in lines] == rows
    assert lines[0]["similarity"] > 0.6
    assert lines[1]["similarity"] < 0.3
    assert lines[2]["similarity"] is None
    assert lines[3]["error"] == "not_found"


def test_invalid_rows_of_pairs_are_reported_and_skipped(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pairs = tmp_path / "pairs.csv"
    pairs.write_text(f"\ufeffa,b\n{PERSON}\n{tmp_path},{PERSON}\n{PERSON},{AGAIN},more\n", "utf-8")
    lines = run(capsys, "compare", "--pairs", str(pairs))
    assert [line.get("error") for line in lines] == ["not_found", "not_readable", None]
    assert lines[2]["similarity"] > 0.6


@pytest.mark.parametrize("text", [None, "left,right\n1,2\n", b"\xff\xfe\x00a"])
def test_an_unusable_list_of_pairs_is_rejected(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str | bytes | None
) -> None:
    pairs = tmp_path / "pairs.csv"
    if text is not None:
        pairs.write_bytes(text.encode() if isinstance(text, str) else text)
    assert main(["compare", "--pairs", str(pairs)]) == 2
    assert str(pairs) in capsys.readouterr().err


def test_help_lists_the_options(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        main(["look", "--help"])
    assert exit_info.value.code == 0
    assert "--reference" in capsys.readouterr().out
