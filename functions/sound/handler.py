"""The Lambda behind the sound queue: uploaded clip → Observation → flags."""

from dataclasses import replace
from functools import cache
from typing import Any

from chalicelib.domain.capture.captures import LARGEST_CLIP
from chalicelib.domain.rules.findings import Finding, Kind, Observation
from chalicelib.services.monitoring import observations
from chalicelib.services.ports import DataWorld
from chalicelib.tracing import trace
from chalicelib.wiring.functions import build_data_world, media
from functions.sound.speech import Ears, UnreadableClip
from functions.uploads import Bucket, Uploaded, handle_batch, log

trace()

SPEECH_SECONDS = 1.5
"""Less speech than this in one clip is a cough, a sigh or a word read under one's breath."""


@cache
def _parts() -> tuple[DataWorld, Bucket, Ears]:
    return build_data_world(), media(), Ears.load()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Listen to every clip of a batch."""
    world, bucket, ears = _parts()
    return handle_batch(event, lambda upload: take(world, bucket, ears, upload))


def take(world: DataWorld, bucket: Bucket, ears: Ears, upload: Uploaded) -> None:
    """Listen to one clip and record what it holds."""
    data = bucket.read(upload.key, LARGEST_CLIP)
    if data is None:
        log.info("a clip was gone before it was listened to")
    else:
        observations.record(world, observe(ears, upload, data))


def observe(ears: Ears, upload: Uploaded, data: bytes) -> Observation:
    """Return what a clip holds, or why it cannot be read."""
    seen = upload.unseen()
    try:
        heard = ears.listen(data)
    except UnreadableClip as error:
        return replace(seen, error=str(error.reason))
    spoken = heard.speech_seconds >= SPEECH_SECONDS
    return replace(
        seen,
        findings=(Finding(Kind.VOICE, heard.speech_ratio),) if spoken else (),
        measures={
            "seconds": heard.seconds,
            "speech_seconds": heard.speech_seconds,
            "speech_ratio": heard.speech_ratio,
            "level_dbfs": heard.level_dbfs,
        },
        timings_ms=heard.timings_ms,
        models=heard.models,
    )
