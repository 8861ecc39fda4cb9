"""Exam files: valid files are parsed; errors are reported with their location."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from chalicelib.domain.exams.papers import QuestionKind
from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingRule
from chalicelib.domain.types import MINUTE, SittingKind
from infra.errors import InfraError
from infra.exam_file.parser import MAX_PAPER_BYTES, parse_exam_file
from infra.seed.demonstration import FILE

type Write = Callable[[dict[str, Any]], Path]


@pytest.fixture
def exam() -> dict[str, Any]:
    """The demonstration's exam file, which the guide refers to as the example."""
    content: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return content


@pytest.fixture
def write(tmp_path: Path) -> Write:
    (tmp_path / "drawings").mkdir()
    Image.new("RGB", (40, 20)).save(tmp_path / "drawings" / "turnover.png")

    def _write(exam: dict[str, Any]) -> Path:
        file = tmp_path / "exam.json"
        file.write_text(json.dumps(exam), encoding="utf-8")
        return file

    return _write


def test_example_is_parsed(exam: dict[str, Any], write: Write) -> None:
    parsed = parse_exam_file(write(exam))
    subject = parsed.definition.exam.subjects[0]
    official = subject.windows[SittingKind.OFFICIAL]
    assert official.starts_at - official.opens_at == 30 * MINUTE
    assert official.passcode_hash == ""
    pictures = [
        picture
        for paper in parsed.definition.papers
        for question in paper.questions
        for picture in question.pictures
    ]
    assert [(picture.width, picture.height) for picture in pictures] == [(40, 20)]
    assert [picture.key for picture in pictures] == list(parsed.pictures)
    true_false = [
        question
        for paper in parsed.definition.papers
        for question in paper.questions
        if question.kind is QuestionKind.TRUE_FALSE
    ]
    assert all(
        [option.key for option in question.options] == ["true", "false"] for question in true_false
    )


def test_recordings_and_their_days_are_read(exam: dict[str, Any], write: Write) -> None:
    exam["retention"] = {"recordings": 7}
    exam["subjects"][0]["recording"] = {"first": "all", "second": "all"}
    exam["subjects"][1]["recording"] = {"screen": "flags"}
    definition = parse_exam_file(write(exam)).definition
    first, second = definition.exam.subjects
    assert first.recording == RecordingRule(RecordingMode.ALL, RecordingMode.ALL)
    assert second.recording.screen is RecordingMode.FLAGS
    assert (definition.exam.retention.recordings, definition.exam.retention.clips) == (7, 30)
    exam["subjects"][0]["recording"] = {"first": "always"}
    with pytest.raises(InfraError, match=r"subjects\.0\.recording\.first"):
        parse_exam_file(write(exam))


def test_missing_english_text_falls_back_to_chinese(exam: dict[str, Any], write: Write) -> None:
    exam["title"] = {"zh": "职业技能等级认定"}
    exam["subjects"][0]["papers"]["trial"][0]["options"][0] = ["A", "智能手机"]
    definition = parse_exam_file(write(exam)).definition
    assert definition.exam.title.en == "职业技能等级认定"
    assert definition.papers[0].questions[0].options[0].text.en == "智能手机"


def test_time_zone_is_the_files_or_the_deployments(exam: dict[str, Any], write: Write) -> None:
    assert parse_exam_file(write(exam)).definition.exam.time_zone == ""
    exam["time_zone"] = "Asia/Urumqi"
    assert parse_exam_file(write(exam)).definition.exam.time_zone == "Asia/Urumqi"


@pytest.mark.parametrize(
    ("invalidate", "message"),
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
        (lambda exam: exam["staff"][0].update(rooms=["nowhere"]), "proctor1 has an unknown room"),
    ],
)
def test_invalid_file_is_rejected_with_the_location_of_the_error(
    exam: dict[str, Any],
    write: Write,
    invalidate: Callable[[dict[str, Any]], object],
    message: str,
) -> None:
    invalidate(exam)
    with pytest.raises(InfraError, match=r"exam\.json") as raised:
        parse_exam_file(write(exam))
    assert message in str(raised.value)


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n"])
def test_invalid_picture_is_rejected(exam: dict[str, Any], write: Write, data: bytes) -> None:
    file = write(exam)
    (file.parent / "drawings" / "turnover.png").write_bytes(data)
    with pytest.raises(InfraError, match=r"turnover\.png cannot be read"):
        parse_exam_file(file)


def test_paper_larger_than_its_dynamodb_item_is_rejected(
    exam: dict[str, Any], write: Write
) -> None:
    question = exam["subjects"][0]["papers"]["official"][-1]
    question["stem"]["zh"] = "长" * 5_000
    exam["subjects"][0]["papers"]["official"] = [question] * (MAX_PAPER_BYTES // 15_000 + 1)
    with pytest.raises(InfraError, match="The official paper of hr-2 is larger"):
        parse_exam_file(write(exam))


def test_missing_file_and_invalid_json_are_rejected(tmp_path: Path) -> None:
    with pytest.raises(InfraError, match="cannot be read"):
        parse_exam_file(tmp_path / "none.json")
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    with pytest.raises(InfraError, match="Invalid JSON"):
        parse_exam_file(broken)
