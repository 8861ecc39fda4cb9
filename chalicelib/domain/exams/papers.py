"""Papers, their questions, the validation of answers, and the hash over a session's answers."""

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
MAX_SEQUENCE = 1_000_000
"""More changes than anybody makes to one answer in a sitting."""
MAX_SEQUENCE_STEP = 10_000
"""How far an answer may be ahead of the saved one: an hour of typing without a network."""


class QuestionKind(StrEnum):
    """The type of a question."""

    SINGLE = "single"  # 单选
    MULTIPLE = "multiple"  # 多选
    TRUE_FALSE = "true_false"  # 判断
    FILL_IN = "fill_in"  # 填空: a short text for each blank
    TEXT = "text"  # 简答: one text
    ESSAY = "essay"  # 论述: one long text


MAX_LENGTH = {
    QuestionKind.FILL_IN: MAX_BLANK_LENGTH,
    QuestionKind.TEXT: MAX_TEXT_LENGTH,
    QuestionKind.ESSAY: MAX_ESSAY_LENGTH,
}
"""Maximum length of each text of a written answer, in characters."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a question. A pinned one («以上都对») keeps its position when shuffled."""

    key: str
    text: LocalizedText
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class QuestionPicture:
    """A picture in a question: its storage key, its alternative text, its size in pixels."""

    key: str
    alt: LocalizedText
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question. The stem of a fill-in question marks its blanks with `____`.

    `key` holds the correct options, or each blank's text; it never leaves the server.
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
    """What is shuffled for each candidate."""

    questions: bool = False
    options: bool = False


@dataclass(frozen=True, slots=True)
class Paper:
    """The questions of one subject's practice session or official exam, in order."""

    subject_id: str
    kind: SittingKind
    questions: tuple[Question, ...]
    shuffling: Shuffling = Shuffling()

    def question(self, question_id: str) -> Question:
        """Return the question with this id. Raises NotFound."""
        for question in self.questions:
            if question.question_id == question_id:
                return question
        raise NotFound(LocalizedText("试卷中没有这道题。", "This question is not in the paper."))


@dataclass(frozen=True, slots=True)
class Answer:
    """A candidate's answer to one question.

    The exam page increases `sequence` with every change; the highest sequence wins. `value` holds
    the keys of the selected options, one text, or a text for each blank; it is empty if the answer
    was cleared.
    """

    session_id: str
    question_id: str
    sequence: int
    value: tuple[str, ...]
    saved_at: Millis


@dataclass(frozen=True, slots=True)
class AnswerProgress:
    """Which questions of a session are answered; `version` increases with every saved answer."""

    session_id: str
    room_id: str
    version: int
    answered: frozenset[str] = frozenset()
    saved_at: Millis | None = None


class StaleAnswer(DomainError):
    """A newer answer to this question has already been saved."""

    status = 409
    code = "stale_answer"
    text = LocalizedText(
        "已保存了更新的答案。", "A newer answer to this question has already been saved."
    )


class SequenceTooHigh(BadInput):
    """The sequence is higher than a page can have counted: every later answer would look old."""

    code = "sequence_too_high"
    text = LocalizedText(
        "答案序号过大，页面将重新读取已保存的答案后再保存。",
        "The answer's number is too high. The page reads what is saved and saves again.",
    )


def validate_answer(question: Question, value: Iterable[str]) -> tuple[str, ...]:
    """Return an answer's value in canonical form: options in the paper's order, each once.

    Raises BadInput if it is not a valid answer to this question.
    """
    texts = tuple(value)
    match question.kind:
        case QuestionKind.FILL_IN:
            return _validate_blanks(question, texts)
        case QuestionKind.TEXT | QuestionKind.ESSAY:
            return _validate_text(texts, MAX_LENGTH[question.kind])
        case _:
            return _validate_choice(question, texts)


def _validate_choice(question: Question, value: tuple[str, ...]) -> tuple[str, ...]:
    option_keys = [option.key for option in question.options]
    if not set(value) <= set(option_keys):
        raise BadInput(LocalizedText("答案不在选项之内。", "The answer is not one of the options."))
    if question.kind is not QuestionKind.MULTIPLE and len(set(value)) > 1:
        raise BadInput(LocalizedText("此题只能选择一项。", "Only one option can be selected."))
    return tuple(key for key in option_keys if key in value)


def _validate_blanks(question: Question, value: tuple[str, ...]) -> tuple[str, ...]:
    if len(value) > question.blanks:
        raise BadInput(
            LocalizedText(
                "填写的空多于题目中的空。",
                "The answer has more texts than the question has blanks.",
            )
        )
    _require_length(value, MAX_LENGTH[question.kind])
    texts = value + ("",) * (question.blanks - len(value))
    return texts if any(text.strip() for text in texts) else ()


def _validate_text(value: tuple[str, ...], max_length: int) -> tuple[str, ...]:
    if len(value) > 1:
        raise BadInput(LocalizedText("此题只有一个答案。", "This question takes a single text."))
    _require_length(value, max_length)
    return value if value and value[0].strip() else ()


def _require_length(value: tuple[str, ...], max_length: int) -> None:
    if any(len(text) > max_length for text in value):
        raise BadInput(
            LocalizedText(
                f"答案最多 {max_length} 字。",
                f"An answer may have at most {max_length} characters.",
            )
        )


@dataclass(frozen=True, slots=True)
class AnswerDigest:
    """The hash over all answers of a session, and the number of answered questions."""

    hash: str
    answered: int


def digest_answers(answers: Iterable[Answer]) -> AnswerDigest:
    """Return the digest of all answers."""
    rows = list(answers)
    return AnswerDigest(hash_answers(rows), sum(1 for answer in rows if answer.value))


def hash_answers(answers: Iterable[Answer]) -> str:
    """Return the hex SHA-256 over all answers: [[question id, sequence, value], …] by question id.

    The JSON has no white space and escapes no characters, so that anyone can recompute the hash.
    """
    rows = sorted((answer.question_id, answer.sequence, list(answer.value)) for answer in answers)
    text = json.dumps(rows, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
