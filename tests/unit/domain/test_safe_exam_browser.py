"""A subject's settings for Safe Exam Browser."""

from typing import Any

import pytest

from chalicelib.domain.errors import BadInput
from chalicelib.domain.rules.safe_exam_browser import SebRule, SebUse


@pytest.mark.parametrize(
    "wrong",
    [
        {"exam_keys": ("a" * 63,)},
        {"exam_keys": ("A" * 64,)},
        {"exam_keys": ("g" * 64,)},
        {"exam_keys": ("a" * 64,) * 21},
        {"quit_hash": "secret"},
    ],
)
def test_malformed_keys_are_rejected(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        SebRule(**wrong)


def test_safe_exam_browser_is_off_by_default() -> None:
    assert SebRule().use is SebUse.OFF
    assert SebRule(SebUse.REQUIRED, ("a" * 64,), "0" * 64).exam_keys
