"""Papers: questions, what may be answered to them, and the sheet of answers with its hash."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.errors import BadInput, ExamError, NotFound
from chalicelib.domain.types import Millis, SittingKind, Text

LONGEST_BLANK = 200
LONGEST_TEXT = 2_000
LONGEST_ESSAY = 10_000
MOST_BLANKS = 20


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"  # 单选
    MULTIPLE = "multiple"  # 多选
    TRUE_FALSE = "true_false"  # 判断
    FILL_IN = "fill_in"  # 填空: as many short texts as there are blanks
    TEXT = "text"  # 简答: one text
    ESSAY = "essay"  # 论述: one long text


LONGEST = {
    QuestionKind.FILL_IN: LONGEST_BLANK,
    QuestionKind.TEXT: LONGEST_TEXT,
    QuestionKind.ESSAY: LONGEST_ESSAY,
}
"""How many characters each text of a written answer may have."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question. A pinned one («以上都对») keeps its place when the others move."""

    key: str
    text: Text
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a question: where it is stored, what it shows in words, its size in pixels."""

    key: str
    alt: Text
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `key` holds the right choices, or each blank's text; it never leaves the server.

    The stem of a fill-in question marks its blanks with `____`.
    """

    question_id: str
    kind: QuestionKind
    stem: Text
    points: float
    options: tuple[Option, ...] = ()
    key: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    blanks: int = 1


@dataclass(frozen=True, slots=True)
class Shuffling:
    """What each candidate sees in an order of their own."""

    questions: bool = False
    options: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """The questions of one subject's trial or official sitting, in order."""

    subject_id: str
    kind: SittingKind
    questions: tuple[Question, ...]
    shuffling: Shuffling = Shuffling()

    def question(self, question_id: str) -> Question:
        """Return the question of that id. Raises NotFound."""
        for question in self.questions:
            if question.question_id == question_id:
                return question
        raise NotFound(Text("试卷中没有这道题。", "There is no such question in this paper."))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a candidate answered to one question.

    `sequence` is counted by the page and grows with every change; of two, the higher is true.
    `value` holds the chosen keys, one text, or a text for each blank; it is empty where the answer
    was taken back.
    """

    session_id: str
    question_id: str
    sequence: int
    value: tuple[str, ...]
    saved_at: Millis


@dataclass(frozen=True, slots=True)
class Sheet:
    """How far a session's answering has come; `version` grows with every saved answer."""

    session_id: str
    room_id: str
    version: int
    answered: frozenset[str] = frozenset()
    saved_at: Millis | None = None


class StaleAnswer(ExamError):
    """A newer answer to this question is already saved."""

    status = 409
    code = "stale_answer"
    text = Text("已保存了更新的答案。", "A newer answer to this question is already saved.")


def checked_value(question: Question, value: Iterable[str]) -> tuple[str, ...]:
    """Return an answer's value in its normal form: choices in the paper's order, each once.

    Raises BadInput where it is not an answer to this question.
    """
    given = tuple(value)
    match question.kind:
        case QuestionKind.FILL_IN:
            return _checked_blanks(question, given)
        case QuestionKind.TEXT | QuestionKind.ESSAY:
            return _checked_text(given, LONGEST[question.kind])
        case _:
            return _checked_choice(question, given)


def _checked_choice(question: Question, given: tuple[str, ...]) -> tuple[str, ...]:
    allowed = [option.key for option in question.options]
    if not set(given) <= set(allowed):
        raise BadInput(Text("答案不在选项之内。", "The answer is not one of the choices."))
    if question.kind is not QuestionKind.MULTIPLE and len(set(given)) > 1:
        raise BadInput(Text("此题只能选择一项。", "Only one choice is possible here."))
    return tuple(key for key in allowed if key in given)


def _checked_blanks(question: Question, given: tuple[str, ...]) -> tuple[str, ...]:
    if len(given) > question.blanks:
        raise BadInput(Text("填写的空多于题目中的空。", "There are fewer blanks than that."))
    _check_length(given, LONGEST[question.kind])
    filled = given + ("",) * (question.blanks - len(given))
    return filled if any(one.strip() for one in filled) else ()


def _checked_text(given: tuple[str, ...], longest: int) -> tuple[str, ...]:
    if len(given) > 1:
        raise BadInput(Text("此题只有一个答案。", "This question has one answer."))
    _check_length(given, longest)
    return given if given and given[0].strip() else ()


def _check_length(given: tuple[str, ...], longest: int) -> None:
    if any(len(one) > longest for one in given):
        raise BadInput(Text(f"答案最多 {longest} 字。", f"At most {longest} characters."))


@dataclass(frozen=True, slots=True)
class Tally:
    """All answers of a session in short: their hash, and how many questions have one."""

    hash: str
    answered: int


def tally_of(answers: Iterable[Answer]) -> Tally:
    """Return the tally of all answers."""
    given = list(answers)
    return Tally(hash_answers(given), sum(1 for one in given if one.value))


def hash_answers(answers: Iterable[Answer]) -> str:
    """Return the hex SHA-256 over all answers: [[question id, sequence, value], …] by question id.

    The JSON has no white space and escapes no characters, so that anyone can compute it again.
    """
    rows = sorted((one.question_id, one.sequence, list(one.value)) for one in answers)
    text = json.dumps(rows, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
