"""Verification of a record's recordings: every segment as its chain names it, and no untold hole.

With the standard library alone, as the rest of the record's verification. The bytes themselves are
compared, and objects that no chain names are told, where the media bucket is at hand; an archive has
none of them.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.review.coverage import Span, watched_span
from chalicelib.domain.review.deletion_receipts import deleted_keys
from chalicelib.domain.types import MINUTE, SECOND, Millis

RECORDED = "segment_arrived"
"""The action of the entries of the recording chain."""
ANCHORED = "recordings_anchored"
"""The action of the session's audit entries that name the recording chain's head."""
GAP = "recording_gap"
CONSENT = "recording_consent"
TRACKS = ("first", "second", "screen")
ALL = "all"

SLOT: Millis = 10 * SECOND
EDGE: Millis = 30 * SECOND
"""At the beginning and the end of a sitting so much may be missing: plans come and pages close."""
MIN_HOLE: Millis = 5 * SECOND
"""Between two segments a recorder stops and starts: shorter is no hole."""

UNANCHORED: Millis = 20 * MINUTE
"""So long after a segment arrived the session's audit chain may not cover it yet."""
UNINSPECTED: Millis = 15 * MINUTE
"""So long an uploaded segment may wait to be inspected."""
SEGMENT_KEY = re.compile(
    r"recordings/[^/]+/(first|second|screen)/[0-9]{13}-[0-9a-f]{8}\.(webm|mp4)"
)

ERRORS = {
    "empty": "is empty",
    "unreadable": "cannot be read",
    "truncated": "is truncated: it is shorter than its device announced",
    "hash_differs": "was changed on its way: its hash is not the one that its device announced",
    "too_large": "is too large",
}

type ReadSegment = Callable[[str], bytes | None]
"""Returns a segment's bytes by its key, or None if it is missing."""

type Problem = tuple[str, str]
"""Where it is, and what is wrong, in plain words."""


@dataclass(frozen=True, slots=True)
class ChainSegment:
    """A segment as the recording chain names it; its key as its record or a receipt says."""

    track: str
    segment_id: str
    sha256: str
    error: str | None
    key: str | None
    is_deleted: bool

    @property
    def name(self) -> str:
        """Return what to call it."""
        return self.key or f"{self.track}/{self.segment_id}"

    @property
    def begins_at(self) -> Millis:
        """Return when its slot begins."""
        return int(self.segment_id.partition("-")[0])


def recording_problems(
    record: Mapping[str, Any],
    chain: Iterable[AuditEntry],
    read: ReadSegment | None = None,
    stored: Mapping[str, Millis] | None = None,
) -> list[Problem]:
    """Return what is wrong with a record's recordings.

    `stored` are the session's keys in the media bucket, with the time of upload.
    """
    entries = list(chain)
    segments = _chain_segments(record, entries)
    return [
        *_anchor_problems(record, entries),
        *_record_problems(record, segments),
        *(_stray_problems(record, segments, stored) if stored is not None else ()),
        *_arrival_problems(segments),
        *(_content_problems(segments, read) if read else ()),
        *_hole_problems(record, segments),
    ]


def _anchor_problems(record: Mapping[str, Any], chain: list[AuditEntry]) -> Iterable[Problem]:
    """Yield where the recording chain is not the one whose heads the session's chain names."""
    hashes = {entry.number: entry.hash for entry in chain}
    covered = 0
    for anchor in record["audit"]:
        if anchor["action"] != ANCHORED:
            continue
        count, head = int(anchor["detail"]["segments"]), str(anchor["detail"]["sha256"])
        covered = max(covered, count)
        if count not in hashes:
            yield f"recordings {count}", "is named in the audit chain, but was cut off"
        elif hashes[count] != head:
            yield f"recordings {count}", "differs from the head that the audit chain names"
    for entry in chain:
        if entry.number > covered and entry.at < int(record["exported_at"]) - UNANCHORED:
            yield f"recordings {entry.number}", "no audit entry names this or a later head"
            return


def _chain_segments(record: Mapping[str, Any], chain: Iterable[AuditEntry]) -> list[ChainSegment]:
    deleted = {_place(key): key for key in deleted_keys(record) if key.startswith("recordings/")}
    stored = {(row["track"], row["segment_id"]): str(row["key"]) for row in record["segments"]}
    segments = []
    for entry in chain:
        if entry.action != RECORDED:
            continue
        detail = entry.detail
        place = str(detail["track"]), str(detail["segment"])
        error = detail["error"]
        segments.append(
            ChainSegment(
                *place,
                sha256=str(detail["sha256"]),
                error=None if error is None else str(error),
                key=deleted.get(place) or stored.get(place),
                is_deleted=place in deleted,
            )
        )
    return segments


def _place(key: str) -> tuple[str, str]:
    """Return track and id of a segment by its key: recordings, session, track, name."""
    _, _, track, name = key.split("/")
    return track, name.partition(".")[0]


