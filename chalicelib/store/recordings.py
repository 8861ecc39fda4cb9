"""A session's recordings in the sessions table: segments, their log, and the devices' plans."""

from collections.abc import Iterable

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.recording.recording_log import RecordingLogHead, SegmentEntry
from chalicelib.domain.recording.recording_plans import RecordingDevice, RecordingPlan
from chalicelib.domain.recording.segments import Segment
from chalicelib.store.item_mapping import RECORDING_LOG, RECORDING_PLAN, SEGMENT, SEGMENT_ENTRY
from chalicelib.store.models import load
from chalicelib.store.reading import Table, delete_by_ids, read_by_ids, read_or_none, read_page


def read_segments(table: Table, session_id: str, limit: int, before: str | None) -> list[Segment]:
    """Return a page of a session's segments, the newest first."""
    items = read_page(table, session_id, SEGMENT, limit, before)
    return [load(Segment, item.body) for item in items]


def read_segments_of(table: Table, session_id: str, ids: Iterable[str]) -> list[Segment]:
    """Return the segments of these ids that are there, in their order."""
    items = read_by_ids(table, session_id, SEGMENT, ids)
    segments = [load(Segment, item.body) for item in items]
    return sorted(segments, key=lambda segment: segment.segment_id)


def read_log_head(table: Table, session_id: str) -> RecordingLogHead:
    """Return the end of a session's recording chain; of an empty one, its beginning."""
    item = read_or_none(table, session_id, RECORDING_LOG)
    return load(RecordingLogHead, item.body) if item else RecordingLogHead(session_id)


def read_entries(table: Table, session_id: str) -> list[AuditEntry]:
    """Return a session's recording chain."""
    items = table.query(session_id, table.sk.startswith(SEGMENT_ENTRY), consistent_read=True)
    return [load(SegmentEntry, item.body).entry for item in items]


def read_plan(table: Table, session_id: str, device: RecordingDevice) -> RecordingPlan:
    """Return what a device has planned; of version 0 until it is first written."""
    item = read_or_none(table, session_id, RECORDING_PLAN + device)
    return load(RecordingPlan, item.body) if item else RecordingPlan(session_id, device)


def delete_segments(table: Table, session_id: str, ids: Iterable[str]) -> None:
    """Delete the records of segments, those that are there."""
    delete_by_ids(table, session_id, SEGMENT, ids)
