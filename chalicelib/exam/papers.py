"""Papers: questions, what may be answered to them, and the sheet of answers with its hash."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.exam.errors import BadInput, ExamError, NotFound
from chalicelib.exam.words import Millis, SittingKind, Text

LONGEST_TEXT = 5_000


class QuestionKind(StrEnum):
    """How a question is answered."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a question."""

    key: str
    text: Text


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `key` holds the right choices and never leaves the server."""

    question_id: str
    kind: QuestionKind
    stem: Text
    points: float
    options: tuple[Option, ...] = ()
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """The questions of one subject's trial or official sitting, in order."""

    subject_id: str
    kind: SittingKind
    questions: tuple[Question, ...]

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
    `value` holds the chosen keys, or one text; it is empty where the answer was taken back.
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
    if question.kind is QuestionKind.TEXT:
        return _checked_text(given)
    allowed = [option.key for option in question.options]
    if not set(given) <= set(allowed):
        raise BadInput(Text("答案不在选项之内。", "The answer is not one of the choices."))
    if question.kind is not QuestionKind.MULTIPLE and len(set(given)) > 1:
        raise BadInput(Text("此题只能选择一项。", "Only one choice is possible here."))
    return tuple(key for key in allowed if key in given)


def _checked_text(given: tuple[str, ...]) -> tuple[str, ...]:
    if len(given) > 1:
        raise BadInput(Text("此题只有一个答案。", "This question has one answer."))
    if given and len(given[0]) > LONGEST_TEXT:
        raise BadInput(Text(f"答案最多 {LONGEST_TEXT} 字。", f"At most {LONGEST_TEXT} characters."))
    return given if given and given[0].strip() else ()


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
