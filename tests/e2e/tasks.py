"""Measures the main-thread tasks of a page by their CPU time.

Wall-clock time includes other programs: a task of 5 ms takes 90 ms on a busy machine.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.support.polling import TIMEOUT_SECONDS

TASK = "RunTask"
LONG_TASK = 50  # ms, the browsers' definition
CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline"


@dataclass
class Tasks:
    """The durations of main-thread tasks."""

    cpu_ms: list[float] = field(default_factory=list)
    wall_clock_ms: list[float] = field(default_factory=list)
    """The same tasks by wall-clock time."""

    def summary(self, seconds: float) -> str:
        """Return a one-line summary of tasks traced for `seconds`."""
        long_tasks = sum(duration > LONG_TASK for duration in self.wall_clock_ms)
        share = sum(self.cpu_ms) / (10 * seconds)
        return (
            f"longest task {max(self.cpu_ms):.0f} ms CPU, {max(self.wall_clock_ms):.0f} ms "
            f"wall-clock ({long_tasks} over {LONG_TASK} ms); {share:.0f} % of one core"
        )


@contextmanager
def trace_tasks(page: Page, session: CDPSession) -> Iterator[Tasks]:
    """Trace all tasks during the block; the result is complete after the block."""
    events: list[dict[str, Any]] = []
    session.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    session.send("Tracing.start", {"categories": CATEGORIES, "transferMode": "ReportEvents"})
    tasks = Tasks()
    yield tasks
    with page.expect_event(
        "console", lambda message: message.text == "traced", timeout=TIMEOUT_SECONDS * 1000
    ):
        session.once("Tracing.tracingComplete", lambda _: page.evaluate("console.log('traced')"))
        session.send("Tracing.end")
    for task in _main_thread_tasks(events):
        tasks.cpu_ms.append(task["tdur"] / 1000)
        tasks.wall_clock_ms.append(task["dur"] / 1000)


def _main_thread_tasks(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the tasks of the main thread, which is the one with most layouts."""
    layouts = Counter((event["pid"], event["tid"]) for event in events if event["name"] == "Layout")
    [(main, _)] = layouts.most_common(1)
    return [
        event
        for event in events
        if event["name"] == TASK and (event["pid"], event["tid"]) == main and "tdur" in event
    ]
