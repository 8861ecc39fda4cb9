"""A session in detail, and what proctors do to it: pause, resume, extend, terminate."""

from dataclasses import dataclass

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.rules.device_checks import CheckResults
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.sessions.session_clock import extend, pause, resume
from chalicelib.domain.sessions.sessions import Session, terminate
from chalicelib.domain.types import MINUTE
from chalicelib.services.core.access import audit_actor, authorized_session
from chalicelib.services.core.session_access import change_session
from chalicelib.services.monitoring.observations import end_monitoring
from chalicelib.services.monitoring.scheduler import bring_up_to_date
from chalicelib.services.ports import AppContext, SessionBundle
from chalicelib.services.sitting.check_in import start_clock

MAX_OBSERVATIONS = 24


@dataclass(frozen=True, slots=True)
class SessionDetail:
    """A session with everything that its page in the console shows.

    `observations` are the newest; `flag_observations` those that raised the flags.
    """

    bundle: SessionBundle
    checks: CheckResults
    flags: list[Flag]
    observations: list[Observation]
    flag_observations: list[Observation]
    audit: list[AuditEntry]


def session_detail(context: AppContext, staff: Staff, session_id: str) -> SessionDetail:
    """Return a session with its flags, observations and audit chain. Raises NotFound."""
    bundle = authorized_session(context, staff, session_id)
    flags = sorted(context.sessions.flags(session_id), key=lambda flag: -flag.began_at)
    capture_ids = {capture_id for flag in flags for capture_id in flag.captures}
    return SessionDetail(
        bundle=bundle,
        checks=context.sessions.check_results(session_id),
        flags=flags,
        observations=context.sessions.observations(session_id, limit=MAX_OBSERVATIONS),
        flag_observations=context.sessions.observations_of(session_id, capture_ids),
        audit=context.sessions.audit(session_id),
    )


def pause_session(context: AppContext, staff: Staff, session_id: str, reason: str) -> Session:
    """Pause a session's clock. Raises NotFound, WrongState."""
    authorized_session(context, staff, session_id)
    # A session whose time is up ends first; it cannot be paused any more.
    bring_up_to_date(context, session_id)
    now, actor = context.clock(), audit_actor(staff)
    return change_session(context, session_id, lambda session: pause(session, now, actor, reason))


def resume_session(context: AppContext, staff: Staff, session_id: str) -> Session:
    """Resume a session's clock. Raises NotFound, WrongState."""
    authorized_session(context, staff, session_id)
    now, actor = context.clock(), audit_actor(staff)
    return start_clock(context, session_id, now, lambda session: resume(session, now, actor))


def extend_session(
    context: AppContext, staff: Staff, session_id: str, minutes: int, reason: str
) -> Session:
    """Extend a session's time. Raises NotFound, WrongState."""
    authorized_session(context, staff, session_id)
    # A session whose time is up ends first; it cannot be extended any more.
    bring_up_to_date(context, session_id)
    now, actor = context.clock(), audit_actor(staff)
    return change_session(
        context, session_id, lambda session: extend(session, minutes * MINUTE, now, actor, reason)
    )


def terminate_session(context: AppContext, staff: Staff, session_id: str, reason: str) -> Session:
    """Terminate a session, with a reason. Raises NotFound, WrongState."""
    authorized_session(context, staff, session_id)
    now, actor = context.clock(), audit_actor(staff)
    session = change_session(
        context, session_id, lambda session: terminate(session, now, actor, reason)
    )
    end_monitoring(context, session_id)
    return session
