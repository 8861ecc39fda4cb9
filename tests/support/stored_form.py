"""What the fakes store has to come out of the tables as it went in."""

from chalicelib.store.models import dump, load


def require_storable(*records: object) -> None:
    """Raise AssertionError for a record that the real store's JSON does not hold as it is.

    A None where there is a time, for one: the types forbid it, and only the real store would notice.
    """
    for record in records:
        assert load(type(record), dump(record)) == record, record
