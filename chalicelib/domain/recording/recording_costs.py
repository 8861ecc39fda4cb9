"""What recordings cost in a candidate-hour, by track and quality, item by item.

DynamoDB's units are held against the code by tests/integration/test_capacity.py.
"""

from dataclasses import dataclass

from chalicelib.domain.prices import Prices
from chalicelib.domain.recording.recording_plans import PLAN_LENGTH, REPLAN_MARGIN
from chalicelib.domain.recording.recording_rule import (
    RecordingMode,
    RecordingQuality,
    RecordingRule,
    Track,
    track_format,
)
from chalicelib.domain.recording.segments import SEGMENT_LENGTH
from chalicelib.domain.types import MINUTE, Millis
from chalicelib.domain.work import Work

HOUR: Millis = 60 * MINUTE
MONTH_DAYS = 30.4
MILLION, GIGABYTE = 1e6, 1e9
FLAGGED_SHARE = 0.15
"""An assumption: of what is recorded around flags only, so much is uploaded."""
SEGMENTS_PER_HOUR = HOUR / SEGMENT_LENGTH
PLANS_PER_HOUR = HOUR / (PLAN_LENGTH - REPLAN_MARGIN)
RECORDING_MEMORY_GB, SOUND_MEMORY_GB, NOTIFY_MEMORY_GB = 0.75, 1.0, 0.25
NOTIFY_SECONDS = 0.012
"""For each change: its share of a batch, and of the messages that it causes."""
NOTIFY_BATCH = 10
LOG_BYTES_PER_RUN = 600


SEGMENT = Work(
    table_writes=6,
    index_writes=0,
    reads=2,
    changes=3,
    seconds=0.3,
    memory_gb=RECORDING_MEMORY_GB,
    api_calls=0,
    s3_puts=1,
    s3_gets=1,
    queue_requests=3,
)
"""The anchor of a session's log, once in ten minutes, is left out: some hundredths of its writes."""
HEARD = Work(
    table_writes=5,
    index_writes=2,
    reads=5,
    changes=3,
    pushes=1,
    seconds=0.15,
    memory_gb=SOUND_MEMORY_GB,
    api_calls=0,
    s3_puts=1,
    s3_gets=1,
    queue_requests=3,
)
"""A segment's sound, judged for speech. The copy that is judged is kept for a day."""
HEARD_BYTES = 10 * 16_000 * 2
PLAN = Work(table_writes=1, index_writes=0, reads=3, changes=1, seconds=0.06)


@dataclass(frozen=True, slots=True)
class RecordingCost:
    """What one item costs in a candidate-hour, in the prices' currency."""

    item: str
    amount: float


def uploaded_share(mode: RecordingMode) -> float:
    """Return which part of a track's segments is uploaded."""
    return {RecordingMode.NONE: 0.0, RecordingMode.FLAGS: FLAGGED_SHARE, RecordingMode.ALL: 1.0}[
        mode
    ]


def segments_per_hour(rule: RecordingRule, track: Track) -> float:
    """Return how many segments of a track are uploaded in a candidate-hour."""
    return SEGMENTS_PER_HOUR * uploaded_share(rule.mode(track))


def segment_bytes(track: Track, quality: RecordingQuality) -> float:
    """Return how large a segment is, as its bit rates say."""
    form = track_format(track, quality)
    return (form.video_bits + form.audio_bits) / 8 * SEGMENT_LENGTH / 1000


def bytes_per_hour(rule: RecordingRule) -> float:
    """Return how many bytes a candidate's recordings take in an hour."""
    return sum(
        segments_per_hour(rule, track) * segment_bytes(track, rule.quality) for track in Track
    )


def heard_per_hour(rule: RecordingRule, track: Track) -> float:
    """Return how many segments of a track are judged for speech in a candidate-hour."""
    return segments_per_hour(rule, track) if rule.hears(track) else 0.0


def heard_bytes_per_hour(rule: RecordingRule) -> float:
    """Return how many bytes of sound are kept for a day to be judged, in a candidate-hour."""
    return sum(heard_per_hour(rule, track) for track in Track) * HEARD_BYTES


def plans_per_hour(rule: RecordingRule) -> float:
    """Return how many plans a candidate's devices request: one device for a track of its own."""
    computer = any(
        rule.mode(track) is not RecordingMode.NONE for track in (Track.FIRST, Track.SCREEN)
    )
    return PLANS_PER_HOUR * (computer + (rule.second is not RecordingMode.NONE))


def recording_costs(rule: RecordingRule, days: int, prices: Prices) -> tuple[RecordingCost, ...]:
    """Return what recordings by a rule, kept for some days, cost; empty where nothing is recorded."""
    if not rule.records:
        return ()
    work = [
        (sum(segments_per_hour(rule, track) for track in Track), SEGMENT),
        (sum(heard_per_hour(rule, track) for track in Track), HEARD),
        (plans_per_hour(rule), PLAN),
    ]

    def total(field: str) -> float:
        return sum(count * float(getattr(used, field)) for count, used in work)

    seconds = sum(count * used.seconds * used.memory_gb for count, used in work)
    changes = total("changes")
    runs = sum(count for count, _ in work) + changes / NOTIFY_BATCH
    seconds += changes * NOTIFY_SECONDS * NOTIFY_MEMORY_GB
    byte_days = bytes_per_hour(rule) * days + heard_bytes_per_hour(rule)
    writes = total("table_writes") + total("index_writes")
    amounts = {
        "storage": byte_days / MONTH_DAYS * prices.s3_gb_month / GIGABYTE,
        "upload": (total("s3_puts") * prices.s3_puts + total("s3_gets") * prices.s3_gets) / MILLION,
        "records": (writes * prices.write_units + total("reads") * prices.read_units) / MILLION,
        "inspection": (seconds * prices.lambda_gb_seconds + runs * prices.lambda_requests) / MILLION
        + runs * LOG_BYTES_PER_RUN * prices.log_gb / GIGABYTE,
        "requests": (
            total("api_calls") * prices.api_calls
            + total("queue_requests") * prices.queue_requests
            + total("pushes") * prices.socket_messages
        )
        / MILLION,
    }
    return tuple(RecordingCost(item, amount) for item, amount in amounts.items())
