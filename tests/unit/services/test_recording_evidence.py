"""A range of recordings kept as evidence: which segments, once, under lock, in the chain."""

import hashlib
from dataclasses import replace

import pytest

from chalicelib.domain.errors import BadInput, NotFound
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.recording.segments import SEGMENT_LENGTH, Segment, SegmentError
from chalicelib.domain.review.record_integrity import verify_record
from chalicelib.domain.types import MINUTE, SECOND
from chalicelib.services.review.record_export import export_record
from chalicelib.services.review.recording_evidence import RecordingRange, keep_recording
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, act_by, add_session, fake_context

SID = "5e55"
MINUTE_OF_IT = RecordingRange(NOW + 15 * SECOND, NOW + 35 * SECOND)


@pytest.fixture
def context() -> FakeContext:
    """Two tracks of four segments, from NOW on."""
    context = fake_context()
    add_session(context)
    for number in range(4):
        for track in (Track.FIRST, Track.SCREEN):
            _store(context, track, number)
    return context


def _store(context: FakeContext, track: Track, number: int) -> Segment:
    segment = build.segment(SID, track, NOW + number * SEGMENT_LENGTH)
    data = segment.key.encode()
    context.media.objects[segment.key] = data
    stored = replace(segment, sha256=hashlib.sha256(data).hexdigest())
    context.sessions.commit(stored)
    return stored

    return hashlib.sha256(data).hexdigest()


def test_segments_that_overlap_the_range_are_kept_under_lock(context: FakeContext) -> None:
    staff = context.registry.staff("proctor")
    kept = keep_recording(context, act_by(staff), MINUTE_OF_IT, "两人交谈")
    assert (kept.source, kept.view, kept.note) == ("recording", "first", "两人交谈")
    begun = [(exhibit.track, exhibit.at - NOW) for exhibit in kept.exhibits]
    assert sorted(begun) == [
        (track, number * SEGMENT_LENGTH) for track in ("first", "screen") for number in (1, 2, 3)
    ]
    for exhibit in kept.exhibits:
        assert context.evidence_store.locked_until[exhibit.key] > NOW
        assert exhibit.key == f"{SID}/{exhibit.sha256}.webm"
        assert not exhibit.replaced
    entries = [entry for entry in context.sessions.audit(SID) if entry.action == "evidence_kept"]
    assert {entry.detail["sha256"] for entry in entries} == {
        exhibit.sha256 for exhibit in kept.exhibits
    }
    record = export_record(context, SID, "admin", captures=False, answers=True)
    assert verify_record(record, context.evidence_store.read) == []


def test_repeated_act_keeps_nothing_more(context: FakeContext) -> None:
    by = act_by(context.registry.staff("proctor"), act_id="an-act")
    first = keep_recording(context, by, MINUTE_OF_IT, "")
    stored, entries = len(context.evidence_store.objects), len(context.sessions.audit(SID))
    _store(context, Track.SECOND, 2)
    assert keep_recording(context, by, MINUTE_OF_IT, "") == first
    assert len(context.evidence_store.objects) == stored
    assert len(context.sessions.audit(SID)) == entries


def test_id_of_another_act_is_refused_before_anything_is_copied(context: FakeContext) -> None:
    by = act_by(context.registry.staff("proctor"), act_id="an-act")
    context.sessions.commit(by.named(context, "pause"))
    with pytest.raises(BadInput):
        keep_recording(context, by, MINUTE_OF_IT, "")
    assert context.evidence_store.objects == {}


def test_replaced_segment_is_kept_and_said_to_be_another(context: FakeContext) -> None:
    segment = context.sessions.segments(SID, limit=1)[0]
    context.media.objects[segment.key] = b"other bytes"
    kept = keep_recording(
        context,
        act_by(context.registry.staff("proctor")),
        RecordingRange(segment.began_at, segment.ended_at),
        "",
    )
    assert [exhibit.replaced for exhibit in kept.exhibits].count(True) == 1
    [flag] = context.sessions.flags(SID)
    assert flag.kind == "capture_replaced"


@pytest.mark.parametrize(
    ("began_at", "ended_at"),
    [(NOW, NOW + 2 * MINUTE + 1), (NOW, NOW), (NOW + MINUTE, NOW)],
    ids=["too long", "empty", "backwards"],
)
def test_range_is_bounded(context: FakeContext, began_at: int, ended_at: int) -> None:
    by = act_by(context.registry.staff("proctor"))
    with pytest.raises(BadInput):
        keep_recording(context, by, RecordingRange(began_at, ended_at), "")


def test_range_without_a_segment_is_not_found(context: FakeContext) -> None:
    by = act_by(context.registry.staff("proctor"))
    context.media.objects.clear()
    with pytest.raises(NotFound):
        keep_recording(context, by, MINUTE_OF_IT, "")
    empty = build.segment(SID, Track.SECOND, NOW + MINUTE, size=0, error=SegmentError.EMPTY)
    context.sessions.commit(empty)
    with pytest.raises(NotFound):
        keep_recording(context, by, RecordingRange(NOW + MINUTE, NOW + 2 * MINUTE), "")


def test_proctor_of_another_room_keeps_nothing(context: FakeContext) -> None:
    by = act_by(context.registry.staff("elsewhere"))
    with pytest.raises(NotFound):
        keep_recording(context, by, MINUTE_OF_IT, "")
    assert context.evidence_store.objects == {}


def test_copies_are_bounded(context: FakeContext) -> None:
    """A device that announces overlapping times cannot make one act copy without end."""
    for number in range(4, 30):
        segment = _store(context, Track.SECOND, number)
        assert segment.segment_id
    wide = [
        replace(
            build.segment(SID, Track.FIRST, NOW + number * SEGMENT_LENGTH),
            began_at=NOW,
            ended_at=NOW + 5 * MINUTE,
            segment_id=f"{NOW + number * SECOND:013d}-{number:08x}",
        )
        for number in range(50, 95)
    ]
    context.sessions.commit(*wide)
    by = act_by(context.registry.staff("proctor"))
    with pytest.raises(BadInput, match="40"):
        keep_recording(context, by, RecordingRange(NOW, NOW + 2 * MINUTE), "")
