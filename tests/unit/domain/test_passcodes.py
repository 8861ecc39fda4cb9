"""Passcodes: white space and case do not matter, everything else does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.passcodes import hash_passcode, verify_passcode

SALT = bytes(range(16))


@pytest.mark.parametrize(
    "passcode", ["AB12CD", "ab12cd", " AB12 CD\n", "a b 1 2 c d", "AB12\u3000CD"]
)
def test_white_space_and_case_are_ignored(passcode: str) -> None:
    assert verify_passcode(passcode, hash_passcode("AB12CD", SALT))


@pytest.mark.parametrize("passcode", ["", "AB12C", "AB12CDE", "AB12CE", "AB-12CD"])
def test_different_passcode_does_not_match(passcode: str) -> None:
    assert not verify_passcode(passcode, hash_passcode("AB12CD", SALT))


@settings(max_examples=20)
@given(st.text(max_size=40), st.binary(min_size=16, max_size=16))
def test_passcode_matches_its_own_hash(passcode: str, salt: bytes) -> None:
    assert verify_passcode(passcode, hash_passcode(passcode, salt))


def test_different_salt_gives_a_different_hash() -> None:
    assert hash_passcode("AB12CD", SALT) != hash_passcode("AB12CD", SALT[::-1])
    assert "AB12CD" not in hash_passcode("AB12CD", SALT)