def _record_problems(record: Mapping[str, Any], segments: list[ChainSegment]) -> Iterable[Problem]:
    """Yield differences between the chain and the segments' records, which go with their files."""
    if not record.get("with_captures"):
        return
    attested = {(segment.track, segment.segment_id): segment for segment in segments}
    for row in record["segments"]:
        segment = attested.pop((str(row["track"]), str(row["segment_id"])), None)
        if segment is None:
            yield str(row["key"]), "is not in the recording chain"
        elif (segment.sha256, segment.error) != (row["sha256"], row["error"]):
            yield str(row["key"]), "differs from the recording chain"
    for segment in attested.values():
        if not segment.is_deleted:
            yield segment.name, "is in the recording chain, but its record is missing"


def _stray_problems(
    record: Mapping[str, Any], segments: list[ChainSegment], stored: Mapping[str, Millis]
) -> Iterable[Problem]:
    """Yield objects among the recordings that no chain names, nor waits to name."""
    named = {segment.key for segment in segments}
    keyless = tuple(f"/{segment.name}." for segment in segments if segment.key is None)
    inspected_until = int(record["exported_at"]) - UNINSPECTED
    for key, uploaded_at in sorted(stored.items()):
        if not key.startswith("recordings/") or key in named:
            continue
        if any(name in key for name in keyless):
            continue
        if uploaded_at < inspected_until or not SEGMENT_KEY.fullmatch(key):
            yield key, "lies among the recordings, but is in no chain"


def _arrival_problems(segments: list[ChainSegment]) -> Iterable[Problem]:
    """Yield segments that arrived broken, or with the bytes of an earlier one."""
    earlier = _first_by_hash(segments)
    for segment in segments:
        if segment.error is not None:
            yield segment.name, ERRORS.get(segment.error, segment.error)
        first = earlier[segment.sha256]
        if segment.error != "empty" and first is not segment:
            yield segment.name, f"repeats {first.name}: the same bytes"


def _content_problems(segments: list[ChainSegment], read: ReadSegment) -> Iterable[Problem]:
    """Yield segments that are not in the bucket as they arrived."""
    arrived = _first_by_hash(segments)
    for segment in segments:
        if segment.key is None or segment.is_deleted:
            continue
        data = read(segment.key)
        digest = None if data is None else hashlib.sha256(data).hexdigest()
        if digest is None:
            yield segment.name, "is missing"
        elif digest != segment.sha256:
            other = arrived.get(digest)
            what = f"holds the bytes of {other.name}" if other else "is not the file that arrived"
            yield segment.name, what


def _first_by_hash(segments: Iterable[ChainSegment]) -> dict[str, ChainSegment]:
    found: dict[str, ChainSegment] = {}
    for segment in segments:
        found.setdefault(segment.sha256, segment)
    return found


def _hole_problems(record: Mapping[str, Any], segments: list[ChainSegment]) -> Iterable[Problem]:
    """Yield stretches of which nothing was recorded, where all is to be, and that no gap explains."""
    if not record.get("with_captures"):
        return
    for track in TRACKS:
        span = _recorded_span(record, track)
        if span is None:
            continue
        covered = [*_segment_spans(record, segments, track), *_gap_spans(record, track)]
        for begin, end in _uncovered(span, covered):
            seconds = f"{(end - begin) / SECOND:.0f} s from {begin}"
            yield f"recording of {track}", f"no segment and no reason for {seconds}"


def _recorded_span(record: Mapping[str, Any], track: str) -> Span | None:
    """Return from when to when a track is to be recorded whole, None where it is not."""
    session = record["session"]
    watched = watched_span(record)
    if watched is None or session["recording"][track] != ALL:
        return None
    began_at, ended_at = watched
    consents = [entry for entry in record["audit"] if entry["action"] == CONSENT]
    given = [int(entry["at"]) for entry in consents if entry["detail"]["agreed"]]
    if not given:
        return None
    refused = [int(entry["at"]) for entry in consents if not entry["detail"]["agreed"]]
    began_at = max(began_at, given[-1])
    ended_at = min([ended_at, *(at for at in refused if at > given[-1])])
    if track == "second":
        joined_at = session["second_view_joined_at"]
        if joined_at is None:
            return None
        began_at = max(began_at, int(joined_at))
    return began_at + EDGE, ended_at - EDGE


def _segment_spans(
    record: Mapping[str, Any], segments: list[ChainSegment], track: str
) -> Iterable[Span]:
    rows = {row["segment_id"]: row for row in record["segments"] if row["track"] == track}
    for segment in segments:
        if segment.track != track:
            continue
        row = rows.get(segment.segment_id)
        yield segment.begins_at, segment.begins_at + SLOT
        if row is not None:
            yield int(row["began_at"]), int(row["ended_at"])


def _gap_spans(record: Mapping[str, Any], track: str) -> Iterable[Span]:
    for entry in record["audit"]:
        detail = entry["detail"]
        if entry["action"] == GAP and detail["track"] == track:
            yield int(detail["began_at"]), int(detail["ended_at"])


def _uncovered(span: Span, covered: Iterable[Span]) -> Iterable[Span]:
    at, end = span
    for begins, ends in sorted(covered):
        if begins - at >= MIN_HOLE and at < end:
            yield at, min(begins, end)
        at = max(at, ends)
    if end - at >= MIN_HOLE:
        yield at, end
