"""Shuffling: a paper in one candidate's order, computed from ids and therefore always the same.

Only the order changes. Ids and keys stay the same, so answers, their hash and marking do not
depend on it.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from chalicelib.domain.exams.papers import Option, Paper, Question, QuestionKind

SHUFFLED_KINDS = frozenset({QuestionKind.SINGLE, QuestionKind.MULTIPLE})


def shuffled_for(paper: Paper, seed: str) -> Paper:
    """Return the paper in the order for a seed (the session's id).

    Questions move only within their section: a run of one kind stays together, in its place.
    """
    questions: Iterable[Question] = paper.questions
    if paper.shuffling.questions:
        sections = (tuple(run) for _, run in groupby(questions, key=lambda question: question.kind))
        questions = (
            question for section in sections for question in _shuffle_section(section, seed)
        )
    if paper.shuffling.options:
        questions = (_shuffle_options(question, seed) for question in questions)
    return replace(paper, questions=tuple(questions))


def _shuffle_section(section: tuple[Question, ...], seed: str) -> list[Question]:
    return sorted(section, key=lambda question: _sort_key(seed, question.question_id))


def _shuffle_options(question: Question, seed: str) -> Question:
    if question.kind not in SHUFFLED_KINDS:
        return question
    movable = [option for option in question.options if not option.pinned]
    order = iter(
        sorted(movable, key=lambda option: _sort_key(seed, question.question_id, option.key))
    )
    options: tuple[Option, ...] = tuple(
        option if option.pinned else next(order) for option in question.options
    )
    return replace(question, options=options)


def _sort_key(*parts: str) -> bytes:
    return hashlib.sha256("/".join(parts).encode()).digest()
