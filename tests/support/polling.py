"""Waiting for a condition, with a deadline and never for a fixed time."""

import threading
import time
from collections.abc import Callable

TIMEOUT_SECONDS = 60.0
"""Far more than any operation takes; only a failure waits this long."""


def wait_for[T](probe: Callable[[], T], what: str, seconds: float = TIMEOUT_SECONDS) -> T:
    """Poll until the result is true, and return it. Raises TimeoutError."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not (result := probe()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s; last result: {result!r}")
        pause.wait(0.05)
    return result
