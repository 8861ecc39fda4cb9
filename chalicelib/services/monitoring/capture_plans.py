"""Planning: which pictures and clips a device takes next, and where it uploads each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.domain.capture.captures import (
    CapturePlan,
    CaptureSchedule,
    make_plan,
)
from chalicelib.domain.errors import WrongState
from chalicelib.domain.monitoring.monitor_state import MonitorState, expect, stream_name
from chalicelib.domain.sessions.states import MONITORED_STATES
from chalicelib.domain.types import SECOND, LocalizedText, Millis, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.capture_uploads import PlannedUpload, presign_upload
from chalicelib.services.monitoring.observations import with_wakeup
from chalicelib.services.monitoring.scheduler import credit_reconnection
from chalicelib.services.ports import AppContext, SessionBundle

REPLAN_MARGIN: Millis = 10 * SECOND
"""A device asks for the next plan this long before the current one ends."""


@dataclass(frozen=True, slots=True)
class UploadPlan:
    """All captures of the streams asked for; ask again at `next_at`."""

    captures: tuple[PlannedUpload, ...]
    now: Millis
    next_at: Millis


def plan_captures(
    context: AppContext, session_id: str, schedules: Iterable[CaptureSchedule]
) -> UploadPlan:
    """Plan the next window of each stream and sign its uploads. Raises WrongState when unwatched."""
    asked = tuple(schedules)
    first = any(schedule.view is View.FIRST for schedule in asked)

    def attempt() -> tuple[CapturePlan, ...]:
        bundle = context.sessions.bundle(session_id)
        if bundle.session.state not in MONITORED_STATES:
            raise WrongState(
                LocalizedText("当前阶段不采集画面。", "Nothing is captured at this stage.")
            )
        back, records = (
            credit_reconnection(context, bundle, context.clock()) if first else (bundle, ())
        )
        plans, monitor = _plan_streams(context, back, asked)
        context.sessions.commit(monitor, *records)
        return plans

    plans = retry_on_conflict(attempt)
    captures = sorted(
        (capture for plan in plans for capture in plan.captures), key=lambda capture: capture.due_at
    )
    next_at = min(plan.ends_at for plan in plans) - REPLAN_MARGIN
    planned = tuple(presign_upload(context, session_id, capture) for capture in captures)
    return UploadPlan(planned, context.clock(), next_at)


def _plan_streams(
    context: AppContext, bundle: SessionBundle, rhythms: Iterable[CaptureSchedule]
) -> tuple[tuple[CapturePlan, ...], MonitorState]:
    now = context.clock()
    monitor = bundle.monitor
    plans = []
    for schedule in rhythms:
        stream = monitor.streams.get(stream_name(schedule.view, schedule.medium))
        begins_at = stream.planned_until if stream else 0
        if begins_at > now + 2 * REPLAN_MARGIN:
            begins_at = now  # a page that was loaded anew has lost the plan it had
        plan = make_plan(schedule, now, begins_at, context.randbelow, context.new_id)
        monitor = expect(monitor, schedule, plan)
        plans.append(plan)
    return tuple(plans), with_wakeup(replace(monitor, version=monitor.version + 1), bundle.session)
