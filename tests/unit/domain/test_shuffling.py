"""Shuffling: a deterministic order for each candidate, and nothing but an order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.exams.papers import Option, Paper, Question, QuestionKind, Shuffling
from chalicelib.domain.exams.shuffling import shuffled_for
from chalicelib.domain.types import SittingKind
from tests.support import builders as build

OPTIONS = (
    *(Option(key, build.localized(key)) for key in "ABCDE"),
    Option("F", build.localized("F"), pinned=True),
)
KINDS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE, QuestionKind.TEXT)
YES_NO = build.paper().questions[2].options


def long_paper(*, questions: bool, options: bool) -> Paper:
    """Ten questions of each kind, a section each."""
    all_questions = tuple(
        Question(
            f"{kind}-{number}",
            kind,
            build.localized(f"{kind}-{number}"),
            1,
            YES_NO
            if kind is QuestionKind.TRUE_FALSE
            else ()
            if kind is QuestionKind.TEXT
            else OPTIONS,
            ("A",),
        )
        for kind in KINDS
        for number in range(10)
    )
    return Paper("s", SittingKind.OFFICIAL, all_questions, Shuffling(questions, options))


BOTH = long_paper(questions=True, options=True)


def ids(paper: Paper) -> list[str]:
    return [question.question_id for question in paper.questions]


@given(st.text(max_size=30))
def test_order_is_deterministic_and_keeps_the_questions(seed: str) -> None:
    shuffled = shuffled_for(BOTH, seed)
    assert shuffled == shuffled_for(BOTH, seed)
    assert sorted(ids(shuffled)) == sorted(ids(BOTH))
    for question in shuffled.questions:
        original = BOTH.question(question.question_id)
        assert set(question.options) == set(original.options)
        assert replace(question, options=original.options) == original, "only the order differs"


@given(st.text(max_size=30))
def test_sections_and_pinned_options_keep_their_position(seed: str) -> None:
    shuffled = shuffled_for(BOTH, seed)
    assert [question.kind for question in shuffled.questions] == [
        question.kind for question in BOTH.questions
    ]
    for question in shuffled.questions:
        if question.kind is QuestionKind.TRUE_FALSE:
            assert question.options == YES_NO
        elif question.options:
            assert question.options[5].key == "F"


def test_candidates_have_different_orders() -> None:
    paper, other = shuffled_for(BOTH, "5e55"), shuffled_for(BOTH, "07e7")
    assert ids(paper) != ids(other)
    assert [[o.key for o in paper.question(i).options] for i in ids(BOTH)] != [
        [o.key for o in other.question(i).options] for i in ids(BOTH)
    ]


@pytest.mark.parametrize(("questions", "options"), [(False, False), (True, False), (False, True)])
def test_only_what_the_paper_shuffles_moves(*, questions: bool, options: bool) -> None:
    paper = long_paper(questions=questions, options=options)
    shuffled = shuffled_for(paper, "5e55")
    assert (ids(shuffled) != ids(paper)) is questions
    moved = any(shuffled.question(i).options != paper.question(i).options for i in ids(paper))
    assert moved is options
