"""The access log: repeated access is logged once in five minutes, as a hash chain."""

from chalicelib.domain.audit import first_break
from chalicelib.domain.review.access_log import (
    MAX_RECENT,
    REPEAT_INTERVAL,
    AccessedItem,
    AccessLogHead,
    log_access,
)
from tests.support.builders import NOW


def test_repeated_access_is_logged_once_within_the_interval() -> None:
    first = log_access(AccessLogHead("5e55"), "proctor:a", AccessedItem.CANDIDATE, NOW)
    assert first is not None
    access_head, _ = first
    assert (
        log_access(access_head, "proctor:a", AccessedItem.CANDIDATE, NOW + REPEAT_INTERVAL - 1)
        is None
    )
    assert (
        log_access(access_head, "proctor:a", AccessedItem.CANDIDATE, NOW + REPEAT_INTERVAL)
        is not None
    )
    assert log_access(access_head, "proctor:a", AccessedItem.EVIDENCE, NOW + 1) is not None
    assert log_access(access_head, "proctor:b", AccessedItem.CANDIDATE, NOW + 1) is not None


def test_access_entries_form_a_hash_chain() -> None:
    access_head, entries = AccessLogHead("5e55"), []
    for number in range(MAX_RECENT + 5):
        update = log_access(access_head, f"proctor:{number}", AccessedItem.CANDIDATE, NOW + number)
        assert update is not None
        access_head, access = update
        entries.append(access.entry)
    assert first_break(entries) is None
    assert (access_head.version, access_head.head.count) == (MAX_RECENT + 5, MAX_RECENT + 5)
    assert len(access_head.recent) == MAX_RECENT
    assert first_break(entries[1:]) is not None
