"""How long a page's main thread is busy at a stretch, by its own processor time.

The clock on the wall counts other programs too: a task of 5 ms takes 90 when the machine is full.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import CDPSession, Page

from tests.support.polling import TIMEOUT_SECONDS

TASK = "RunTask"
LONG_TASK = 50  # ms, as browsers count a long task
CATEGORIES = "devtools.timeline,disabled-by-default-devtools.timeline"


@dataclass
class Tasks:
    """What the main thread did: milliseconds of each task, and the long ones as the page saw them."""

    cpu_ms: list[float] = field(default_factory=list)
    wall_clock_ms: list[float] = field(default_factory=list)
    """The same tasks by the clock on the wall."""

    def summary(self, seconds: float) -> str:
        """The figures in words, of so many seconds."""
        long = sum(one > LONG_TASK for one in self.wall_clock_ms)
        share = sum(self.cpu_ms) / (10 * seconds)
        return (
            f"longest task {max(self.cpu_ms):.0f} ms of the processor, {max(self.wall_clock_ms):.0f} ms by "
            f"the clock ({long} over {LONG_TASK} ms); {share:.0f} % of one core"
        )


@contextmanager
def trace_tasks(page: Page, session: CDPSession) -> Iterator[Tasks]:
    """Note every task of the block; they are there when it ends."""
    events: list[dict[str, Any]] = []
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.send("Tracing.start", {"categories": CATEGORIES, "transferMode": "ReportEvents"})
    tasks = Tasks()
    yield tasks
    with page.expect_event(
        "console", lambda message: message.text == "traced", timeout=TIMEOUT_SECONDS * 1000
    ):
        session.once("Tracing.tracingComplete", lambda _: page.evaluate("console.log('traced')"))
        session.send("Tracing.end")
    for one in _main_thread(events):
        tasks.cpu_ms.append(one["tdur"] / 1000)
        tasks.wall_clock_ms.append(one["dur"] / 1000)


def _main_thread(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The tasks of the thread that lays the page out."""
    layouts = Counter((event["pid"], event["tid"]) for event in events if event["name"] == "Layout")
    [(main, _)] = layouts.most_common(1)
    return [
        event
        for event in events
        if event["name"] == TASK and (event["pid"], event["tid"]) == main and "tdur" in event
    ]
