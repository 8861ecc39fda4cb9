"""Examples of recordings: what a candidate is told of them, and a plan of segments."""

from chalicelib.api.examples import values
from chalicelib.api.examples.example import Example
from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingQuality, Track
from chalicelib.domain.recording.segments import (
    MAX_SEGMENT_BYTES,
    SEGMENT_LENGTH,
    Container,
    SegmentPlace,
    make_segment_id,
)
from chalicelib.schemas.common import UploadOut
from chalicelib.schemas.recordings import (
    OwnRecordingOut,
    PlannedSegmentOut,
    RecordedTrackOut,
    RecordingPlanIn,
    RecordingPlanOut,
    TrackFormatOut,
)

RECORDING = OwnRecordingOut(
    tracks=[
        RecordedTrackOut(track=Track.FIRST, mode=RecordingMode.ALL),
        RecordedTrackOut(track=Track.SECOND, mode=RecordingMode.ALL),
    ],
    heard=[Track.FIRST],
    voices=False,
    voice_sample=None,
    consent=True,
    quality=RecordingQuality.STANDARD,
    days=30,
)


def _planned_segment(seconds: int) -> PlannedSegmentOut:
    begins_at = values.NOW + seconds * 1_000
    segment_id = make_segment_id(values.SESSION_ID, Track.FIRST, begins_at)
    key = SegmentPlace(values.SESSION_ID, Track.FIRST, segment_id, Container.WEBM).key
    return PlannedSegmentOut(
        track=Track.FIRST,
        segment_id=segment_id,
        begins_at=begins_at,
        length=SEGMENT_LENGTH,
        upload=UploadOut(
            capture_id=segment_id,
            url="https://media.example/",
            fields={
                "key": key,
                "Content-Type": "video/webm",
                "policy": "eyJ…",
                "x-amz-signature": "…",
            },
            largest=MAX_SEGMENT_BYTES,
            content_type="video/webm",
        ),
    )


EXAMPLES: dict[str, Example] = {
    "plan_recordings": Example(
        RecordingPlanOut(
            now=values.NOW,
            next_at=values.NOW + 47_000,
            tracks=[
                TrackFormatOut(
                    track=Track.FIRST,
                    mode=RecordingMode.ALL,
                    width=640,
                    height=480,
                    frame_rate=10,
                    video_bits=400_000,
                    audio_bits=32_000,
                )
            ],
            segments=[_planned_segment(2), _planned_segment(12)],
            again=[],
            dropped=[],
            keep=[],
        ),
        RecordingPlanIn(container=Container.WEBM, tracks=[Track.FIRST]),
    )
}
