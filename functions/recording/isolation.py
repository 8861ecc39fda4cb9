"""Runs the inspection in a process of its own, so that no file can stop or exhaust the function.

Decoders are large, and the bytes are a stranger's: a file that hangs or crashes them costs its own
deadline and one process. It is tried once more in a fresh one; then it is unreadable.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Timer
from typing import IO

from functions.recording.inspection import MAX_HEARD_BYTES, UNREADABLE, SegmentContent
from functions.recording.worker import LENGTH_BYTES, READY

DEADLINE_SECONDS = 3.0
"""Ten times what a segment of 10 s takes on the function's share of a core."""

START_SECONDS = 20.0
MAX_LINE_BYTES = 10_000
ATTEMPTS = 2
COMMAND = (sys.executable, "-m", "functions.recording.worker")
_KEPT_VARIABLES = ("PATH", "LD_LIBRARY_PATH", "LANG", "TZ")


class InspectorUnavailable(Exception):
    """The inspecting process does not start: that is ours, and says nothing about a file."""


class IsolatedInspector:
    """Inspects segments in one process, which is started when needed and replaced when it fails."""

    def __init__(
        self, command: tuple[str, ...] = COMMAND, deadline_seconds: float = DEADLINE_SECONDS
    ) -> None:
        self._command, self._deadline = command, deadline_seconds
        self._process: subprocess.Popen[bytes] | None = None

    def inspect(self, data: bytes) -> SegmentContent:
        """Inspect a segment's bytes. Raises InspectorUnavailable."""
        for _ in range(ATTEMPTS):
            content = self._try(self._running(), data)
            if content is not None:
                return content
            self.close()
        return UNREADABLE

    def close(self) -> None:
        """End the process, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what was not written is of no use any more
                if pipe:
                    pipe.close()
        process.wait()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and self._process.poll() is None:
            return self._process
        self.close()
        process = subprocess.Popen(  # noqa: S603
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        self._process = process
        if process.stdout is None or self._first_line(process) != READY:
            self.close()
            raise InspectorUnavailable("the inspecting process did not start")
        return process

    def _first_line(self, process: subprocess.Popen[bytes]) -> bytes:
        with _killed_after(START_SECONDS, process):
            return process.stdout.readline() if process.stdout else b""

    def _try(self, process: subprocess.Popen[bytes], data: bytes) -> SegmentContent | None:
        """Return what the process says, or None where it crashed or did not answer in time."""
        if process.stdin is None or process.stdout is None:
            return None
        try:
            with _killed_after(self._deadline, process):
                process.stdin.write(len(data).to_bytes(LENGTH_BYTES) + data)
                process.stdin.flush()
                return _content(process.stdout)
        except (OSError, ValueError, TypeError, KeyError):
            return None


def _content(source: IO[bytes]) -> SegmentContent | None:
    """Return what the process says, or None where it says nothing. Raises ValueError, TypeError."""
    line = source.readline(MAX_LINE_BYTES)
    if not line:
        return None
    told = json.loads(line)
    length = int(told["samples"])
    if not 0 <= length <= MAX_HEARD_BYTES:
        raise ValueError("more samples than a segment has")
    samples = source.read(length)
    if len(samples) < length:
        return None
    return SegmentContent(**(told | {"samples": samples}))


@contextmanager
def _killed_after(seconds: float, process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Kill a process that takes longer than the block may: reading and writing then end."""
    timer = Timer(seconds, process.kill)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _environment() -> dict[str, str]:
    """Return the process's environment: where its code is, and none of the function's credentials."""
    kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
