"""A paper in the order that one candidate sees: the same at every reading, another for the next.

Only the order differs. Ids and keys stay what they are, so that answers, their hash and the marks
know nothing of it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from chalicelib.domain.exams.papers import Option, Paper, Question, QuestionKind

SHUFFLED_KINDS = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE})


def shuffled_for(paper: Paper, seed: str) -> Paper:
    """Return the paper as the candidate whose seed (the session's id) this is sees it.

    Questions move within their section only: a run of one kind stays together, in its place.
    """
    questions: Iterable[Question] = paper.questions
    if paper.shuffling.questions:
        sections = (tuple(run) for _, run in groupby(questions, key=lambda question: question.kind))
        questions = (question for section in sections for question in _shuffled(section, seed))
    if paper.shuffling.options:
        questions = (_with_shuffled_options(question, seed) for question in questions)
    return replace(paper, questions=tuple(questions))


def _shuffled(section: tuple[Question, ...], seed: str) -> list[Question]:
    return sorted(section, key=lambda question: _sort_key(seed, question.question_id))


def _with_shuffled_options(question: Question, seed: str) -> Question:
    if question.kind not in SHUFFLED_KINDS:
        return question
    free = [option for option in question.options if not option.pinned]
    moved = iter(sorted(free, key=lambda option: _sort_key(seed, question.question_id, option.key)))
    options: tuple[Option, ...] = tuple(
        option if option.pinned else next(moved) for option in question.options
    )
    return replace(question, options=options)


def _sort_key(*parts: str) -> bytes:
    return hashlib.sha256("/".join(parts).encode()).digest()
