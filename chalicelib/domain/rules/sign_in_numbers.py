"""Which numbers a candidate signs in with."""

from enum import StrEnum

from chalicelib.domain.errors import BadInput
from chalicelib.domain.types import LocalizedText


class SignInNumbers(StrEnum):
    """Which numbers a subject asks for at sign-in."""

    ID_NUMBER = "id_number"
    ADMISSION_NUMBER = "admission_number"
    EITHER = "either"
    BOTH = "both"


class SecondNumberRequired(BadInput):
    """The subject asks for both numbers, and one is missing; it does not count as an attempt."""

    code = "second_number_required"
    text = LocalizedText(
        "本科目登录须同时填写证件号和准考证号。",
        "This subject asks for both your ID number and your admission number.",
    )


def require_numbers(rule: SignInNumbers, second: str) -> None:
    """Raise SecondNumberRequired where both numbers are asked for and only one was given."""
    if rule is SignInNumbers.BOTH and not second:
        raise SecondNumberRequired


def numbers_match(
    rule: SignInNumbers, first: str, second: str, id_number: str, admission_number: str
) -> bool:
    """Return whether the normalized numbers that were given are those the rule asks for.

    Of both, either may come first: some notices make the ID number the admission number.
    """
    match rule:
        case SignInNumbers.ID_NUMBER:
            return first == id_number
        case SignInNumbers.ADMISSION_NUMBER:
            return first == admission_number
        case SignInNumbers.EITHER:
            return first in {id_number, admission_number}
        case SignInNumbers.BOTH:
            return sorted((first, second)) == sorted((id_number, admission_number))
