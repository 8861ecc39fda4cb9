"""Staff sign in by password, and with a one-time code where they have an authenticator."""

from dataclasses import replace

import pytest

from chalicelib.domain.rules.sign_in_throttling import TooManyTries
from chalicelib.domain.types import SECOND, Role
from chalicelib.services.core.tokens import API
from chalicelib.services.sign_in.staff import (
    CodeNeeded,
    CodeUsed,
    StaffEntered,
    StaffSignIn,
    WrongOneTimeCode,
    WrongPassword,
    sign_in_staff,
)
from tests.support import builders as build
from tests.support.fake_context import FakeWorld, fake_world

HERE, ELSEWHERE = "192.0.2.1", "192.0.2.2"
STEP = 30 * SECOND


@pytest.fixture
def world() -> FakeWorld:
    return fake_world()


def enter(world: FakeWorld, username: str, password: str, code: str = "") -> StaffEntered:
    return sign_in_staff(world, StaffSignIn(username, password, HERE, code))


class TestPassword:
    @pytest.mark.parametrize("username", ["proctor", "admin", "support"])
    def test_a_password_lets_in(self, world: FakeWorld, username: str) -> None:
        entered = enter(world, username, f"password of {username}")
        claims = world.tokens.read(entered.token, API, world.clock())
        assert (claims.role, claims.subject) == (entered.staff.role, username)

    @pytest.mark.parametrize(
        ("username", "password"),
        [("proctor", "password of admin"), ("nobody", "password of nobody"), ("proctor", "")],
    )
    def test_whatever_is_wrong_the_answer_is_the_same(
        self, world: FakeWorld, username: str, password: str
    ) -> None:
        with pytest.raises(WrongPassword) as refusal:
            enter(world, username, password)
        assert refusal.value.text == WrongPassword.text

    def test_an_account_of_a_role_that_is_no_staff_does_not_open(self, world: FakeWorld) -> None:
        world.registry.put_staff(build.staff("odd", Role.CANDIDATE))
        with pytest.raises(WrongPassword):
            enter(world, "odd", "password of odd")

    def test_a_code_that_nobody_asked_for_is_let_be(self, world: FakeWorld) -> None:
        for _ in range(2):
            assert enter(world, "proctor", "password of proctor", "123456")


class TestCode:
    @pytest.fixture(autouse=True)
    def _authenticator(self, world: FakeWorld) -> None:
        staff = world.registry.staff("proctor")
        world.registry.put_staff(replace(staff, code_secret="SECRET"))

    def code(self, world: FakeWorld, beside: int = 0) -> str:
        return world.one_time_codes.code("SECRET", world.clock() // STEP + beside)

    def enter(self, world: FakeWorld, code: str) -> object:
        return enter(world, "proctor", "password of proctor", code)

    def test_it_is_asked_for_after_the_password_alone(self, world: FakeWorld) -> None:
        with pytest.raises(CodeNeeded):
            self.enter(world, "")
        for code in ("", self.code(world)):
            with pytest.raises(WrongPassword):
                enter(world, "proctor", "wrong", code)

    @pytest.mark.parametrize("beside", [-1, 0, 1])
    def test_a_code_of_about_now_lets_in(self, world: FakeWorld, beside: int) -> None:
        assert self.enter(world, self.code(world, beside))

    @pytest.mark.parametrize("beside", [-2, 2])
    def test_a_code_of_another_moment_does_not(self, world: FakeWorld, beside: int) -> None:
        with pytest.raises(WrongOneTimeCode):
            self.enter(world, self.code(world, beside))

    def test_a_code_signs_in_once(self, world: FakeWorld) -> None:
        self.enter(world, self.code(world))
        with pytest.raises(CodeUsed):
            self.enter(world, self.code(world))
        world.clock.move(STEP)
        assert self.enter(world, self.code(world))

    def test_wrong_codes_wait_as_wrong_passwords_do(self, world: FakeWorld) -> None:
        for _ in range(5):
            with pytest.raises(WrongOneTimeCode):
                self.enter(world, "000000")
        with pytest.raises(TooManyTries):
            self.enter(world, self.code(world))
