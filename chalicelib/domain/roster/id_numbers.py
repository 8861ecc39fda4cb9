"""The 18-place resident ID number (GB 11643): whether its date and its check digit are possible.

Other documents have other numbers, so an odd number is a reason to look again, never to refuse.
"""

import re
from datetime import date

from chalicelib.domain.types import LocalizedText

_RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_EARLIEST_YEAR = 1900

_TOO_SHORT = LocalizedText(
    "证件号是 17 位数字；居民身份证号应为 18 位。请核对。",
    "The ID number has 17 digits; a resident ID number has 18 places. Please check it.",
)
_NO_DATE = LocalizedText(
    "身份证号第 7 至 14 位不是有效的出生日期。请核对。",
    "Places 7 to 14 of the ID number are no date of birth. Please check it.",
)
_WRONG_CHECK_DIGIT = LocalizedText(
    "身份证号的最后一位（校验码）与其余各位不符，可能有错字，或末几位被表格软件改成了 0。请核对。",
    "The ID number's last place (the check digit) does not match the others: a mistyped digit, or "
    "last digits that a spreadsheet made 0. Please check it.",
)


def id_number_doubt(number: str) -> tuple[str, LocalizedText] | None:
    """Return why a normalized ID number looks wrong, as a code and a text, or None."""
    if len(number) == 17 and number.isdecimal():
        return "id_number_short", _TOO_SHORT
    if not _RESIDENT.fullmatch(number):
        return None
    if not _is_date(number[6:14]):
        return "id_number_date", _NO_DATE
    if check_digit(number[:17]) != number[17]:
        return "id_number_check", _WRONG_CHECK_DIGIT
    return None


def check_digit(digits: str) -> str:
    """Return the check digit of the first 17 places."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).year >= _EARLIEST_YEAR
    except ValueError:
        return False
