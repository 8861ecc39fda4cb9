"""A sitting that is only played: pages that follow their plans over a line, and a clock that ticks.

Everything but the line, the models and the time is the product's: plans, arrivals, the clock's look.
A day of it takes seconds. The same seed plays the same sitting.
"""

import heapq
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from random import Random
from typing import Any

from chalicelib.domain.capture.captures import (
    CLIPS_FIRST,
    PICTURES_FIRST,
    PICTURES_SECOND,
    CaptureSchedule,
    PlannedCapture,
)
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation
from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis
from chalicelib.services.core.capture_uploads import PlannedUpload
from chalicelib.services.monitoring.capture_plans import plan_captures
from chalicelib.services.monitoring.observations import record_observation
from chalicelib.services.monitoring.scheduler import run_due_sessions
from chalicelib.services.review.record_export import export_record
from tests.support.fake_context import FakeContext

COMPUTER: tuple[CaptureSchedule, ...] = (PICTURES_FIRST, CLIPS_FIRST)
PHONE: tuple[CaptureSchedule, ...] = (PICTURES_SECOND,)

GOOD, EMPTY, CUT, MUTED = b"good", b"", b"cut short", b"digital silence"
ERRORS = {EMPTY: "empty", CUT: "truncated"}

type Choice = Callable[[PlannedCapture, Millis], bytes | None]
"""What a device sends of a planned capture at a moment; None where it sends nothing."""


def everything(_capture: PlannedCapture, _now: Millis) -> bytes | None:
    """Send every capture, as an honest page does."""
    return GOOD


@dataclass(frozen=True)
class Line:
    """A candidate's line: the share of calls that it loses, and when it is gone altogether."""

    loss: float = 0.0
    outages: tuple[tuple[Millis, Millis], ...] = ()

    def carries(self, random: Random, at: Millis) -> bool:
        """Whether a call at a moment gets through."""
        return random.random() >= self.loss and not any(a <= at < b for a, b in self.outages)


@dataclass
class SimulatedSitting:
    """One candidate's sitting, played from `clock` on; `judging` is how long the models take."""

    context: FakeContext
    session_id: str = "5e55"
    line: Line = field(default_factory=Line)
    choose: Choice = everything
    judging: Callable[[Millis], Millis] = lambda _at: 2 * SECOND
    seed: int = 1

    def __post_init__(self) -> None:
        self.random = Random(self.seed)  # noqa: S311  (a play, no secret)
        self._order = count()
        self._events: list[tuple[Millis, int, Callable[[], object]]] = []
        self._at(self.context.clock() + 17 * SECOND, self._tick)

    def device(self, schedules: tuple[CaptureSchedule, ...], *, asks: bool = True) -> None:
        """Let a device begin to follow its plans."""
        if asks:
            self._at(self.context.clock(), lambda: self._ask(schedules, 0))

    def run(self, span: Millis) -> None:
        """Let time pass."""
        until = self.context.clock() + span
        while self._events and self._events[0][0] <= until:
            at, _, act = heapq.heappop(self._events)
            self.context.clock.now = at
            act()
        self.context.clock.now = until

    def kinds(self) -> list[FindingKind]:
        """Which flags were opened so far, the earliest first."""
        flags = sorted(
            self.context.sessions.flags(self.session_id), key=lambda flag: flag.opened_at
        )
        return [flag.kind for flag in flags]

    def record(self) -> dict[str, Any]:
        """The exported record, as a file would hold it."""
        whole = export_record(self.context, self.session_id, "test", captures=True, answers=True)
        exported: dict[str, Any] = json.loads(json.dumps(whole))
        return exported

    def _at(self, at: Millis, act: Callable[[], object]) -> None:
        heapq.heappush(self._events, (at, next(self._order), act))

    def _tick(self) -> None:
        run_due_sessions(self.context)
        self._at(self.context.clock() + MINUTE, self._tick)

    def _ask(self, schedules: tuple[CaptureSchedule, ...], failures: int) -> None:
        now = self.context.clock()
        if not self.line.carries(self.random, now):
            wait = min(SECOND * 2**failures, 15 * SECOND)
            self._at(now + wait, lambda: self._ask(schedules, failures + 1))
            return
        plan = plan_captures(self.context, self.session_id, schedules)
        self._take(plan.captures)
        self._at(plan.next_at, lambda: self._ask(schedules, 0))

    def _take(self, captures: Iterable[PlannedUpload]) -> None:
        for planned in captures:
            moment = planned.capture.due_at + planned.capture.length
            self._at(moment, partial(self._send, planned, 2))

    def _send(self, planned: PlannedUpload, tries: int) -> None:
        """Upload a capture as the page does: once more a second later, and then no more."""
        now = self.context.clock()
        data = self.choose(planned.capture, now)
        if data is None:
            return
        if self.line.carries(self.random, now):
            self.context.media.put(planned.form.fields["key"], data, now)
            judged_at = now + self.judging(now)
            self._at(judged_at, lambda: self._judge(planned, data, now))
        elif tries > 1:
            self._at(now + SECOND, lambda: self._send(planned, tries - 1))

    def _judge(self, planned: PlannedUpload, data: bytes, arrived_at: Millis) -> None:
        capture = planned.capture
        seen = Observation(
            self.session_id,
            capture.capture_id,
            capture.view,
            capture.medium,
            capture.due_at,
            arrived_at,
            planned.form.fields["key"],
            error=ERRORS.get(data),
        )
        if data == MUTED and capture.medium is Medium.SOUND:
            seen = replace(seen, findings=(Finding(FindingKind.MUTED, 1.0),))
        record_observation(self.context, seen)
