"""From an uploaded segment to its record and the recording chain, with in-memory adapters."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.recording.recording_log import ANCHOR_DELAY, ANCHORED
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.recording.segments import (
    MAX_SEGMENT_BYTES,
    Container,
    Segment,
    SegmentError,
    SegmentPlace,
    make_segment_id,
    slot_from,
)
from chalicelib.domain.types import DAY, SECOND, Millis
from chalicelib.services.monitoring.scheduler import run_due_sessions
from chalicelib.services.monitoring.segments import anchor_recordings
from functions.recording.handler import process_batch
from functions.recording.inspection import SegmentContent, inspect
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, add_session, fake_context
from tests.support.segment_files import MP4, SCREEN, WEBM, make_segment

SESSION = "5e55"
SLOT = slot_from(SESSION, NOW)


class PlainInspector:
    """Inspects in this process, and counts."""

    def __init__(self) -> None:
        self.inspected = 0

    def inspect(self, data: bytes) -> SegmentContent:
        self.inspected += 1
        return inspect(data)


@pytest.fixture
def context() -> FakeContext:
    context = fake_context()
    add_session(context)
    return context


@pytest.fixture
def inspector() -> PlainInspector:
    return PlainInspector()


def place_of(track: Track = Track.FIRST, slot: Millis = SLOT) -> SegmentPlace:
    return SegmentPlace(SESSION, track, make_segment_id(SESSION, track, slot), Container.WEBM)


def arrive(
    context: FakeContext,
    inspector: PlainInspector,
    place: SegmentPlace,
    data: bytes,
    *,
    seconds: float = 2,
    metadata: dict[str, str] | None = None,
) -> list[str]:
    """Let a segment arrive; return the messages that failed."""
    begins_at = int(place.segment_id[:13])
    context.media.objects[place.key] = data
    context.media.metadata[place.key] = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "began-at": str(begins_at),
        "ended-at": str(begins_at + round(seconds * SECOND)),
        **(metadata or {}),
    }
    return deliver(context, inspector, (place.key, "2027-01-15T08:00:40.000Z"))


def deliver(
    context: FakeContext, inspector: PlainInspector, *objects: tuple[str, str]
) -> list[str]:
    """Deliver one message for each object; return those that failed."""
    records = [
        {
            "messageId": key,
            "body": json.dumps({"Records": [{"eventTime": time, "s3": {"object": {"key": key}}}]}),
        }
        for key, time in objects
    ]
    response: dict[str, Any] = process_batch(
        context, context.media, inspector, {"Records": records}
    )
    return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]


def segments(context: FakeContext) -> list[Segment]:
    return context.sessions.segments(SESSION, limit=99)


def test_segment_is_recorded_with_its_chain_entry(
    context: FakeContext, inspector: PlainInspector
) -> None:
    data = make_segment()
    assert arrive(context, inspector, place_of(), data) == []
    [segment] = segments(context)
    assert (segment.error, segment.silent, segment.size) == (None, False, len(data))
    assert segment.sha256 == segment.announced_sha256 == hashlib.sha256(data).hexdigest()
    assert segment.duration == pytest.approx(2_000, abs=100)
    assert (segment.began_at, segment.ended_at) == (SLOT, SLOT + 2 * SECOND)
    chain = context.sessions.segment_entries(SESSION)
    assert first_break(chain) is None
    assert [entry.detail["sha256"] for entry in chain] == [segment.sha256]
    assert context.sessions.recording_log_head(SESSION).head.hash == chain[-1].hash


def test_tracks_share_one_chain(context: FakeContext, inspector: PlainInspector) -> None:
    for track, file in ((Track.FIRST, WEBM), (Track.SECOND, MP4), (Track.SCREEN, SCREEN)):
        arrive(context, inspector, place_of(track), make_segment(file))
    chain = context.sessions.segment_entries(SESSION)
    assert [entry.number for entry in chain] == [1, 2, 3]
    assert first_break(chain) is None
    assert {segment.track: segment.silent for segment in segments(context)} == {
        Track.FIRST: False,
        Track.SECOND: False,
        Track.SCREEN: None,
    }


def test_redelivery_changes_nothing(context: FakeContext, inspector: PlainInspector) -> None:
    for _ in range(3):
        arrive(context, inspector, place_of(), make_segment())
    assert len(segments(context)) == len(context.sessions.segment_entries(SESSION)) == 1
    assert inspector.inspected == 1
    assert context.sessions.flags(SESSION) == []


def test_another_segment_under_the_same_key_is_told_and_not_recorded(
    context: FakeContext, inspector: PlainInspector
) -> None:
    arrive(context, inspector, place_of(), make_segment())
    [before] = segments(context)
    arrive(context, inspector, place_of(), make_segment(replace(WEBM, hue=90)))
    assert segments(context) == [before]
    [flag] = context.sessions.flags(SESSION)
    assert (flag.kind, flag.view) == ("capture_replaced", "first")


@pytest.mark.parametrize(
    ("data", "metadata", "error"),
    [
        (b"", {}, SegmentError.EMPTY),
        (b"\x1a\x45\xdf\xa3 no segment", {}, SegmentError.UNREADABLE),
        (make_segment(), {"sha256": "0" * 64}, SegmentError.HASH_DIFFERS),
        (make_segment(), {"sha256": ""}, SegmentError.HASH_DIFFERS),
        (make_segment(), {"sha256": "<script>"}, SegmentError.HASH_DIFFERS),
        (make_segment(), {"ended-at": str(SLOT + 9 * SECOND)}, SegmentError.TRUNCATED),
        (bytes(MAX_SEGMENT_BYTES + 2), {}, SegmentError.TOO_LARGE),
    ],
    ids=["empty", "unreadable", "other hash", "no hash", "no hex", "truncated", "too large"],
)
def test_what_is_wrong_is_recorded_and_never_a_failure(
    context: FakeContext,
    inspector: PlainInspector,
    data: bytes,
    metadata: dict[str, str],
    error: SegmentError,
) -> None:
    assert arrive(context, inspector, place_of(), data, metadata=metadata) == []
    [segment] = segments(context)
    assert segment.error == error
    [entry] = context.sessions.segment_entries(SESSION)
    assert entry.detail["error"] == error.value
    assert inspector.inspected == (error not in {SegmentError.EMPTY, SegmentError.TOO_LARGE})


def test_screen_on_which_nothing_moved_is_not_truncated(
    context: FakeContext, inspector: PlainInspector
) -> None:
    """A browser records a screen's picture when it changes: two pictures may be ten seconds."""
    still = make_segment(replace(SCREEN, seconds=0.4))
    arrive(context, inspector, place_of(Track.SCREEN), still, seconds=10)
    [segment] = segments(context)
    assert segment.error is None


