"""Waiting for what happens elsewhere: until it is so, with a deadline, never for a fixed time."""

import threading
import time
from collections.abc import Callable

TIMEOUT_SECONDS = 60.0
"""Seconds. Far more than anything takes; only a failure waits this long."""


def wait_for[T](probe: Callable[[], T], what: str, seconds: float = TIMEOUT_SECONDS) -> T:
    """Look again and again until what is seen is true, and return it. Raises TimeoutError."""
    deadline, pause = time.monotonic() + seconds, threading.Event()
    while not (seen := probe()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:.0f} s; last seen: {seen!r}")
        pause.wait(0.05)
    return seen
