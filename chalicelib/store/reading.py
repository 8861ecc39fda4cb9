"""Reading of a session's items that many kinds of records share: pages, by ids, and what may be absent."""

from collections.abc import Iterable, Iterator
from itertools import islice

from chalicelib.store.models import SessionItem

type Table = type[SessionItem]


def read_page(
    table: Table, session_id: str, prefix: str, limit: int, before: str | None
) -> Iterator[SessionItem]:
    """Return the items whose key begins with a prefix, the newest first, from before an id."""
    # `between` includes its ends: one more item is read, and the end itself is left out.
    end = None if before is None else prefix + before
    key_range = table.sk.startswith(prefix) if end is None else table.sk.between(prefix, end)
    items = table.query(session_id, key_range, scan_index_forward=False, limit=limit + 1)
    return islice((item for item in items if item.sk != end), limit)


def read_by_ids(
    table: Table, session_id: str, prefix: str, ids: Iterable[str]
) -> Iterable[SessionItem]:
    """Return the items of these ids that are there, in no order."""
    keys = [(session_id, prefix + name) for name in sorted(set(ids))]
    return table.batch_get(keys, consistent_read=True) if keys else ()


def read_or_none(table: Table, pk: str, sk: str) -> SessionItem | None:
    """Return an item, or None where there is none."""
    try:
        return table.get(pk, sk, consistent_read=True)
    except table.DoesNotExist:
        return None


def delete_by_ids(table: Table, session_id: str, prefix: str, ids: Iterable[str]) -> None:
    """Delete the items of these ids, those that are there."""
    with table.batch_write() as batch:
        for name in ids:
            batch.delete(table(session_id, prefix + name))
