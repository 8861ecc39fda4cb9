"""Capture plans: when a device takes pictures and sound clips, chosen by the server.

A plan covers one minute. The moment within each period is random, so that candidates cannot
predict it; two consecutive captures are never more than two periods apart.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis, View

PLAN_LENGTH: Millis = MINUTE
LEAD_TIME: Millis = 2 * SECOND
"""From the request for a plan to its first capture: time for the response to arrive."""

UPLOAD_GRACE: Millis = 20 * SECOND
"""How long after its due time a capture may arrive before it counts as missing."""

MAX_CLOCK_SKEW: Millis = 2 * SECOND
"""By how much a device's estimate of the server's time may be off.

An upload that arrives even earlier was taken before its planned moment: otherwise a whole plan
could be uploaded at once to hide a minute. It is ignored, so that the capture counts as missed.
"""

PICTURE_TYPE = "image/jpeg"
CLIP_TYPE = "audio/wav"
MAX_PICTURE_BYTES = 1_500_000
MAX_CLIP_BYTES = 700_000


@dataclass(frozen=True, slots=True)
class CaptureSchedule:
    """One stream of captures: one in each period; clips are `length` long."""

    view: View
    medium: Medium
    period: Millis
    length: Millis = 0


PICTURES_FIRST = CaptureSchedule(View.FIRST, Medium.PICTURE, 5 * SECOND)
PICTURES_SECOND = CaptureSchedule(View.SECOND, Medium.PICTURE, 10 * SECOND)
CLIPS_FIRST = CaptureSchedule(View.FIRST, Medium.SOUND, 30 * SECOND, length=10 * SECOND)

SCHEDULES = (PICTURES_FIRST, PICTURES_SECOND, CLIPS_FIRST)
"""Pictures first: where the device itself is silent, its sound is not missed beside."""


def schedule_of(view: View, medium: Medium) -> CaptureSchedule:
    """Return the schedule of a stream; sound has one only, whichever view it is said to be of."""
    if medium is Medium.SOUND:
        return CLIPS_FIRST
    return PICTURES_FIRST if view is View.FIRST else PICTURES_SECOND


@dataclass(frozen=True, slots=True)
class PlannedCapture:
    """One planned capture; `capture_id` begins with its due time, so ids sort by time."""

    capture_id: str
    view: View
    medium: Medium
    due_at: Millis
    length: Millis = 0


@dataclass(frozen=True, slots=True)
class CapturePlan:
    """The captures of one plan; the device requests the next plan before `ends_at`."""

    captures: tuple[PlannedCapture, ...]
    begins_at: Millis
    ends_at: Millis


def make_capture_id(due_at: Millis, suffix: str) -> str:
    """Return the id of the capture due then; the random `suffix` makes it unique."""
    return f"{due_at:013d}-{suffix}"


def due_at_from_id(capture_id: str) -> Millis:
    """Return the due time that a capture id contains. Raises ValueError."""
    return int(capture_id.split("-", 1)[0])


def make_plan(
    schedule: CaptureSchedule,
    now: Millis,
    begins_at: Millis,
    randbelow: Callable[[Millis], Millis],
    new_suffix: Callable[[], str],
) -> CapturePlan:
    """Return a capture plan. `randbelow(n)` returns a random integer from 0 to n - 1.

    The plan begins where the last one ended, or LEAD_TIME from now, whichever is later.
    """
    begins_at = max(begins_at, now + LEAD_TIME)
    latest_offset = max(schedule.period - schedule.length, SECOND)
    moments = (
        begins_at + slot * schedule.period + randbelow(latest_offset)
        for slot in range(PLAN_LENGTH // schedule.period)
    )
    captures = tuple(
        PlannedCapture(
            make_capture_id(at, new_suffix()), schedule.view, schedule.medium, at, schedule.length
        )
        for at in moments
    )
    return CapturePlan(captures, begins_at, begins_at + PLAN_LENGTH)
