"""Requests to the deployed API take turns, so that a burst does not start a worker for each.

MiniStack gives every request that runs at the same time a Python process of its own, which takes
more than a second to start and keeps over 100 MB. A page that asks for ten things at once is
answered sooner by a few warm workers. On AWS each would be warm after the first such page; here
the same machine also runs the browser and the models.
"""

from __future__ import annotations

import asyncio

from infra.local.rest_api import App, Receive, Scope, Send

MAX_CONCURRENT = 6
DEPLOYED = "/_aws/execute-api/"


def limit_concurrency(app: App, at_once: int = MAX_CONCURRENT) -> App:
    """Return `app` with at most so many requests to the deployed API in work."""
    turn = asyncio.Semaphore(at_once)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(DEPLOYED):
            async with turn:
                await app(scope, receive, send)
        else:
            await app(scope, receive, send)

    return serve
