"""Arrivals: which planned moments of a stream brought a usable capture, and what the others tell.

What cannot be read has not arrived. Two things are told of a stream: that nothing came for a while
(silence), and that too few of the last moments brought anything (thinning). Both are judged over
moments in the order of their planning, so it makes no difference in which order captures arrive.

A moment is settled once its capture was read, could not be read, or is overdue. The settled ones of
the last minutes are kept as one short text; those still awaited are kept with their ids beside it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from chalicelib.domain.capture.captures import UPLOAD_GRACE, CaptureSchedule
from chalicelib.domain.rules.profiles import FlagRule
from chalicelib.domain.types import MINUTE, Millis

MAX_SETTLED = 32
"""Moments that are kept: the longest window, what is still in its grace, and a look of the clock's."""

MAX_GAP: Millis = MINUTE
"""A minute without a usable picture is told under every profile: the record has no hole."""

_SETTLED = re.compile(r"(\d+)([+-])")


@dataclass(frozen=True, slots=True)
class Moment:
    """A planned moment that is settled: whether it brought a capture that could be read."""

    due_at: Millis
    usable: bool


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came of a stream: the moment of its newest usable capture, and the last moments' outcome.

    `settled` holds the moments, oldest first: the first one's time, then the distance of each from
    the one before, in milliseconds; «+» brought a usable capture, «-» did not.
    """

    usable_at: Millis = 0
    settled: str = ""


def moments_of(arrivals: Arrivals) -> list[Moment]:
    """Return the settled moments, oldest first."""
    moments: list[Moment] = []
    at = 0
    for distance, outcome in _SETTLED.findall(arrivals.settled):
        at += int(distance)
        moments.append(Moment(at, usable=outcome == "+"))
    return moments


def with_moments(arrivals: Arrivals, schedule: CaptureSchedule, *fresh: Moment) -> Arrivals:
    """Return the arrivals with more moments settled; one that was settled before is as it is now."""
    by_time = {moment.due_at: moment for moment in (*moments_of(arrivals), *fresh)}
    usable_at = max([arrivals.usable_at, *(moment.due_at for moment in fresh if moment.usable)])
    newest = max(by_time, default=0)
    kept = sorted(at for at in by_time if at > newest - horizon(schedule))[-MAX_SETTLED:]
    return Arrivals(usable_at, _as_text([by_time[at] for at in kept]))


def forget_before(arrivals: Arrivals, at: Millis) -> Arrivals:
    """Return the arrivals without what was settled before a moment: a flag has told it."""
    later = [moment for moment in moments_of(arrivals) if moment.due_at >= at]
    return Arrivals(arrivals.usable_at, _as_text(later))


def horizon(schedule: CaptureSchedule) -> Millis:
    """Return how far back a stream's moments are remembered."""
    return MAX_SETTLED * schedule.period


def _as_text(moments: Sequence[Moment]) -> str:
    times = [0, *(moment.due_at for moment in moments)]
    return "".join(
        f"{later - earlier}{'+' if moment.usable else '-'}"
        for (earlier, later), moment in zip(pairwise(times), moments, strict=True)
    )


def overdue_at(schedule: CaptureSchedule, due_at: Millis) -> Millis:
    """Return from when on a capture that was due then has not arrived."""
    return due_at + schedule.length + UPLOAD_GRACE


def unplanned_moments(
    schedule: CaptureSchedule, planned_until: Millis, until: Millis
) -> tuple[Moment, ...]:
    """Return the moments that a device let pass by asking for no plan: they brought nothing."""
    wanted = range(planned_until, until - schedule.period + 1, schedule.period)
    return tuple(Moment(at, usable=False) for at in wanted[-MAX_SETTLED:])


@dataclass(frozen=True, slots=True)
class StreamOutlook:
    """A stream's moments, settled, awaited and to come, as if nothing arrived from now on.

    `planned_until` is where the plans end: after it a moment passes in each period, unplanned.
    """

    schedule: CaptureSchedule
    arrivals: Arrivals
    awaited: tuple[Millis, ...]
    planned_until: Millis

    def moments(self) -> list[Moment]:
        """Return all moments in order, those awaited as missing, and a window of unplanned ones."""
        awaited = [Moment(at, usable=False) for at in self.awaited]
        after = max([self.planned_until, *(at + self.schedule.period for at in self.awaited)])
        unplanned = [
            Moment(after + slot * self.schedule.period, usable=False)
            for slot in range(MAX_SETTLED if self.planned_until else 0)
        ]
        known = [*moments_of(self.arrivals), *awaited, *unplanned]
        return sorted(known, key=lambda moment: moment.due_at)


@dataclass(frozen=True, slots=True)
class Absence:
    """Captures that did not come: since when, and from when on that is to be told."""

    began_at: Millis
    told_at: Millis


def find_silence(outlook: StreamOutlook, missing_after: Millis) -> Absence | None:
    """Return the first silence that is long enough to be told, or that will be.

    It counts from the first planned moment that brought nothing. One that is over is told too, and,
    however patient the profile is, one between two usable captures more than a minute apart.
    """
    patience = missing_after + UPLOAD_GRACE
    began_at: Millis | None = None
    usable_at: Millis | None = None
    for moment in _with_newest(outlook):
        if not moment.usable:
            began_at = moment.due_at if began_at is None else began_at
            continue
        if began_at is not None and (
            moment.due_at - began_at >= patience
            or (usable_at is not None and moment.due_at - usable_at > MAX_GAP)
        ):
            return Absence(began_at, moment.due_at)
        began_at, usable_at = None, moment.due_at
    return None if began_at is None else Absence(began_at, began_at + patience)


def _with_newest(outlook: StreamOutlook) -> Iterable[Moment]:
    """Return the moments with the newest usable capture among them, planned or not."""
    newest = outlook.arrivals.usable_at
    moments = outlook.moments()
    if newest and all(moment.due_at != newest or not moment.usable for moment in moments):
        moments.append(Moment(newest, usable=True))
        # Before one that was missing at the same time: silence counts from there on.
        moments.sort(key=lambda moment: (moment.due_at, not moment.usable))
    return moments


def find_thinning(outlook: StreamOutlook, rule: FlagRule) -> Absence | None:
    """Return when first `hits` of `window` moments in a row brought nothing, or will have."""
    moments = outlook.moments()
    for end, last in enumerate(moments, start=1):
        if last.usable:
            continue
        window = moments[max(end - rule.window, 0) : end]
        missing = [moment for moment in window if not moment.usable]
        if len(missing) >= rule.hits:
            return Absence(missing[0].due_at, overdue_at(outlook.schedule, last.due_at))
    return None


def recovered_at(outlook: StreamOutlook, until: Millis, clear: int) -> Millis | None:
    """Return since when the last `clear` moments up to one brought usable captures, or None."""
    last = [moment for moment in outlook.moments() if moment.due_at <= until][-clear:]
    if len(last) < clear or not all(moment.usable for moment in last):
        return None
    return last[0].due_at
