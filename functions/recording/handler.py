"""The Lambda behind the recording queue: uploaded segment → its record and chain entry.

The sound of a segment that is to be judged for speech goes on to `functions.sound`.
"""

import hashlib
import io
import wave
from collections.abc import Mapping
from functools import cache
from typing import Any, Protocol

from chalicelib.domain.capture.captures import CLIP_TYPE, MAX_CLOCK_SKEW
from chalicelib.domain.errors import NotFound
from chalicelib.domain.recording.arrivals import ReadSegment, arrived_segment
from chalicelib.domain.recording.heard_sound import SAMPLE_RATE, heard_key, heard_metadata
from chalicelib.domain.recording.segments import (
    MAX_SEGMENT_BYTES,
    Segment,
    SegmentPlace,
    begins_at_from_id,
    is_segment_of,
    place_from_key,
)
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import Millis
from chalicelib.services.monitoring import segments
from chalicelib.services.ports import FunctionContext
from chalicelib.tracing import trace
from chalicelib.wiring.functions import build_function_context, media
from functions.batches import process_messages
from functions.recording.inspection import UNREADABLE, SegmentContent
from functions.recording.isolation import IsolatedInspector
from functions.uploads import ObjectReader, log, log_failure, objects_in

trace()


class Inspector(Protocol):
    """Reads a segment's container."""

    def inspect(self, data: bytes) -> SegmentContent:
        """Return what a segment holds."""
        ...


class SegmentBucket(ObjectReader, Protocol):
    """Reads segments, and stores their sound for the speech model."""

    def store(self, key: str, data: bytes, content_type: str, metadata: Mapping[str, str]) -> None:
        """Store an object, over one that is there."""
        ...


@cache
def _dependencies() -> tuple[FunctionContext, SegmentBucket, Inspector]:
    return build_function_context(), media(), IsolatedInspector()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Inspect every segment of a batch (SQS; partial batch responses)."""
    context, bucket, inspector = _dependencies()
    return process_batch(context, bucket, inspector, event)


def process_batch(
    context: FunctionContext, bucket: SegmentBucket, inspector: Inspector, event: dict[str, Any]
) -> dict[str, Any]:
    """Inspect every segment of a batch; report messages that failed, so that only they are retried."""

    def process_body(body: str) -> None:
        for key, arrived_at in objects_in(body):
            place = place_from_key(key)
            if place is None:
                log.warning("an object that is not a segment was ignored")
            elif not is_segment_of(place.session_id, place.track, place.segment_id):
                log.warning("a segment outside its session's slots was ignored")
            elif arrived_at < begins_at_from_id(place.segment_id) - MAX_CLOCK_SKEW:
                log.warning("a segment from before its planned moment was ignored")
            else:
                process_segment(context, bucket, inspector, place, arrived_at)

    return process_messages(event["Records"], process_body, log_failure)


def process_segment(
    context: FunctionContext,
    bucket: SegmentBucket,
    inspector: Inspector,
    place: SegmentPlace,
    arrived_at: Millis,
) -> None:
    """Inspect one segment and record it, unless that was done already. Idempotent."""
    content = bucket.read(place.key, MAX_SEGMENT_BYTES)
    if content is None:
        log.info("a segment was deleted before it was inspected")
        return
    sha256 = hashlib.sha256(content.data).hexdigest()
    try:
        session = context.sessions.session(place.session_id)
        recorded = segments.find_segment(context, place.session_id, place.segment_id)
        if recorded is None or _is_unheard(context, session, recorded, sha256):
            found = _inspected(inspector, content.data)
            read = ReadSegment(
                len(content.data),
                sha256,
                found.readable,
                found.is_cut,
                found.duration,
                found.silent,
            )
            segment = arrived_segment(place, content.metadata, read, arrived_at)
            recorded = recorded or segments.record_segment(context, segment)
            if recorded.sha256 == sha256 and segments.is_heard(session, recorded):
                _pass_on(bucket, recorded, found.samples)
        segments.check_segment(context, recorded, sha256)
    except NotFound:
        log.warning("a segment of an unknown session was ignored")


def _is_unheard(context: FunctionContext, session: Session, recorded: Segment, sha256: str) -> bool:
    """Return whether a segment was recorded, but its sound may never have been passed on."""
    return (
        recorded.sha256 == sha256
        and segments.is_heard(session, recorded)
        and not segments.is_judged(context, recorded)
    )


def _inspected(inspector: Inspector, data: bytes) -> SegmentContent:
    return inspector.inspect(data) if 0 < len(data) <= MAX_SEGMENT_BYTES else UNREADABLE


def _pass_on(bucket: SegmentBucket, segment: Segment, samples: bytes) -> None:
    """Store a segment's sound where the function that judges speech gets it. Idempotent."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(SAMPLE_RATE)
        sound.writeframes(samples)
    bucket.store(heard_key(segment), file.getvalue(), CLIP_TYPE, heard_metadata(segment))
