"""What each act of a sitting uses, and how often it happens in an hour of answering.

DynamoDB's units and requests are measured by tests/integration/test_capacity.py and held there.
Durations are those of one core here (`make bench`) with 8 ms for each request to another service.
"""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.domain.capture.cameras import HEARTBEAT_INTERVAL
from chalicelib.domain.capture.captures import (
    CLIPS_FIRST,
    PICTURES_FIRST,
    PICTURES_SECOND,
    PLAN_LENGTH,
)
from chalicelib.domain.recording import recording_costs
from chalicelib.domain.recording.recording_costs import HEARD, SEGMENT, SEGMENTS_PER_HOUR
from chalicelib.domain.types import MINUTE
from chalicelib.domain.work import Work
from chalicelib.services.monitoring.capture_plans import REPLAN_MARGIN

HOUR = 60 * MINUTE
PAGE_REFRESH = MINUTE
"""How often a page reads everything again (web/shared/socket.ts)."""
ROOM_SIZE = 30
"""Candidates that one proctor's wall shows."""
ANSWERS_PER_HOUR = 120
"""An assumption: a change saved every half minute."""
PICTURE_BYTES = {"first_picture": 60_000, "second_picture": 60_000, "clip": 320_000}
"""As uploaded by the pages: 960 pixels wide, and ten seconds of 16 kHz, 16 bit."""
VISION_MEMORY_GB, SOUND_MEMORY_GB = 2.0, recording_costs.SOUND_MEMORY_GB


@dataclass(frozen=True, slots=True)
class Act:
    """Something that a candidate's devices or staff do, and how often in a candidate-hour."""

    title: str
    per_hour: float
    work: Work


def _capture(seconds: float, memory_gb: float, table_writes: float, index_writes: float) -> Work:
    return Work(
        table_writes,
        index_writes,
        reads=5,
        changes=3,
        pushes=1,
        seconds=seconds,
        memory_gb=memory_gb,
        api_calls=0,
        s3_puts=1,
        s3_gets=1,
        queue_requests=3,  # S3 sends, the function receives and deletes
    )


PICTURE_FIRST = _capture(0.14, VISION_MEMORY_GB, 5, 2)
PICTURE_SECOND = _capture(0.26, VISION_MEMORY_GB, 5, 2)
CLIP = _capture(0.15, SOUND_MEMORY_GB, 5, 2)
PLAN = Work(3, 2, 6, changes=1, seconds=0.05)

PLANS_PER_HOUR = HOUR / (PLAN_LENGTH - REPLAN_MARGIN)
REFRESHES_PER_HOUR = HOUR / PAGE_REFRESH
RECORDING_PLANS_PER_HOUR = recording_costs.PLANS_PER_HOUR

ACTS = {
    "first_picture": Act(
        "pictures of the computer's camera", HOUR / PICTURES_FIRST.period, PICTURE_FIRST
    ),
    "second_picture": Act(
        "pictures of the phone's camera", HOUR / PICTURES_SECOND.period, PICTURE_SECOND
    ),
    "clip": Act("sound clips", HOUR / CLIPS_FIRST.period, CLIP),
    "plan": Act("capture plans of the exam page", PLANS_PER_HOUR, PLAN),
    "phone_plan": Act("capture plans of the phone", PLANS_PER_HOUR, PLAN),
    "heartbeat": Act(
        "the phone's heartbeat",
        HOUR / HEARTBEAT_INTERVAL,
        Work(1, 1, 2, changes=1, seconds=0.03),
    ),
    "session": Act(
        "the exam page read again", REFRESHES_PER_HOUR, Work(0, 0, 6, changes=0, seconds=0.03)
    ),
    "messages": Act(
        "messages read again", REFRESHES_PER_HOUR, Work(0, 0, 2, changes=0, seconds=0.03)
    ),
    "phone_session": Act(
        "the phone's page read again", REFRESHES_PER_HOUR, Work(0, 0, 6, changes=0, seconds=0.03)
    ),
    "answer": Act("answers saved", ANSWERS_PER_HOUR, Work(6, 0, 0, changes=2, seconds=0.03)),
    "first_segment": Act("recordings of the computer's camera", SEGMENTS_PER_HOUR, SEGMENT),
    "second_segment": Act("recordings of the phone's camera", SEGMENTS_PER_HOUR, SEGMENT),
    "screen_segment": Act("recordings of the screen", SEGMENTS_PER_HOUR, SEGMENT),
    "first_speech": Act("the computer's recorded sound, judged", SEGMENTS_PER_HOUR, HEARD),
    "second_speech": Act("the phone's recorded sound, judged", SEGMENTS_PER_HOUR, HEARD),
    "recording_plan": Act(
        "recording plans of the exam page", RECORDING_PLANS_PER_HOUR, recording_costs.PLAN
    ),
    "phone_recording_plan": Act(
        "recording plans of the phone", RECORDING_PLANS_PER_HOUR, recording_costs.PLAN
    ),
    "wall": Act(
        "the room's wall read again, a candidate's share",
        REFRESHES_PER_HOUR / ROOM_SIZE,
        Work(0, 0, 34, changes=0, seconds=0.1),
    ),
}
"""By the names that the test measures them under."""
