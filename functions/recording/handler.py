"""The Lambda behind the recording queue: uploaded segment → its record and chain entry."""

import hashlib
from functools import cache
from typing import Any, Protocol

from chalicelib.domain.capture.captures import MAX_CLOCK_SKEW
from chalicelib.domain.errors import NotFound
from chalicelib.domain.recording.arrivals import ReadSegment, arrived_segment
from chalicelib.domain.recording.segments import (
    MAX_SEGMENT_BYTES,
    SegmentPlace,
    begins_at_from_id,
    is_segment_of,
    place_from_key,
)
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


@cache
def _dependencies() -> tuple[FunctionContext, ObjectReader, Inspector]:
    return build_function_context(), media(), IsolatedInspector()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Inspect every segment of a batch (SQS; partial batch responses)."""
    context, bucket, inspector = _dependencies()
    return process_batch(context, bucket, inspector, event)


def process_batch(
    context: FunctionContext, bucket: ObjectReader, inspector: Inspector, event: dict[str, Any]
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
    bucket: ObjectReader,
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
    recorded = segments.find_segment(context, place.session_id, place.segment_id)
    try:
        if recorded is not None:
            segments.check_segment(context, recorded, sha256)
            return
        found = inspector.inspect(content.data) if _may_be_read(content.data) else UNREADABLE
        read = ReadSegment(
            len(content.data), sha256, found.readable, found.is_cut, found.duration, found.silent
        )
        segment = arrived_segment(place, content.metadata, read, arrived_at)
        segments.record_segment(context, segment)
    except NotFound:
        log.warning("a segment of an unknown session was ignored")


def _may_be_read(data: bytes) -> bool:
    return 0 < len(data) <= MAX_SEGMENT_BYTES
