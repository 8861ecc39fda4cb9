"""An invalid paper is rejected, with the question and the reason."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.exams.exam_validation import InvalidSetup
from chalicelib.domain.exams.paper_validation import MAX_QUESTIONS, validate_paper
from chalicelib.domain.exams.papers import Option, Paper, Question, QuestionKind
from chalicelib.domain.types import LocalizedText, SittingKind
from infra.seed.demonstration import parsed_demonstration

OPTIONS = tuple(Option(key, LocalizedText(key, key)) for key in "ABC")
CHOICE = Question("q1", QuestionKind.SINGLE, LocalizedText("题", "stem"), 1, OPTIONS, ("A",))
BLANKS = Question(
    "q1", QuestionKind.FILL_IN, LocalizedText("____ 与 ____", ""), 1, key=("甲", "乙"), blanks=2
)
TEXT = Question("q1", QuestionKind.TEXT, LocalizedText("题", "stem"), 1)


def _paper(*questions: Question) -> Paper:
    return Paper("s", SittingKind.OFFICIAL, questions)


def test_demonstration_papers_are_valid() -> None:
    for paper in parsed_demonstration().definition.papers:
        validate_paper(paper)


@pytest.mark.parametrize("question", [CHOICE, BLANKS, TEXT, replace(BLANKS, key=())])
def test_valid_question_is_accepted(question: Question) -> None:
    validate_paper(_paper(question))


@pytest.mark.parametrize(
    ("question", "changes", "reason"),
    [
        (CHOICE, {"stem": LocalizedText("", "")}, "the stem"),
        (CHOICE, {"points": 0}, "the points"),
        (CHOICE, {"points": float("nan")}, "the points"),
        (CHOICE, {"options": OPTIONS[:1]}, "options are needed"),
        (CHOICE, {"options": (*OPTIONS, OPTIONS[0])}, "a key of its own"),
        (CHOICE, {"key": ()}, "must name its options"),
        (CHOICE, {"key": ("D",)}, "must name its options"),
        (CHOICE, {"key": ("A", "B")}, "exactly one option"),
        (BLANKS, {"blanks": 1}, "as many as"),
        (BLANKS, {"stem": LocalizedText("没有空", "")}, "as many as"),
        (BLANKS, {"key": ("甲",)}, "each blank"),
        (BLANKS, {"options": OPTIONS}, "no options"),
        (TEXT, {"options": OPTIONS}, "no options"),
    ],
)
def test_invalid_question_is_rejected_with_the_reason(
    question: Question, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InvalidSetup) as refusal:
        validate_paper(_paper(CHOICE, replace(question, **changes)))
    assert reason in refusal.value.text.en
    assert "Question 2 of the paper for the official exam" in refusal.value.text.en
    assert "第 2 题" in refusal.value.text.zh


@pytest.mark.parametrize("count", [0, MAX_QUESTIONS + 1])
def test_invalid_number_of_questions_is_rejected(count: int) -> None:
    with pytest.raises(InvalidSetup):
        validate_paper(_paper(*[CHOICE] * count))
