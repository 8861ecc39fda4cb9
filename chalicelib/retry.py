"""Trying: reads of what may not be there, and optimistic writing.

To write is to read, decide, and write over the version read; on a conflict, from the start.
"""

from collections.abc import Callable

from chalicelib.domain.errors import Conflict, NotFound

MAX_ATTEMPTS = 6


def retry_on_conflict[T](attempt: Callable[[], T]) -> T:
    """Run `attempt`, which reads afresh, decides and writes, until its write holds.

    Raises the last Conflict after TRIES, and any other refusal at once.
    """
    for _ in range(MAX_ATTEMPTS - 1):
        try:
            return attempt()
        except Conflict:
            continue
    return attempt()


def find_or_none[T](read: Callable[[], T]) -> T | None:
    """Return what `read` returns, or None where there is nothing to be read."""
    try:
        return read()
    except NotFound:
        return None
