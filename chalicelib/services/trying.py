"""Optimistic writing: read, decide, write over the version read; on a conflict, from the start."""

from collections.abc import Callable

from chalicelib.exam.errors import Conflict

TRIES = 6


def until_written[T](attempt: Callable[[], T]) -> T:
    """Run `attempt`, which reads afresh, decides and writes, until its write holds.

    Raises the last Conflict after TRIES, and any other refusal at once.
    """
    for _ in range(TRIES - 1):
        try:
            return attempt()
        except Conflict:
            continue
    return attempt()
