"""What staff see and do: rooms, the wall, one candidate close, pausing and ending."""

from dataclasses import dataclass

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.rules.device_checks import Checks
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.sessions.session_clock import extend, pause, resume
from chalicelib.domain.sessions.sessions import Session, terminate
from chalicelib.domain.types import MINUTE
from chalicelib.services.core.access import actor_of, session_for
from chalicelib.services.core.session_access import change_session
from chalicelib.services.monitoring.observations import end_watch
from chalicelib.services.monitoring.scheduler import look_at
from chalicelib.services.ports import Whole, World
from chalicelib.services.sitting.check_in import run_clock

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
