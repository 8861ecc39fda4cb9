"""Concurrent requests to the deployed API are limited; other requests are not."""

import asyncio
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from infra.local.concurrency import DEPLOYED, limit_concurrency
from infra.local.rest_api import Message, Receive, Scope, Send


class BlockingApp:
    """An ASGI application whose requests block until released; counts started requests by path."""

    def __init__(self) -> None:
        self.started: Counter[str] = Counter()
        self.release = asyncio.Event()

    async def __call__(self, scope: Scope, _: Receive, __: Send) -> None:
        self.started[scope["path"]] += 1
        await self.release.wait()


async def _receive() -> Message:
    raise AssertionError


async def _send(_: Message) -> None:
    raise AssertionError


async def _measure_concurrency(path: str, kind: str, limit: int, requests: int) -> tuple[int, int]:
    blocking_app = BlockingApp()
    app = limit_concurrency(blocking_app, limit)
    scope: Scope = {"type": kind, "path": path}
    tasks = [asyncio.ensure_future(app(scope, _receive, _send)) for _ in range(requests)]
    for _ in range(5):
        await asyncio.sleep(0)
    concurrent = blocking_app.started[path]
    blocking_app.release.set()
    await asyncio.gather(*tasks)
    return concurrent, blocking_app.started[path]


def _count(path: str, kind: str) -> tuple[int, int]:
    """Return how many of five requests start while blocked under a limit of two, and in total."""
    # In its own thread, as the test's thread may already have a running event loop.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(_measure_concurrency(path, kind, 2, 5))).result()


def test_requests_to_deployed_api_are_limited() -> None:
    assert _count(f"{DEPLOYED}id/api/exams", "http") == (2, 5)


def test_other_requests_and_sockets_are_not_limited() -> None:
    assert _count("/bucket/page.html", "http") == (5, 5)
    assert _count(f"{DEPLOYED}id/api", "websocket") == (5, 5)
