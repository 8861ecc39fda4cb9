"""Recordings in an exported record: what is changed, missing, swapped, repeated, or a hole."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

import pytest

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.recording.recording_log import (
    ANCHOR_DELAY,
    ANCHORED,
    ARRIVED,
    RecordingLogHead,
    log_segment,
)
from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingRule, Track
from chalicelib.domain.recording.segments import (
    SEGMENT_LENGTH,
    Segment,
    SegmentError,
    place_from_key,
)
from chalicelib.domain.review import recording_integrity
from chalicelib.domain.review.recording_integrity import recording_problems
from chalicelib.domain.types import MINUTE, SECOND, Millis
from tests.support import builders as build
from tests.support.builders import NOW

SID = "5e55"
HOUR: Millis = 60 * MINUTE
END = NOW + 5 * MINUTE
RULE = RecordingRule(first=RecordingMode.ALL, second=RecordingMode.ALL, screen=RecordingMode.FLAGS)


def data_of(segment: Segment) -> bytes:
    return segment.key.encode()


def segment(track: Track, number: int, **changes: Any) -> Segment:
    made = build.segment(SID, track, NOW + number * SEGMENT_LENGTH)
    return replace(made, sha256=hashlib.sha256(data_of(made)).hexdigest(), **changes)


def whole(tracks: Iterable[Track] = (Track.FIRST, Track.SECOND)) -> list[Segment]:
    return [segment(track, number) for number in range(30) for track in tracks]


def chain_of(segments: Iterable[Segment]) -> list[AuditEntry]:
    head, entries = RecordingLogHead(SID), []
    for arrived in segments:
        head, logged = log_segment(head, arrived, arrived.arrived_at)
        entries.append(logged.entry)
    return entries


def entry(action: str, at: Millis, **detail: Any) -> dict[str, Any]:
    return {"action": action, "at": at, "detail": detail}


def record_of(segments: Iterable[Segment], *entries: dict[str, Any], **session: Any) -> Any:
    """Five minutes of answering, recorded from both cameras."""
    record = {
        "exported_at": END + MINUTE,
        "with_captures": True,
        "session": {"recording": asdict(RULE), "second_view_joined_at": NOW, **session},
        "audit": [
            entry("recording_consent", NOW - MINUTE, agreed=True),
            entry("start", NOW),
            *entries,
            entry("submit", END),
        ],
        "segments": [asdict(stored) for stored in segments],
        "deletions": [],
    }
    return json.loads(json.dumps(record))


def problems(
    segments: list[Segment],
    *entries: dict[str, Any],
    bucket: dict[str, bytes] | None = None,
    chain: list[AuditEntry] | None = None,
    **session: Any,
) -> list[tuple[str, str]]:
    bucket = {arrived.key: data_of(arrived) for arrived in segments} if bucket is None else bucket
    record = record_of(segments, *entries, **session)
    return recording_problems(record, chain or chain_of(segments), bucket.get)


def test_verifier_knows_the_words_of_the_rules() -> None:
    """It is on its own in an exported record, and repeats them."""
    assert recording_integrity.RECORDED == ARRIVED
    assert recording_integrity.ANCHORED == ANCHORED
    assert recording_integrity.UNANCHORED > ANCHOR_DELAY
    assert set(recording_integrity.ERRORS) == set(SegmentError)
    assert set(recording_integrity.TRACKS) == set(Track)
    assert recording_integrity.SLOT == SEGMENT_LENGTH
    key = segment(Track.SCREEN, 1).key
    assert recording_integrity.SEGMENT_KEY.fullmatch(key)
    place = place_from_key(key)
    assert place
    assert recording_integrity._place(key) == (place.track, place.segment_id)


def test_recording_as_it_arrived_has_no_problem() -> None:
    assert problems(whole()) == []


def test_changed_removed_and_swapped_bytes_are_found() -> None:
    segments = whole()
    bucket = {arrived.key: data_of(arrived) for arrived in segments}
    changed, removed, left, right = (segments[at].key for at in (4, 8, 12, 16))
    bucket[changed] = b"x" + bucket[changed][1:]
    del bucket[removed]
    bucket[left], bucket[right] = bucket[right], bucket[left]
    assert problems(segments, bucket=bucket) == [
        (changed, "is not the file that arrived"),
        (removed, "is missing"),
        (left, f"holds the bytes of {right}"),
        (right, f"holds the bytes of {left}"),
    ]


def test_repeated_bytes_are_found() -> None:
    segments = whole()
    segments[6] = replace(segments[6], sha256=segments[2].sha256)
    bucket = {arrived.key: data_of(arrived) for arrived in segments}
    bucket[segments[6].key] = bucket[segments[2].key]
    assert problems(segments, bucket=bucket) == [
        (segments[6].key, f"repeats {segments[2].key}: the same bytes")
    ]


def test_empty_segments_do_not_repeat_each_other() -> None:
    segments = whole()
    nothing = hashlib.sha256(b"").hexdigest()
    for at in (4, 6):
        segments[at] = replace(segments[at], sha256=nothing, error=SegmentError.EMPTY)
    bucket = {arrived.key: data_of(arrived) for arrived in segments}
    bucket |= {segments[at].key: b"" for at in (4, 6)}
    assert [what for _, what in problems(segments, bucket=bucket)] == ["is empty"] * 2


@pytest.mark.parametrize("error", SegmentError)
def test_what_was_wrong_on_arrival_is_told(error: SegmentError) -> None:
    segments = whole()
    segments[4] = replace(segments[4], error=error)
    [(where, what)] = problems(segments)
    assert (where, what) == (segments[4].key, recording_integrity.ERRORS[error])


def test_record_that_differs_from_the_chain_is_found() -> None:
    segments = whole()
    chain = chain_of(segments)
    hidden = segments.pop(3)
    segments[4] = replace(segments[4], sha256="0" * 64)
    invented = segment(Track.SCREEN, 7)
    found = dict(problems([*segments, invented], chain=chain))
    assert found[f"{hidden.track}/{hidden.segment_id}"].endswith("its record is missing")
    assert found[segments[4].key] == "differs from the recording chain"
    assert found[invented.key] == "is not in the recording chain"


def without(*numbers: int, track: Track = Track.FIRST) -> list[Segment]:
    ids = {segment(track, number).segment_id for number in numbers}
    return [arrived for arrived in whole() if arrived.segment_id not in ids]


def test_hole_that_no_gap_explains_is_found() -> None:
    [(where, what)] = problems(without(10, 11))
    assert where == "recording of first"
    assert what == f"no segment and no reason for 20 s from {NOW + 100 * SECOND}"


def test_gap_that_its_device_told_is_no_hole() -> None:
    told = {"reason": "frozen", "began_at": NOW + 99 * SECOND, "ended_at": NOW + 121 * SECOND}
    assert problems(without(10, 11), entry("recording_gap", END, track="first", **told)) == []
    [(where, _)] = problems(without(10, 11), entry("recording_gap", END, track="second", **told))
    assert where == "recording of first"


def test_nothing_is_missing_where_nothing_was_to_be_recorded() -> None:
    rule = asdict(replace(RULE, first=RecordingMode.FLAGS, second=RecordingMode.NONE))
    assert problems([], recording=rule) == []
    # The phone never came.
    only_first = [arrived for arrived in whole() if arrived.track is Track.FIRST]
    assert problems(only_first, second_view_joined_at=None) == []
    # Consent withdrawn: from then on nothing is to be recorded.
    early = [arrived for arrived in whole() if arrived.began_at < NOW + 2 * MINUTE]
    withdrawn = entry("recording_consent", NOW + 2 * MINUTE, agreed=False)
    assert problems(early, withdrawn) == []
    assert problems(early) != []


def test_consent_refused_needs_no_recording() -> None:
    record = record_of([])
    record["audit"][0]["detail"]["agreed"] = False
    assert recording_problems(record, []) == []


def test_receipt_of_deletion_stands_for_its_segments() -> None:
    segments = whole()
    chain, gone = chain_of(segments), segments[:20]
    record = record_of(segments[20:])
    record["deletions"] = [{"files": [{"key": deleted.key} for deleted in gone]}]
    bucket = {arrived.key: data_of(arrived) for arrived in segments[20:]}
    assert recording_problems(record, chain, bucket.get) == []
    # One more is gone, and no receipt lists it.
    missing = bucket.pop(segments[25].key)
    assert missing
    assert recording_problems(record, chain, bucket.get) == [(segments[25].key, "is missing")]


def test_record_without_captures_is_checked_by_its_chain_alone() -> None:
    segments = whole()
    segments[5] = replace(segments[5], error=SegmentError.TRUNCATED)
    record = record_of(segments)
    record |= {"with_captures": False, "segments": []}
    [(where, _)] = recording_problems(record, chain_of(segments))
    assert where == f"{segments[5].track}/{segments[5].segment_id}"


def anchor(chain: list[AuditEntry], count: int) -> dict[str, Any]:
    """The session's audit entry that names the head of the recording chain at a length."""
    return entry(ANCHORED, END, segments=count, sha256=chain[count - 1].hash)


