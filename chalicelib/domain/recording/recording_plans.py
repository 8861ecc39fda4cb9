"""Recording plans: which segments a device records next, and what of them is kept.

A plan covers the next minute of each track. Slots that were planned and have not begun are in it
again, under the same ids: a page that was loaded again misses nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from chalicelib.domain.errors import TooMany
from chalicelib.domain.recording.recording_gaps import MAX_GAPS, RecordingGap
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.recording.segments import SEGMENT_LENGTH, make_segment_id, slot_from
from chalicelib.domain.types import MINUTE, SECOND, LocalizedText, Millis

PLAN_LENGTH: Millis = MINUTE
LEAD_TIME: Millis = SECOND
"""From the request for a plan to its first segment: time for the response to arrive."""
REPLAN_MARGIN: Millis = 15 * SECOND
"""A device requests the next plan this long before the current one ends."""
MAX_PLANS = 6
"""Plans a minute and device: only a page that is loaded again and again asks for more."""
FORM_GRACE: Millis = 5 * MINUTE
"""How long after its slot a segment may be uploaded by its first form."""
PENDING_GRACE: Millis = 120 * MINUTE
"""How long after the end of a session segments that were recorded may still be uploaded."""
MAX_PENDING = 24
MAX_GAPS_TOLD = 600
"""Of one device in a sitting: each is an entry of the audit chain."""
KEPT_AROUND: Millis = MINUTE
"""With the mode `flags`, so much is kept before and after each flag."""
MAX_KEPT_RANGES = 100


class RecordingDevice(StrEnum):
    """Which device records: the exam page's computer, or the phone."""

    COMPUTER = "computer"
    PHONE = "phone"


TRACKS_OF = {
    RecordingDevice.COMPUTER: (Track.FIRST, Track.SCREEN),
    RecordingDevice.PHONE: (Track.SECOND,),
}


@dataclass(frozen=True, slots=True)
class RecordingPlan:
    """Until when a device has its plan, by track, and when it asked for plans lately."""

    session_id: str
    device: RecordingDevice
    version: int = 0
    planned_until: dict[Track, Millis] = field(default_factory=dict)
    planned_at: tuple[Millis, ...] = ()
    gaps: tuple[RecordingGap, ...] = ()
    """The last ones that it told."""
    gap_count: int = 0


@dataclass(frozen=True, slots=True)
class PlannedSegment:
    """One segment to be recorded."""

    track: Track
    segment_id: str
    begins_at: Millis


@dataclass(frozen=True, slots=True)
class KeptRange:
    """A stretch of time whose segments are kept. Times are the server's, ms."""

    began_at: Millis
    ended_at: Millis


def next_plan(
    plan: RecordingPlan, tracks: Iterable[Track], now: Millis
) -> tuple[RecordingPlan, tuple[PlannedSegment, ...]]:
    """Return a device's next plan and its segments, in order. Raises TooMany.

    They begin with the next slot, whatever was planned before, and reach a minute beyond the last
    plan, or beyond now where that is over or where the device asks so early that it has lost it.
    """
    counted = _counted(plan, now)
    first = slot_from(plan.session_id, now + LEAD_TIME)
    planned_until = dict(plan.planned_until)
    segments: list[PlannedSegment] = []
    for track in sorted(set(tracks)):
        until = planned_until.get(track, 0)
        follows = first <= until <= now + 2 * REPLAN_MARGIN
        ends_at = (until if follows else first) + PLAN_LENGTH
        segments += [
            PlannedSegment(track, make_segment_id(plan.session_id, track, at), at)
            for at in range(first, ends_at, SEGMENT_LENGTH)
        ]
        planned_until[track] = ends_at
    ordered = sorted(segments, key=lambda segment: (segment.begins_at, segment.track))
    return replace(counted, planned_until=planned_until), tuple(ordered)


def _counted(plan: RecordingPlan, now: Millis) -> RecordingPlan:
    recent = tuple(at for at in plan.planned_at if at > now - PLAN_LENGTH)
    if len(recent) >= MAX_PLANS:
        raise TooMany(
            LocalizedText(
                "录像计划请求过于频繁，请稍后再试。",
                "Too many recording plans were requested. Wait a moment.",
            )
        )
    return replace(plan, version=plan.version + 1, planned_at=(*recent, now))


def tell_gaps(
    plan: RecordingPlan, gaps: Iterable[RecordingGap]
) -> tuple[RecordingPlan, tuple[RecordingGap, ...]]:
    """Return those gaps that the device has not told before, at most MAX_GAPS_TOLD in all.

    A request that is sent again, because its answer was lost, tells its gaps again.
    """
    known = set(plan.gaps)
    new = tuple(gap for gap in gaps if gap not in known)[: max(MAX_GAPS_TOLD - plan.gap_count, 0)]
    told = (*plan.gaps, *new)[-MAX_GAPS:]
    return replace(plan, gaps=told, gap_count=plan.gap_count + len(new)), new


def kept_ranges(
    flags: Iterable[tuple[Millis, Millis | None]], since: Millis, now: Millis
) -> list[KeptRange]:
    """Return the ranges around flags of which the end is not before `since`, merged, in order.

    A flag is the times of its beginning and end; of one that is open the range reaches into the
    future.
    """
    ranges: list[KeptRange] = []
    for began_at, ended_at in sorted(flags, key=lambda flag: flag[0]):
        begins = began_at - KEPT_AROUND
        ends = (now if ended_at is None else ended_at) + KEPT_AROUND
        if ends < since:
            continue
        if ranges and begins <= ranges[-1].ended_at:
            ranges[-1] = replace(ranges[-1], ended_at=max(ends, ranges[-1].ended_at))
        else:
            ranges.append(KeptRange(begins, ends))
    return ranges[-MAX_KEPT_RANGES:]
