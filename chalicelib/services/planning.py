"""Planning: which pictures and clips a device takes next, and where it uploads each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.exam.captures import (
    LARGEST_CLIP,
    LARGEST_PICTURE,
    Capture,
    Plan,
    Rhythm,
    make_plan,
)
from chalicelib.exam.errors import WrongState
from chalicelib.exam.states import WATCHED
from chalicelib.exam.watches import Watch, expect, stream_name
from chalicelib.exam.words import SECOND, Medium, Millis, Text, View
from chalicelib.services.ports import SignedForm, Whole, World
from chalicelib.services.trying import until_written
from chalicelib.services.waking import heard_again
from chalicelib.services.watching import armed

PICTURE_TYPE = "image/jpeg"
CLIP_TYPE = "audio/wav"
ASK_EARLY: Millis = 10 * SECOND
"""A device asks for the next plan this long before the current one ends."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A capture and the form that uploads it."""

    capture: Capture
    form: SignedForm


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


def signed(world: World, session_id: str, capture: Capture) -> Planned:
    """Return a capture with the form that uploads it, good until a little after its moment."""
    picture = capture.medium is Medium.PICTURE
    form = world.media.upload_form(
        capture_key(session_id, capture),
        PICTURE_TYPE if picture else CLIP_TYPE,
        LARGEST_PICTURE if picture else LARGEST_CLIP,
        # Good a little beyond its moment: a picture held back until later is not wanted.
        seconds=(capture.due_at + capture.length - world.clock()) // SECOND + 60,
    )
    return Planned(capture, form)


def capture_key(session_id: str, capture: Capture) -> str:
    """Return where a capture is stored in the media bucket."""
    if capture.medium is Medium.SOUND:
        return f"clips/{session_id}/{capture.capture_id}.wav"
    return f"snapshots/{session_id}/{capture.view}/{capture.capture_id}.jpg"