class TestAnchors:
    """The end of the recording chain stands in the session's audit chain."""

    def problems(self, left: list[Segment], *anchors: dict[str, Any]) -> list[tuple[str, str]]:
        """What is found hours later, where these segments and their entries are left."""
        record = record_of(left, *anchors)
        return recording_problems({**record, "exported_at": END + 5 * HOUR}, chain_of(left))

    def test_chain_that_is_anchored_to_its_end_has_no_problem(self) -> None:
        segments, chain = whole(), chain_of(whole())
        assert self.problems(segments, anchor(chain, 20), anchor(chain, 60)) == []

    def test_end_that_was_cut_off_with_its_records_is_found(self) -> None:
        """Whoever writes the table cuts off segments, entries and head, and adds a gap."""
        segments, chain = whole(), chain_of(whole())
        told = {"reason": "frozen", "began_at": NOW, "ended_at": END}
        gaps = [entry("recording_gap", END, track=track, **told) for track in ("first", "second")]
        found = self.problems(segments[:50], anchor(chain, 20), anchor(chain, 60), *gaps)
        assert found == [("recordings 60", "is named in the audit chain, but was cut off")]

    def test_chain_that_was_written_anew_is_found(self) -> None:
        segments, chain = whole(), chain_of(whole())
        segments[30] = replace(segments[30], sha256="b" * 64)
        [(where, what)] = self.problems(segments, anchor(chain, 20), anchor(chain, 60))
        assert (where, what) == (
            "recordings 60",
            "differs from the head that the audit chain names",
        )

    def test_end_that_no_audit_entry_names_is_found_once_it_should_have_one(self) -> None:
        segments, chain = whole(), chain_of(whole())
        [(where, what)] = self.problems(segments, anchor(chain, 20))
        assert (where, what) == ("recordings 21", "no audit entry names this or a later head")
        assert recording_problems(record_of(segments, anchor(chain, 20)), chain) == []


