"""Segments (分段): about ten seconds of one track, each a file that plays alone.

A session's segments lie on one grid of the server's clock, shifted by the session's id so that a
room does not upload at one moment. A segment's id follows from session, track and slot: a slot has
one segment, and nobody can invent another.
"""

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.types import SECOND, Millis

SEGMENT_LENGTH: Millis = 10 * SECOND
MAX_SEGMENT_BYTES = 6_000_000
TIME_TOLERANCE: Millis = 5 * SECOND
"""By how much a segment's announced times may differ from its slot."""
MAX_SHORTFALL: Millis = 1_500
"""A segment that is shorter than announced by more is truncated."""

SEGMENT_ID = re.compile(r"^\d{13}-[0-9a-f]{8}$")
SEGMENT_KEY = re.compile(
    r"^recordings/(?P<session_id>[^/]+)/(?P<track>first|second|screen)/"
    r"(?P<segment_id>\d{13}-[0-9a-f]{8})\.(?P<container>webm|mp4)$"
)


class Container(StrEnum):
    """The container of a segment's file, which is its key's ending."""

    WEBM = "webm"
    MP4 = "mp4"

    @property
    def content_type(self) -> str:
        """The media type of a segment."""
        return f"video/{self.value}"


class SegmentError(StrEnum):
    """What is wrong with a segment that arrived."""

    EMPTY = "empty"
    UNREADABLE = "unreadable"
    TRUNCATED = "truncated"
    HASH_DIFFERS = "hash_differs"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class SegmentPlace:
    """What a segment's key says."""

    session_id: str
    track: Track
    segment_id: str
    container: Container

    @property
    def key(self) -> str:
        """Where the segment is stored in the media bucket."""
        folder = recordings_folder(self.session_id)
        return f"{folder}{self.track}/{self.segment_id}.{self.container}"


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment that arrived, as it was found. Times are the server's, ms."""

    session_id: str
    track: Track
    segment_id: str
    key: str
    began_at: Millis
    """As the device announced it, within TIME_TOLERANCE of the slot."""
    ended_at: Millis
    arrived_at: Millis
    size: int
    sha256: str
    """Of the bytes that were read."""
    announced_sha256: str = ""
    duration: Millis = 0
    """As the container has it."""
    silent: bool | None = None
    """Whether its sound is silence; None where it has no sound."""
    error: SegmentError | None = None


def recordings_folder(session_id: str) -> str:
    """Return the folder of a session's segments in the media bucket, with its slash."""
    return f"recordings/{session_id}/"


def place_from_key(key: str) -> SegmentPlace | None:
    """Return what a key says, or None where it is not a segment's."""
    match = SEGMENT_KEY.match(key)
    if match is None:
        return None
    return SegmentPlace(
        match["session_id"],
        Track(match["track"]),
        match["segment_id"],
        Container(match["container"]),
    )


def make_segment_id(session_id: str, track: Track, begins_at: Millis) -> str:
    """Return the id of the segment of a slot; ids sort by time."""
    text = f"{session_id}/{track}/{begins_at}"
    return f"{begins_at:013d}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def begins_at_from_id(segment_id: str) -> Millis:
    """Return when a segment's slot begins. Raises ValueError."""
    if not SEGMENT_ID.match(segment_id):
        raise ValueError(segment_id)
    return int(segment_id[:13])


def is_segment_of(session_id: str, track: Track, segment_id: str) -> bool:
    """Return whether an id is that of a slot of the session's track."""
    if not SEGMENT_ID.match(segment_id):
        return False
    begins_at = begins_at_from_id(segment_id)
    on_grid = slot_from(session_id, begins_at) == begins_at
    return on_grid and segment_id == make_segment_id(session_id, track, begins_at)


def slot_from(session_id: str, at: Millis) -> Millis:
    """Return when the first slot of a session's grid begins at a moment or after it."""
    shift = int.from_bytes(hashlib.sha256(session_id.encode()).digest()[:4]) % SEGMENT_LENGTH
    return at + (shift - at) % SEGMENT_LENGTH


def bounded_times(segment_id: str, began_at: Millis, ended_at: Millis) -> tuple[Millis, Millis]:
    """Return a segment's times as announced, or its slot's where they are too far from it."""
    begins_at = begins_at_from_id(segment_id)
    ends_at = begins_at + SEGMENT_LENGTH
    is_plausible = begins_at - TIME_TOLERANCE <= began_at < ended_at <= ends_at + TIME_TOLERANCE
    return (began_at, ended_at) if is_plausible else (begins_at, ends_at)
