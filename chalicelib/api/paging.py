"""Pages of a session's captures and segments, newest first: what the next page comes before."""

from collections.abc import Sequence

NEWEST = "newest"


def before_id(before: str) -> str | None:
    """Return the id, or the time, that a page comes before; None for the newest."""
    return None if before == NEWEST else before


def next_before(ids: Sequence[str], page_size: int) -> str | None:
    """Return what the next page comes before; None after the last, which is not full."""
    return ids[-1] if len(ids) == page_size else None
