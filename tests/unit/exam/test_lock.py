"""The lock's rule: what a subject may ask, and what leaving the page leads to."""

from typing import Any

import pytest

from chalicelib.exam.errors import BadInput
from chalicelib.exam.lock import LockRule, Then


@pytest.mark.parametrize(
    "wrong", [{"allowed": -1}, {"allowed": 101}, {"forgiven": -1}, {"forgiven": 10_001}]
)
def test_a_rule_that_cannot_be_kept_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        LockRule(**wrong)


def test_unless_told_otherwise_it_is_kind() -> None:
    rule = LockRule()
    assert (rule.on, rule.allowed, rule.then) == (True, 5, Then.PAUSE)
    assert rule.forgiven >= 1_000
