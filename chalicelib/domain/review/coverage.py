"""Whether a session's record has a hole: a minute that no picture, no reason and no flag accounts for.

From the entry to the waiting room until the end, each minute of each view must hold a picture that
could be read, a reason of the audit chain why there is none, or a flag that tells it. This reads the
exported record alone, with the standard library alone, as the rest of its check does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.review.deletion_receipts import deleted_keys
from chalicelib.domain.types import MINUTE, SECOND, Millis, View

TAIL: Millis = 30 * SECOND
"""So short before the end, what is missing is not overdue yet."""

MAX_MINUTES = 3 * 24 * 60
"""More than any session lasts."""

ENDS = frozenset({"submit", "time_out", "terminate"})
NO_SNAPSHOT = "no_snapshot"
CAPTURES_LATE = "captures_late"
"""The action of the entries that tell of captures which had come and were not judged yet."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Whole minutes of one view of which the record says nothing."""

    view: View
    began_at: Millis
    ended_at: Millis


type Span = tuple[Millis, Millis]


def find_holes(record: Mapping[str, Any]) -> list[Hole]:
    """Return the holes of an exported record, in the order of views and time."""
    watched = watched_span(record)
    if watched is None:
        return []
    began_at, ended_at = watched
    joined_at = record["session"].get("second_view_joined_at")
    begins = {View.FIRST: began_at}
    if joined_at is not None:
        begins[View.SECOND] = max(began_at, int(joined_at))
    return [
        hole
        for view, begin in begins.items()
        for hole in _view_holes(record, view, begin, ended_at)
    ]


def _view_holes(
    record: Mapping[str, Any], view: View, began_at: Millis, ended_at: Millis
) -> Iterable[Hole]:
    accounted = [
        *_pictures(record, view),
        *_reasons(record, view, ended_at),
        *_flag_spans(record, view, ended_at),
    ]
    minutes = range(began_at, ended_at - TAIL - MINUTE + 1, MINUTE)[:MAX_MINUTES]
    covered: set[Millis] = set()
    for begin, end in accounted:
        first = (max(begin, began_at) - began_at) // MINUTE
        covered.update(minutes[first : max((end - began_at) // MINUTE + 1, 0)])
    return _joined(view, (minute for minute in minutes if minute not in covered))


def _joined(view: View, minutes: Iterable[Millis]) -> list[Hole]:
    """Return minutes that follow one another as one hole."""
    holes: list[Hole] = []
    for minute in minutes:
        if holes and holes[-1].ended_at == minute:
            holes[-1] = Hole(view, holes[-1].began_at, minute + MINUTE)
        else:
            holes.append(Hole(view, minute, minute + MINUTE))
    return holes


def watched_span(record: Mapping[str, Any]) -> Span | None:
    """Return from when to when a session is watched, None where it never was."""
    entries = record["audit"]
    begins = [int(entry["at"]) for entry in entries if entry["action"] in {"wait", "start"}]
    ends = [int(entry["at"]) for entry in entries if entry["action"] in ENDS]
    if not begins:
        return None
    ended_at = max(ends, default=int(record["exported_at"]))
    receipt = record["session"].get("receipt")
    # The clock may find a session whose time is up some time later: it was over by then.
    return min(begins), min(ended_at, int(receipt["at"])) if receipt and ends else ended_at


def _pictures(record: Mapping[str, Any], view: View) -> list[Span]:
    return [
        (int(seen["captured_at"]), int(seen["captured_at"]))
        for seen in record["observations"]
        if seen["view"] == view and seen["medium"] == "picture" and seen["error"] is None
    ] + _deleted_pictures(record, view)


def _deleted_pictures(record: Mapping[str, Any], view: View) -> list[Span]:
    """Return the moments of pictures that a receipt of deletion lists, read from their keys."""
    names = (key.split("/") for key in deleted_keys(record))
    # As captures are named: snapshots, session, view, and the planned moment first in the name.
    moments = (int(name[-1].partition("-")[0]) for name in names if name[2:3] == [view])
    return [(moment, moment) for moment in moments]


def _flag_spans(record: Mapping[str, Any], view: View, ended_at: Millis) -> list[Span]:
    return [
        (int(flag["began_at"]), int(ended_at if flag["ended_at"] is None else flag["ended_at"]))
        for flag in record["flags"]
        if flag["view"] == view
    ]


def _reasons(record: Mapping[str, Any], view: View, ended_at: Millis) -> list[Span]:
    """Return the spans in which the audit chain says why a picture may be missing."""
    spans: list[Span] = []
    if _not_asked_for(record["session"]):
        spans.append((0, ended_at))
    stopped_at: Millis | None = None
    for entry in record["audit"]:
        at, detail = int(entry["at"]), entry["detail"]
        match entry["action"]:
            case "wait" | "pause":
                stopped_at = at
            case "start" | "resume" if stopped_at is not None:
                spans.append((stopped_at, at))
                stopped_at = None
            case "outage":
                spans.append((at - int(detail["silent"]), at))
            case "captures_late" if (detail["view"], detail["medium"]) == (view, "picture"):
                spans.append((int(detail["since"]), at))
            case _:
                pass
    return spans if stopped_at is None else [*spans, (stopped_at, ended_at)]


def _not_asked_for(session: Mapping[str, Any]) -> bool:
    """Tell whether a missing picture is no matter here: by an accommodation, or by the subject's rules."""
    rule = session.get("rule_overrides", {}).get(NO_SNAPSHOT) or {}
    return NO_SNAPSHOT in session.get("excused", ()) or rule.get("on") is False