@pytest.mark.parametrize(
    "times",
    [
        {"began-at": "0", "ended-at": "9999999999999"},
        {"began-at": "-1", "ended-at": "soon"},
        {"began-at": str(SLOT + 4 * SECOND), "ended-at": str(SLOT + SECOND)},
        {"began-at": "9" * 5_000},
    ],
)
def test_times_far_from_the_slot_are_the_slots(
    context: FakeContext, inspector: PlainInspector, times: dict[str, str]
) -> None:
    arrive(context, inspector, place_of(), make_segment(), metadata=times)
    [segment] = segments(context)
    assert (segment.began_at, segment.ended_at) == (SLOT, SLOT + 10 * SECOND)


def test_what_is_no_segment_is_ignored(context: FakeContext, inspector: PlainInspector) -> None:
    place = place_of()
    early = "2027-01-15T07:59:00.000Z"
    context.media.objects[place.key] = make_segment()
    unknown = replace(place, session_id="gone")
    context.media.objects[unknown.key] = make_segment()
    off_the_grid = replace(place, segment_id=f"{SLOT:013d}-0badc0de")
    context.media.objects[off_the_grid.key] = make_segment()
    late = "2027-01-15T08:00:40.000Z"
    failed = deliver(
        context,
        inspector,
        ("recordings/5e55/first/notes.txt", late),
        (off_the_grid.key, late),
        (place_of(Track.SECOND).key, late),  # deleted before it was inspected
        (place.key, early),
        (unknown.key, late),
    )
    assert failed == []
    assert segments(context) == []


def test_only_messages_that_failed_are_retried(
    context: FakeContext, inspector: PlainInspector
) -> None:
    place = place_of()
    context.media.objects[place.key] = make_segment()
    assert deliver(
        context, inspector, ("recordings/x", "no time"), (place.key, "2027-01-15T08:00:40Z")
    ) == ["recordings/x"]
    assert len(segments(context)) == 1


def test_the_end_of_the_chain_is_named_in_the_sessions_once_it_is_due(
    context: FakeContext, inspector: PlainInspector
) -> None:
    def anchors() -> list[tuple[object, object]]:
        entries = context.sessions.audit(SESSION)
        return [
            (entry.detail["segments"], entry.detail["sha256"])
            for entry in entries
            if entry.action == ANCHORED
        ]

    def arrive_at(slot: Millis) -> str:
        arrive(context, inspector, place_of(slot=slot), make_segment())
        return context.sessions.segment_entries(SESSION)[-1].hash

    first = arrive_at(SLOT)
    arrive(context, inspector, place_of(), make_segment())  # delivered again
    context.clock.now += ANCHOR_DELAY - 1
    assert run_due_sessions(context) == 0
    second = arrive_at(SLOT + 10 * SECOND)
    context.clock.now += 1
    assert run_due_sessions(context) == 1
    anchor_recordings(context, SESSION)  # the schedule runs again
    assert first != second
    assert anchors() == [(2, second)]
    assert run_due_sessions(context) == 0

    # Long after: a device was offline. Another segment arrives while the head is being named.
    context.clock.now += DAY
    arrive_at(SLOT + 20 * SECOND)
    context.clock.now += ANCHOR_DELAY
    context.sessions.before_commit.append(lambda: arrive_at(SLOT + 30 * SECOND))
    anchor_recordings(context, SESSION)
    last = context.sessions.segment_entries(SESSION)[-1]
    assert anchors() == [(2, second), (4, last.hash)]
    assert first_break(context.sessions.audit(SESSION)) is None
