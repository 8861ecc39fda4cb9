"""A paper that cannot be sat is refused, with the question and the reason."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.exams.exam_validation import InvalidSetup
from chalicelib.domain.exams.paper_validation import MAX_QUESTIONS, validate_paper
from chalicelib.domain.exams.papers import Option, Paper, Question, QuestionKind
from chalicelib.domain.types import LocalizedText, SittingKind
from infra.seed.demonstration import described

OPTIONS = tuple(Option(key, LocalizedText(key, key)) for key in "ABC")
CHOICE = Question("q1", QuestionKind.SINGLE, LocalizedText("题", "stem"), 1, OPTIONS, ("A",))
BLANKS = Question(
    "q1", QuestionKind.FILL_IN, LocalizedText("____ 与 ____", ""), 1, key=("甲", "乙"), blanks=2
)
TEXT = Question("q1", QuestionKind.TEXT, LocalizedText("题", "stem"), 1)


def _paper(*questions: Question) -> Paper:
    return Paper("s", SittingKind.OFFICIAL, questions)


def test_the_demonstration_holds() -> None:
    for paper in described().definition.papers:
        validate_paper(paper)


@pytest.mark.parametrize("question", [CHOICE, BLANKS, TEXT, replace(BLANKS, key=())])
def test_what_can_be_sat(question: Question) -> None:
    validate_paper(_paper(question))


@pytest.mark.parametrize(
    ("question", "changes", "reason"),
    [
        (CHOICE, {"stem": LocalizedText("", "")}, "the stem"),
        (CHOICE, {"points": 0}, "the points"),
        (CHOICE, {"points": float("nan")}, "the points"),
        (CHOICE, {"options": OPTIONS[:1]}, "choices are needed"),
        (CHOICE, {"options": (*OPTIONS, OPTIONS[0])}, "a key of its own"),
        (CHOICE, {"key": ()}, "must name its choices"),
        (CHOICE, {"key": ("D",)}, "must name its choices"),
        (CHOICE, {"key": ("A", "B")}, "one choice"),
        (BLANKS, {"blanks": 1}, "as many as"),
        (BLANKS, {"stem": LocalizedText("没有空", "")}, "as many as"),
        (BLANKS, {"key": ("甲",)}, "each blank"),
        (BLANKS, {"options": OPTIONS}, "no choices"),
        (TEXT, {"options": OPTIONS}, "no choices"),
    ],
)
def test_what_is_wrong_is_told(question: Question, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidSetup) as refused:
        validate_paper(_paper(CHOICE, replace(question, **changes)))
    assert reason in refused.value.text.en
    assert "Question 2 of the official paper" in refused.value.text.en
    assert "第 2 题" in refused.value.text.zh


@pytest.mark.parametrize("count", [0, MAX_QUESTIONS + 1])
def test_the_number_of_questions_is_bounded(count: int) -> None:
    with pytest.raises(InvalidSetup):
        validate_paper(_paper(*[CHOICE] * count))
