"""Numbers and codes as people type, copy and export them, in the one form that is compared.

    typed, pasted or exported → NFKC → nothing invisible, no spaces or dashes → no quotes around it
                              → upper case → compared, searched and stored

Full width, zero-width characters, bidirectional marks, a spreadsheet's leading `'` or `="…"`, and
a sentence's full stop at the end make no difference. Text that cannot be such a number, for example
`9.9E+17`, is refused in words before anything is looked up: it does not count as a failed attempt.
"""

import re
import unicodedata

from chalicelib.domain.errors import BadInput
from chalicelib.domain.types import LocalizedText

CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""No look-alikes (I, L, O, 0, 1): a code is read from one screen and typed at another."""

CODE_LENGTH = 8
MIN_NUMBER, MAX_NUMBER = 2, 40

DEFAULT_COUNTRY_CODE = "+86"
"""The country code of phone numbers without one."""

_DASHES = frozenset("\u2043\u207b\u208b\u2212\u02d7\u2796\u30fc\u2500\u2501\u3161\u1173")
"""What looks like a dash, or is written as one, outside of Unicode's dash punctuation."""
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
"""Blank characters outside of Unicode's separators and format characters."""
_WRAPPERS = "'\"`=´‘’‚‛“”„‟‹›«»「」『』〝〞〟′″.,;:!?。、，．；：！？…·。､"
"""Quotes, a formula's equals sign, and the punctuation of a sentence: dropped at both ends."""
_BRACKETS = frozenset("()[]{}<>【】〔〕〈〉《》⟨⟩")
"""An identity card's check digit may be in brackets, and a number may be quoted in them."""
_MIDDLE_DOTS = frozenset("·•‧∙⋅・･●᛫⸱ꞏ\u0387\u16eb\u2e33.")
_INNER = frozenset("/_.#*&:@")
"""Punctuation that admission numbers of some authorities contain."""
_EXPONENT = re.compile(r"[0-9]+(\.[0-9]+)?E\+?[0-9]+|[0-9]+\.[0-9]+(E[0-9]+)?")
"""What a spreadsheet makes of a long number: `9.9E+17`, or a decimal."""
_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_CHINESE_MOBILE = re.compile(r"\+861[0-9]{10}")


class MalformedNumber(BadInput):
    """Text that cannot be an ID or admission number; it does not count as an attempt."""

    code = "malformed_number"
    text = LocalizedText(
        "号码的写法不正确：只应包含字母和数字（如 110101…001X），不能是 9.9E+17 这样的形式。"
        "请核对后重新输入，本次不计入尝试次数。",
        "That is not a number as it is printed: it has letters and digits only (such as "
        "110101…001X), not a form like 9.9E+17. Check it and enter it again; this does not count "
        "as an attempt.",
    )


class MalformedPasscode(BadInput):
    """Text that cannot be a passcode; it does not count as an attempt."""

    code = "malformed_passcode"
    text = LocalizedText(
        f"口令为 {CODE_LENGTH} 位，只含字母（无 I、L、O）和数字（无 0、1）。"
        "请对照短信重新输入，本次不计入尝试次数。",
        f"A passcode has {CODE_LENGTH} characters: letters (no I, L or O) and digits (no 0 or 1). "
        "Enter it as in your text message; this does not count as an attempt.",
    )


class MalformedJoinCode(BadInput):
    """Text that cannot be a join code; it does not count as an attempt."""

    code = "malformed_code"
    text = LocalizedText(
        f"加入码为 {CODE_LENGTH} 位，只含字母（无 I、L、O）和数字（无 0、1）。"
        "请对照电脑上的加入码重新输入，本次不计入尝试次数。",
        f"The code has {CODE_LENGTH} characters: letters (no I, L or O) and digits (no 0 or 1). "
        "Enter it as the computer shows it; this does not count as an attempt.",
    )


def normalize_number(text: str) -> str:
    """Return an ID or admission number as compared; empty where nothing is left of it."""
    return _compact(text).upper()


def require_number(text: str) -> str:
    """Return an ID or admission number as compared. Raises MalformedNumber."""
    number = normalize_number(text)
    if not is_number(number):
        raise MalformedNumber
    return number


def is_number(number: str) -> bool:
    """Return whether a normalized text can be an ID or admission number."""
    return (
        MIN_NUMBER <= len(number) <= MAX_NUMBER
        and all(character.isalnum() or character in _INNER for character in number)
        and any(character.isalnum() for character in number)
        and not _EXPONENT.fullmatch(number)
    )


def normalize_code(text: str) -> str:
    """Return a passcode or join code as compared: upper case, nothing but its characters."""
    return _compact(text).upper()


def require_passcode(text: str) -> str:
    """Return a passcode as compared. Raises MalformedPasscode."""
    passcode = normalize_code(text)
    if not is_code(passcode):
        raise MalformedPasscode
    return passcode


def require_join_code(text: str) -> str:
    """Return a join code as compared. Raises MalformedJoinCode."""
    code = normalize_code(text)
    if not is_code(code):
        raise MalformedJoinCode
    return code


def is_code(code: str) -> bool:
    """Return whether a normalized text can be a passcode or a join code.

    No look-alike is mapped: the alphabet has neither O nor 0, so either would be a guess.
    """
    return len(code) == CODE_LENGTH and all(character in CODE_ALPHABET for character in code)


def normalize_phone_number(text: str) -> str | None:
    """Return a phone number in E.164 format, or None if it cannot receive text messages.

    A number without a country code is Chinese; a Chinese one must be that of a mobile phone.
    """
    digits = _compact(text)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif not digits.startswith("+"):
        has_country_code = len(digits) == 13 and digits.startswith("861")
        digits = ("+" if has_country_code else DEFAULT_COUNTRY_CODE) + digits
    if not _E164.fullmatch(digits):
        return None
    if digits.startswith(DEFAULT_COUNTRY_CODE) and not _CHINESE_MOBILE.fullmatch(digits):
        return None
    return digits


def normalize_search(text: str) -> str:
    """Return a name or number as it is searched for: without width, case, spaces, dashes or dots."""
    return "".join(
        character for character in _compact(text).casefold() if character not in _MIDDLE_DOTS
    )


def _compact(text: str) -> str:
    """Return a text without width variants, invisible characters, dashes, brackets and quotes."""
    visible = "".join(_visible(unicodedata.normalize("NFKC", text)))
    # NFKC may compose what a removed character had kept apart.
    return unicodedata.normalize("NFKC", visible.strip(_WRAPPERS))


def _visible(text: str) -> list[str]:
    return [_western_digit(character) for character in text if not _is_dropped(character)]


def _is_dropped(character: str) -> bool:
    # Spaces, control and format characters, private use, dashes, and marks that only select a glyph.
    return (
        unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf", "Pd"}
        or character in _DASHES
        or character in _BLANKS
        or character in _BRACKETS
        or "\ufe00" <= character <= "\ufe0f"
    )


def _western_digit(character: str) -> str:
    """Return a decimal digit of any script as 0 to 9, and any other character as it is."""
    if unicodedata.category(character) == "Nd":
        return str(unicodedata.decimal(character))
    return character
