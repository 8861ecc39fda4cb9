"""Staff accounts: who has one, with which role and rooms; closing them and ending their sessions.

Every change is in the account's audit chain. A change of role or status, a new password and «sign
out everywhere» start a new generation of tokens: what was signed in with before ends, on every
worker within half a minute, and its sockets at once.
"""

from dataclasses import dataclass, replace

from chalicelib.domain.audit import AuditEntry, append
from chalicelib.domain.errors import BadInput, Conflict
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.types import LocalizedText, Role
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.core.access import audit_actor
from chalicelib.services.core.staff_sessions import end_sockets, staff_owner_id
from chalicelib.services.ports import AppContext


@dataclass(frozen=True, slots=True)
class StaffForm:
    """What an administrator sets of an account, based on the `version` that was seen."""

    version: int
    role: Role
    rooms: tuple[str, ...]
    disabled: bool


@dataclass(frozen=True, slots=True)
class StaffHistory:
    """An account with its audit chain."""

    staff: Staff
    audit: list[AuditEntry]


class OwnAccount(BadInput):
    """An administrator's own role and status: another one changes them, so that one is left."""

    code = "own_account"
    text = LocalizedText(
        "不能更改自己的角色或停用自己的账号，请由另一位管理员操作。",
        "You cannot change your own role or close your own account. Ask another administrator.",
    )


def staff_history(context: AppContext, username: str) -> StaffHistory:
    """Return an account with its audit chain. Raises NotFound."""
    return StaffHistory(
        context.registry.staff(username), context.registry.audit(staff_owner_id(username))
    )


def change_account(context: AppContext, admin: Staff, username: str, form: StaffForm) -> Staff:
    """Change an account's role, rooms and status. Raises NotFound, Conflict, OwnAccount, BadInput."""
    before = context.registry.staff(username)
    if before.version != form.version:
        raise Conflict
    for room_id in form.rooms:
        if room_id not in before.rooms:
            _require_room(context, room_id)
    ends = (before.role, before.disabled) != (form.role, form.disabled)
    if ends and username == admin.username:
        raise OwnAccount
    entry, head = append(
        before.head,
        staff_owner_id(username),
        context.clock(),
        audit_actor(admin),
        "account_changed",
        role=form.role,
        rooms=",".join(form.rooms),
        disabled=form.disabled,
    )
    changed = replace(
        before,
        role=form.role,
        rooms=form.rooms,
        disabled=form.disabled,
        generation=before.generation + (1 if ends else 0),
        version=before.version + 1,
        head=head,
    )
    context.registry.put_staff(changed, entry)
    if ends or not set(form.rooms) >= set(before.rooms):
        end_sockets(context, username)  # also those that follow a room that is no longer theirs
    return changed


def _require_room(context: AppContext, room_id: str) -> None:
    if find_or_none(lambda: context.registry.room(room_id)) is None:
        raise BadInput(LocalizedText(f"没有考场 {room_id}。", f"There is no room {room_id}."))


def sign_out_everywhere(context: AppContext, actor: Staff, username: str) -> None:
    """End every session of an account, the caller's own included. Raises NotFound."""

    def attempt() -> None:
        before = context.registry.staff(username)
        entry, head = append(
            before.head,
            staff_owner_id(username),
            context.clock(),
            audit_actor(actor),
            "sessions_ended",
        )
        context.registry.put_staff(
            replace(
                before, generation=before.generation + 1, version=before.version + 1, head=head
            ),
            entry,
        )

    retry_on_conflict(attempt)
    end_sockets(context, username)
