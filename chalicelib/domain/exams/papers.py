"""Papers: questions, what may be answered to them, and the sheet of answers with its hash."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.errors import BadInput, DomainError, NotFound
from chalicelib.domain.types import LocalizedText, Millis, SittingKind

MAX_BLANK_LENGTH = 200
MAX_TEXT_LENGTH = 2_000
MAX_ESSAY_LENGTH = 10_000
MAX_BLANKS = 20


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"  # 单选
    MULTIPLE = "multiple"  # 多选
    TRUE_FALSE = "true_false"  # 判断
    FILL_IN = "fill_in"  # 填空: as many short texts as there are blanks
    TEXT = "text"  # 简答: one text
    ESSAY = "essay"  # 论述: one long text


MAX_LENGTH = {
    QuestionKind.FILL_IN: MAX_BLANK_LENGTH,
    QuestionKind.TEXT: MAX_TEXT_LENGTH,
    QuestionKind.ESSAY: MAX_ESSAY_LENGTH,
}
"""How many characters each text of a written answer may have."""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question. A pinned one («以上都对») keeps its place when the others move."""

    key: str
    text: LocalizedText
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class QuestionPicture:
    """A picture in a question: where it is stored, what it shows in words, its size in pixels."""

    key: str
    alt: LocalizedText
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `key` holds the right choices, or each blank's text; it never leaves the server.

    The stem of a fill-in question marks its blanks with `____`.
    """

    question_id: str
    kind: QuestionKind
    stem: LocalizedText
    points: float
    options: tuple[Option, ...] = ()
    key: tuple[str, ...] = ()
    pictures: tuple[QuestionPicture, ...] = ()
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
        raise NotFound(
            LocalizedText("试卷中没有这道题。", "There is no such question in this paper.")
        )


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
class AnswerProgress:
    """How far a session's answering has come; `version` grows with every saved answer."""

    session_id: str
    room_id: str
    version: int
    answered: frozenset[str] = frozenset()
    saved_at: Millis | None = None


class StaleAnswer(DomainError):
    """A newer answer to this question is already saved."""

    status = 409
    code = "stale_answer"
    text = LocalizedText(
        "已保存了更新的答案。", "A newer answer to this question is already saved."
    )


def validate_answer(question: Question, value: Iterable[str]) -> tuple[str, ...]:
    """Return an answer's value in its normal form: choices in the paper's order, each once.

    Raises BadInput where it is not an answer to this question.
    """
    given = tuple(value)
    match question.kind:
        case QuestionKind.FILL_IN:
            return _validate_blanks(question, given)
        case QuestionKind.TEXT | QuestionKind.ESSAY:
            return _validate_text(given, MAX_LENGTH[question.kind])
        case _:
            return _validate_choice(question, given)


def _validate_choice(question: Question, given: tuple[str, ...]) -> tuple[str, ...]:
    allowed = [option.key for option in question.options]
    if not set(given) <= set(allowed):
        raise BadInput(LocalizedText("答案不在选项之内。", "The answer is not one of the choices."))
    if question.kind is not QuestionKind.MULTIPLE and len(set(given)) > 1:
        raise BadInput(LocalizedText("此题只能选择一项。", "Only one choice is possible here."))
    return tuple(key for key in allowed if key in given)


def _validate_blanks(question: Question, given: tuple[str, ...]) -> tuple[str, ...]:
    if len(given) > question.blanks:
        raise BadInput(
            LocalizedText("填写的空多于题目中的空。", "There are fewer blanks than that.")
        )
    _require_length(given, MAX_LENGTH[question.kind])
    filled = given + ("",) * (question.blanks - len(given))
    return filled if any(one.strip() for one in filled) else ()


def _validate_text(given: tuple[str, ...], longest: int) -> tuple[str, ...]:
    if len(given) > 1:
        raise BadInput(LocalizedText("此题只有一个答案。", "This question has one answer."))
    _require_length(given, longest)
    return given if given and given[0].strip() else ()


def _require_length(given: tuple[str, ...], longest: int) -> None:
    if any(len(one) > longest for one in given):
        raise BadInput(LocalizedText(f"答案最多 {longest} 字。", f"At most {longest} characters."))


@dataclass(frozen=True, slots=True)
class AnswerDigest:
    """All answers of a session in short: their hash, and how many questions have one."""

    hash: str
    answered: int


def digest_answers(answers: Iterable[Answer]) -> AnswerDigest:
    """Return the tally of all answers."""
    given = list(answers)
    return AnswerDigest(hash_answers(given), sum(1 for answer in given if answer.value))


def hash_answers(answers: Iterable[Answer]) -> str:
    """Return the hex SHA-256 over all answers: [[question id, sequence, value], …] by question id.

    The JSON has no white space and escapes no characters, so that anyone can compute it again.
    """
    rows = sorted((answer.question_id, answer.sequence, list(answer.value)) for answer in answers)
    text = json.dumps(rows, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
