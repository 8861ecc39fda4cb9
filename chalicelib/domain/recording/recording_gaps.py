"""Recording gaps (录像缺口): why nothing was recorded, as the device tells it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.types import SECOND, Millis

MAX_GAPS = 40
MERGE_WITHIN: Millis = 2 * SECOND
MAX_AHEAD: Millis = 5 * SECOND


class GapReason(StrEnum):
    """Why a device recorded nothing, or what it recorded is not here."""

    PAGE_CLOSED = "page_closed"
    FROZEN = "frozen"
    RECORDER_FAILED = "recorder_failed"
    NO_PERMISSION = "no_permission"
    SCREEN_STOPPED = "screen_stopped"
    DISK_FULL = "disk_full"
    UPLOAD_EXPIRED = "upload_expired"
    MUTED = "muted"
    NOT_SUPPORTED = "not_supported"


@dataclass(frozen=True, slots=True)
class RecordingGap:
    """A stretch of a track that was not recorded. Times are the server's, ms."""

    track: Track
    began_at: Millis
    ended_at: Millis
    reason: GapReason


def merged_gaps(
    gaps: Iterable[RecordingGap], tracks: Iterable[Track], since: Millis, now: Millis
) -> list[RecordingGap]:
    """Return the gaps of these tracks, in order; those that touch and have one reason are one.

    They are bounded by when the session began and by now: a device's clock may be off.
    """
    of_tracks = frozenset(tracks)
    merged: dict[tuple[Track, GapReason], list[RecordingGap]] = {}
    for gap in sorted(gaps, key=lambda gap: gap.began_at):
        bounded = _bounded(gap, since, now)
        if gap.track not in of_tracks or bounded is None:
            continue
        same = merged.setdefault((gap.track, gap.reason), [])
        if same and bounded.began_at <= same[-1].ended_at + MERGE_WITHIN:
            ended_at = max(same[-1].ended_at, bounded.ended_at)
            same[-1] = replace(same[-1], ended_at=ended_at)
        else:
            same.append(bounded)
    found = [gap for same in merged.values() for gap in same]
    return sorted(found, key=lambda gap: (gap.began_at, gap.track))


def _bounded(gap: RecordingGap, since: Millis, now: Millis) -> RecordingGap | None:
    began_at, ended_at = max(gap.began_at, since), min(gap.ended_at, now + MAX_AHEAD)
    if began_at >= ended_at:
        return None
    return replace(gap, began_at=began_at, ended_at=ended_at)
