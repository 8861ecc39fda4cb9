"""A segment that arrived: what its device announced, what was read of it, and what is wrong."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.recording.segments import (
    MAX_SEGMENT_BYTES,
    MAX_SHORTFALL,
    Segment,
    SegmentError,
    SegmentPlace,
    bounded_times,
)
from chalicelib.domain.types import Millis

_SHA256 = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"[0-9]{1,13}")


@dataclass(frozen=True, slots=True)
class ReadSegment:
    """What was read of a segment; `is_cut` where reading its container ended with an error."""

    size: int
    sha256: str
    readable: bool
    is_cut: bool = False
    duration: Millis = 0
    silent: bool | None = None


def arrived_segment(
    place: SegmentPlace, metadata: Mapping[str, str], read: ReadSegment, arrived_at: Millis
) -> Segment:
    """Return the record of a segment. `metadata` is the device's, and may say anything."""
    times = (_time(metadata.get("began-at", "")), _time(metadata.get("ended-at", "")))
    began_at, ended_at = bounded_times(place.segment_id, *times)
    announced = metadata.get("sha256", "")
    segment = Segment(
        session_id=place.session_id,
        track=place.track,
        segment_id=place.segment_id,
        key=place.key,
        began_at=began_at,
        ended_at=ended_at,
        arrived_at=arrived_at,
        size=read.size,
        sha256=read.sha256,
        announced_sha256=announced if _SHA256.fullmatch(announced) else "",
        duration=read.duration,
        silent=read.silent,
    )
    return replace(segment, error=_error(segment, read))


def _error(segment: Segment, read: ReadSegment) -> SegmentError | None:
    """Return what is wrong: bytes that are not the announced ones, before what they hold."""
    if not read.size:
        return SegmentError.EMPTY
    if read.size > MAX_SEGMENT_BYTES:
        return SegmentError.TOO_LARGE
    if segment.announced_sha256 != read.sha256:
        return SegmentError.HASH_DIFFERS
    if not read.readable:
        return SegmentError.UNREADABLE
    return SegmentError.TRUNCATED if _is_truncated(segment, read) else None


def _is_truncated(segment: Segment, read: ReadSegment) -> bool:
    """Return whether an end is missing. A screen on which nothing moves has no pictures to count."""
    if read.is_cut or segment.track is Track.SCREEN:
        return read.is_cut
    return segment.ended_at - segment.began_at - read.duration > MAX_SHORTFALL


def _time(text: str) -> Millis:
    return int(text) if _TIME.fullmatch(text) else 0
