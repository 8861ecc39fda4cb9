"""Capture plans: which pictures and clips a device takes next, and the form to upload each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.domain.capture.captures import (
    CapturePlan,
    CaptureSchedule,
    make_plan,
)
from chalicelib.domain.errors import WrongState
from chalicelib.domain.monitoring.monitor_state import (
    CaptureStream,
    MonitorState,
    count_plan,
    drop_plan,
    expect,
    stream_name,
    with_stream,
)
from chalicelib.domain.sessions.states import MONITORED_STATES
from chalicelib.domain.types import SECOND, LocalizedText, Millis, View
from chalicelib.retry import retry_on_conflict
from chalicelib.services.core.capture_uploads import PlannedUpload, presign_upload
from chalicelib.services.monitoring.observations import with_wakeup
from chalicelib.services.monitoring.scheduler import credit_reconnection
from chalicelib.services.ports import AppContext, Record, SessionBundle

REPLAN_MARGIN: Millis = 10 * SECOND
"""A device requests the next plan this long before the current one ends."""


@dataclass(frozen=True, slots=True)
class UploadPlan:
    """The captures of one or more streams, in order; the next plan is due at `next_at`."""

    captures: tuple[PlannedUpload, ...]
    now: Millis
    next_at: Millis


def plan_captures(
    context: AppContext, session_id: str, schedules: Iterable[CaptureSchedule]
) -> UploadPlan:
    """Plan the next window of each stream and presign its uploads.

    Raises WrongState in a state that is not monitored, and TooMany beyond MAX_PLANS a minute.
    """
    schedules = tuple(schedules)
    has_first_view = any(schedule.view is View.FIRST for schedule in schedules)

    def attempt() -> tuple[CapturePlan, ...]:
        bundle = context.sessions.bundle(session_id)
        if bundle.session.place not in MONITORED_STATES:
            raise WrongState(
                LocalizedText("当前阶段不采集画面。", "There are no captures at this stage.")
            )
        records: tuple[Record, ...] = ()
        if has_first_view:
            bundle, records = credit_reconnection(context, bundle, context.clock())
        plans, monitor = _plan_streams(context, bundle, schedules)
        context.sessions.commit(monitor, *records)
        return plans

    plans = retry_on_conflict(attempt)
    captures = sorted(
        (capture for plan in plans for capture in plan.captures), key=lambda capture: capture.due_at
    )
    next_at = min(plan.ends_at for plan in plans) - REPLAN_MARGIN
    uploads = tuple(presign_upload(context, session_id, capture) for capture in captures)
    return UploadPlan(uploads, context.clock(), next_at)


def _plan_streams(
    context: AppContext, bundle: SessionBundle, schedules: Iterable[CaptureSchedule]
) -> tuple[tuple[CapturePlan, ...], MonitorState]:
    now = context.clock()
    monitor = bundle.monitor
    plans = []
    for schedule in schedules:
        name = stream_name(schedule.view, schedule.medium)
        stream = count_plan(monitor.streams.get(name, CaptureStream()), now)
        monitor = with_stream(monitor, name, stream)
        begins_at = stream.planned_until
        if begins_at > now + 2 * REPLAN_MARGIN:
            begins_at = now  # a page that was reloaded has lost its plan
            monitor = drop_plan(monitor, schedule, now)
        plan = make_plan(schedule, now, begins_at, context.randbelow, context.new_id)
        monitor = expect(monitor, schedule, plan)
        plans.append(plan)
    return tuple(plans), with_wakeup(replace(monitor, version=monitor.version + 1), bundle.session)
