"""Each candidate's own order of a paper: always the same, and nothing but an order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.exams.papers import Option, Paper, Question, QuestionKind, Shuffling
from chalicelib.domain.exams.shuffling import shuffled_for
from chalicelib.domain.types import SittingKind
from tests.support import builders as build

OPTIONS = (
    *(Option(key, build.words(key)) for key in "ABCDE"),
    Option("F", build.words("F"), pinned=True),
)
KINDS = (QuestionKind.SINGLE, QuestionKind.MULTIPLE, QuestionKind.TRUE_FALSE, QuestionKind.TEXT)
YES_NO = build.paper().questions[2].options


def long_paper(*, questions: bool, options: bool) -> Paper:
    """Ten questions of each kind, a section each."""
    made = tuple(
        Question(
            f"{kind}-{number}",
            kind,
            build.words(f"{kind}-{number}"),
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
    return Paper("s", SittingKind.OFFICIAL, made, Shuffling(questions, options))


BOTH = long_paper(questions=True, options=True)


def ids(paper: Paper) -> list[str]:
    return [question.question_id for question in paper.questions]


@given(st.text(max_size=30))
def test_it_is_the_same_at_every_reading_and_the_same_questions(seed: str) -> None:
    seen = shuffled_for(BOTH, seed)
    assert seen == shuffled_for(BOTH, seed)
    assert sorted(ids(seen)) == sorted(ids(BOTH))
    for question in seen.questions:
        kept = BOTH.question(question.question_id)
        assert set(question.options) == set(kept.options)
        assert replace(question, options=kept.options) == kept, "only the order differs"


@given(st.text(max_size=30))
def test_sections_stay_in_their_places_and_pinned_options_too(seed: str) -> None:
    seen = shuffled_for(BOTH, seed)
    assert [one.kind for one in seen.questions] == [one.kind for one in BOTH.questions]
    for question in seen.questions:
        if question.kind is QuestionKind.TRUE_FALSE:
            assert question.options == YES_NO
        elif question.options:
            assert question.options[5].key == "F"


def test_the_next_candidate_sees_another_order() -> None:
    paper, other = shuffled_for(BOTH, "5e55"), shuffled_for(BOTH, "07e7")
    assert ids(paper) != ids(other)
    assert [[o.key for o in paper.question(i).options] for i in ids(BOTH)] != [
        [o.key for o in other.question(i).options] for i in ids(BOTH)
    ]


@pytest.mark.parametrize(("questions", "options"), [(False, False), (True, False), (False, True)])
def test_only_what_the_paper_says_moves(*, questions: bool, options: bool) -> None:
    paper = long_paper(questions=questions, options=options)
    seen = shuffled_for(paper, "5e55")
    assert (ids(seen) != ids(paper)) is questions
    moved = any(seen.question(i).options != paper.question(i).options for i in ids(paper))
    assert moved is options
