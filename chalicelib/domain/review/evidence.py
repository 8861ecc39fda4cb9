"""Evidence: captures kept by a proctor, hashed, stored under lock, named in the audit chain."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.errors import BadInput
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.types import MINUTE, Medium, Millis, View

NEIGHBOURS = 2
"""The number of captures of the same view kept before the moment, and after it."""
NEIGHBOUR_SPAN: Millis = 2 * MINUTE
"""Captures further away than this are not kept."""

CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "wav": "audio/wav",
    "webm": "video/webm",
    "mp4": "video/mp4",
}


class Source(StrEnum):
    """Where a piece of evidence comes from."""

    CAPTURE = "capture"
    LIVE = "live"
    RECORDING = "recording"


class RelativePosition(StrEnum):
    """An exhibit's position relative to the moment of the evidence."""

    BEFORE = "before"
    MOMENT = "moment"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One kept file: the lower-case hex SHA-256 of its content, and its key under Object Lock.

    `judged_sha256` is that of the capture as the models looked at it, None where they did not.
    """

    position: RelativePosition
    at: Millis
    key: str
    sha256: str
    size: int
    content_type: str
    capture_id: str | None = None
    judged_sha256: str | None = None
    track: Track | None = None
    """Of a segment of a recording, the track."""

    @property
    def replaced(self) -> bool:
        """Whether the file is not what was judged: another was uploaded in its place since."""
        return self.judged_sha256 is not None and self.judged_sha256 != self.sha256


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence (违纪截图): one capture, with the captures before and after it.

    Or a range of recordings (违纪录像): the segments that overlap it.
    """

    evidence_id: str
    session_id: str
    room_id: str
    version: int
    view: View
    medium: Medium
    source: Source
    at: Millis
    taken_by: str
    taken_at: Millis
    note: str
    exhibits: tuple[Exhibit, ...]


def make_evidence_id(session_id: str, source: Source, source_id: str) -> str:
    """Return the deterministic id of a piece of evidence, so that keeping it is idempotent.

    `source_id` is the capture's id, the hash of the picture taken from the live video, or the id of
    the act that keeps a range of recordings.
    """
    return hashlib.sha256(f"{session_id}/{source}/{source_id}".encode()).hexdigest()[:16]


def content_type_of(source_key: str) -> str:
    """Return the content type of a media file by its extension. Raises BadInput."""
    try:
        return CONTENT_TYPES[source_key.rpartition(".")[2]]
    except KeyError:
        raise BadInput from None


def evidence_key(session_id: str, sha256: str, content_type: str) -> str:
    """Return the key of an evidence file, which contains its hash."""
    extension = next(name for name, kind in CONTENT_TYPES.items() if kind == content_type)
    return f"{session_id}/{sha256}.{extension}"


def captures_before(at: Millis, observations: Iterable[Observation]) -> list[Observation]:
    """Return the last captures before a moment, oldest first."""
    earlier = [
        observation
        for observation in observations
        if at - NEIGHBOUR_SPAN <= observation.captured_at < at
    ]
    return sorted(earlier, key=lambda observation: observation.captured_at)[-NEIGHBOURS:]


def captures_after(at: Millis, observations: Iterable[Observation]) -> list[Observation]:
    """Return the first captures after a moment, oldest first."""
    later = [
        observation
        for observation in observations
        if at < observation.captured_at <= at + NEIGHBOUR_SPAN
    ]
    return sorted(later, key=lambda observation: observation.captured_at)[:NEIGHBOURS]


def count_missing_captures(evidence: Evidence) -> int:
    """Return the number of captures after the moment that are still to be kept."""
    return NEIGHBOURS - sum(
        exhibit.position is RelativePosition.AFTER for exhibit in evidence.exhibits
    )


def with_exhibits(evidence: Evidence, exhibits: Iterable[Exhibit]) -> Evidence:
    """Return evidence in its next version with more exhibits, without duplicates."""
    capture_ids = {exhibit.capture_id for exhibit in evidence.exhibits}
    additional = tuple(exhibit for exhibit in exhibits if exhibit.capture_id not in capture_ids)
    return replace(
        evidence, version=evidence.version + 1, exhibits=(*evidence.exhibits, *additional)
    )
