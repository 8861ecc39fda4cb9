"""What staff see and do: rooms, the wall, one candidate close, pausing and ending."""

from dataclasses import dataclass

from chalicelib.exam.audit import AuditEntry
from chalicelib.exam.checks import Checks
from chalicelib.exam.errors import NotFound
from chalicelib.exam.exams import Exam, Room, Staff
from chalicelib.exam.findings import Observation
from chalicelib.exam.sessions import Session, terminate
from chalicelib.exam.timing import extend, pause, resume
from chalicelib.exam.watches import Flag
from chalicelib.exam.words import MINUTE
from chalicelib.services.ports import Whole, World
from chalicelib.services.waking import look_at
from chalicelib.services.walking import change_session, run_clock
from chalicelib.services.watching import end_watch

NEWEST = 24


@dataclass(frozen=True, slots=True)
class Close:
    """One session with all that a proctor looks at."""

    whole: Whole
    checks: Checks
    flags: list[Flag]
    observations: list[Observation]
    causes: list[Observation]
    audit: list[AuditEntry]


def staff_named(world: World, username: str) -> Staff:
    """Return a staff member. Raises NotFound."""
    return world.registry.staff(username)


def rooms_of(world: World, staff: Staff) -> list[tuple[Room, Exam]]:
    """Return the rooms that a staff member may see, with their exams."""
    rooms = [one for one in world.registry.rooms() if staff.may_see(one.room_id)]
    return [(one, world.registry.exam(one.exam_id)) for one in rooms]


def room_for(world: World, staff: Staff, room_id: str) -> tuple[Room, Exam]:
    """Return a room. Raises NotFound where there is none or it is not this person's."""
    if not staff.may_see(room_id):
        raise NotFound
    room = world.registry.room(room_id)
    return room, world.registry.exam(room.exam_id)


def session_for(world: World, staff: Staff, session_id: str) -> Whole:
    """Return a session. Raises NotFound where there is none or its room is not this person's."""
    whole = world.sessions.whole(session_id)
    if not staff.may_see(whole.session.room_id):
        raise NotFound
    return whole


def look_close(world: World, staff: Staff, session_id: str) -> Close:
    """Return one candidate with flags, pictures and audit. Raises NotFound."""
    whole = session_for(world, staff, session_id)
    flags = sorted(world.sessions.flags(session_id), key=lambda flag: -flag.began_at)
    named = {capture for flag in flags for capture in flag.captures}
    return Close(
        whole=whole,
        checks=world.sessions.checks(session_id),
        flags=flags,
        observations=world.sessions.observations(session_id, most=NEWEST),
        causes=world.sessions.observations_of(session_id, named),
        audit=world.sessions.audit(session_id),
    )


def pause_session(world: World, staff: Staff, session_id: str, reason: str) -> Session:
    """Stop a candidate's clock. Raises NotFound, WrongState."""
    session_for(world, staff, session_id)
    # A session whose time is up ends; it is not paused a moment too late.
    look_at(world, session_id)
    now, actor = world.clock(), actor_of(staff)
    return change_session(world, session_id, lambda one: pause(one, now, actor, reason))


def resume_session(world: World, staff: Staff, session_id: str) -> Session:
    """Let a candidate's clock run on. Raises NotFound, WrongState."""
    session_for(world, staff, session_id)
    now, actor = world.clock(), actor_of(staff)
    return run_clock(world, session_id, now, lambda one: resume(one, now, actor))


def extend_session(
    world: World, staff: Staff, session_id: str, minutes: int, reason: str
) -> Session:
    """Give a candidate more time. Raises NotFound, WrongState."""
    session_for(world, staff, session_id)
    # A session whose time was up has ended; nothing opens it again.
    look_at(world, session_id)
    now, actor = world.clock(), actor_of(staff)
    return change_session(
        world, session_id, lambda one: extend(one, minutes * MINUTE, now, actor, reason)
    )


def terminate_session(world: World, staff: Staff, session_id: str, reason: str) -> Session:
    """End a candidate's session, with a reason. Raises NotFound, WrongState."""
    session_for(world, staff, session_id)
    now, actor = world.clock(), actor_of(staff)
    ended = change_session(world, session_id, lambda one: terminate(one, now, actor, reason))
    end_watch(world, session_id)
    return ended


def actor_of(staff: Staff) -> str:
    """Return how an audit entry names a staff member."""
    return f"{staff.role}:{staff.username}"
