"""Rows of a list: what is refused, what is odd, and what is stored."""

import pytest

from chalicelib.domain.roster.duplicates import refuse_duplicates
from chalicelib.domain.roster.id_numbers import check_digit, id_number_doubt
from tests.unit.domain.roster.lists import (
    CHINESE,
    ENGLISH,
    line,
    numbered,
    problems_of,
    read,
    rows_of,
    warnings_of,
)


def listed(*lines: str) -> str:
    return "\n".join((CHINESE, *lines))


@pytest.mark.parametrize("written", ["9.90000198802021E+17", "9.9e+17", "９.９Ｅ＋１７", "9.9E17"])
def test_number_in_scientific_notation_is_refused_by_line(written: str) -> None:
    assert problems_of(listed(line(1), line(2, id_number=written))) == [(3, "malformed_number")]
    assert problems_of(listed(line(1, admission_number=written))) == [(2, "malformed_number")]


def test_phone_in_scientific_notation_is_refused_by_line() -> None:
    assert problems_of(listed(line(1, phone="1.38E+10"))) == [(2, "malformed_phone")]


@pytest.mark.parametrize(
    "written",
    [
        "'{}",
        '="{}"',
        " {}\xa0",
        "\u200b{}\ufeff",
        "{}。",
        "‘{}’",
    ],
)
def test_number_is_stored_without_what_spreadsheets_and_copying_add(written: str) -> None:
    text = listed(line(7, id_number=written.format(numbered(7))))
    assert [row.id_number for row in rows_of(text)] == [numbered(7)]


def test_full_width_number_is_stored_in_half_width() -> None:
    full_width = numbered(7).translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    text = listed(line(7, id_number=full_width, phone="１３８ 0000-0000"))
    [row] = rows_of(text)
    assert (row.id_number, row.phone_number) == (numbered(7), "13800000000")


@pytest.mark.parametrize("phone", ["+86 138 0000 0000", "008613800000000", "86-13800000000"])
def test_phone_number_is_stored_in_one_form(phone: str) -> None:
    assert [row.phone_number for row in rows_of(listed(line(1, phone=phone)))] == ["13800000000"]


@pytest.mark.parametrize("phone", ["1380000", "1380000000", "0571-88888888", "无"])
def test_phone_number_that_gets_no_messages_is_odd(phone: str) -> None:
    assert problems_of(listed(line(1, phone=phone))) == []
    assert warnings_of(listed(line(1, phone=phone))) == [(2, "odd_phone")]


@pytest.mark.parametrize(
    ("id_number", "code"),
    [
        (numbered(1)[:-1] + ("0" if numbered(1)[-1] != "0" else "1"), "id_number_check"),
        ("990000198802021000", "id_number_check"),
        (numbered(1)[:17], "id_number_short"),
        ("990000198813321619", "id_number_date"),
        ("990000188802021610", "id_number_date"),
    ],
)
def test_impossible_id_number_is_odd_but_taken(id_number: str, code: str) -> None:
    text = listed(line(1), line(2, id_number=id_number))
    assert warnings_of(text) == [(3, code)]
    assert [row.id_number for row in rows_of(text)][1] == id_number


@pytest.mark.parametrize("number", ["E12345678", "H0123456789", "110101900101001", "G-1234 56"])
def test_other_documents_are_not_odd(number: str) -> None:
    assert warnings_of(listed(line(1, id_number=number))) == []


def test_check_digit_follows_the_standard() -> None:
    # The example in GB 11643-1999, annex.
    assert check_digit("34052419800101001") == "X"
    assert id_number_doubt("34052419800101001X") is None
    assert check_digit("11010519491231002") == "X"
    assert check_digit("44052418800101001") == "4"


@pytest.mark.parametrize(
    "name", ["古丽米热•艾比布力", "买买提・吐尔逊", "𠮷𫰠", "䶮", "O’Brien-Smith", "阿·卜"]
)
def test_names_are_stored_as_they_are(name: str) -> None:
    assert [row.name for row in rows_of(listed(line(1, name)))] == [name]
    assert warnings_of(listed(line(1, name))) == []


def test_spaces_around_and_within_a_name_are_single() -> None:
    assert [row.name for row in rows_of(listed(line(1, " \u200b李   四\u3000")))] == ["李 四"]


@pytest.mark.parametrize("sign", ["\u202e", "\x07", "\u200b", "\x00"])
def test_control_sign_in_a_name_is_refused(sign: str) -> None:
    text = listed(line(1, f"李{sign}四"))
    assert (2, "control_sign_name") in problems_of(text)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "empty_name"),
        ({"name": "长" * 101}, "long_name"),
        ({"id_number": " "}, "empty_id_number"),
        ({"id_number": "--"}, "empty_id_number"),
        ({"admission_number": "1"}, "malformed_number"),
        ({"admission_number": "1" * 41}, "malformed_number"),
        ({"phone": ""}, "empty_phone"),
        ({"subject": ""}, "empty_subject"),
        ({"subject": "hr-9"}, "unknown_subject"),
    ],
)
def test_what_is_empty_or_unknown_is_named_with_its_line(
    changes: dict[str, str], code: str
) -> None:
    assert problems_of(listed(line(1), line(2, **changes))) == [(3, code)]


def test_unknown_room_is_named_with_the_known_ones() -> None:
    file = read(f"{ENGLISH},room\n{line(1)},room-9")
    [problem] = file.rows[0].problems
    assert problem.code == "unknown_room"
    assert "room-1" in problem.text.zh


def test_short_line_has_empty_cells() -> None:
    assert problems_of(f"{ENGLISH}\n王五,{numbered(1)},G1") == [
        (2, "empty_subject"),
        (2, "empty_phone"),
    ]


class TestDuplicates:
    def codes(self, *lines: str) -> list[tuple[int, str, str]]:
        rows = refuse_duplicates(read(listed(*lines)).rows)
        return [
            (problem.line, problem.code, problem.text.zh)
            for row in rows
            for problem in row.problems
        ]

    def test_same_id_number_names_both_lines(self) -> None:
        found = self.codes(line(1, "卯一"), line(1, "卯壹", admission_number="G9"), line(2))
        assert [(number, code) for number, code, _ in found] == [
            (2, "duplicate_id_number"),
            (3, "duplicate_id_number"),
        ]
        assert "第 3 行" in found[0][2]
        assert "第 2 行" in found[1][2]

    def test_same_admission_number_names_both_lines(self) -> None:
        found = self.codes(line(1), line(2, admission_number="g-000001"))
        assert [(number, code) for number, code, _ in found] == [
            (2, "duplicate_admission_number"),
            (3, "duplicate_admission_number"),
        ]

    def test_admission_number_that_is_anothers_id_number_is_refused(self) -> None:
        assert len(self.codes(line(1), line(2, admission_number=numbered(1)))) == 2

    def test_same_line_twice_is_refused(self) -> None:
        assert {number for number, _, _ in self.codes(line(1), line(1))} == {2, 3}

    def test_one_person_in_two_subjects_is_possible(self) -> None:
        assert self.codes(line(1), line(1, subject="health-2")) == []
        assert self.codes(line(1), line(1, "别人", subject="health-2")) != []

    def test_id_number_may_be_the_admission_number(self) -> None:
        assert self.codes(line(1, admission_number=numbered(1)), line(2)) == []
