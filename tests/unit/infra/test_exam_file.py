"""The file in which an institution describes its exam: read whole, or refused with the place."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chalicelib.domain.exams.papers import QuestionKind
from chalicelib.domain.types import MINUTE, SittingKind
from infra.errors import InfraError
from infra.exam_file.parser import LARGEST_PAPER, parse_exam_file
from infra.seed.demonstration import FILE

type Write = Callable[[dict[str, Any]], Path]


@pytest.fixture
def exam() -> dict[str, Any]:
    """The demonstration's own description, the example that the guide names."""
    described: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return described


@pytest.fixture
def write(tmp_path: Path) -> Write:
    (tmp_path / "drawings").mkdir()
    Image.new("RGB", (40, 20)).save(tmp_path / "drawings" / "turnover.png")

    def _write(exam: dict[str, Any]) -> Path:
        file = tmp_path / "exam.json"
        file.write_text(json.dumps(exam), encoding="utf-8")
        return file

    return _write


def test_the_example_is_read(exam: dict[str, Any], write: Write) -> None:
    read = parse_exam_file(write(exam))
    subject = read.definition.exam.subjects[0]
    official = subject.windows[SittingKind.OFFICIAL]
    assert official.starts_at - official.opens_at == 30 * MINUTE
    assert official.passcode_hash == ""
    pictures = [
        picture
        for paper in read.definition.papers
        for q in paper.questions
        for picture in q.pictures
    ]
    assert [(picture.width, picture.height) for picture in pictures] == [(40, 20)]
    assert [picture.key for picture in pictures] == list(read.pictures)
    true_false = [
        question
        for paper in read.definition.papers
        for question in paper.questions
        if question.kind is QuestionKind.TRUE_FALSE
    ]
    assert all(
        [option.key for option in question.options] == ["true", "false"] for question in true_false
    )


def test_without_english_the_chinese_stands_for_both(exam: dict[str, Any], write: Write) -> None:
    exam["title"] = {"zh": "职业技能等级认定"}
    exam["subjects"][0]["papers"]["trial"][0]["options"][0] = ["A", "智能手机"]
    definition = parse_exam_file(write(exam)).definition
    assert definition.exam.title.en == "职业技能等级认定"
    assert definition.papers[0].questions[0].options[0].text.en == "智能手机"


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda exam: exam.pop("pledge"), "pledge: Field required"),
        (lambda exam: exam.update(titel="?"), "titel: Extra inputs"),
        (lambda exam: exam["subjects"][0]["times"].pop("trial"), "subjects.0.times"),
        (lambda exam: exam["subjects"][0].update(subject_id="a b"), "subjects.0.subject_id"),
        (
            lambda exam: exam["subjects"][0]["times"]["trial"].update(opens="2026-10-30T09:00:00"),
            "times.trial.opens: Input should have timezone info",
        ),
        (
            lambda exam: exam["subjects"][0]["papers"]["trial"][0].update(kind="guess"),
            "papers.trial.0.kind",
        ),
        (lambda exam: exam["staff"][0].update(role="candidate"), "staff.0.role"),
        (lambda exam: exam["staff"][0].update(rooms=["nowhere"]), "proctor1 has a room"),
    ],
)
def test_what_is_wrong_is_named(
    exam: dict[str, Any], write: Write, spoil: Callable[[dict[str, Any]], object], told: str
) -> None:
    spoil(exam)
    with pytest.raises(InfraError, match=r"exam\.json") as refused:
        parse_exam_file(write(exam))
    assert told in str(refused.value)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_a_picture_that_is_none_is_told(exam: dict[str, Any], write: Write, data: bytes) -> None:
    file = write(exam)
    (file.parent / "drawings" / "turnover.png").write_bytes(data)
    with pytest.raises(InfraError, match=r"turnover\.png cannot be read"):
        parse_exam_file(file)


def test_a_paper_too_large_for_its_item_is_told(exam: dict[str, Any], write: Write) -> None:
    question = exam["subjects"][0]["papers"]["official"][-1]
    question["stem"]["zh"] = "长" * 5_000
    exam["subjects"][0]["papers"]["official"] = [question] * (LARGEST_PAPER // 15_000 + 1)
    with pytest.raises(InfraError, match="The official paper of hr-2 is larger"):
        parse_exam_file(write(exam))


def test_a_file_that_is_not_there_or_no_json_is_told(tmp_path: Path) -> None:
    with pytest.raises(InfraError, match="cannot be read"):
        parse_exam_file(tmp_path / "none.json")
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(InfraError, match="Invalid JSON"):
        parse_exam_file(broken)
