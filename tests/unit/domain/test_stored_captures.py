"""Captures that lie in the bucket unjudged: which moments they settle, to the millisecond."""

import pytest

from chalicelib.domain.capture.captures import (
    MAX_CLOCK_SKEW,
    PICTURES_FIRST,
    CapturePlan,
    PlannedCapture,
    make_capture_id,
)
from chalicelib.domain.monitoring.arrivals import Arrivals, Moment, moments_of
from chalicelib.domain.monitoring.monitor_state import CaptureStream, MonitorState, expect
from chalicelib.domain.monitoring.stored_captures import (
    StoredUpload,
    awaited_before,
    with_uploads,
)
from chalicelib.domain.types import MINUTE, SECOND, Medium, Millis, View
from tests.support.builders import NOW

NEW = MonitorState("5e55", "room-1", 1)
NAME = "first/picture"
DUE = NOW + 5 * SECOND


def planned(*moments: Millis) -> MonitorState:
    captures = tuple(
        PlannedCapture(make_capture_id(at, "a"), View.FIRST, Medium.PICTURE, at) for at in moments
    )
    return expect(NEW, PICTURES_FIRST, CapturePlan(captures, NOW, NOW + MINUTE))


def stream_after(size: int, uploaded_at: Millis, now: Millis = NOW + MINUTE) -> CaptureStream:
    upload = StoredUpload(make_capture_id(DUE, "a"), size, uploaded_at)
    return with_uploads(planned(DUE), PICTURES_FIRST, [upload], now).streams[NAME]


def settled(stream: CaptureStream) -> list[Moment]:
    return moments_of(stream.arrivals)


def test_captures_are_awaited_from_their_moment_on() -> None:
    monitor = planned(DUE, DUE + 1)
    assert awaited_before(monitor, PICTURES_FIRST, DUE) == (make_capture_id(DUE, "a"),)
    assert awaited_before(monitor, PICTURES_FIRST, DUE - 1) == ()
    assert awaited_before(NEW, PICTURES_FIRST, DUE) == ()


def test_one_in_time_settles_its_moment_and_a_late_one_only_ends_a_silence() -> None:
    in_time = stream_after(9, DUE + 20_000 - 1)
    assert (settled(in_time), in_time.arrivals.usable_at) == ([Moment(DUE, usable=True)], DUE)
    late = stream_after(9, DUE + 20_000)
    assert (settled(late), late.arrivals.usable_at) == ([], DUE)
    assert (in_time.expected, late.expected) == ((), ())


@pytest.mark.parametrize("uploaded_at", [DUE + SECOND, DUE + MINUTE])
def test_one_without_a_byte_has_not_arrived(uploaded_at: Millis) -> None:
    assert settled(stream_after(0, uploaded_at)) == [Moment(DUE, usable=False)]
    assert settled(stream_after(1, DUE + SECOND)) == [Moment(DUE, usable=True)]


def test_what_lies_there_before_its_moment_is_no_capture_of_it() -> None:
    earliest = DUE - MAX_CLOCK_SKEW - SECOND
    assert settled(stream_after(9, earliest)) == [Moment(DUE, usable=True)]
    early = stream_after(9, earliest - 1)
    assert (settled(early), early.arrivals, len(early.expected)) == ([], Arrivals(), 1)
    to_come = stream_after(9, DUE, now=DUE - 1)
    assert (settled(to_come), len(to_come.expected)) == ([], 1)
    assert len(settled(stream_after(9, DUE, now=DUE))) == 1


def test_where_nothing_lies_nothing_changes() -> None:
    monitor = planned(DUE)
    assert with_uploads(monitor, PICTURES_FIRST, [], NOW + MINUTE) is monitor
    assert with_uploads(NEW, PICTURES_FIRST, [StoredUpload("x", 1, DUE)], NOW + MINUTE) is NEW
    other = StoredUpload(make_capture_id(DUE, "b"), 9, DUE)
    assert with_uploads(monitor, PICTURES_FIRST, [other], NOW + MINUTE) is monitor
