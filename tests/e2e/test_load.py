"""The wall of 60 candidates at 20 events a second: smooth updates and constant memory."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Playwright

from tests.conftest import PrintFigure
from tests.e2e.simulated_page import simulated_wall
from tests.e2e.tasks import trace_tasks
from tests.support.simulated_room import SimulatedRoom
from tests.support.stub_server import StubServer

pytestmark = pytest.mark.e2e

CANDIDATES = 60
EVENTS_PER_SECOND = 20
HALF_HOUR_OF_EVENTS = 30 * 60 * EVENTS_PER_SECOND
RECORDER = Path(__file__).with_name("load.js")
MEGABYTE = 1024 * 1024


def test_wall_of_sixty_candidates_with_twenty_events_per_second(
    playwright: Playwright, print_figure: PrintFigure
) -> None:
    with simulated_wall(playwright, CANDIDATES, motion=True, script=RECORDER) as (
        proctor,
        server,
        room,
    ):
        page = proctor.page
        session = proctor.context.new_cdp_session(page)
        results = [
            _measure_smoothness(page, session, server, room),
            _measure_batching(page, server, room),
            _measure_memory(page, session, server, room),
        ]
        proctor.assert_no_console_errors()
    for result in results:
        print_figure(result)


def _measure_smoothness(
    page: Page, session: CDPSession, server: StubServer, room: SimulatedRoom
) -> str:
    """At the rate of a real exam, a push only changes what it is about, without flicker.

    Task durations are reported, not asserted: the test machine may be busy.
    """
    seconds = 10
    before = _counters(page)
    with trace_tasks(page, session) as tasks:
        server.run_events(room, seconds * EVENTS_PER_SECOND, 1 / EVENTS_PER_SECOND)
        _wait_for_latest_pictures(page, room)
    after = _counters(page)
    assert after["renewed"] - before["renewed"] > 100
    assert after["gaps"] == [], "a picture was removed before the next one had loaded"
    assert after["changes"] - before["changes"] <= 2 * seconds * EVENTS_PER_SECOND
    return f"{CANDIDATES} candidates, {EVENTS_PER_SECOND} events a second: {tasks.summary(seconds)}"


def _measure_batching(page: Page, server: StubServer, room: SimulatedRoom) -> str:
    """In a burst of events, the wall is updated at most once per frame."""
    events = 2_000
    before = _counters(page)
    server.run_events(room, events)
    _wait_for_latest_pictures(page, room)
    after = _counters(page)
    flushes, frames = (after[counter] - before[counter] for counter in ("flushes", "frames"))
    assert flushes <= frames + 1
    # A push only changes the tile of its candidate.
    assert after["changes"] - before["changes"] <= 2 * events
    return f"burst of {events} events: {flushes} updates of the wall in {frames} frames"


def _measure_memory(
    page: Page, session: CDPSession, server: StubServer, room: SimulatedRoom
) -> str:
    """Half an hour of events leaks neither memory nor DOM nodes."""
    server.snapshot_size = (160, 120)  # memory of the page is measured, not of its pictures
    step = HALF_HOUR_OF_EVENTS // 12
    heaps, nodes = [], []
    for _ in range(12):
        for _ in range(3):
            server.run_events(room, step // 3)
            _wait_for_latest_pictures(page, room)
        session.send("HeapProfiler.collectGarbage")
        heaps.append(session.send("Runtime.getHeapUsage")["usedSize"] / MEGABYTE)
        nodes.append(session.send("Memory.getDOMCounters")["nodes"])
    assert heaps[-1] - heaps[1] < 2, f"the heap grows: {heaps}"
    assert nodes[-1] < 1.2 * nodes[1], f"DOM nodes leak: {nodes}"
    return (
        f"{12 * step} events: heap {heaps[1]:.1f} MB after the second twelfth, {heaps[-1]:.1f} MB "
        f"at the end; {nodes[1]} and {nodes[-1]} nodes"
    )


def _wait_for_latest_pictures(page: Page, room: SimulatedRoom) -> None:
    """Wait until the wall shows the latest picture of every candidate and view."""
    page.wait_for_function(
        """(captures) => Object.entries(captures).every(([key, capture]) => {
            const [session, view] = key.split('/');
            const tile = `[data-session="${session}"] [data-testid="tile-${view}"]`;
            return document.querySelector(`${tile} img`)?.src.includes(capture);
        })""",
        arg=room.latest_captures(),
    )


def _counters(page: Page) -> dict[str, Any]:
    counters: dict[str, Any] = page.evaluate("window.work")
    return counters
