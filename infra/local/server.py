"""`python -m infra local`: the local AWS on 127.0.0.1, in one process.

Its state is loaded at start and saved on a graceful stop: SIGINT, SIGTERM or, with `with_parent`,
the end of standard input, which also comes when the parent process is killed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

from infra.deployments import REGION, local_variables
from infra.errors import PortInUse
from infra.local.state_repair import reset_stream_positions

if TYPE_CHECKING:
    from hypercorn.typing import Framework

HOST = "127.0.0.1"
DISCARDED = "discarded-"


def check_port(port: int) -> None:
    """Raise PortInUse when another program listens on `port`."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PortInUse(
                f"Port {port} is in use by another program. "
                f"Stop it, or choose another port: INVIGIL_PORT={port + 1} make demo"
            ) from error


def server_variables(port: int, data: Path) -> dict[str, str]:
    """Return MiniStack's environment, which its Lambda functions inherit."""
    return {
        **local_variables(port, os.environ),
        "GATEWAY_PORT": str(port),
        "MINISTACK_HOST": "localhost",
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(data / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(data / "s3"),
        "TMPDIR": str(data / "tmp"),
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def prepare_environment(port: int, data: Path) -> None:
    """Create the folders and set the environment. Must run before MiniStack is imported."""
    check_port(port)
    for leftover in (data / "tmp", *data.glob(f"{DISCARDED}*")):
        shutil.rmtree(leftover, ignore_errors=True)
    for name in ("state", "s3", "tmp"):
        (data / name).mkdir(parents=True, exist_ok=True)
    reset_stream_positions(data / "state")
    os.environ.update(server_variables(port, data))
    logging.getLogger("kms").setLevel(logging.ERROR)  # it warns of a package not needed here
    tempfile.tempdir = None  # may be cached from before TMPDIR changed


def run(port: int, data: Path, *, with_parent: bool = False) -> None:
    """Serve until stopped, then save the state. Blocks. Raises PortInUse.

    Running Lambda invocations are not awaited: the caller must end the process and its threads.
    """
    prepare_environment(port, data)
    asyncio.new_event_loop().run_until_complete(_serve(port, data, with_parent=with_parent))


async def _serve(port: int, data: Path, *, with_parent: bool) -> None:
    from hypercorn.asyncio import serve  # noqa: PLC0415
    from hypercorn.config import Config  # noqa: PLC0415
    from ministack.app import app  # noqa: PLC0415 - it reads the environment when imported
    from ministack.core import lambda_runtime  # noqa: PLC0415
    from ministack.services import lambda_svc  # noqa: PLC0415

    from infra.local.concurrency import limit_concurrency  # noqa: PLC0415
    from infra.local.lifespan import GRACE_S, application_lifespan, stop_server, without_lifespan  # noqa: PLC0415
    from infra.local.rest_api import RestApiImport  # noqa: PLC0415

    # Updates are immediate here; reporting «in progress» costs Chalice five seconds per function.
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = 0  # noqa: SLF001
    stop = asyncio.Event()
    _stop_on(stop, with_parent=with_parent)
    config = Config()
    config.bind = [f"{HOST}:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = GRACE_S
    config.loglevel = "WARNING"
    async with application_lifespan(app):
        application = cast("Framework", without_lifespan(limit_concurrency(RestApiImport(app))))
        server = asyncio.create_task(serve(application, config, shutdown_trigger=stop.wait))
        await asyncio.wait(
            {server, asyncio.create_task(stop.wait())}, return_when="FIRST_COMPLETED"
        )
        await stop_server(server)
    _discard(data / "tmp")
    lambda_runtime.reset()  # ends the Lambda processes and the threads that read from them


def _discard(folder: Path) -> None:
    """Have a folder deleted by a process of its own.

    It holds a copy of its package for each Lambda process: deleting all of them takes up to a
    minute, and nobody who stops the product should wait for that.
    """
    aside = folder.with_name(f"{DISCARDED}{os.getpid()}")
    folder.rename(aside)
    subprocess.Popen(  # noqa: S603
        ["rm", "-rf", "--", str(aside)],  # noqa: S607
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _stop_on(stop: asyncio.Event, *, with_parent: bool) -> None:
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    if with_parent:
        threading.Thread(target=_await_end_of_input, args=(loop, stop), daemon=True).start()


def _await_end_of_input(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    loop.call_soon_threadsafe(stop.set)
