"""Sitting windows, number formats and access to rooms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.exams.exams import SittingClosed, mask_number, require_open
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Role
from tests.support import builders as build

WINDOW = build.window("x")


def test_window_is_open_from_opening_to_end() -> None:
    for moment in (WINDOW.opens_at, WINDOW.starts_at, WINDOW.ends_at - 1):
        require_open(WINDOW, moment)


@pytest.mark.parametrize(
    ("before", "minutes"), [(1, 1), (MINUTE, 1), (MINUTE + 1, 2), (90 * MINUTE - SECOND, 90)]
)
def test_before_opening_the_error_states_the_remaining_minutes(before: int, minutes: int) -> None:
    with pytest.raises(SittingClosed) as refusal:
        require_open(WINDOW, WINDOW.opens_at - before)
    assert refusal.value.code == "not_open_yet"
    assert f" {minutes} " in refusal.value.text.zh
    assert f" {minutes} " in refusal.value.text.en


def test_after_the_end_the_error_code_is_over() -> None:
    with pytest.raises(SittingClosed) as refusal:
        require_open(WINDOW, WINDOW.ends_at)
    assert refusal.value.code == "over"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("110101199001011234", "110***********1234"),
        ("13800001234", "138****1234"),
        ("12345678", "123*5678"),
        ("1234567", "1*****7"),
        ("ab", "ab"),
        ("a", "aa"),
        ("", ""),
    ],
)
def test_numbers_are_masked(number: str, masked: str) -> None:
    assert mask_number(number) == masked


@given(st.text(st.characters(categories=["Nd", "Lu"]), min_size=2, max_size=40))
def test_mask_keeps_the_length_and_hides_the_middle(number: str) -> None:
    masked = mask_number(number)
    assert len(masked) == len(number)
    assert masked.count("*") == max(len(number) - (2 if len(number) <= 7 else 7), 0)


@pytest.mark.parametrize(
    ("role", "rooms"),
    [(Role.PROCTOR, {"a"}), (Role.ADMIN, {"a", "b"}), (Role.SUPPORT, set())],
)
def test_role_determines_visible_rooms(role: Role, rooms: set[str]) -> None:
    person = build.staff("somebody", role, "a")
    assert {room for room in ("a", "b") if person.may_see(room)} == rooms


def test_text_is_chinese_unless_the_language_is_english() -> None:
    text = LocalizedText("中文", "English")
    assert [text.for_language(language) for language in ("zh", "en", "en-GB", "fr", "")] == [
        "中文", "English", "English", "中文", "中文",
    ]  # fmt: skip


def test_subject_is_found_by_its_id() -> None:
    exam = build.exam()
    assert exam.subject(build.SUBJECT) is exam.subjects[0]
    assert exam.subject("other") is None
