"""The local AWS as a child process that stops, and saves, when its parent ends in any way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from infra.deployments import ROOT, Deployment
from infra.errors import InfraError
from infra.local.server import check_port

START_S, STOP_S = 60, 60
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "LOG_LEVEL", "LD_LIBRARY_PATH")


@contextmanager
def local_aws(deployment: Deployment) -> Iterator[subprocess.Popen[bytes]]:
    """Run the local AWS for `site` while the block runs.

    Raises BusyPort when the port is taken and InfraError when it does not come up.
    """
    check_port(deployment.port)
    deployment.data.mkdir(parents=True, exist_ok=True)
    with (deployment.data / "local.log").open("wb") as log:
        process = _start(deployment, log.fileno())
        try:
            _await_ready(deployment, process)
            yield process
        finally:
            stop(process)


def _start(deployment: Deployment, log: int) -> subprocess.Popen[bytes]:
    """Start it in a session of its own, so that Ctrl-C reaches its parent alone."""
    command = [sys.executable, "-m", "infra", "local", "--with-parent"]
    return subprocess.Popen(  # noqa: S603
        [*command, "--port", str(deployment.port), "--data", str(deployment.data)],
        cwd=ROOT,
        env={name: os.environ[name] for name in INHERITED if name in os.environ},
        stdin=subprocess.PIPE,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def stop(process: subprocess.Popen[bytes]) -> None:
    """End its input, which is its sign to save and stop; kill it when it does not."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _await_ready(deployment: Deployment, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{deployment.endpoint}/_ministack/health", timeout=5).close()  # noqa: S310
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise InfraError(f"The local AWS did not start: see {deployment.data / 'local.log'}")
