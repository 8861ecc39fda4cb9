"""Answer validation, and the hash over all answers."""

import hashlib
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import BadInput, NotFound
from chalicelib.domain.exams.papers import (
    MAX_BLANK_LENGTH,
    MAX_ESSAY_LENGTH,
    MAX_TEXT_LENGTH,
    Answer,
    Question,
    QuestionKind,
    hash_answers,
    validate_answer,
)
from tests.support import builders as build

PAPER = build.paper()
SINGLE, MULTIPLE, TRUE_FALSE, TEXT = PAPER.questions
FILL_IN = Question("q5", QuestionKind.FILL_IN, build.localized("q5"), 1, key=("x", "y"), blanks=2)
ESSAY = Question("q6", QuestionKind.ESSAY, build.localized("q6"), 1)


@pytest.mark.parametrize(
    ("question", "value", "canonical"),
    [
        (SINGLE, [], ()),
        (SINGLE, ["B"], ("B",)),
        (SINGLE, ["B", "B"], ("B",)),
        (TRUE_FALSE, ["false"], ("false",)),
        (MULTIPLE, [], ()),
        (MULTIPLE, ["C", "A"], ("A", "C")),
        (MULTIPLE, ["D", "C", "B", "A", "A"], ("A", "B", "C", "D")),
        (TEXT, [], ()),
        (TEXT, [""], ()),
        (TEXT, [" \n\t"], ()),
        (TEXT, [" 两端的空格保留 "], (" 两端的空格保留 ",)),
        (TEXT, ["长" * MAX_TEXT_LENGTH], ("长" * MAX_TEXT_LENGTH,)),
        (ESSAY, ["长" * MAX_ESSAY_LENGTH], ("长" * MAX_ESSAY_LENGTH,)),
        (ESSAY, ["\n"], ()),
        (FILL_IN, [], ()),
        (FILL_IN, [" ", ""], ()),
        (FILL_IN, ["一个月"], ("一个月", "")),
        (FILL_IN, ["", "二"], ("", "二")),
        (FILL_IN, ["x" * MAX_BLANK_LENGTH, "二"], ("x" * MAX_BLANK_LENGTH, "二")),
    ],
)
def test_valid_answer_is_returned_in_canonical_form(
    question: Question, value: list[str], canonical: tuple[str, ...]
) -> None:
    assert validate_answer(question, value) == canonical
    assert validate_answer(question, canonical) == canonical


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (SINGLE, ["E"]),
        (SINGLE, ["a"]),
        (SINGLE, [""]),
        (SINGLE, ["A", "B"]),
        (TRUE_FALSE, ["true", "false"]),
        (TRUE_FALSE, ["True"]),
        (MULTIPLE, ["A", "E"]),
        (TEXT, ["one", "two"]),
        (TEXT, ["x" * (MAX_TEXT_LENGTH + 1)]),
        (ESSAY, ["one", "two"]),
        (ESSAY, ["x" * (MAX_ESSAY_LENGTH + 1)]),
        (FILL_IN, ["one", "two", "three"]),
        (FILL_IN, ["", "x" * (MAX_BLANK_LENGTH + 1)]),
    ],
)
def test_invalid_answer_is_rejected(question: Question, value: list[str]) -> None:
    with pytest.raises(BadInput):
        validate_answer(question, value)


@given(st.lists(st.sampled_from("ABCD"), max_size=8))
def test_selected_options_are_unique_and_in_the_papers_order(value: list[str]) -> None:
    assert validate_answer(MULTIPLE, value) == tuple(sorted(set(value)))


def test_question_is_found_by_its_id() -> None:
    assert PAPER.question("q2") is MULTIPLE
    with pytest.raises(NotFound):
        PAPER.question("q9")


def answers() -> list[Answer]:
    return [
        build.answer("5e55", "q1", 3, "A"),
        build.answer("5e55", "q2", 1, "A", "C"),
        build.answer("5e55", "q4", 7, "“答”\n"),
    ]


def test_hash_is_computed_as_documented() -> None:
    text = '[["q1",3,["A"]],["q2",1,["A","C"]],["q4",7,["“答”\\n"]]]'
    assert hash_answers(answers()) == hashlib.sha256(text.encode()).hexdigest()
    assert hash_answers([]) == hashlib.sha256(b"[]").hexdigest()


def test_hash_depends_on_every_part_of_the_answers_but_not_on_their_order() -> None:
    assert len({hash_answers(order) for order in permutations(answers())}) == 1
    variants = [
        answers()[1:],
        [*answers()[1:], build.answer("5e55", "q1", 4, "A")],
        [*answers()[1:], build.answer("5e55", "q1", 3, "B")],
        [*answers()[1:], build.answer("5e55", "q3", 3, "A")],
    ]
    assert len({hash_answers(answer) for answer in [answers(), *variants]}) == 5
