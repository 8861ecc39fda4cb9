"""Requests to the deployed API take turns; nothing else waits for them."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from infra.local.concurrency import DEPLOYED, limit_concurrency
from infra.local.rest_api import Message, Receive, Scope, Send


class BlockingApp:
    """An application whose requests to the deployed API wait until they are let go."""

    def __init__(self) -> None:
        self.working: Counter[str] = Counter()
        self.release = asyncio.Event()

    async def __call__(self, scope: Scope, _: Receive, __: Send) -> None:
        self.working[scope["path"]] += 1
        await self.release.wait()


async def _receive() -> Message:
    raise AssertionError


async def _send(_: Message) -> None:
    raise AssertionError


async def _measure_concurrency(path: str, kind: str, at_once: int, asked: int) -> tuple[int, int]:
    slow = BlockingApp()
    app = limit_concurrency(slow, at_once)
    scope: Scope = {"type": kind, "path": path}
    tasks = [asyncio.ensure_future(app(scope, _receive, _send)) for _ in range(asked)]
    for _ in range(5):
        await asyncio.sleep(0)
    before = slow.working[path]
    slow.release.set()
    await asyncio.gather(*tasks)
    return before, slow.working[path]


def _count(path: str, kind: str) -> tuple[int, int]:
    """How many of five requests are in work when two may be, and in the end."""
    # In a thread of its own, as the one of the tests may have a running loop already.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(_measure_concurrency(path, kind, 2, 5))).result()


def test_the_deployed_api_works_on_a_few_at_once() -> None:
    assert _count(f"{DEPLOYED}id/api/exams", "http") == (2, 5)


def test_other_calls_and_sockets_do_not_wait() -> None:
    assert _count("/bucket/page.html", "http") == (5, 5)
    assert _count(f"{DEPLOYED}id/api", "websocket") == (5, 5)
