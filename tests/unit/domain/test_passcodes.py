"""Passcodes: spaces, dashes and case do not matter; personal ones open for their owner only."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.normalization import is_code
from chalicelib.domain.passcodes import (
    PasscodeMode,
    hash_passcode,
    make_stored_passcode,
    passcode_for,
    personal_passcode,
    verify_passcode,
    verify_personal_passcode,
)

SALT = bytes(range(16))


@pytest.mark.parametrize(
    "passcode", ["AB12CD", "ab12cd", " AB12 CD\n", "a b 1 2 c d", "AB12\u3000CD", "AB-12CD"]
)
def test_white_space_dashes_and_case_are_ignored(passcode: str) -> None:
    assert verify_passcode(passcode, hash_passcode("AB12CD", SALT))


@pytest.mark.parametrize("passcode", ["", "AB12C", "AB12CDE", "AB12CE", "AB*12CD"])
def test_different_passcode_does_not_match(passcode: str) -> None:
    assert not verify_passcode(passcode, hash_passcode("AB12CD", SALT))


@settings(max_examples=20)
@given(st.text(max_size=40), st.binary(min_size=16, max_size=16))
def test_passcode_matches_its_own_hash(passcode: str, salt: bytes) -> None:
    assert verify_passcode(passcode, hash_passcode(passcode, salt))


def test_different_salt_gives_a_different_hash() -> None:
    assert hash_passcode("AB12CD", SALT) != hash_passcode("AB12CD", SALT[::-1])
    assert "AB12CD" not in hash_passcode("AB12CD", SALT)


SECRET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789A"


def test_personal_passcode_depends_on_secret_and_candidate_and_on_nothing_else() -> None:
    passcodes = {
        personal_passcode(secret, candidate_id)
        for secret in (SECRET, SECRET[::-1])
        for candidate_id in ("one", "two", "")
    }
    assert len(passcodes) == 6
    assert personal_passcode(SECRET, "one") == personal_passcode(SECRET, "one")


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8")))
def test_personal_passcode_has_the_shape_of_a_passcode(secret: str, candidate_id: str) -> None:
    assert is_code(personal_passcode(secret, candidate_id))


def test_personal_passcode_is_its_owners_only() -> None:
    own = personal_passcode(SECRET, "one")
    assert verify_personal_passcode(own, SECRET, "one")
    assert verify_personal_passcode(f" {own[:4]}-{own[4:].lower()} ", SECRET, "one")
    assert not verify_personal_passcode(own, SECRET, "two")
    assert not verify_personal_passcode(own, SECRET[::-1], "one")
    assert not verify_personal_passcode(personal_passcode("", "one"), None, "one")


def test_secret_of_personal_passcodes_is_longer_than_a_passcode() -> None:
    secret = make_stored_passcode(PasscodeMode.PERSONAL, lambda below: below - 1)
    passcode = make_stored_passcode(PasscodeMode.SHARED, lambda below: below - 1)
    assert (len(secret), len(passcode)) == (32, 8)
    assert passcode_for(PasscodeMode.SHARED, passcode, "one") == passcode
    assert passcode_for(PasscodeMode.PERSONAL, secret, "one") == personal_passcode(secret, "one")
