"""Benchmark of the wall: ``python -m tests.bench.wall``; takes half a minute on an idle machine.

60 candidates with 20 events a second, in one page of Chromium.
"""

from playwright.sync_api import sync_playwright

from tests.e2e.simulated_page import simulated_wall
from tests.e2e.tasks import trace_tasks

CANDIDATES, EVENTS_PER_SECOND, SECONDS = 60, 20, 30


def main() -> None:
    with (
        sync_playwright() as playwright,
        simulated_wall(playwright, CANDIDATES, motion=True) as (proctor, server, room),
        trace_tasks(proctor.page, proctor.context.new_cdp_session(proctor.page)) as tasks,
    ):
        server.run_events(room, SECONDS * EVENTS_PER_SECOND, 1 / EVENTS_PER_SECOND)
    print(f"{CANDIDATES} candidates, {EVENTS_PER_SECOND} events a second: {tasks.summary(SECONDS)}")


if __name__ == "__main__":
    main()
