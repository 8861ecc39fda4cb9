"""Looks at pictures: written down once in five minutes, in a chain."""

from chalicelib.domain.audit import first_break
from chalicelib.domain.review.access_log import (
    MAX_RECENT,
    REPEAT_INTERVAL,
    AccessedItem,
    AccessLogHead,
    log_access,
)
from tests.support.builders import NOW


def test_of_repeats_within_minutes_one_is_written() -> None:
    first = log_access(AccessLogHead("5e55"), "proctor:a", AccessedItem.CANDIDATE, NOW)
    assert first is not None
    looks, _ = first
    assert log_access(looks, "proctor:a", AccessedItem.CANDIDATE, NOW + REPEAT_INTERVAL - 1) is None
    assert log_access(looks, "proctor:a", AccessedItem.CANDIDATE, NOW + REPEAT_INTERVAL) is not None
    assert log_access(looks, "proctor:a", AccessedItem.EVIDENCE, NOW + 1) is not None
    assert log_access(looks, "proctor:b", AccessedItem.CANDIDATE, NOW + 1) is not None


def test_looks_are_a_chain() -> None:
    looks, entries = AccessLogHead("5e55"), []
    for number in range(MAX_RECENT + 5):
        looked = log_access(looks, f"proctor:{number}", AccessedItem.CANDIDATE, NOW + number)
        assert looked is not None
        looks, written = looked
        entries.append(written.entry)
    assert first_break(entries) is None
    assert (looks.version, looks.head.count) == (MAX_RECENT + 5, MAX_RECENT + 5)
    assert len(looks.recent) == MAX_RECENT
    assert first_break(entries[1:]) is not None
