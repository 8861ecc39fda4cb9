"""The port `SessionStore`: segments, their log, and the devices' plans; fake and table."""

import pytest

from chalicelib.domain.errors import Conflict
from chalicelib.domain.recording.recording_log import RecordingLogHead, anchored, log_segment
from chalicelib.domain.recording.recording_plans import RecordingDevice, RecordingPlan, next_plan
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.types import SECOND, Millis
from chalicelib.services.ports import SessionStore
from tests.integration.store.conftest import BOTH
from tests.support import builders as build

pytestmark = BOTH


def test_segments_are_paged_newest_first_over_all_tracks(
    sessions: SessionStore, unique_id: str, now: Millis
) -> None:
    segments = [
        build.segment(unique_id, track, now + slot * 10 * SECOND)
        for slot in range(3)
        for track in Track
    ]
    for segment in segments:
        sessions.commit(segment)
    newest_first = sorted(segments, key=lambda segment: segment.segment_id, reverse=True)
    page = sessions.segments(unique_id, limit=4)
    assert page == newest_first[:4]
    assert sessions.segments(unique_id, limit=9, before=page[-1].segment_id) == newest_first[4:]
    assert sessions.segments(unique_id, limit=9, before=str(now)) == []
    earlier = sessions.segments(unique_id, limit=9, before=str(now + 10 * SECOND))
    assert earlier == newest_first[6:]


def test_a_segment_is_created_once(sessions: SessionStore, unique_id: str, now: Millis) -> None:
    segment = build.segment(unique_id, Track.FIRST, now)
    sessions.commit(segment)
    with pytest.raises(Conflict):
        sessions.commit(segment)


def test_segments_are_found_by_their_ids_until_they_are_deleted(
    sessions: SessionStore, unique_id: str, now: Millis
) -> None:
    segments = [build.segment(unique_id, Track.FIRST, now + at) for at in (0, 10, 20)]
    sessions.commit(*segments)
    ids = [segment.segment_id for segment in segments]
    assert sessions.segments_of(unique_id, [ids[2], ids[0], "never-there"]) == segments[::2]
    assert sessions.segments_of(unique_id, []) == []
    sessions.delete_segments(unique_id, [ids[0], "never-there"])
    assert sessions.segments_of(unique_id, ids) == segments[1:]


def test_the_recording_chain_grows_under_its_head(
    sessions: SessionStore, unique_id: str, now: Millis
) -> None:
    empty = sessions.recording_log_head(unique_id)
    assert empty == RecordingLogHead(unique_id)
    segment = build.segment(unique_id, Track.SCREEN, now)
    head, entry = log_segment(empty, segment, now)
    sessions.commit(head, entry, segment)
    assert sessions.recording_log_head(unique_id) == head
    assert sessions.segment_entries(unique_id) == [entry.entry]
    assert head.wake_at
    assert unique_id not in sessions.due_sessions(head.wake_at - 1)
    assert unique_id in sessions.due_sessions(head.wake_at)
    sessions.commit(anchored(head))
    assert unique_id not in sessions.due_sessions(head.wake_at)
    with pytest.raises(Conflict):
        sessions.commit(*log_segment(empty, build.segment(unique_id, Track.SCREEN, now + 10), now))


def test_each_device_has_a_plan_of_its_own(
    sessions: SessionStore, unique_id: str, now: Millis
) -> None:
    empty = sessions.recording_plan(unique_id, RecordingDevice.COMPUTER)
    assert empty == RecordingPlan(unique_id, RecordingDevice.COMPUTER)
    plan, _ = next_plan(empty, [Track.FIRST, Track.SCREEN], now)
    sessions.commit(plan)
    assert sessions.recording_plan(unique_id, RecordingDevice.COMPUTER) == plan
    assert sessions.recording_plan(unique_id, RecordingDevice.PHONE).version == 0
    with pytest.raises(Conflict):
        sessions.commit(plan)
