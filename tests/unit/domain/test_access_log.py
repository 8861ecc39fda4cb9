"""Looks at pictures: written down once in five minutes, in a chain."""

from chalicelib.domain.audit import first_break
from chalicelib.domain.review.access_log import AGAIN, MOST_RECENT, Looks, Shown, look
from tests.support.builders import NOW


def test_of_repeats_within_minutes_one_is_written() -> None:
    first = look(Looks("5e55"), "proctor:a", Shown.CANDIDATE, NOW)
    assert first is not None
    looks, _ = first
    assert look(looks, "proctor:a", Shown.CANDIDATE, NOW + AGAIN - 1) is None
    assert look(looks, "proctor:a", Shown.CANDIDATE, NOW + AGAIN) is not None
    assert look(looks, "proctor:a", Shown.EVIDENCE, NOW + 1) is not None
    assert look(looks, "proctor:b", Shown.CANDIDATE, NOW + 1) is not None


def test_looks_are_a_chain() -> None:
    looks, entries = Looks("5e55"), []
    for number in range(MOST_RECENT + 5):
        looked = look(looks, f"proctor:{number}", Shown.CANDIDATE, NOW + number)
        assert looked is not None
        looks, written = looked
        entries.append(written.entry)
    assert first_break(entries) is None
    assert (looks.version, looks.head.count) == (MOST_RECENT + 5, MOST_RECENT + 5)
    assert len(looks.recent) == MOST_RECENT
    assert first_break(entries[1:]) is not None
