"""Optimistic concurrency: retries of conflicting writes, and reads of what may not exist.

A use case reads, decides, and writes on condition that the version is still the one it read; on a
conflict it starts over.
"""

from collections.abc import Callable

from chalicelib.domain.errors import Conflict, NotFound

MAX_ATTEMPTS = 6


def retry_on_conflict[T](attempt: Callable[[], T]) -> T:
    """Run `attempt`, which reads, decides and writes, until it raises no Conflict.

    Raises the last Conflict after MAX_ATTEMPTS, and any other error at once.
    """
    for _ in range(MAX_ATTEMPTS - 1):
        try:
            return attempt()
        except Conflict:
            continue
    return attempt()


def ignore_repeat(write: Callable[[], None], is_done: Callable[[], object]) -> None:
    """Run `write`; ignore its Conflict where what it writes is stored already: a redelivery."""
    try:
        write()
    except Conflict:
        if not is_done():
            raise


def find_or_none[T](read: Callable[[], T]) -> T | None:
    """Return what `read` returns, or None where it raises NotFound."""
    try:
        return read()
    except NotFound:
        return None
