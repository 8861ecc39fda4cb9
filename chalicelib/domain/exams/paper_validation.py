"""What must hold of a paper before candidates sit it, each with the sentence that says why."""

import re
from math import isfinite

from chalicelib.domain.errors import ExamError
from chalicelib.domain.exams.exam_validation import NAMES, Unsound
from chalicelib.domain.exams.papers import LONGEST, MOST_BLANKS, Paper, Question, QuestionKind
from chalicelib.domain.types import Text

MOST_QUESTIONS = 300
MOST_OPTIONS = 26
"""As many as there are letters beside them."""
MOST_PICTURES = 5
LONGEST_STEM = 5_000
BLANK = re.compile(r"_{3,}")


class PaperInUse(ExamError):
    """Candidates may have seen the paper already."""

    status = 409
    code = "paper_in_use"

    def __init__(self, paper: Paper) -> None:
        name, subject = NAMES[paper.kind], paper.subject_id
        super().__init__(
            Text(
                f"科目 {subject} 的{name.zh}已开放登录，试卷不能再更换。",
                f"Sign-in to the {name.en} of {subject} has opened: "
                "its paper cannot be replaced any more.",
            )
        )


def check_paper(paper: Paper) -> None:
    """Raise Unsound, naming the question, where a paper cannot be sat."""
    name, subject = NAMES[paper.kind], paper.subject_id
    if not 0 < len(paper.questions) <= MOST_QUESTIONS:
        raise Unsound(
            Text(
                f"科目 {subject} 的{name.zh}试卷应有 1 到 {MOST_QUESTIONS} 题。",
                f"The {name.en} paper of {subject} needs 1 to {MOST_QUESTIONS} questions.",
            )
        )
    for number, question in enumerate(paper.questions, start=1):
        wrong = _wrong(question)
        if wrong:
            raise Unsound(
                Text(
                    f"科目 {subject} 的{name.zh}试卷第 {number} 题：{wrong.zh}",
                    f"Question {number} of the {name.en} paper of {subject}: {wrong.en}",
                )
            )


def _wrong(question: Question) -> Text | None:
    """What is wrong with a question, if anything."""
    if not 0 < len(question.stem.zh) <= LONGEST_STEM:
        return Text(
            f"题干应有 1 到 {LONGEST_STEM} 字。",
            f"the stem needs 1 to {LONGEST_STEM} characters.",
        )
    if not (isfinite(question.points) and question.points > 0):
        return Text("分值应大于 0。", "the points must be more than 0.")
    if len(question.pictures) > MOST_PICTURES:
        return Text(f"图片最多 {MOST_PICTURES} 张。", f"at most {MOST_PICTURES} pictures.")
    if question.kind is QuestionKind.FILL_IN:
        return _wrong_blanks(question)
    return _wrong_text(question) if question.kind in LONGEST else _wrong_choice(question)


def _wrong_choice(question: Question) -> Text | None:
    keys = [option.key for option in question.options]
    if not 2 <= len(keys) <= MOST_OPTIONS or len(set(keys)) != len(keys):
        return Text(
            f"应有 2 到 {MOST_OPTIONS} 个选项，编号不重复。",
            f"2 to {MOST_OPTIONS} choices are needed, each with a key of its own.",
        )
    if not question.key or not set(question.key) <= set(keys):
        return Text("答案应为其中的选项。", "the key must name its choices.")
    if question.kind is not QuestionKind.MULTIPLE and len(question.key) != 1:
        return Text("答案应只有一项。", "the key must be one choice.")
    return None


def _wrong_blanks(question: Question) -> Text | None:
    marked = len(BLANK.findall(question.stem.zh))
    if marked != question.blanks or not 1 <= question.blanks <= MOST_BLANKS:
        return Text(
            f"题干中应有 1 到 {MOST_BLANKS} 个空（____），与 blanks 一致。",
            f"the stem must mark 1 to {MOST_BLANKS} blanks (____), as many as «blanks» says.",
        )
    if question.key and len(question.key) != question.blanks:
        return Text("每个空应有一个答案。", "the key must have a text for each blank.")
    return _wrong_text(question)


def _wrong_text(question: Question) -> Text | None:
    if question.options:
        return Text("此题型没有选项。", "a question of this kind has no choices.")
    return None
