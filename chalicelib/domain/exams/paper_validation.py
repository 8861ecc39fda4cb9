"""Validation of a paper before candidates sit it; each error says what to correct."""

import re
from math import isfinite

from chalicelib.domain.errors import DomainError
from chalicelib.domain.exams.exam_validation import SITTING_NAMES, InvalidSetup
from chalicelib.domain.exams.papers import MAX_BLANKS, MAX_LENGTH, Paper, Question, QuestionKind
from chalicelib.domain.types import LocalizedText

MAX_QUESTIONS = 300
MAX_OPTIONS = 26
"""Options are lettered A to Z."""
MAX_PICTURES = 5
MAX_STEM_LENGTH = 5_000
BLANK = re.compile(r"_{3,}")


class PaperInUse(DomainError):
    """The paper can no longer be replaced: candidates may have seen it."""

    status = 409
    code = "paper_in_use"

    def __init__(self, paper: Paper) -> None:
        name, subject = SITTING_NAMES[paper.kind], paper.subject_id
        super().__init__(
            LocalizedText(
                f"科目 {subject} 的{name.zh}已开放登录，试卷不能再更换。",
                f"Sign-in to the {name.en} of {subject} is open: "
                "its paper can no longer be replaced.",
            )
        )


def validate_paper(paper: Paper) -> None:
    """Raise InvalidSetup, naming the question, if a paper is not valid."""
    name, subject = SITTING_NAMES[paper.kind], paper.subject_id
    if not 0 < len(paper.questions) <= MAX_QUESTIONS:
        raise InvalidSetup(
            LocalizedText(
                f"科目 {subject} 的{name.zh}试卷应有 1 到 {MAX_QUESTIONS} 题。",
                f"The paper for the {name.en} of {subject} needs 1 to {MAX_QUESTIONS} questions.",
            )
        )
    for number, question in enumerate(paper.questions, start=1):
        problem = _question_problem(question)
        if problem:
            raise InvalidSetup(
                LocalizedText(
                    f"科目 {subject} 的{name.zh}试卷第 {number} 题：{problem.zh}",
                    f"Question {number} of the paper for the {name.en} of {subject}: {problem.en}",
                )
            )


def _question_problem(question: Question) -> LocalizedText | None:
    """Return what is wrong with a question, or None."""
    if not 0 < len(question.stem.zh) <= MAX_STEM_LENGTH:
        return LocalizedText(
            f"题干应有 1 到 {MAX_STEM_LENGTH} 字。",
            f"the stem needs 1 to {MAX_STEM_LENGTH} characters.",
        )
    if not (isfinite(question.points) and question.points > 0):
        return LocalizedText("分值应大于 0。", "the points must be greater than 0.")
    if len(question.pictures) > MAX_PICTURES:
        return LocalizedText(
            f"图片最多 {MAX_PICTURES} 张。", f"at most {MAX_PICTURES} pictures are allowed."
        )
    if question.kind is QuestionKind.FILL_IN:
        return _blanks_problem(question)
    return _text_problem(question) if question.kind in MAX_LENGTH else _choice_problem(question)


def _choice_problem(question: Question) -> LocalizedText | None:
    keys = [option.key for option in question.options]
    if not 2 <= len(keys) <= MAX_OPTIONS or len(set(keys)) != len(keys):
        return LocalizedText(
            f"应有 2 到 {MAX_OPTIONS} 个选项，编号不重复。",
            f"2 to {MAX_OPTIONS} options are needed, each with a key of its own.",
        )
    if not question.key or not set(question.key) <= set(keys):
        return LocalizedText("答案应为其中的选项。", "the key must name its options.")
    if question.kind is not QuestionKind.MULTIPLE and len(question.key) != 1:
        return LocalizedText("答案应只有一项。", "the key must be exactly one option.")
    return None


def _blanks_problem(question: Question) -> LocalizedText | None:
    blank_count = len(BLANK.findall(question.stem.zh))
    if blank_count != question.blanks or not 1 <= question.blanks <= MAX_BLANKS:
        return LocalizedText(
            f"题干中应有 1 到 {MAX_BLANKS} 个空（____），与 blanks 一致。",
            f"the stem must mark 1 to {MAX_BLANKS} blanks (____), as many as «blanks» states.",
        )
    if question.key and len(question.key) != question.blanks:
        return LocalizedText("每个空应有一个答案。", "the key must give a text for each blank.")
    return _text_problem(question)


def _text_problem(question: Question) -> LocalizedText | None:
    if question.options:
        return LocalizedText("此题型没有选项。", "a question of this kind has no options.")
    return None
