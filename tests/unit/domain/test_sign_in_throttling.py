"""Sign-in throttling: waits, keys, and that a key reveals nothing about the account."""

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
def test_wait_doubles_and_is_bounded(failures: int, seconds: int) -> None:
    assert remaining_wait(FailedAttempts("x", failures, NOW), PER_NUMBER, NOW) == seconds * SECOND


def test_wait_ends_and_failures_expire() -> None:
    attempts = FailedAttempts("x", 6, NOW)
    assert remaining_wait(attempts, PER_NUMBER, NOW + 3 * SECOND) == 7 * SECOND
    assert remaining_wait(attempts, PER_NUMBER, NOW + 10 * SECOND) == 0
    patient = replace(
        PER_NUMBER, max_wait=2 * PER_NUMBER.forget_after, first_wait=2 * PER_NUMBER.forget_after
    )
    assert remaining_wait(attempts, patient, NOW + PER_NUMBER.forget_after) == 0


@pytest.mark.parametrize("policy", [PER_NUMBER, PER_ADDRESS])
@given(failures=st.integers(0, 10**6), elapsed=st.integers(0, 10**8))
def test_more_failures_never_shorten_the_wait(
    policy: BackoffPolicy, failures: int, elapsed: int
) -> None:
    fewer, more = (
        remaining_wait(FailedAttempts("x", count, NOW), policy, NOW + elapsed)
        for count in (failures, failures + 1)
    )
    assert 0 <= fewer <= more <= policy.max_wait


def test_shared_school_address_is_not_throttled() -> None:
    assert remaining_wait(FailedAttempts("x", 199, NOW), PER_ADDRESS, NOW) == 0
    assert remaining_wait(FailedAttempts("x", 10**6, NOW), PER_ADDRESS, NOW) == MINUTE


def test_error_states_the_remaining_wait() -> None:
    require_no_wait(0)
    for wait, zh, en in ((1, "1 秒", "1 seconds"), (90_001, "2 分钟", "2 minutes")):
        with pytest.raises(TooManyAttempts) as refusal:
            require_no_wait(wait)
        assert (refusal.value.status, refusal.value.code) == (429, "too_many_tries")
        assert zh in refusal.value.text.zh
        assert en in refusal.value.text.en


def test_keys_are_distinct_and_contain_no_number() -> None:
    keys = [
        key_for_number("candidate", "exam", "110101199001011234"),
        key_for_number("candidate", "other", "110101199001011234"),
        key_for_number("phone", "exam", "110101199001011234"),
        key_for_address("203.0.113.7"),
        key_for_address("203.0.113.8"),
    ]
    assert len({key.name for key in keys}) == len(keys)
    assert not any("1101" in key.name or "203" in key.name for key in keys)


def test_ipv6_network_has_one_key() -> None:
    first = key_for_address("2001:db8::1")
    second = key_for_address("2001:db8::ffff:ffff:ffff:1")
    assert first == second
    assert first != key_for_address("2001:db8:0:1::1")
    assert key_for_address("no address").policy is PER_ADDRESS
