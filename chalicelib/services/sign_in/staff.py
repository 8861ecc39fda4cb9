"""Signing in of staff: by password, and by a one-time code where they have an authenticator."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from chalicelib.domain.errors import Conflict, NotSignedIn
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.rules.sign_in_throttling import address_door, number_door
from chalicelib.domain.types import MINUTE, STAFF_ROLES, Millis, Text
from chalicelib.retry import or_none, until_written
from chalicelib.services.core.tokens import issue
from chalicelib.services.ports import Nonce, Record, Welcome, World
from chalicelib.services.sign_in.attempts import check_doors, failed

CODE_KEPT: Millis = 3 * MINUTE
"""For how long a used code is remembered: longer than it could be right."""


class WrongPassword(NotSignedIn):
    """A staff name and password do not belong together."""

    code = "wrong_password"
    text = Text("用户名或密码不正确。", "The user name or the password is wrong.")


class CodeNeeded(NotSignedIn):
    """The password is right, and this person signs in with a one-time code as well."""

    code = "code_needed"
    text = Text(
        "请输入验证器应用中的 6 位验证码。",
        "Enter the six digits that your authenticator app shows.",
    )


class WrongOneTimeCode(NotSignedIn):
    """The one-time code is not of this moment."""

    code = "wrong_one_time_code"
    text = Text(
        "验证码不正确或已过期，请输入验证器应用中的最新验证码。",
        "That code is wrong or over. Enter the newest one of your authenticator app.",
    )


class CodeUsed(NotSignedIn):
    """A one-time code signs in once."""

    code = "code_used"
    text = Text(
        "此验证码已使用过，请等待下一个验证码。",
        "That code was used already. Wait for the next one.",
    )


@dataclass(frozen=True, slots=True)
class StaffSignIn:
    """What a staff member signs in with, and from where; `code` is empty where none was given."""

    username: str
    password: str
    address: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class StaffEntered:
    """A staff member's token."""

    token: str
    expires_at: Millis
    staff: Staff


def sign_in_staff(world: World, given: StaffSignIn) -> StaffEntered:
    """Sign a staff member in. Raises WrongPassword, after as long a time for an unknown name;
    CodeNeeded, WrongOneTimeCode or CodeUsed; TooManyTries."""
    now = world.clock()
    # Comparing is slow by design: once, however often the write is tried.
    who = cache(lambda: _with_password(world, given))
    try:
        staff = until_written(lambda: _sign_in(world, given, who, now))
    except Conflict:
        # With a code, what stands in the way time and again is that very code, used before.
        raise CodeUsed if given.code else Conflict from None
    token, expires_at = issue(world, staff.role, staff.username, now)
    return StaffEntered(token, expires_at, staff)


def _sign_in(
    world: World, given: StaffSignIn, who: Callable[[], Staff | None], now: Millis
) -> Staff:
    doors = number_door("staff", given.username), address_door(given.address)
    _, known = world.sessions.knock(doors[0].name, doors)
    check_doors(doors, known, now)
    staff = who()
    if staff is None:
        raise failed(world, doors, known, now, WrongPassword)
    records: list[Record] = [Welcome(known[doors[0].name], now)]
    if staff.code_secret:
        if not given.code:
            raise CodeNeeded
        step = world.one_time_codes.step(staff.code_secret, given.code, now)
        if step is None:
            raise failed(world, doors, known, now, WrongOneTimeCode)
        records.append(Nonce(f"code/{staff.username}/{step}", "", now + CODE_KEPT))
    world.sessions.commit(*records)
    return staff


def _with_password(world: World, given: StaffSignIn) -> Staff | None:
    """Return whose name and password these are; for nobody's it takes as long."""
    staff = or_none(lambda: world.registry.staff(given.username))
    if staff is None:
        world.passwords.hash(given.password)
        return None
    right = staff.role in STAFF_ROLES and world.passwords.matches(
        given.password, staff.password_hash
    )
    return staff if right else None
