"""A staff member's own password."""

from dataclasses import dataclass, replace

from chalicelib.domain.audit import append
from chalicelib.domain.errors import BadInput
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.rules.sign_in_throttling import key_for_address, key_for_number
from chalicelib.domain.types import LocalizedText
from chalicelib.services.core.access import audit_actor
from chalicelib.services.core.staff_sessions import end_sockets, staff_owner_id
from chalicelib.services.core.tokens import issue_token
from chalicelib.services.ports import AppContext, AttemptReset
from chalicelib.services.sign_in.attempts import record_failure, require_not_throttled
from chalicelib.services.sign_in.staff import InvalidStaffCredentials, StaffSession

MIN_PASSWORD_LENGTH = 10


class WeakPassword(BadInput):
    """The new password is too short, the user name, or the old one again."""

    code = "weak_password"
    text = LocalizedText(
        f"新密码至少 {MIN_PASSWORD_LENGTH} 个字符，不能是用户名，也不能与原密码相同。",
        f"The new password needs at least {MIN_PASSWORD_LENGTH} characters, and must be neither "
        "your user name nor the old password.",
    )


class WrongOldPassword(InvalidStaffCredentials):
    """The old password is wrong."""

    status = 403
    code = "wrong_old_password"
    text = LocalizedText("原密码不正确。", "The current password is incorrect.")


@dataclass(frozen=True, slots=True)
class PasswordChange:
    """The old password and the new one, and the address that the request comes from."""

    old: str
    new: str
    address: str


def change_password(context: AppContext, staff: Staff, change: PasswordChange) -> StaffSession:
    """Change one's own password; every other session ends, and this one gets a new token.

    Raises WrongOldPassword, TooManyAttempts, WeakPassword, Conflict.
    """
    now = context.clock()
    keys = key_for_number("staff", staff.username), key_for_address(change.address)
    _, attempts = context.sessions.session_with_attempts(keys[0].name, keys)
    require_not_throttled(keys, attempts, now)
    if not context.passwords.matches(change.old, staff.password_hash):
        raise record_failure(context, keys, attempts, now, WrongOldPassword)
    context.sessions.commit(AttemptReset(attempts[keys[0].name], now))
    forbidden = {change.old, staff.username}
    if len(change.new) < MIN_PASSWORD_LENGTH or change.new in forbidden:
        raise WeakPassword
    entry, head = append(
        staff.head, staff_owner_id(staff.username), now, audit_actor(staff), "password_changed"
    )
    changed = replace(
        staff,
        password_hash=context.passwords.hash(change.new),
        generation=staff.generation + 1,
        version=staff.version + 1,
        head=head,
    )
    context.registry.put_staff(changed, entry)
    end_sockets(context, staff.username)
    token, expires_at = issue_token(
        context, changed.role, changed.username, now, generation=changed.generation
    )
    return StaffSession(token, expires_at, changed)
