"""Signing in of staff: by password, and by a one-time code where they have an authenticator."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from chalicelib.domain.errors import Conflict, NotSignedIn
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.rules.sign_in_throttling import key_for_address, key_for_number
from chalicelib.domain.types import MINUTE, STAFF_ROLES, LocalizedText, Millis
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.core.tokens import issue_token
from chalicelib.services.ports import AppContext, AttemptReset, Nonce, Record
from chalicelib.services.sign_in.attempts import record_failure, require_not_throttled

USED_CODE_TTL: Millis = 3 * MINUTE
"""For how long a used code is remembered: longer than it could be right."""


class InvalidStaffCredentials(NotSignedIn):
    """A staff name and password do not belong together."""

    code = "wrong_password"
    text = LocalizedText("用户名或密码不正确。", "The user name or the password is wrong.")


class OneTimeCodeRequired(NotSignedIn):
    """The password is right, and this person signs in with a one-time code as well."""

    code = "code_needed"
    text = LocalizedText(
        "请输入验证器应用中的 6 位验证码。",
        "Enter the six digits that your authenticator app shows.",
    )


class InvalidOneTimeCode(NotSignedIn):
    """The one-time code is not of this moment."""

    code = "wrong_one_time_code"
    text = LocalizedText(
        "验证码不正确或已过期，请输入验证器应用中的最新验证码。",
        "That code is wrong or over. Enter the newest one of your authenticator app.",
    )


class OneTimeCodeUsed(NotSignedIn):
    """A one-time code signs in once."""

    code = "code_used"
    text = LocalizedText(
        "此验证码已使用过，请等待下一个验证码。",
        "That code was used already. Wait for the next one.",
    )


@dataclass(frozen=True, slots=True)
class StaffCredentials:
    """What a staff member signs in with, and from where; `code` is empty where none was given."""

    username: str
    password: str
    address: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A staff member's token."""

    token: str
    expires_at: Millis
    staff: Staff


def sign_in_staff(context: AppContext, credentials: StaffCredentials) -> StaffSession:
    """Sign a staff member in. Raises WrongPassword, after as long a time for an unknown name;
    CodeNeeded, WrongOneTimeCode or CodeUsed; TooManyTries."""
    now = context.clock()
    # Comparing is slow by design: once, however often the write is tried.
    who = cache(lambda: _require_password(context, credentials))
    try:
        staff = retry_on_conflict(lambda: _sign_in(context, credentials, who, now))
    except Conflict:
        # With a code, what stands in the way time and again is that very code, used before.
        raise OneTimeCodeUsed if credentials.code else Conflict from None
    token, expires_at = issue_token(context, staff.role, staff.username, now)
    return StaffSession(token, expires_at, staff)


def _sign_in(
    context: AppContext, credentials: StaffCredentials, who: Callable[[], Staff | None], now: Millis
) -> Staff:
    doors = key_for_number("staff", credentials.username), key_for_address(credentials.address)
    _, known = context.sessions.session_with_attempts(doors[0].name, doors)
    require_not_throttled(doors, known, now)
    staff = who()
    if staff is None:
        raise record_failure(context, doors, known, now, InvalidStaffCredentials)
    records: list[Record] = [AttemptReset(known[doors[0].name], now)]
    if staff.totp_secret:
        if not credentials.code:
            raise OneTimeCodeRequired
        step = context.one_time_codes.time_step(staff.totp_secret, credentials.code, now)
        if step is None:
            raise record_failure(context, doors, known, now, InvalidOneTimeCode)
        records.append(Nonce(f"code/{staff.username}/{step}", "", now + USED_CODE_TTL))
    context.sessions.commit(*records)
    return staff


def _require_password(context: AppContext, credentials: StaffCredentials) -> Staff | None:
    """Return whose name and password these are; for nobody's it takes as long."""
    staff = find_or_none(lambda: context.registry.staff(credentials.username))
    if staff is None:
        context.passwords.hash(credentials.password)
        return None
    right = staff.role in STAFF_ROLES and context.passwords.matches(
        credentials.password, staff.password_hash
    )
    return staff if right else None
