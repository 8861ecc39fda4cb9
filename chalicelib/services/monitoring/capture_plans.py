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
from chalicelib.services.core.capture_uploads import PlannedUpload, presigned
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
    world: AppContext, session_id: str, rhythms: Iterable[CaptureSchedule]
) -> UploadPlan:
    """Plan the next window of each stream and sign its uploads. Raises WrongState when unwatched."""
    asked = tuple(rhythms)
    first = any(schedule.view is View.FIRST for schedule in asked)

    def attempt() -> tuple[CapturePlan, ...]:
        whole = world.sessions.bundle(session_id)
        if whole.session.state not in MONITORED_STATES:
            raise WrongState(
                LocalizedText("当前阶段不采集画面。", "Nothing is captured at this stage.")
            )
        back, records = credit_reconnection(world, whole, world.clock()) if first else (whole, ())
        plans, watch = _plan_streams(world, back, asked)
        world.sessions.commit(watch, *records)
        return plans

    plans = retry_on_conflict(attempt)
    captures = sorted(
        (capture for plan in plans for capture in plan.captures), key=lambda capture: capture.due_at
    )
    next_at = min(plan.ends_at for plan in plans) - REPLAN_MARGIN
    planned = tuple(presigned(world, session_id, capture) for capture in captures)
    return UploadPlan(planned, world.clock(), next_at)


def _plan_streams(
    world: AppContext, whole: SessionBundle, rhythms: Iterable[CaptureSchedule]
) -> tuple[tuple[CapturePlan, ...], MonitorState]:
    now = world.clock()
    watch = whole.monitor
    plans = []
    for rhythm in rhythms:
        stream = watch.streams.get(stream_name(rhythm.view, rhythm.medium))
        begins_at = stream.planned_until if stream else 0
        if begins_at > now + 2 * REPLAN_MARGIN:
            begins_at = now  # a page that was loaded anew has lost the plan it had
        plan = make_plan(rhythm, now, begins_at, world.randbelow, world.new_id)
        watch = expect(watch, rhythm, plan)
        plans.append(plan)
    return tuple(plans), with_wakeup(replace(watch, version=watch.version + 1), whole.session)
