"""Staff sign-in: by password, and with a one-time code for those with an authenticator."""

from dataclasses import replace
from functools import partial

import pytest

from chalicelib.domain.errors import Conflict
from chalicelib.domain.rules.sign_in_throttling import TooManyAttempts, key_for_number
from chalicelib.domain.types import MINUTE, SECOND, Role
from chalicelib.services.core.tokens import API_AUDIENCE
from chalicelib.services.sign_in.staff import (
    InvalidOneTimeCode,
    InvalidStaffCredentials,
    OneTimeCodeRequired,
    OneTimeCodeUsed,
    StaffCredentials,
    StaffSession,
    sign_in_staff,
)
from tests.support import builders as build
from tests.support.fake_context import FakeContext, fake_context

ADDRESS = "192.0.2.1"
STEP = 30 * SECOND


@pytest.fixture
def context() -> FakeContext:
    return fake_context()


def sign_in(context: FakeContext, username: str, password: str, code: str = "") -> StaffSession:
    return sign_in_staff(context, StaffCredentials(username, password, ADDRESS, code))


class TestPassword:
    @pytest.mark.parametrize("username", ["proctor", "admin", "support"])
    def test_valid_password_signs_in(self, context: FakeContext, username: str) -> None:
        session = sign_in(context, username, f"password of {username}")
        claims = context.tokens.read(session.token, API_AUDIENCE, context.clock())
        assert (claims.role, claims.subject) == (session.staff.role, username)

    @pytest.mark.parametrize(
        ("username", "password"),
        [("proctor", "password of admin"), ("nobody", "password of nobody"), ("proctor", "")],
    )
    def test_all_invalid_credentials_get_the_same_response(
        self, context: FakeContext, username: str, password: str
    ) -> None:
        with pytest.raises(InvalidStaffCredentials) as refusal:
            sign_in(context, username, password)
        assert refusal.value.text == InvalidStaffCredentials.text

    def test_account_with_a_candidate_role_is_rejected(self, context: FakeContext) -> None:
        context.registry.put_staff(build.staff("odd", Role.CANDIDATE))
        with pytest.raises(InvalidStaffCredentials):
            sign_in(context, "odd", "password of odd")

    def test_code_without_authenticator_is_ignored(self, context: FakeContext) -> None:
        for _ in range(2):
            assert sign_in(context, "proctor", "password of proctor", "123456")


class TestOneTimeCode:
    @pytest.fixture(autouse=True)
    def _authenticator(self, context: FakeContext) -> None:
        staff = context.registry.staff("proctor")
        context.registry.put_staff(replace(staff, totp_secret="SECRET"))

    def code(self, context: FakeContext, drift: int = 0) -> str:
        return context.one_time_codes.code("SECRET", context.clock() // STEP + drift)

    def sign_in(self, context: FakeContext, code: str) -> object:
        return sign_in(context, "proctor", "password of proctor", code)

    def test_code_is_required_after_a_valid_password_only(self, context: FakeContext) -> None:
        with pytest.raises(OneTimeCodeRequired):
            self.sign_in(context, "")
        for code in ("", self.code(context)):
            with pytest.raises(InvalidStaffCredentials):
                sign_in(context, "proctor", "wrong", code)

    @pytest.mark.parametrize("drift", [-1, 0, 1])
    def test_code_within_the_drift_signs_in(self, context: FakeContext, drift: int) -> None:
        assert self.sign_in(context, self.code(context, drift))

    @pytest.mark.parametrize("drift", [-2, 2])
    def test_code_outside_the_drift_is_rejected(self, context: FakeContext, drift: int) -> None:
        with pytest.raises(InvalidOneTimeCode):
            self.sign_in(context, self.code(context, drift))

    def test_used_code_is_rejected(self, context: FakeContext) -> None:
        self.sign_in(context, self.code(context))
        with pytest.raises(OneTimeCodeUsed):
            self.sign_in(context, self.code(context))
        context.clock.advance(STEP)
        assert self.sign_in(context, self.code(context))

    def test_busy_attempt_counter_is_not_reported_as_a_used_code(
        self, context: FakeContext
    ) -> None:
        key, now = key_for_number("staff", "proctor"), context.clock()
        # Before each write somebody else fails; after four the count begins anew, so none waits.
        for failed_at in [now] * 4 + [now + 60 * MINUTE] * 2:
            failure = partial(context.sessions.count_failure, key, failed_at)
            context.sessions.before_commit.append(failure)
        with pytest.raises(Conflict):
            self.sign_in(context, self.code(context))
        assert context.sessions.before_commit == []
        assert self.sign_in(context, self.code(context))

    def test_used_code_does_not_bypass_the_wait(self, context: FakeContext) -> None:
        self.sign_in(context, self.code(context))
        key = key_for_number("staff", "proctor")

        def failures() -> None:
            for _ in range(6):
                context.sessions.count_failure(key, context.clock())

        context.sessions.before_commit.append(failures)
        with pytest.raises(TooManyAttempts):
            self.sign_in(context, self.code(context))

    def test_invalid_codes_are_throttled(self, context: FakeContext) -> None:
        for _ in range(5):
            with pytest.raises(InvalidOneTimeCode):
                self.sign_in(context, "000000")
        with pytest.raises(TooManyAttempts):
            self.sign_in(context, self.code(context))
