"""The Lambda behind the sound queue: uploaded clip, or a segment's sound → Observation → flags."""

from dataclasses import replace
from functools import cache
from typing import Any

from chalicelib.domain.capture.captures import MAX_CLIP_BYTES
from chalicelib.domain.recording.heard_sound import ARRIVED_AT, SEGMENT_KEY, SEGMENT_SHA256
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.rules.findings import SPOKEN_KINDS, Finding, FindingKind, Observation
from chalicelib.domain.sessions.recorded_tracks import heard_tracks
from chalicelib.domain.types import Medium
from chalicelib.services.monitoring import capture_content
from chalicelib.services.monitoring.observations import record_observation
from chalicelib.services.ports import FunctionContext, ReadObject
from chalicelib.tracing import trace
from chalicelib.wiring.functions import build_function_context, media
from functions.sound.speech import ClipAnalysis, SpeechDetector, UnreadableClip
from functions.uploads import ObjectReader, UploadedObject, log, process_batch

trace()

SPEECH_SECONDS = 1.5
"""Shorter speech in a clip is a cough, a sigh or a word read under one's breath: no finding."""

MUTED_PEAK = 3 / 32768
"""No sample of a muted microphone is larger: zeros, or the last bits that a driver dithers.
The quietest room leaves a hundred times as much; a noise gate may not, so the candidate is told."""


@cache
def _dependencies() -> tuple[FunctionContext, ObjectReader, SpeechDetector]:
    return build_function_context(), media(), SpeechDetector.load()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Analyse every sound of a batch (SQS; partial batch responses)."""
    context, bucket, detector = _dependencies()
    return process_batch(event, lambda upload: process_upload(context, bucket, detector, upload))


def process_upload(
    context: FunctionContext, bucket: ObjectReader, detector: SpeechDetector, upload: UploadedObject
) -> None:
    """Analyse one clip, or one segment's sound, and record the observation. Idempotent."""
    content = bucket.read(upload.key, MAX_CLIP_BYTES)
    if content is None:
        log.info("a sound was deleted before it was analysed")
        return
    known = capture_content.read_capture_context(context, upload.session_id, upload.capture_id)
    if upload.medium is Medium.RECORDED_SOUND:
        if known.observation is None and Track(upload.view) in heard_tracks(known.bundle.session):
            record_observation(
                context, observe_recorded(detector, upload, content), bundle=known.bundle
            )
        return
    if known.observation is not None:
        capture_content.check_content(context, known.observation, content.etag)
        return
    capture_content.record_capture(context, known.bundle, observe(detector, upload, content))


def observe_recorded(
    detector: SpeechDetector, upload: UploadedObject, content: ReadObject
) -> Observation:
    """Return the observation of a segment's sound: it names the segment, and tells only speech."""
    heard = observe(detector, upload, content)
    return replace(
        heard,
        key=content.metadata[SEGMENT_KEY],
        sha256=content.metadata[SEGMENT_SHA256],
        arrived_at=int(content.metadata[ARRIVED_AT]),
        etag=None,
        findings=tuple(finding for finding in heard.findings if finding.kind in SPOKEN_KINDS),
    )


def observe(detector: SpeechDetector, upload: UploadedObject, content: ReadObject) -> Observation:
    """Return the observation of a sound; one that cannot be read has `error` with the reason."""
    observation = upload.empty_observation(content)
    try:
        analysis = detector.analyze(content.data)
    except UnreadableClip as error:
        return replace(observation, error=str(error.reason))
    return replace(
        observation,
        findings=_findings(analysis),
        measures={
            "seconds": analysis.seconds,
            "speech_seconds": analysis.speech_seconds,
            "speech_ratio": analysis.speech_ratio,
            "level_dbfs": analysis.level_dbfs,
            "peak": analysis.peak,
        },
        timings_ms=analysis.timings_ms,
        models=analysis.models,
    )


def _findings(analysis: ClipAnalysis) -> tuple[Finding, ...]:
    if analysis.peak <= MUTED_PEAK:
        return (Finding(FindingKind.MUTED, 1.0),)
    if analysis.speech_seconds >= SPEECH_SECONDS:
        return (Finding(FindingKind.VOICE, analysis.speech_ratio),)
    return ()
