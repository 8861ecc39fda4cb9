"""Throttling: failed attempts require waits, for every kind of sign-in and for concurrent attempts."""

from collections.abc import Callable

import pytest

from chalicelib.domain.errors import DomainError
from chalicelib.domain.rules.device_changes import Origin
from chalicelib.domain.rules.sign_in_throttling import PER_ADDRESS, PER_NUMBER, TooManyAttempts
from chalicelib.domain.types import MINUTE, SECOND
from chalicelib.services.sign_in.candidate import CandidateCredentials, InvalidCredentials, sign_in
from chalicelib.services.sign_in.phone_pairing import CandidateNumbers, InvalidJoinCode, pair_phone
from chalicelib.services.sign_in.staff import (
    InvalidStaffCredentials,
    StaffCredentials,
    sign_in_staff,
)
from tests.support import builders as build
from tests.support.builders import EXAM, OFFICIAL, SUBJECT
from tests.support.fake_context import FakeContext, add_session

ADDRESS, OTHER_ADDRESS = "203.0.113.7", "198.51.100.9"
type SignIn = Callable[[FakeContext, str, str, str], object]


def candidate(context: FakeContext, name: str, secret: str, address: str) -> object:
    passcode = OFFICIAL if secret == "right" else "WRNG2345"
    return sign_in(context, CandidateCredentials(EXAM, SUBJECT, f"ADM-{name}", passcode, address))


def phone(context: FakeContext, name: str, secret: str, address: str) -> object:
    code = context.new_id()[-8:].upper()
    if secret == "right":
        context.sessions.commit(build.join_code("5e55", code, context.clock() + SECOND))
    numbers = CandidateNumbers(f"ADM-{name}", f"ID-{name}-0001")
    return pair_phone(context, code, numbers, Origin(address))


def staff(context: FakeContext, name: str, secret: str, address: str) -> object:
    username = {"one": "proctor", "two": "admin"}.get(name, name)
    password = f"password of {username}" if secret == "right" else "wrong"
    return sign_in_staff(context, StaffCredentials(username, password, address))


KINDS = pytest.mark.parametrize(
    ("attempt", "error"),
    [(candidate, InvalidCredentials), (phone, InvalidJoinCode), (staff, InvalidStaffCredentials)],
    ids=["candidate", "phone", "staff"],
)


def responses(
    context: FakeContext, attempt: SignIn, name: str, count: int
) -> list[tuple[str, str]]:
    """Return the errors of a series of invalid attempts, a second apart."""
    errors = []
    for _ in range(count):
        with pytest.raises(DomainError) as refusal:
            attempt(context, name, "wrong", ADDRESS)
        errors.append((refusal.value.code, refusal.value.text.zh))
        context.clock.advance(SECOND)
    return errors


@KINDS
def test_failures_require_a_wait_before_the_next_attempt(
    context: FakeContext, attempt: SignIn, error: type[DomainError]
) -> None:
    add_session(context)
    codes = [code for code, _ in responses(context, attempt, "one", PER_NUMBER.free_attempts + 3)]
    assert codes == [error.code] * PER_NUMBER.free_attempts + ["too_many_tries"] * 3
    with pytest.raises(TooManyAttempts):
        attempt(context, "one", "right", ADDRESS)  # valid, but too early: it is not verified
    with pytest.raises(TooManyAttempts):
        attempt(context, "one", "right", OTHER_ADDRESS)
    context.clock.advance(PER_NUMBER.first_wait)
    attempt(context, "one", "right", ADDRESS)
    assert [code for code, _ in responses(context, attempt, "one", 1)] == [error.code]


@KINDS
def test_existing_and_unknown_numbers_get_the_same_responses(
    context: FakeContext, attempt: SignIn, error: type[DomainError]
) -> None:
    add_session(context)
    assert error.status == 401
    existing = responses(context, attempt, "one", PER_NUMBER.free_attempts + 4)
    context.clock.advance(60 * MINUTE)
    assert existing == responses(context, attempt, "nobody", PER_NUMBER.free_attempts + 4)


@KINDS
def test_another_number_is_not_throttled(
    context: FakeContext, attempt: SignIn, error: type[DomainError]
) -> None:
    add_session(context, candidate_id="candidate-two")
    assert {code for code, _ in responses(context, attempt, "one", PER_NUMBER.free_attempts)} == {
        error.code
    }
    attempt(context, "two", "right", ADDRESS)


def test_address_is_throttled_across_numbers(context: FakeContext) -> None:
    for number in range(PER_ADDRESS.free_attempts):
        with pytest.raises(InvalidCredentials):
            candidate(context, f"guess-{number}", secret="wrong", address=ADDRESS)
    with pytest.raises(TooManyAttempts):
        candidate(context, "one", secret="right", address=ADDRESS)
    candidate(context, "one", secret="right", address=OTHER_ADDRESS)


def test_successes_from_one_address_are_not_throttled(context: FakeContext) -> None:
    for _ in range(PER_ADDRESS.free_attempts + 10):
        candidate(context, "one", secret="right", address=ADDRESS)


def test_concurrent_attempts_are_throttled(context: FakeContext) -> None:
    """Others fail between the read and the write of a valid attempt, so it is throttled."""
    codes: list[str] = []

    def others() -> None:
        codes.extend(
            code for code, _ in responses(context, candidate, "one", PER_NUMBER.free_attempts)
        )

    context.sessions.before_commit.append(others)
    with pytest.raises(TooManyAttempts):
        candidate(context, "one", secret="right", address=ADDRESS)
    assert codes == ["wrong_numbers"] * PER_NUMBER.free_attempts
    with pytest.raises(DomainError):
        context.sessions.session("5e55")


def test_all_invalid_attempts_make_the_same_store_calls(context: FakeContext) -> None:
    calls = []
    for number, subject in (("ADM-one", SUBJECT), ("ADM-none", SUBJECT), ("ADM-one", "other")):
        context.registry.calls.clear()
        context.sessions.calls.clear()
        with pytest.raises(InvalidCredentials):
            sign_in(context, CandidateCredentials(EXAM, subject, number, "WRNG2345", ADDRESS))
        calls.append((tuple(context.registry.calls), tuple(context.sessions.calls)))
    assert len(set(calls)) == 1
