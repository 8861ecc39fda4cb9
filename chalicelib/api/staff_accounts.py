"""Routes of staff accounts: one's own password and sessions, and everybody's for admins."""

from chalicelib.api.roles import ADMIN, STAFF
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.domain.errors import Conflict
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.rules.sign_in_throttling import TooManyAttempts
from chalicelib.schemas.common import Done
from chalicelib.schemas.serializers.staff import audit_out
from chalicelib.schemas.staff import StaffOut, StaffSignedInOut
from chalicelib.schemas.staff_accounts import (
    PasswordIn,
    StaffAccountDetail,
    StaffAccountIn,
    StaffAccountOut,
    StaffAccountsOut,
)
from chalicelib.services.admin import staff_accounts
from chalicelib.services.admin.staff_accounts import OwnAccount, StaffForm
from chalicelib.services.sign_in.staff_password import (
    PasswordChange,
    WeakPassword,
    WrongOldPassword,
    change_password,
)

routes = Routes("chalicelib.api.staff_accounts")
ACCOUNT = "/admin/staff/{username}"


def _account_out(staff: Staff) -> StaffAccountOut:
    return StaffAccountOut(
        username=staff.username,
        display_name=staff.display_name,
        role=staff.role,
        rooms=list(staff.rooms),
        disabled=staff.disabled,
        authenticator=bool(staff.totp_secret),
        version=staff.version,
    )


@routes.add(
    "PUT",
    "/staff/password",
    tag=Tag.STAFF_SIGN_IN,
    roles=STAFF,
    body=PasswordIn,
    response=StaffSignedInOut,
    errors=(WrongOldPassword, WeakPassword, TooManyAttempts, Conflict),
)
def change_own_password(request: ApiRequest, body: PasswordIn) -> StaffSignedInOut:
    """Change one's own password; every other session ends, and this one gets a new token."""
    session = change_password(
        request.context, request.staff, PasswordChange(body.old, body.new, request.address)
    )
    staff = session.staff
    return StaffSignedInOut(
        token=session.token,
        expires_at=session.expires_at,
        staff=StaffOut(username=staff.username, display_name=staff.display_name, role=staff.role),
    )


@routes.add(
    "POST",
    "/staff/sessions/end",
    tag=Tag.STAFF_SIGN_IN,
    roles=STAFF,
    response=Done,
    errors=(Conflict,),
)
def end_own_sessions(request: ApiRequest) -> Done:
    """Sign out everywhere, here as well."""
    staff = request.staff
    staff_accounts.sign_out_everywhere(request.context, staff, staff.username)
    return Done()


@routes.add("GET", "/admin/staff", tag=Tag.STAFF_SIGN_IN, roles=ADMIN, response=StaffAccountsOut)
def show_accounts(request: ApiRequest) -> StaffAccountsOut:
    """Show every staff account."""
    return StaffAccountsOut(
        staff=[_account_out(staff) for staff in request.context.registry.all_staff()]
    )


@routes.add("GET", ACCOUNT, tag=Tag.STAFF_SIGN_IN, roles=ADMIN, response=StaffAccountDetail)
def show_account(request: ApiRequest, username: str) -> StaffAccountDetail:
    """Show a staff account, with what was changed in it."""
    history = staff_accounts.staff_history(request.context, username)
    return StaffAccountDetail(
        account=_account_out(history.staff), audit=[audit_out(entry) for entry in history.audit]
    )


@routes.add(
    "PUT",
    ACCOUNT,
    tag=Tag.STAFF_SIGN_IN,
    roles=ADMIN,
    body=StaffAccountIn,
    response=StaffAccountOut,
    errors=(OwnAccount, Conflict),
)
def change_account(request: ApiRequest, body: StaffAccountIn, username: str) -> StaffAccountOut:
    """Change an account's role, rooms and status; a new role or status ends its sessions."""
    form = StaffForm(body.version, body.role, tuple(body.rooms), body.disabled)
    return _account_out(
        staff_accounts.change_account(request.context, request.staff, username, form)
    )


@routes.add(
    "POST",
    ACCOUNT + "/sessions/end",
    tag=Tag.STAFF_SIGN_IN,
    roles=ADMIN,
    response=Done,
    errors=(Conflict,),
)
def end_account_sessions(request: ApiRequest, username: str) -> Done:
    """End every session of an account."""
    staff_accounts.sign_out_everywhere(request.context, request.staff, username)
    return Done()
