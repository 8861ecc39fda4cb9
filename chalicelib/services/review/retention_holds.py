"""Holds: a person preserves a session's files beyond their day, and says why."""

from chalicelib.domain.review.deletion import RetentionPlan, hold, release
from chalicelib.domain.sessions.sessions import with_audit
from chalicelib.services.core.access import audit_actor
from chalicelib.services.core.staff_acts import ActBy, act_once
from chalicelib.services.ports import AppContext, StaffAct


def hold_session(context: AppContext, by: ActBy, reason: str) -> None:
    """Preserve a session's files, once. Raises NotFound, WrongState."""
    now, actor = context.clock(), audit_actor(by.staff)

    def perform(act: StaffAct) -> None:
        plan = hold(context.sessions.retention_plan(by.session_id), actor, now, reason)
        _commit(context, plan, "retention_held", act, reason)

    act_once(context, by, "hold", perform)


def release_session(context: AppContext, by: ActBy, reason: str) -> None:
    """End the hold of a session's files, once. Raises NotFound, WrongState."""

    def perform(act: StaffAct) -> None:
        plan = release(context.sessions.retention_plan(by.session_id))
        _commit(context, plan, "retention_released", act, reason)

    act_once(context, by, "release", perform)


def _commit(
    context: AppContext, plan: RetentionPlan, action: str, act: StaffAct, reason: str
) -> None:
    session = context.sessions.session(plan.session_id)
    transition = with_audit(session, act.at, act.by, action, reason=reason)
    context.sessions.commit(transition.session, transition.entry, plan, act)
