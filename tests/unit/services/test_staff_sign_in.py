"""Staff sign in by password, and with a one-time code where they have an authenticator."""

from dataclasses import replace

import pytest

from chalicelib.domain.rules.sign_in_throttling import TooManyAttempts
from chalicelib.domain.types import SECOND, Role
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

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
STEP = 30 * SECOND


@pytest.fixture
def world() -> FakeContext:
    return fake_context()


def enter(world: FakeContext, username: str, password: str, code: str = "") -> StaffSession:
    return sign_in_staff(world, StaffCredentials(username, password, HERE, code))


class TestPassword:
    @pytest.mark.parametrize("username", ["proctor", "admin", "support"])
    def test_a_password_lets_in(self, world: FakeContext, username: str) -> None:
        entered = enter(world, username, f"password of {username}")
        claims = world.tokens.read(entered.token, API_AUDIENCE, world.clock())
        assert (claims.role, claims.subject) == (entered.staff.role, username)

    @pytest.mark.parametrize(
        ("username", "password"),
        [("proctor", "password of admin"), ("nobody", "password of nobody"), ("proctor", "")],
    )
    def test_whatever_is_wrong_the_answer_is_the_same(
        self, world: FakeContext, username: str, password: str
    ) -> None:
        with pytest.raises(InvalidStaffCredentials) as refusal:
            enter(world, username, password)
        assert refusal.value.text == InvalidStaffCredentials.text

    def test_an_account_of_a_role_that_is_no_staff_does_not_open(self, world: FakeContext) -> None:
        world.registry.put_staff(build.staff("odd", Role.CANDIDATE))
        with pytest.raises(InvalidStaffCredentials):
            enter(world, "odd", "password of odd")

    def test_a_code_that_nobody_asked_for_is_let_be(self, world: FakeContext) -> None:
        for _ in range(2):
            assert enter(world, "proctor", "password of proctor", "123456")


class TestCode:
    @pytest.fixture(autouse=True)
    def _authenticator(self, world: FakeContext) -> None:
        staff = world.registry.staff("proctor")
        world.registry.put_staff(replace(staff, totp_secret="SECRET"))

    def code(self, world: FakeContext, beside: int = 0) -> str:
        return world.one_time_codes.code("SECRET", world.clock() // STEP + beside)

    def enter(self, world: FakeContext, code: str) -> object:
        return enter(world, "proctor", "password of proctor", code)

    def test_it_is_asked_for_after_the_password_alone(self, world: FakeContext) -> None:
        with pytest.raises(OneTimeCodeRequired):
            self.enter(world, "")
        for code in ("", self.code(world)):
            with pytest.raises(InvalidStaffCredentials):
                enter(world, "proctor", "wrong", code)

    @pytest.mark.parametrize("beside", [-1, 0, 1])
    def test_a_code_of_about_now_lets_in(self, world: FakeContext, beside: int) -> None:
        assert self.enter(world, self.code(world, beside))

    @pytest.mark.parametrize("beside", [-2, 2])
    def test_a_code_of_another_moment_does_not(self, world: FakeContext, beside: int) -> None:
        with pytest.raises(InvalidOneTimeCode):
            self.enter(world, self.code(world, beside))

    def test_a_code_signs_in_once(self, world: FakeContext) -> None:
        self.enter(world, self.code(world))
        with pytest.raises(OneTimeCodeUsed):
            self.enter(world, self.code(world))
        world.clock.move(STEP)
        assert self.enter(world, self.code(world))

    def test_wrong_codes_wait_as_wrong_passwords_do(self, world: FakeContext) -> None:
        for _ in range(5):
            with pytest.raises(InvalidOneTimeCode):
                self.enter(world, "000000")
        with pytest.raises(TooManyAttempts):
            self.enter(world, self.code(world))
