"""A session in detail, and what proctors do to it: pause, resume, extend, terminate."""

from dataclasses import dataclass

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.rules.device_checks import CheckResults
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.sessions.sealing import terminate
from chalicelib.domain.sessions.session_clock import extend, pause, resume
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import MINUTE
from chalicelib.services.core.access import audit_actor, authorized_session
from chalicelib.services.core.staff_acts import ActBy, act_once, change_once
from chalicelib.services.core.submission import ending_records, finalize
from chalicelib.services.monitoring.observations import end_monitoring, start_monitoring
from chalicelib.services.monitoring.scheduler import bring_up_to_date
from chalicelib.services.ports import AppContext, SessionBundle, StaffAct
from chalicelib.services.proctoring.reopening import attempts_of

MAX_OBSERVATIONS = 36


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
    attempts: list[Session]
    """All attempts of the sitting, the newest first; most have one."""


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
        attempts=attempts_of(context, bundle.session),
    )


def pause_session(context: AppContext, by: ActBy, reason: str) -> Session:
    """Pause a session's clock, once. Raises NotFound, WrongState."""
    authorized_session(context, by.staff, by.session_id)
    # A session whose time is up ends first; it cannot be paused any more.
    bring_up_to_date(context, by.session_id)
    now, actor = context.clock(), audit_actor(by.staff)
    return change_once(context, by, "pause", lambda session: pause(session, now, actor, reason))


def resume_session(context: AppContext, by: ActBy) -> Session:
    """Resume a session's clock, once. Raises NotFound, WrongState."""
    now, actor = context.clock(), audit_actor(by.staff)

    def perform(act: StaffAct) -> None:
        bundle = context.sessions.bundle(by.session_id)
        transition = resume(bundle.session, now, actor)
        monitor = start_monitoring(bundle.monitor, transition.session, now)
        context.sessions.commit(transition.session, transition.entry, monitor, act)

    act_once(context, by, "resume", perform)
    return context.sessions.session(by.session_id)


def extend_session(context: AppContext, by: ActBy, minutes: int, reason: str) -> Session:
    """Extend a session's time, once. Raises NotFound, WrongState."""
    authorized_session(context, by.staff, by.session_id)
    # A session whose time is up ends first; it cannot be extended any more.
    bring_up_to_date(context, by.session_id)
    now, actor = context.clock(), audit_actor(by.staff)
    span = minutes * MINUTE
    return change_once(
        context, by, "extend", lambda session: extend(session, span, now, actor, reason)
    )


def terminate_session(context: AppContext, by: ActBy, reason: str) -> Session:
    """Terminate a session, with a reason, once. Raises NotFound, WrongState."""
    now, actor = context.clock(), audit_actor(by.staff)

    def perform(act: StaffAct) -> None:
        bundle = context.sessions.bundle(by.session_id)
        finalize(
            context,
            bundle,
            lambda digest: terminate(bundle.session, now, actor, reason, digest),
            lambda ending: (*ending_records(ending), act),
        )

    act_once(context, by, "terminate", perform)
    end_monitoring(context, by.session_id)
    return context.sessions.session(by.session_id)
