"""Sixty candidates who do twenty things a second, in one open page: it stays smooth and small."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Playwright

from tests.e2e.simulated_page import wall_of
from tests.e2e.tasks import noted_tasks
from tests.support.simulated_room import SimulatedRoom
from tests.support.stub_server import StubServer

pytestmark = pytest.mark.e2e

PEOPLE = 60
A_SECOND = 20
HALF_AN_HOUR = 30 * 60 * A_SECOND
NOTES = Path(__file__).with_name("load.js")
MEGABYTE = 1024 * 1024


def test_sixty_candidates_and_twenty_events_a_second(
    playwright: Playwright, capsys: pytest.CaptureFixture[str]
) -> None:
    with wall_of(playwright, PEOPLE, motion=True, script=NOTES) as (proctor, server, room):
        page = proctor.page
        session = proctor.context.new_cdp_session(page)
        told = [
            _stays_smooth(page, session, server, room),
            _changes_once_a_frame(page, server, room),
            _stays_small(page, session, server, room),
        ]
        proctor.is_content()
    with capsys.disabled():
        print("", *told, sep="\n")


def _stays_smooth(page: Page, session: CDPSession, server: StubServer, room: SimulatedRoom) -> str:
    """At the pace of a real sitting a push changes what it is about, and pictures never flicker.

    How long tasks take is told, not asserted: the machine that runs tests has other work, too.
    """
    seconds = 10
    before = _work(page)
    with noted_tasks(page, session) as tasks:
        server.play(room, seconds * A_SECOND, 1 / A_SECOND)
        _keeps_up(page, room)
    after = _work(page)
    assert after["renewed"] - before["renewed"] > 100
    assert after["gaps"] == [], "a picture was gone before the next one was there"
    assert after["changes"] - before["changes"] <= 2 * seconds * A_SECOND
    return f"{PEOPLE} candidates, {A_SECOND} events a second: {tasks.told(seconds)}"


def _changes_once_a_frame(page: Page, server: StubServer, room: SimulatedRoom) -> str:
    """However much comes at once, the wall is changed at most once for each frame it shows."""
    events = 2_000
    before = _work(page)
    server.play(room, events)
    _keeps_up(page, room)
    after = _work(page)
    flushes, frames = (after[one] - before[one] for one in ("flushes", "frames"))
    assert flushes <= frames + 1
    # A push about one candidate changes what belongs to that one, and nothing beside it.
    assert after["changes"] - before["changes"] <= 2 * events
    return f"{events} events at once: {flushes} changes of the wall in {frames} frames"


def _stays_small(page: Page, session: CDPSession, server: StubServer, room: SimulatedRoom) -> str:
    """As many events as half an hour holds leave nothing behind."""
    server.shown = (160, 120)  # what is counted is the page's own memory, not its pictures
    step = HALF_AN_HOUR // 12
    heaps, nodes = [], []
    for _ in range(12):
        for _ in range(3):
            server.play(room, step // 3)
            _keeps_up(page, room)
        session.send("HeapProfiler.collectGarbage")
        heaps.append(session.send("Runtime.getHeapUsage")["usedSize"] / MEGABYTE)
        nodes.append(session.send("Memory.getDOMCounters")["nodes"])
    assert heaps[-1] - heaps[1] < 2, f"the heap grows: {heaps}"
    assert nodes[-1] < 1.2 * nodes[1], f"elements are left behind: {nodes}"
    return (
        f"{12 * step} events: heap {heaps[1]:.1f} MB after the second twelfth, {heaps[-1]:.1f} MB "
        f"at the end; {nodes[1]} and {nodes[-1]} nodes"
    )


def _keeps_up(page: Page, room: SimulatedRoom) -> None:
    """Wait until every candidate's newest picture of each view is the one on the wall."""
    page.wait_for_function(
        """(captures) => Object.entries(captures).every(([place, capture]) => {
            const [session, view] = place.split('/');
            const tile = `[data-session="${session}"] [data-testid="tile-${view}"]`;
            return document.querySelector(`${tile} img`)?.src.includes(capture);
        })""",
        arg=room.captures(),
    )


def _work(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate("window.work")
    return found
