"""The paper as the exam page gets it, and answers to it."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.exams.papers import (
    MAX_BLANKS,
    MAX_ESSAY_LENGTH,
    MAX_SEQUENCE,
    QuestionKind,
)
from chalicelib.schemas.common import (
    ApiModel,
    TextOut,
)

type OptionKey = Annotated[str, StringConstraints(max_length=MAX_ESSAY_LENGTH)]


class OptionOut(ApiModel):
    """One option of a question."""

    key: str
    text: TextOut


class PictureOut(ApiModel):
    """A picture in a question; `url` is presigned for some minutes, `picture_id` is stable."""

    picture_id: str
    url: str
    alt: TextOut
    width: int
    height: int


class QuestionOut(ApiModel):
    """A question without its key. Only fill-in questions have blanks, only written ones a `longest`."""

    question_id: str
    kind: QuestionKind
    stem: TextOut
    points: float
    options: list[OptionOut]
    pictures: list[PictureOut]
    blanks: int
    longest: int
    """Maximum length of each text of the answer, characters; 0 where nothing is written."""


class AnswerIn(ApiModel):
    """An answer. `value`: chosen keys, one text, or one text for each blank; empty clears it."""

    sequence: int = Field(ge=1, le=MAX_SEQUENCE)
    value: list[OptionKey] = Field(max_length=MAX_BLANKS)


class AnswerOut(ApiModel):
    """A saved answer."""

    question_id: str
    sequence: int
    value: list[str]
    saved_at: int


class PaperOut(ApiModel):
    """The paper, and the answers saved so far."""

    questions: list[QuestionOut]
    answers: list[AnswerOut]