class TestStrays:
    """Objects among a session's recordings that no chain names."""

    STRAY = "lies among the recordings, but is in no chain"

    def problems(self, **stored: Millis) -> list[tuple[str, str]]:
        """What is found in a record of whole recordings whose bucket holds more."""
        segments = whole()
        bucket = {arrived.key: arrived.arrived_at for arrived in segments} | stored
        return recording_problems(record_of(segments), chain_of(segments), None, bucket)

    def test_object_that_is_no_segment_is_found_at_once(self) -> None:
        key = f"recordings/{SID}/first/notes.txt"
        assert self.problems(**{key: END}) == [(key, self.STRAY)]

    def test_segment_that_was_never_inspected_is_found_when_its_time_is_over(self) -> None:
        key = segment(Track.SCREEN, 3).key
        assert self.problems(**{key: END}) == []
        assert self.problems(**{key: END - HOUR}) == [(key, self.STRAY)]

    def test_second_file_of_a_slot_is_found(self) -> None:
        key = segment(Track.FIRST, 3).key.replace(".webm", ".mp4")
        assert self.problems(**{key: END - HOUR}) == [(key, self.STRAY)]

    def test_captures_are_none_of_them(self) -> None:
        assert self.problems(**{f"snapshots/{SID}/first/a.jpg": NOW}) == []

    def test_segment_whose_record_is_missing_is_told_as_that_alone(self) -> None:
        segments = whole()
        bucket = {arrived.key: NOW - HOUR for arrived in segments}
        record = record_of(segments[1:])
        [(where, what)] = recording_problems(record, chain_of(segments), None, bucket)
        assert where == f"{segments[0].track}/{segments[0].segment_id}"
        assert what.endswith("its record is missing")
