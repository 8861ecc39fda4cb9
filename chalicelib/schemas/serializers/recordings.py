"""From recordings to what devices, candidates and staff see of them."""

from collections.abc import Callable

from chalicelib.domain.identity.voice_sample import VoiceSample
from chalicelib.domain.recording.recording_rule import RecordingMode, Track, TrackFormat
from chalicelib.domain.recording.segments import Segment
from chalicelib.domain.sessions.recorded_tracks import hearable_tracks, recordable_tracks
from chalicelib.domain.sessions.sessions import Session
from chalicelib.schemas.recordings import (
    OwnRecordingOut,
    RecordedTrackOut,
    SegmentOut,
    TrackFormatOut,
)


def recordable_tracks_out(session: Session) -> list[RecordedTrackOut]:
    """Return the tracks that a session records by its rule, and how much of each."""
    return [
        RecordedTrackOut(track=track, mode=mode)
        for track, mode in recordable_tracks(session).items()
    ]


def own_recording_out(session: Session, voice: VoiceSample | None) -> OwnRecordingOut:
    """Return what a candidate is told of the session's recordings."""
    return OwnRecordingOut(
        tracks=recordable_tracks_out(session),
        heard=list(hearable_tracks(session)),
        voices=session.recording.compares,
        voice_sample=voice.status if voice else None,
        consent=session.recording_consent,
        quality=session.recording.quality,
        days=session.retention.recordings,
    )


def track_format_out(
    track: Track, mode: RecordingMode, track_format: TrackFormat
) -> TrackFormatOut:
    """Return how a track is recorded."""
    return TrackFormatOut(
        track=track,
        mode=mode,
        width=track_format.width,
        height=track_format.height,
        frame_rate=track_format.frame_rate,
        video_bits=track_format.video_bits,
        audio_bits=track_format.audio_bits,
    )


def segment_out(segment: Segment, sign: Callable[[str], str]) -> SegmentOut:
    """Return a segment with its presigned address."""
    return SegmentOut(
        track=segment.track,
        segment_id=segment.segment_id,
        began_at=segment.began_at,
        ended_at=segment.ended_at,
        size=segment.size,
        sha256=segment.sha256,
        duration=segment.duration,
        silent=segment.silent,
        error=segment.error,
        url=sign(segment.key),
    )
