"""Which rooms and sessions a staff member may see."""

from chalicelib.domain.errors import NotFound
from chalicelib.domain.exams.exams import Exam, Room, Staff
from chalicelib.services.ports import AppContext, SessionBundle


def get_staff(context: AppContext, username: str) -> Staff:
    """Return a staff member. Raises NotFound."""
    return context.registry.staff(username)


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
