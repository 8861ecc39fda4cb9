"""Staff sign-in: by password, and by a one-time code for those who have an authenticator."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from chalicelib.domain.errors import Conflict, NotSignedIn
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.rules.sign_in_throttling import key_for_address, key_for_number
from chalicelib.domain.types import MINUTE, STAFF_ROLES, LocalizedText, Millis
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.core.tokens import issue_token
from chalicelib.services.ports import AppContext, AttemptReset, Nonce
from chalicelib.services.sign_in.attempts import record_failure, require_not_throttled

USED_CODE_TTL: Millis = 3 * MINUTE
"""How long a used code is stored: longer than it is valid."""


class InvalidStaffCredentials(NotSignedIn):
    """The user name or the password is wrong; the response does not reveal which."""

    code = "wrong_password"
    text = LocalizedText("用户名或密码不正确。", "The user name or password is incorrect.")


class OneTimeCodeRequired(NotSignedIn):
    """The password is right, and this person also needs a one-time code."""

    code = "code_needed"
    text = LocalizedText(
        "请输入验证器应用中的 6 位验证码。",
        "Enter the six-digit code from your authenticator app.",
    )


class InvalidOneTimeCode(NotSignedIn):
    """The one-time code is wrong or has expired."""

    code = "wrong_one_time_code"
    text = LocalizedText(
        "验证码不正确或已过期，请输入验证器应用中的最新验证码。",
        "That code is wrong or has expired. Enter the current code from your authenticator app.",
    )


class OneTimeCodeUsed(NotSignedIn):
    """The one-time code has signed somebody in already; each does so once."""

    code = "code_used"
    text = LocalizedText(
        "此验证码已使用过，请等待下一个验证码。",
        "That code has already been used. Wait for the next one.",
    )


@dataclass(frozen=True, slots=True)
class StaffCredentials:
    """What a staff member signs in with, and the address it comes from; `code` may be empty."""

    username: str
    password: str
    address: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class StaffSession:
    """A staff member's token and when it expires."""

    token: str
    expires_at: Millis
    staff: Staff


def sign_in_staff(context: AppContext, credentials: StaffCredentials) -> StaffSession:
    """Sign a staff member in.

    Raises InvalidStaffCredentials, which takes as long for an unknown user name;
    OneTimeCodeRequired, InvalidOneTimeCode or OneTimeCodeUsed; TooManyAttempts.
    """
    now = context.clock()
    # Hashing is slow by design: once, however often the write is retried.
    verify = cache(lambda: _verify_password(context, credentials))
    staff = retry_on_conflict(lambda: _sign_in(context, credentials, verify, now))
    token, expires_at = issue_token(
        context, staff.role, staff.username, now, generation=staff.generation
    )
    return StaffSession(token, expires_at, staff)


def _sign_in(
    context: AppContext,
    credentials: StaffCredentials,
    verify: Callable[[], Staff | None],
    now: Millis,
) -> Staff:
    keys = key_for_number("staff", credentials.username), key_for_address(credentials.address)
    _, attempts = context.sessions.session_with_attempts(keys[0].name, keys)
    require_not_throttled(keys, attempts, now)
    staff = verify()
    if staff is None:
        raise record_failure(context, keys, attempts, now, InvalidStaffCredentials)
    attempt_reset = AttemptReset(attempts[keys[0].name], now)
    if not staff.totp_secret:
        context.sessions.commit(attempt_reset)
        return staff
    if not credentials.code:
        raise OneTimeCodeRequired
    step = context.one_time_codes.time_step(staff.totp_secret, credentials.code, now)
    if step is None:
        raise record_failure(context, keys, attempts, now, InvalidOneTimeCode)
    used_code = Nonce(f"code/{staff.username}/{step}", "", now + USED_CODE_TTL)
    try:
        context.sessions.commit(attempt_reset, used_code)
    except Conflict as conflict:
        # Where the count of failures has grown as well, the wait comes first: read again.
        if conflict.records != (used_code,):
            raise
        raise OneTimeCodeUsed from None
    return staff


def _verify_password(context: AppContext, credentials: StaffCredentials) -> Staff | None:
    """Return the staff member with this name and password, or None after the same time."""
    staff = find_or_none(lambda: context.registry.staff(credentials.username))
    if staff is None:
        context.passwords.hash(credentials.password)
        return None
    matches = context.passwords.matches(credentials.password, staff.password_hash)
    return staff if matches and staff.role in STAFF_ROLES and not staff.disabled else None
