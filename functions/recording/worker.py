"""The process that inspects segments: a length and the bytes come in; JSON and the samples go out.

It has no credentials, writes no files and cannot take more memory than its limit.
"""

import json
import resource
import sys
from dataclasses import asdict
from typing import BinaryIO

from functions.recording.inspection import inspect

MAX_MEMORY = 700 * 1024**2
LENGTH_BYTES = 8
READY = b"ready\n"


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Serve until the source ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _send(target, READY)
    while length := source.read(LENGTH_BYTES):
        content = inspect(source.read(int.from_bytes(length)))
        told = asdict(content) | {"samples": len(content.samples)}
        _send(target, json.dumps(told).encode() + b"\n" + content.samples)


def _send(target: BinaryIO, data: bytes) -> None:
    target.write(data)
    target.flush()


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
