"""The Lambda behind the sound queue: uploaded clip → Observation → flags."""

from dataclasses import replace
from functools import cache
from typing import Any

from chalicelib.domain.capture.captures import MAX_CLIP_BYTES
from chalicelib.domain.rules.findings import Finding, FindingKind, Observation
from chalicelib.services.monitoring import observations
from chalicelib.services.ports import FunctionContext
from chalicelib.tracing import trace
from chalicelib.wiring.functions import build_function_context, media
from functions.sound.speech import SpeechDetector, UnreadableClip
from functions.uploads import ObjectReader, UploadedObject, log, process_batch

trace()

SPEECH_SECONDS = 1.5
"""Less speech than this in one clip is a cough, a sigh or a word read under one's breath."""


@cache
def _dependencies() -> tuple[FunctionContext, ObjectReader, SpeechDetector]:
    return build_function_context(), media(), SpeechDetector.load()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Listen to every clip of a batch."""
    context, bucket, detector = _dependencies()
    return process_batch(event, lambda upload: process_upload(context, bucket, detector, upload))


def process_upload(
    context: FunctionContext, bucket: ObjectReader, detector: SpeechDetector, upload: UploadedObject
) -> None:
    """Listen to one clip and record what it holds."""
    data = bucket.read(upload.key, MAX_CLIP_BYTES)
    if data is None:
        log.info("a clip was gone before it was listened to")
    else:
        observations.record_observation(context, observe(detector, upload, data))


def observe(detector: SpeechDetector, upload: UploadedObject, data: bytes) -> Observation:
    """Return what a clip holds, or why it cannot be read."""
    observation = upload.empty_observation()
    try:
        heard = detector.analyze(data)
    except UnreadableClip as error:
        return replace(observation, error=str(error.reason))
    spoken = heard.speech_seconds >= SPEECH_SECONDS
    return replace(
        observation,
        findings=(Finding(FindingKind.VOICE, heard.speech_ratio),) if spoken else (),
        measures={
            "seconds": heard.seconds,
            "speech_seconds": heard.speech_seconds,
            "speech_ratio": heard.speech_ratio,
            "level_dbfs": heard.level_dbfs,
        },
        timings_ms=heard.timings_ms,
        models=heard.models,
    )
