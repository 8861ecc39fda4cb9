"""Capture plans: at which moments a device takes a picture or a clip, chosen by the server.

A plan covers one window of time. Within each period the moment is drawn at random, so that it
cannot be foreseen, yet no two are further apart than two periods.
"""

from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis, View

PLAN_LENGTH: Millis = MINUTE
LEAD_TIME: Millis = 2 * SECOND
"""From asking for a plan to its first moment: time for the answer to reach the page."""

UPLOAD_GRACE: Millis = 20 * SECOND
"""How long after its moment a capture may arrive before it counts as missing."""

PICTURE_TYPE = "image/jpeg"
CLIP_TYPE = "audio/wav"
MAX_PICTURE_BYTES = 1_500_000
MAX_CLIP_BYTES = 700_000


@dataclass(frozen=True, slots=True)
class CaptureSchedule:
    """One stream of captures: what, from where, one in each period; clips last `length`."""

    view: View
    medium: Medium
    period: Millis
    length: Millis = 0


PICTURES_FIRST = CaptureSchedule(View.FIRST, Medium.PICTURE, 5 * SECOND)
PICTURES_SECOND = CaptureSchedule(View.SECOND, Medium.PICTURE, 10 * SECOND)
CLIPS_FIRST = CaptureSchedule(View.FIRST, Medium.SOUND, 30 * SECOND, length=10 * SECOND)


@dataclass(frozen=True, slots=True)
class PlannedCapture:
    """One planned capture; `capture_id` begins with its moment, so its order shows."""

    capture_id: str
    view: View
    medium: Medium
    due_at: Millis
    length: Millis = 0


@dataclass(frozen=True, slots=True)
class CapturePlan:
    """The captures of one window; the device asks for the next plan before `ends_at`."""

    captures: tuple[PlannedCapture, ...]
    begins_at: Millis
    ends_at: Millis


def make_capture_id(due_at: Millis, suffix: str) -> str:
    """Return the id of the capture due then; `tail` is random and only tells twins apart."""
    return f"{due_at:013d}-{suffix}"


def due_at_from_id(capture_id: str) -> Millis:
    """Return the planned moment that a capture's id holds. Raises ValueError."""
    return int(capture_id.split("-", 1)[0])


def make_plan(
    schedule: CaptureSchedule,
    now: Millis,
    begins_at: Millis,
    randbelow: Callable[[Millis], Millis],
    new_suffix: Callable[[], str],
) -> CapturePlan:
    """Plan one window. `draw(n)` returns a random whole number from 0 to n - 1.

    The window begins where the last plan ended, or LEAD from now, whichever is later.
    """
    begins_at = max(begins_at, now + LEAD_TIME)
    room = max(schedule.period - schedule.length, SECOND)
    moments = (
        begins_at + slot * schedule.period + randbelow(room)
        for slot in range(PLAN_LENGTH // schedule.period)
    )
    captures = tuple(
        PlannedCapture(
            make_capture_id(at, new_suffix()), schedule.view, schedule.medium, at, schedule.length
        )
        for at in moments
    )
    return CapturePlan(captures, begins_at, begins_at + PLAN_LENGTH)
