"""The local AWS as a child process that saves its state and stops whenever its parent ends."""

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
    """Run the local AWS of `deployment` for the block.

    Raises PortInUse, and InfraError when it does not start.
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
    """Start the process in a new session, so that Ctrl-C only reaches its parent."""
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
    """Close standard input, on which the process saves and stops; kill it after STOP_S."""
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
    raise InfraError(f"The local AWS did not start; see {deployment.data / 'local.log'}")
