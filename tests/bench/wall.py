"""How smooth the wall is: ``python -m tests.bench.wall``, half a minute on a machine at rest.

Sixty candidates who do twenty things a second, in one page of real Chromium.
"""

from playwright.sync_api import sync_playwright

from tests.e2e.simulated_page import wall_of
from tests.e2e.tasks import noted_tasks

PEOPLE, A_SECOND, SECONDS = 60, 20, 30


def main() -> None:
    with (
        sync_playwright() as playwright,
        wall_of(playwright, PEOPLE, motion=True) as (proctor, server, room),
        noted_tasks(proctor.page, proctor.context.new_cdp_session(proctor.page)) as tasks,
    ):
        server.play(room, SECONDS * A_SECOND, 1 / A_SECOND)
    print(f"{PEOPLE} candidates, {A_SECOND} events a second: {tasks.told(SECONDS)}")


if __name__ == "__main__":
    main()
