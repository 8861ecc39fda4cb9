"""The sound of a segment on its way to the speech model: a copy of its own, for a day.

The function that reads segments and the one that judges speech do not fit one package. What the
first decodes it stores for the second; the segment itself stays what is recorded, kept and shown.
"""

from chalicelib.domain.recording.segments import Segment

FOLDER = "heard"
SAMPLE_RATE = 16_000
"""Samples a second, of 16 bits, one channel: what the speech model takes."""

SEGMENT_KEY, SEGMENT_SHA256, ARRIVED_AT = "segment-key", "segment-sha256", "arrived-at"


def heard_key(segment: Segment) -> str:
    """Return where the sound of a segment is stored in the media bucket."""
    return f"{FOLDER}/{segment.session_id}/{segment.track}/{segment.segment_id}.wav"


def heard_metadata(segment: Segment) -> dict[str, str]:
    """Return what is stored with it: which bytes it was decoded from, and when they arrived."""
    return {
        SEGMENT_KEY: segment.key,
        SEGMENT_SHA256: segment.sha256,
        ARRIVED_AT: str(segment.arrived_at),
    }
