"""The audit chain: every changed, moved or missing entry is detected."""

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.audit import START_HASH, AuditEntry, ChainHead, append, first_break

type Detail = dict[str, str | int | float | bool | None]

details = st.dictionaries(
    st.sampled_from(["reason", "score", "kind", "known"]),
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
)


def chain(*contents: Detail) -> list[AuditEntry]:
    head, entries = ChainHead(), []
    for number, detail in enumerate(contents):
        entry, head = append(head, "5e55", number, "system", f"action {number}", **detail)
        entries.append(entry)
    return entries


FIVE = chain({}, {"reason": "违纪"}, {"score": 0.5}, {"known": None}, {})
OTHER = {
    "session_id": "other",
    "number": 9,
    "at": 9,
    "actor": "proctor:somebody",
    "action": "nothing",
    "before": "0" * 63 + "1",
    "detail": {"reason": "another"},
    "hash": "f" * 64,
}


@given(st.lists(details, max_size=6))
def test_unmodified_chain_is_intact(contents: list[Detail]) -> None:
    assert first_break(chain(*contents)) is None


def test_order_of_the_details_does_not_matter() -> None:
    orders: list[Detail] = [{"kind": "a", "score": 1}, {"score": 1, "kind": "a"}]
    first, second = (
        append(ChainHead(), "5e55", 0, "system", "action", **detail)[0] for detail in orders
    )
    assert first.hash == second.hash


def test_first_entry_refers_to_the_start_hash() -> None:
    assert (FIVE[0].number, FIVE[0].before) == (1, START_HASH)
    assert first_break([]) is None


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("field", [field.name for field in fields(AuditEntry)])
def test_changed_field_breaks_the_chain_at_its_entry(field: str, place: int) -> None:
    changed = [*FIVE]
    changed[place] = replace(FIVE[place], **{field: OTHER[field]})  # type: ignore[arg-type]
    assert first_break(changed) == place + 1


@pytest.mark.parametrize("place", range(5))
def test_rehashed_change_breaks_the_chain_at_the_next_entry(place: int) -> None:
    forged, _ = append(ChainHead(place, FIVE[place].before), "5e55", 0, "system", "forged")
    assert first_break([*FIVE[:place], forged, *FIVE[place + 1 :]]) == (
        place + 2 if place < 4 else None
    )


@pytest.mark.parametrize("place", range(4))
def test_missing_entry_breaks_the_chain(place: int) -> None:
    assert first_break([*FIVE[:place], *FIVE[place + 1 :]]) == place + 1


@pytest.mark.parametrize("place", range(4))
def test_swapped_entries_break_the_chain(place: int) -> None:
    moved = [*FIVE]
    moved[place : place + 2] = moved[place : place + 2][::-1]
    assert first_break(moved) == place + 1


@pytest.mark.parametrize("place", range(5))
def test_duplicated_entry_breaks_the_chain(place: int) -> None:
    assert first_break([*FIVE[: place + 1], *FIVE[place:]]) == place + 2
