"""Requests and responses about recordings: plans of segments, consent, what arrived."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.identity.voice_sample import VoiceSampleStatus
from chalicelib.domain.recording.recording_gaps import MAX_GAPS, GapReason
from chalicelib.domain.recording.recording_plans import MAX_PENDING
from chalicelib.domain.recording.recording_rule import (
    RecordingMode,
    RecordingQuality,
    RecordingRule,
    Track,
)
from chalicelib.domain.recording.screen_sharing import ScreenStatus
from chalicelib.domain.recording.segments import Container, SegmentError
from chalicelib.schemas.common import ApiModel, Id, UploadOut
from chalicelib.schemas.staff_acts import ActIn, ReasonText

type SegmentId = Annotated[str, StringConstraints(pattern=r"^\d{13}-[0-9a-f]{8}$")]
type ServerTime = Annotated[int, Field(ge=0, le=4_102_444_800_000)]


class PendingSegmentIn(ApiModel):
    """A segment that was recorded and is not uploaded yet, whose form has expired."""

    track: Track
    segment_id: SegmentId


class RecordingGapIn(ApiModel):
    """A stretch that was not recorded, on the server's clock, and why."""

    track: Track
    began_at: ServerTime
    ended_at: ServerTime
    reason: GapReason


class RecordingPlanIn(ApiModel):
    """What the device can record now, what it has still to upload, and what it could not record."""

    container: Container
    tracks: list[Track] = Field(max_length=3)
    pending: list[PendingSegmentIn] = Field(default_factory=list, max_length=MAX_PENDING)
    gaps: list[RecordingGapIn] = Field(default_factory=list, max_length=MAX_GAPS)


class TrackFormatOut(ApiModel):
    """How a track is recorded; a screen fits into the picture, whatever its shape."""

    track: Track
    mode: RecordingMode
    width: int
    height: int
    frame_rate: int
    video_bits: int
    """Bits a second."""
    audio_bits: int
    """Bits a second; 0 where no sound is recorded."""


class PlannedSegmentOut(ApiModel):
    """A segment to be recorded from `begins_at` (server's clock, ms), and its upload form.

    The device adds three fields to the form before it is sent: `x-amz-meta-sha256` (64 hex digits),
    `x-amz-meta-began-at` and `x-amz-meta-ended-at` (ms on the server's clock).
    """

    track: Track
    segment_id: str
    begins_at: int
    length: int
    upload: UploadOut


class RenewedUploadOut(ApiModel):
    """Another form for a segment that was recorded earlier."""

    track: Track
    segment_id: str
    upload: UploadOut


class KeptRangeOut(ApiModel):
    """A stretch of which segments are kept where the mode is `flags`; it may reach into the future."""

    began_at: int
    ended_at: int


class RecordingPlanOut(ApiModel):
    """What the device records next. Request the next plan at `next_at`."""

    now: int
    next_at: int
    tracks: list[TrackFormatOut]
    """What this device records; empty where nothing is recorded any more."""
    segments: list[PlannedSegmentOut]
    """In order; those that were planned before and have not begun are among them again."""
    again: list[RenewedUploadOut]
    dropped: list[str]
    """Pending segments to be deleted: they are here already, or are not to be recorded."""
    keep: list[KeptRangeOut]


class RecordedTrackOut(ApiModel):
    """A track that is recorded, and how much of it."""

    track: Track
    mode: RecordingMode


class OwnRecordingOut(ApiModel):
    """What the candidate is told of recordings: what is recorded, and for how long it is kept."""

    tracks: list[RecordedTrackOut]
    """What is recorded with the candidate's consent; empty where nothing is recorded at all."""
    heard: list[Track]
    """Of which of them the sound is judged for speech."""
    voices: bool
    """Whether that speech is compared with the candidate's own voice, once they gave a sample."""
    voice_sample: VoiceSampleStatus | None
    """What came of the sentence that was read aloud; null where none was."""
    consent: bool | None
    """Null until it is answered."""
    quality: RecordingQuality
    days: int


class RecordingConsentIn(ApiModel):
    """The answer to the request for consent to being recorded, or its withdrawal."""

    agree: bool


class VoiceSampleUploadOut(ApiModel):
    """Where to upload a sentence that is read aloud: WAV, 16 kHz, one channel."""

    upload: UploadOut


class ScreenStatusIn(ApiModel):
    """What the exam page knows of the shared screen."""

    status: ScreenStatus


class SegmentOut(ApiModel):
    """A segment that arrived, as it was found; `url` is presigned for some minutes."""

    track: Track
    segment_id: str
    began_at: int
    ended_at: int
    size: int
    sha256: str
    duration: int
    silent: bool | None
    """Whether its sound is silence; null where it has no sound."""
    error: SegmentError | None
    url: str


class SegmentsOut(ApiModel):
    """A page of segments of all tracks, newest first; request the next with `before`, until null."""

    segments: list[SegmentOut]
    before: str | None


class KeepRecordingIn(ActIn):
    """Which range of the recordings to keep as evidence, at most two minutes, and why."""

    began_at: ServerTime
    ended_at: ServerTime
    reason: ReasonText


class RecordingRuleIO(ApiModel):
    """What a subject records of each track, and in which quality."""

    first: RecordingMode
    second: RecordingMode
    screen: RecordingMode
    quality: RecordingQuality
    second_speech: bool = False
    """Whether speech is judged in the phone's recorded sound too, as it is in the computer's."""
    compare_voices: bool = False
    """Whether speech in the computer's sound is compared with the candidate's own voice."""

    @classmethod
    def of(cls, rule: RecordingRule) -> "RecordingRuleIO":
        """Return a rule as its schema."""
        return cls(
            first=rule.first,
            second=rule.second,
            screen=rule.screen,
            quality=rule.quality,
            second_speech=rule.second_speech,
            compare_voices=rule.compare_voices,
        )

    def rule(self) -> RecordingRule:
        """Return the rule."""
        return RecordingRule(**self.model_dump())


class RecordingCostOut(ApiModel):
    """What one item of a subject's recordings costs a candidate-hour."""

    item: Id
    dollars_per_candidate_hour: float
