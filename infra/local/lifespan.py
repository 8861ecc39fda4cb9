"""Starting and stopping an ASGI application apart from the server before it.

The server waits for open connections before it lets the application stop, and a browser keeps its
connections open: the state would be saved late, or never. Here the application is stopped, and
saves, whatever is still connected.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from infra.local.rest_api import App, Message, Receive, Scope, Send

GRACE_S = 1.0


@asynccontextmanager
async def application_lifespan(app: App) -> AsyncIterator[None]:
    """Start `app`, and stop it after the block. Raises RuntimeError when it does not start."""
    told: asyncio.Queue[Message] = asyncio.Queue()
    answers: asyncio.Queue[Message] = asyncio.Queue()
    scope: Scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    life = asyncio.ensure_future(app(scope, told.get, answers.put))
    await told.put({"type": "lifespan.startup"})
    answer = await answers.get()
    if answer["type"] != "lifespan.startup.complete":
        raise RuntimeError(str(answer.get("message", "the application did not start")))
    try:
        yield
    finally:
        await told.put({"type": "lifespan.shutdown"})
        await answers.get()
        await life


def without_lifespan(app: App) -> App:
    """Return `app` for a server that is not to start or stop it."""

    async def serve_only(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return
        for event in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{event}.complete"})

    return serve_only


async def stop_server(server: asyncio.Task[None]) -> None:
    """Wait a moment for a server that was told to stop, then end it with what is connected."""
    await asyncio.wait({server}, timeout=GRACE_S)
    # That a connection was cut is no news from here on.
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)
    while not server.done():
        server.cancel()
        await asyncio.wait({server}, timeout=GRACE_S / 10)
