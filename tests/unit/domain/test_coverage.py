"""Whether a record has a hole, read from the exported record alone."""

from typing import Any

import pytest

from chalicelib.domain.review.coverage import Hole, find_holes
from chalicelib.domain.types import MINUTE, SECOND, Millis, View
from tests.support.builders import NOW


def at(minute: float) -> Millis:
    return NOW + round(minute * MINUTE)


def entry(action: str, minute: float, **detail: Any) -> dict[str, Any]:
    return {"action": action, "at": at(minute), "detail": detail}


def picture(minute: float, view: View = View.FIRST, error: str | None = None) -> dict[str, Any]:
    return {"captured_at": at(minute), "view": view, "medium": "picture", "error": error}


def flag(begin: float, end: float | None, view: View = View.FIRST) -> dict[str, Any]:
    return {"view": view, "began_at": at(begin), "ended_at": None if end is None else at(end)}


def record(*entries: dict[str, Any], **parts: Any) -> dict[str, Any]:
    """Ten minutes of answering, with a picture in each, unless a test says otherwise."""
    return {
        "exported_at": at(60),
        "session": {},
        "audit": [entry("start", 0), *entries, entry("submit", 10)],
        "observations": [picture(minute + 0.5) for minute in range(10)],
        "flags": [],
        **parts,
    }


def without(*minutes: int, **more: Any) -> dict[str, Any]:
    seen = [picture(minute + 0.5) for minute in range(10) if minute not in minutes]
    return record(observations=[*seen, *more.pop("observations", ())], **more)


HOLE = [Hole(View.FIRST, at(4), at(6))]


def test_a_picture_in_each_minute_is_enough() -> None:
    assert find_holes(record()) == []


def test_minutes_of_which_nothing_is_known_are_a_hole() -> None:
    assert find_holes(without(4, 5)) == HOLE


def test_several_holes_are_told_apart() -> None:
    assert find_holes(without(2, 4, 5)) == [Hole(View.FIRST, at(2), at(3)), *HOLE]


@pytest.mark.parametrize(
    "seen",
    [
        picture(4.5, error="truncated"),
        picture(4.5, View.SECOND),
        {**picture(4.5), "medium": "sound"},
    ],
)
def test_what_cannot_be_read_and_what_shows_something_else_is_no_picture(
    seen: dict[str, Any],
) -> None:
    assert find_holes(without(4, 5, observations=[seen])) == HOLE


@pytest.mark.parametrize(
    "parts",
    [
        {"flags": [flag(3.9, 6.2)]},
        {"flags": [flag(4.5, None)]},
        {"session": {"excused": ["no_snapshot"]}},
        {"session": {"rule_overrides": {"no_snapshot": {"on": False}}}},
    ],
)
def test_a_flag_or_a_reason_accounts_for_it(parts: dict[str, Any]) -> None:
    assert find_holes(without(4, 5, **parts)) == []


@pytest.mark.parametrize(
    "entries",
    [
        [entry("pause", 3.9), entry("resume", 6.1)],
        [entry("outage", 6.1, silent=130 * SECOND)],
        [entry("captures_late", 6.1, since=at(3.9), view="first", medium="picture")],
    ],
)
def test_a_reason_of_the_chain_accounts_for_it(entries: list[dict[str, Any]]) -> None:
    found = without(4, 5)
    found["audit"][1:1] = entries
    assert find_holes(found) == []


@pytest.mark.parametrize(
    "parts",
    [
        {"flags": [flag(3.9, 6.2, View.SECOND)]},
        {"flags": [flag(1, 3.9)]},
        {"session": {"excused": ["voice"]}},
        {"session": {"rule_overrides": {"no_snapshot": {"on": True}}}},
    ],
)
def test_nothing_else_does(parts: dict[str, Any]) -> None:
    assert find_holes(without(4, 5, **parts)) == HOLE


def test_late_sound_explains_no_missing_picture() -> None:
    late = entry("captures_late", 6.1, since=at(3.9), view="first", medium="sound")
    found = without(4, 5)
    found["audit"].insert(1, late)
    assert find_holes(found) == HOLE


def test_who_waits_is_accounted_for_until_the_paper_opens() -> None:
    found = record()
    found["audit"].insert(0, entry("wait", -10))
    assert find_holes(found) == []


def test_the_second_view_counts_from_when_it_joined() -> None:
    joined = {"second_view_joined_at": at(-5)}
    assert find_holes(record(session=joined)) == [Hole(View.SECOND, at(0), at(9))]
    late = {"second_view_joined_at": at(7)}
    shown = [picture(7.5, View.SECOND)]
    assert find_holes(without(session=late, observations=shown)) == [
        Hole(View.SECOND, at(8), at(9))
    ]


def test_what_is_missing_just_before_the_end_is_not_overdue_yet() -> None:
    assert find_holes(without(9)) == []


def test_time_was_up_before_the_clock_found_it() -> None:
    found = record(session={"receipt": {"at": at(10)}})
    found["audit"][-1] = entry("time_out", 20)
    assert find_holes(found) == []


def test_a_session_under_way_is_judged_until_now() -> None:
    found = record(exported_at=at(12))
    del found["audit"][-1]
    assert find_holes(found) == [Hole(View.FIRST, at(10), at(11))]


def test_who_never_entered_was_not_watched() -> None:
    assert find_holes(record(audit=[entry("signed_in", 0)])) == []
