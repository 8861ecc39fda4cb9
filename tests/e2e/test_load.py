"""Sixty candidates who do twenty things a second, in one open page: it stays smooth and small."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Playwright

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


def test_sixty_candidates_and_twenty_events_a_second(
    playwright: Playwright, capsys: pytest.CaptureFixture[str]
) -> None:
    with simulated_wall(playwright, CANDIDATES, motion=True, script=RECORDER) as (
        proctor,
        server,
        room,
    ):
        page = proctor.page
        session = proctor.context.new_cdp_session(page)
        told = [
            _measure_smoothness(page, session, server, room),
            _measure_batching(page, server, room),
            _measure_memory(page, session, server, room),
        ]
        proctor.assert_no_console_errors()
    with capsys.disabled():
        print("", *told, sep="\n")


def _measure_smoothness(
    page: Page, session: CDPSession, server: StubServer, room: SimulatedRoom
) -> str:
    """At the pace of a real sitting a push changes what it is about, and pictures never flicker.

    How long tasks take is told, not asserted: the machine that runs tests has other work, too.
    """
    seconds = 10
    before = _counters(page)
    with trace_tasks(page, session) as tasks:
        server.run_events(room, seconds * EVENTS_PER_SECOND, 1 / EVENTS_PER_SECOND)
        _wait_for_latest_pictures(page, room)
    after = _counters(page)
    assert after["renewed"] - before["renewed"] > 100
    assert after["gaps"] == [], "a picture was gone before the next one was there"
    assert after["changes"] - before["changes"] <= 2 * seconds * EVENTS_PER_SECOND
    return f"{CANDIDATES} candidates, {EVENTS_PER_SECOND} events a second: {tasks.summary(seconds)}"


def _measure_batching(page: Page, server: StubServer, room: SimulatedRoom) -> str:
    """However much comes at once, the wall is changed at most once for each frame it shows."""
    events = 2_000
    before = _counters(page)
    server.run_events(room, events)
    _wait_for_latest_pictures(page, room)
    after = _counters(page)
    flushes, frames = (after[one] - before[one] for one in ("flushes", "frames"))
    assert flushes <= frames + 1
    # A push about one candidate changes what belongs to that one, and nothing beside it.
    assert after["changes"] - before["changes"] <= 2 * events
    return f"{events} events at once: {flushes} changes of the wall in {frames} frames"


def _measure_memory(
    page: Page, session: CDPSession, server: StubServer, room: SimulatedRoom
) -> str:
    """As many events as half an hour holds leave nothing behind."""
    server.snapshot_size = (160, 120)  # what is counted is the page's own memory, not its pictures
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
    assert nodes[-1] < 1.2 * nodes[1], f"elements are left behind: {nodes}"
    return (
        f"{12 * step} events: heap {heaps[1]:.1f} MB after the second twelfth, {heaps[-1]:.1f} MB "
        f"at the end; {nodes[1]} and {nodes[-1]} nodes"
    )


def _wait_for_latest_pictures(page: Page, room: SimulatedRoom) -> None:
    """Wait until every candidate's newest picture of each view is the one on the wall."""
    page.wait_for_function(
        """(captures) => Object.entries(captures).every(([place, capture]) => {
            const [session, view] = place.split('/');
            const tile = `[data-session="${session}"] [data-testid="tile-${view}"]`;
            return document.querySelector(`${tile} img`)?.src.includes(capture);
        })""",
        arg=room.latest_captures(),
    )


def _counters(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("window.work")
    return found
