"""Starts and stops an ASGI application independently of its server.

The server waits for open connections before it shuts the application down, and browsers keep
connections open: the state would be saved late or never. Here the application is shut down, and
saves its state, regardless of open connections.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from infra.local.rest_api import App, Message, Receive, Scope, Send

GRACE_S = 1.0


@asynccontextmanager
async def application_lifespan(app: App) -> AsyncIterator[None]:
    """Start `app`, and shut it down after the block. Raises RuntimeError if the start fails."""
    events: asyncio.Queue[Message] = asyncio.Queue()
    replies: asyncio.Queue[Message] = asyncio.Queue()
    scope: Scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    task = asyncio.ensure_future(app(scope, events.get, replies.put))
    await events.put({"type": "lifespan.startup"})
    reply = await replies.get()
    if reply["type"] != "lifespan.startup.complete":
        raise RuntimeError(str(reply.get("message", "the application did not start")))
    try:
        yield
    finally:
        await events.put({"type": "lifespan.shutdown"})
        await replies.get()
        await task


def without_lifespan(app: App) -> App:
    """Return `app` without lifespan events, for a server that must not start or stop it."""

    async def serve_only(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})

    return serve_only


async def stop_server(server: asyncio.Task[None]) -> None:
    """Wait GRACE_S for the server to stop, then cancel it along with its connections."""
    await asyncio.wait({server}, timeout=GRACE_S)
    # From here on, errors of cancelled connections are expected.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    while not server.done():
        server.cancel()
        await asyncio.wait({server}, timeout=GRACE_S / 10)
