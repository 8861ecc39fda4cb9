"""Planning: which pictures and clips a device takes next, and where it uploads each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.domain.capture.captures import (
    Plan,
    Rhythm,
    make_plan,
)
from chalicelib.domain.errors import WrongState
from chalicelib.domain.monitoring.monitor_state import Watch, expect, stream_name
from chalicelib.domain.sessions.states import WATCHED
from chalicelib.domain.types import SECOND, Millis, Text, View
from chalicelib.retry import until_written
from chalicelib.services.core.capture_uploads import Planned, signed
from chalicelib.services.monitoring.observations import armed
from chalicelib.services.monitoring.scheduler import heard_again
from chalicelib.services.ports import Whole, World

ASK_EARLY: Millis = 10 * SECOND
"""A device asks for the next plan this long before the current one ends."""


@dataclass(frozen=True, slots=True)
class Window:
    """All captures of the streams asked for; ask again at `next_at`."""

    captures: tuple[Planned, ...]
    now: Millis
    next_at: Millis


def plan_captures(world: World, session_id: str, rhythms: Iterable[Rhythm]) -> Window:
    """Plan the next window of each stream and sign its uploads. Raises WrongState when unwatched."""
    asked = tuple(rhythms)
    first = any(one.view is View.FIRST for one in asked)

    def attempt() -> tuple[Plan, ...]:
        whole = world.sessions.whole(session_id)
        if whole.session.state not in WATCHED:
            raise WrongState(Text("当前阶段不采集画面。", "Nothing is captured at this stage."))
        back, records = heard_again(world, whole, world.clock()) if first else (whole, ())
        plans, watch = _planned(world, back, asked)
        world.sessions.commit(watch, *records)
        return plans

    plans = until_written(attempt)
    captures = sorted(
        (one for plan in plans for one in plan.captures), key=lambda capture: capture.due_at
    )
    next_at = min(plan.ends_at for plan in plans) - ASK_EARLY
    planned = tuple(signed(world, session_id, one) for one in captures)
    return Window(planned, world.clock(), next_at)


def _planned(
    world: World, whole: Whole, rhythms: Iterable[Rhythm]
) -> tuple[tuple[Plan, ...], Watch]:
    now = world.clock()
    watch = whole.watch
    plans = []
    for rhythm in rhythms:
        stream = watch.streams.get(stream_name(rhythm.view, rhythm.medium))
        begins_at = stream.planned_until if stream else 0
        if begins_at > now + 2 * ASK_EARLY:
            begins_at = now  # a page that was loaded anew has lost the plan it had
        plan = make_plan(rhythm, now, begins_at, world.draw, world.new_id)
        watch = expect(watch, rhythm, plan)
        plans.append(plan)
    return tuple(plans), armed(replace(watch, version=watch.version + 1), whole.session)
