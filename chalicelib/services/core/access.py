"""Which rooms and sessions a staff member may see."""

from chalicelib.domain.errors import NotFound, NotSignedIn
from chalicelib.domain.exams.exams import Exam, Room, Staff
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import find_or_none
from chalicelib.services.ports import AppContext, Claims, SessionBundle


class StaffSessionEnded(NotSignedIn):
    """The account was closed or changed, or its sessions were ended, after the token was issued."""

    code = "session_ended"
    text = LocalizedText(
        "账号的密码、角色或状态已更改，或已在其他地方退出，请重新登录。",
        "The account's password, role or status has changed, or its sessions were ended. "
        "Please sign in again.",
    )


def require_current_staff(staff: Staff | None, claims: Claims) -> Staff:
    """Return the account of a token. Raises StaffSessionEnded unless it still stands behind it."""
    if (
        staff is None
        or staff.disabled
        or staff.role is not claims.role
        or staff.generation != claims.generation
    ):
        raise StaffSessionEnded
    return staff


def get_staff(context: AppContext, claims: Claims) -> Staff:
    """Return the staff member whose token it is, read anew. Raises StaffSessionEnded."""
    staff = find_or_none(lambda: context.registry.staff(claims.subject))
    return require_current_staff(staff, claims)


def require_open_session(context: AppContext, claims: Claims) -> None:
    """Raise StaffSessionEnded where an account no longer stands behind a token; at most half a
    minute late, because a worker reads each account only that often."""
    staff = find_or_none(lambda: context.registry.recent_staff(claims.subject))
    require_current_staff(staff, claims)


def rooms_for(context: AppContext, staff: Staff) -> list[tuple[Room, Exam]]:
    """Return the rooms that a staff member may see, with their exams."""
    rooms = [room for room in context.registry.rooms() if staff.may_see(room.room_id)]
    return [(room, context.registry.exam(room.exam_id)) for room in rooms]


def authorized_room(context: AppContext, staff: Staff, room_id: str) -> tuple[Room, Exam]:
    """Return a room and its exam. Raises NotFound where the staff member may not see it."""
    if not staff.may_see(room_id):
        raise NotFound
    room = context.registry.room(room_id)
    return room, context.registry.exam(room.exam_id)


def authorized_session(context: AppContext, staff: Staff, session_id: str) -> SessionBundle:
    """Return a session. Raises NotFound where the staff member may not see its room."""
    bundle = context.sessions.bundle(session_id)
    if not staff.may_see(bundle.session.room_id):
        raise NotFound
    return bundle


def audit_actor(staff: Staff) -> str:
    """Return a staff member's name in audit entries."""
    return f"{staff.role}:{staff.username}"
