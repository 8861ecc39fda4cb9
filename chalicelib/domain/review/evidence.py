"""Evidence: pictures and sounds that a person keeps, hashed, locked, and named in the audit chain."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.errors import BadInput
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.types import MINUTE, Medium, Millis, View

NEIGHBOURS = 2
"""So many captures of the same view are kept before the moment, and as many after."""
NEIGHBOUR_SPAN: Millis = 2 * MINUTE
"""A capture farther away than this tells nothing of the moment."""


CONTENT_TYPES = {"jpg": "image/jpeg", "png": "image/png", "wav": "audio/wav"}


class Source(StrEnum):
    """Where a piece of evidence was taken from."""

    CAPTURE = "capture"
    LIVE = "live"


class RelativePosition(StrEnum):
    """An exhibit's place beside the moment that matters."""

    BEFORE = "before"
    MOMENT = "moment"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One kept file. `sha256` is lower-case hex of its bytes; `key` its place under lock."""

    position: RelativePosition
    at: Millis
    key: str
    sha256: str
    size: int
    content_type: str
    capture_id: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence (违纪截图): the moment's picture or sound, with those around it."""

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


def make_evidence_id(session_id: str, source: Source, what: str) -> str:
    """Return the one id of a piece of evidence, so that keeping it twice keeps it once.

    `what` is the capture's id, or the hash of the picture taken from the live video.
    """
    return hashlib.sha256(f"{session_id}/{source}/{what}".encode()).hexdigest()[:16]


def content_type_of(source_key: str) -> str:
    """Return what a file of the media bucket is, by its ending. Raises BadInput."""
    try:
        return CONTENT_TYPES[source_key.rpartition(".")[2]]
    except KeyError:
        raise BadInput from None


def evidence_key(session_id: str, sha256: str, content_type: str) -> str:
    """Return where a file is kept: under its own hash."""
    ending = next(end for end, kind in CONTENT_TYPES.items() if kind == content_type)
    return f"{session_id}/{sha256}.{ending}"


def captures_before(at: Millis, seen: Iterable[Observation]) -> list[Observation]:
    """Return the last captures before a moment, oldest first."""
    earlier = [
        observation for observation in seen if at - NEIGHBOUR_SPAN <= observation.captured_at < at
    ]
    return sorted(earlier, key=lambda observation: observation.captured_at)[-NEIGHBOURS:]


def captures_after(at: Millis, seen: Iterable[Observation]) -> list[Observation]:
    """Return the first captures after a moment, oldest first."""
    later = [
        observation for observation in seen if at < observation.captured_at <= at + NEIGHBOUR_SPAN
    ]
    return sorted(later, key=lambda observation: observation.captured_at)[:NEIGHBOURS]


def missing_after(evidence: Evidence) -> int:
    """Return how many captures after the moment are still to be kept."""
    return NEIGHBOURS - sum(
        exhibit.position is RelativePosition.AFTER for exhibit in evidence.exhibits
    )


def with_exhibits(evidence: Evidence, exhibits: Iterable[Exhibit]) -> Evidence:
    """Return evidence with more exhibits, in the next version; none is kept twice."""
    known = {exhibit.capture_id for exhibit in evidence.exhibits}
    fresh = tuple(exhibit for exhibit in exhibits if exhibit.capture_id not in known)
    return replace(evidence, version=evidence.version + 1, exhibits=(*evidence.exhibits, *fresh))
