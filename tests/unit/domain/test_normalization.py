"""Numbers and codes as people type, copy and export them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.normalization import (
    CODE_ALPHABET,
    MalformedJoinCode,
    MalformedNumber,
    MalformedPasscode,
    is_code,
    is_number,
    normalize_code,
    normalize_number,
    normalize_phone_number,
    normalize_search,
    require_join_code,
    require_number,
    require_passcode,
)

ID_NUMBER = "11010119900307123X"
DECORATIONS = [
    "{}",
    " {} ",
    "\t{}\r\n",
    "\u3000{}\u3000",
    "\u00a0{}\u2009",
    "\ufeff{}",
    "\u200b{}\u200d",
    "\u2060{}\u00ad",
    "\u202a{}\u202c",
    "\u200e{}\u200f",
    "\u2066{}\u2069",
    "{}\ufe0f",
    "\u3164{}\u2800",
    "'{}",
    "\u2019{}",
    "＇{}",
    '"{}"',
    "\u201c{}\u201d",
    "「{}」",
    '="{}"',
    "＝＂{}＂",
    "={}",
    "{}。",
    "{}，",
    "{}、",
    "{}.",
    "{};",
    "（{}）",
    "【{}】",
    "\u0000{}",
]
"""What spreadsheets, chats, input methods and copying add to a number."""
DASHES = (
    "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2e3a\u301c\u30fc\ufe58\ufe63\uff0d\u2796\u2500"
)


def full_width(text: str) -> str:
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


class TestNumbers:
    @pytest.mark.parametrize("decoration", DECORATIONS)
    @pytest.mark.parametrize(
        "number", [ID_NUMBER, ID_NUMBER.lower(), full_width(ID_NUMBER), full_width("11010119900307123x")]
    )  # fmt: skip
    def test_what_is_added_to_a_number_makes_no_difference(
        self, number: str, decoration: str
    ) -> None:
        assert require_number(decoration.format(number)) == ID_NUMBER

    @pytest.mark.parametrize("dash", DASHES)
    def test_dashes_of_every_kind_are_ignored(self, dash: str) -> None:
        assert require_number(f"2026{dash}00{dash}01") == "20260001"

    @pytest.mark.parametrize(
        "typed", ["11010x", "1101-0X", " 1101 0x ", "1101\u30000X", "1-1-0-1-0-X"]
    )
    def test_numbers_are_normalized_for_comparison(self, typed: str) -> None:
        assert normalize_number(typed) == "11010X"

    @pytest.mark.parametrize(
        ("typed", "number"),
        [
            ("A123456(7)", "A1234567"),
            ("粤Ａ12345", "粤A12345"),
            ("٢٠٢٦٠٠٠١", "20260001"),
            ("20260001²", "202600012"),
            ("2026/0001", "2026/0001"),
            ("E12345678", "E12345678"),
        ],
    )
    def test_numbers_of_other_kinds_are_taken(self, typed: str, number: str) -> None:
        assert require_number(typed) == number

    @pytest.mark.parametrize(
        "typed",
        [
            "9.9E+17",
            "９．９Ｅ＋１７",
            "9.9e17",
            "1.10101E+17",
            "5E+05",
            "20260001.0",
            "-",
            "————",
            "--'--",
            '=""',
            "\u200b\u200b",
            "。。",
            "7",
            "����",
            "😀😀",
            "a@b+c",
            "1=2",
            "1" * 41,
        ],
    )
    def test_what_cannot_be_a_number_is_refused(self, typed: str) -> None:
        with pytest.raises(MalformedNumber):
            require_number(typed)

    @given(st.text(max_size=60))
    def test_normalizing_again_changes_nothing(self, typed: str) -> None:
        number = normalize_number(typed)
        assert normalize_number(number) == number
        assert not any(unicodedata.category(character) in {"Cf", "Zs"} for character in number)

    @given(st.text(st.sampled_from("0123456789ABCDEFXYZ"), min_size=5, max_size=20))
    def test_full_width_is_the_same_number(self, number: str) -> None:
        assert normalize_number(full_width(number)) == normalize_number(number)
        assert is_number(normalize_number(number)) == is_number(number)


class TestCodes:
    @pytest.mark.parametrize("decoration", DECORATIONS)
    @pytest.mark.parametrize(
        "typed", ["AB23CD45", "ab23cd45", "AB23-CD45", "AB23 CD45", full_width("ab23cd45"), "A B 2 3 C D 4 5"]
    )  # fmt: skip
    def test_codes_are_taken_as_they_are_typed(self, typed: str, decoration: str) -> None:
        text = decoration.format(typed)
        assert require_passcode(text) == require_join_code(text) == "AB23CD45"

    @pytest.mark.parametrize(
        "typed", ["AB23CD4", "AB23CD456", "AB23CD4O", "AB23CD40", "口令", "", "-"]
    )
    def test_what_cannot_be_a_code_is_refused(self, typed: str) -> None:
        with pytest.raises(MalformedPasscode):
            require_passcode(typed)
        with pytest.raises(MalformedJoinCode):
            require_join_code(typed)

    def test_look_alikes_are_not_mapped(self) -> None:
        assert not set("ILO01") & set(CODE_ALPHABET)
        assert [is_code(normalize_code(f"AB23CD4{letter}")) for letter in "OIL01"] == [False] * 5


class TestPhoneNumbers:
    @pytest.mark.parametrize("decoration", [*DECORATIONS, "({})", "tel {}"][:-1])
    @pytest.mark.parametrize(
        "typed",
        [
            "13900000001",
            "139 0000-0001",
            "139—0000—0001",
            full_width("13900000001"),
            "+86 139 0000 0001",
            "＋８６13900000001",
            "008613900000001",
            "8613900000001",
        ],
    )
    def test_mobile_numbers_are_taken_as_they_are_typed(self, typed: str, decoration: str) -> None:
        assert normalize_phone_number(decoration.format(typed)) == "+8613900000001"

    @pytest.mark.parametrize(
        ("written", "normal"),
        [
            ("+44 20 7946 0958", "+442079460958"),
            ("0044 20 7946 0958", "+442079460958"),
            ("none", None),
            ("+0123456789", None),
            ("", None),
            ("+" + "1" * 16, None),
            ("1380000000", None),
            ("0571-88888888", None),
            ("+86 571 88888888", None),
            ("1.38E+10", None),
            ("13800000000.0", None),
            ("13800000000/13900000000", None),
        ],
    )
    def test_only_numbers_that_receive_messages_are_taken(
        self, written: str, normal: str | None
    ) -> None:
        assert normalize_phone_number(written) == normal


class TestSearch:
    @pytest.mark.parametrize("dot", "·•・‧⋅･∙")
    def test_middle_dots_width_and_case_are_folded(self, dot: str) -> None:
        assert normalize_search(f"古丽米热{dot}艾比布力") == normalize_search("古丽米热艾比布力")
        assert normalize_search(f"Ｊｏｈｎ{dot}SMITH ") == "johnsmith"
