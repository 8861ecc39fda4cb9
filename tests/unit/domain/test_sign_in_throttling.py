"""Growing waits: how long, for whom, and that a door tells nothing of who is behind it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.rules.sign_in_throttling import (
    PER_ADDRESS,
    PER_NUMBER,
    BackoffPolicy,
    FailedAttempts,
    TooManyAttempts,
    key_for_address,
    key_for_number,
    remaining_wait,
    require_no_wait,
)
from chalicelib.domain.types import MINUTE, SECOND

NOW = 1_800_000_000_000


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (4, 0), (5, 5), (6, 10), (7, 20), (8, 40), (11, 300), (10_000, 300)],
)
def test_waits_grow_and_are_bounded(failures: int, seconds: int) -> None:
    assert remaining_wait(FailedAttempts("x", failures, NOW), PER_NUMBER, NOW) == seconds * SECOND


def test_a_wait_passes_and_failures_are_forgotten() -> None:
    attempts = FailedAttempts("x", 6, NOW)
    assert remaining_wait(attempts, PER_NUMBER, NOW + 3 * SECOND) == 7 * SECOND
    assert remaining_wait(attempts, PER_NUMBER, NOW + 10 * SECOND) == 0
    patient = replace(PER_NUMBER, longest=2 * PER_NUMBER.forget, first=2 * PER_NUMBER.forget)
    assert remaining_wait(attempts, patient, NOW + PER_NUMBER.forget) == 0


@pytest.mark.parametrize("limit", [PER_NUMBER, PER_ADDRESS])
@given(failures=st.integers(0, 10**6), passed=st.integers(0, 10**8))
def test_more_failures_never_wait_shorter(limit: BackoffPolicy, failures: int, passed: int) -> None:
    fewer, more = (
        remaining_wait(FailedAttempts("x", count, NOW), limit, NOW + passed)
        for count in (failures, failures + 1)
    )
    assert 0 <= fewer <= more <= limit.longest


def test_a_school_is_not_slowed() -> None:
    assert remaining_wait(FailedAttempts("x", 199, NOW), PER_ADDRESS, NOW) == 0
    assert remaining_wait(FailedAttempts("x", 10**6, NOW), PER_ADDRESS, NOW) == MINUTE


def test_the_person_is_told_how_long() -> None:
    require_no_wait(0)
    for wait, zh, en in ((1, "1 秒", "1 seconds"), (90_001, "2 分钟", "2 minutes")):
        with pytest.raises(TooManyAttempts) as refusal:
            require_no_wait(wait)
        assert (refusal.value.status, refusal.value.code) == (429, "too_many_tries")
        assert zh in refusal.value.text.zh
        assert en in refusal.value.text.en


def test_doors_are_apart_and_tell_no_number() -> None:
    doors = [
        key_for_number("candidate", "exam", "110101199001011234"),
        key_for_number("candidate", "other", "110101199001011234"),
        key_for_number("phone", "exam", "110101199001011234"),
        key_for_address("203.0.113.7"),
        key_for_address("203.0.113.8"),
    ]
    assert len({key.name for key in doors}) == len(doors)
    assert not any("1101" in key.name or "203" in key.name for key in doors)


def test_a_network_of_ipv6_is_one_address() -> None:
    first, second = key_for_address("2001:db8::1"), key_for_address("2001:db8::ffff:1")
    assert first == second
    assert first != key_for_address("2001:db8:0:1::1")
    assert key_for_address("no address").policy is PER_ADDRESS
