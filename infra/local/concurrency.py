"""Limits concurrent requests to the deployed API, so that a burst does not start many workers.

MiniStack starts a Python process for each concurrent request, which takes more than a second and
over 100 MB. A page that sends ten requests at once is served faster by a few warm workers. On AWS
all would be warm after the first such page; here the browser and the models share the machine.
"""

from __future__ import annotations

import asyncio

from infra.local.rest_api import App, Receive, Scope, Send

MAX_CONCURRENT = 6
DEPLOYED = "/_aws/execute-api/"


def limit_concurrency(app: App, limit: int = MAX_CONCURRENT) -> App:
    """Return `app` with at most `limit` concurrent requests to the deployed API."""
    semaphore = asyncio.Semaphore(limit)

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(DEPLOYED):
            async with semaphore:
                await app(scope, receive, send)
        else:
            await app(scope, receive, send)

    return serve
