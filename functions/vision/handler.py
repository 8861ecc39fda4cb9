"""The Lambda behind the vision queue: uploaded picture → Observation → flags.

Snapshots become observations; verification pictures become comparisons with the registration
photo; test shots say how a camera stands. A picture that cannot be read is an observation with an
error, never a failure.
"""

import base64
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from chalicelib.domain.capture.captures import MAX_PICTURE_BYTES
from chalicelib.domain.identity.verification import (
    FaceComparison,
    IdentityCheck,
    LivenessMovement,
    is_current_attempt,
    movement_of,
)
from chalicelib.domain.monitoring.baseline import EMPTY_HISTORY, NO_SIGNATURES, FrameSignatures
from chalicelib.domain.rules import findings
from chalicelib.domain.rules.camera_placement import PlacementScene
from chalicelib.services.identity import verification
from chalicelib.services.monitoring import observations
from chalicelib.services.ports import FunctionContext
from chalicelib.services.sitting import camera_tests
from chalicelib.tracing import trace
from chalicelib.wiring.functions import build_function_context, media
from functions.uploads import ObjectReader, UploadedObject, log, process_batch
from functions.vision.boxes import FloatArray
from functions.vision.pipeline import DetectedFace, UnreadablePicture, VisionPipeline
from functions.vision.placement_scene import boxed, read_placement_scene

trace()


@cache
def _dependencies() -> tuple[FunctionContext, ObjectReader, VisionPipeline]:
    return build_function_context(), media(), VisionPipeline.load()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Look at every picture of a batch."""
    context, bucket, pipeline = _dependencies()
    return process_batch(event, lambda upload: process_upload(context, bucket, pipeline, upload))


def process_upload(
    context: FunctionContext, bucket: ObjectReader, pipeline: VisionPipeline, upload: UploadedObject
) -> None:
    """Look at one picture and record what it shows."""
    data = bucket.read(upload.key, MAX_PICTURE_BYTES)
    if data is None:
        log.info("a picture was gone before it was looked at")
    elif upload.folder == "identity":
        verify(context, bucket, pipeline, upload, data)
    elif upload.folder == "shots":
        scene = analyze_camera_test(pipeline, data)
        camera_tests.record_camera_test(
            context, upload.session_id, upload.view, upload.capture_id, scene
        )
    else:
        observation, signatures = observe(context, pipeline, upload, data)
        observations.record_observation(context, observation, signatures)


def observe(
    context: FunctionContext, pipeline: VisionPipeline, upload: UploadedObject, data: bytes
) -> tuple[findings.Observation, FrameSignatures]:
    """Return what a snapshot shows, or why it cannot be read; and what it leaves to be remembered."""
    observation = upload.empty_observation()
    monitor = observations.read_monitor_state(context, upload.session_id)
    known = monitor.reference
    # The phone sees the candidate from the side, where a comparison with the front tells nothing.
    reference = decode_embedding(known) if known and upload.view == "first" else None
    history = monitor.histories.get(upload.view, EMPTY_HISTORY)
    try:
        analysis = pipeline.analyze(
            data,
            view=upload.view.value,
            reference=reference,
            history=history,
            at=upload.captured_at,
        )
    except UnreadablePicture as error:
        return replace(observation, error=str(error.reason)), NO_SIGNATURES
    boxes = (*analysis.faces, *analysis.persons, *analysis.objects)
    found = replace(
        observation,
        findings=analysis.findings,
        boxes=tuple(boxed(box) for box in boxes),
        similarity=analysis.similarity,
        measures=analysis.measures,
        timings_ms=analysis.timings_ms,
        models=analysis.models,
    )
    return found, analysis.signatures


def analyze_camera_test(pipeline: VisionPipeline, data: bytes) -> PlacementScene | None:
    """Return what a test shot shows, or None where it cannot be read."""
    try:
        return read_placement_scene(pipeline, data)
    except UnreadablePicture:
        return None


def verify(
    context: FunctionContext,
    bucket: ObjectReader,
    pipeline: VisionPipeline,
    upload: UploadedObject,
    data: bytes,
) -> None:
    """Compare a verification picture, if it is the one to be checked and the candidate agreed."""
    identity = context.sessions.bundle(upload.session_id).identity
    if not is_current_attempt(identity, upload.capture_id):
        log.info("a verification picture was not compared")
        return
    compared = compare(bucket, pipeline, identity, data)
    verification.record_comparison(context, upload.session_id, upload.capture_id, compared)


def compare(
    bucket: ObjectReader, pipeline: VisionPipeline, identity: IdentityCheck, data: bytes
) -> FaceComparison:
    """Compare a verification picture with the registration photo, if there is one with a face."""
    try:
        analysis = pipeline.analyze(data, view="first")
        live = pipeline.read_face(data)
    except UnreadablePicture as error:
        return FaceComparison(faces=0, error=str(error.reason))
    if live is None:
        return FaceComparison(faces=len(analysis.faces))
    registered = _registered(bucket, pipeline, identity.photo_key)
    similarity = None if registered is None else float(live.embedding @ registered)
    return FaceComparison(
        len(analysis.faces),
        similarity,
        encode_embedding(live.embedding),
        movement=_movement(bucket, pipeline, identity, live),
    )


def _movement(
    bucket: ObjectReader, pipeline: VisionPipeline, identity: IdentityCheck, live: DetectedFace
) -> LivenessMovement:
    """Whether the head turned as asked between both pictures."""
    data = bucket.read(identity.turn_key, MAX_PICTURE_BYTES) if identity.turn_key else None
    try:
        turned = pipeline.read_face(data) if data else None
    except UnreadablePicture:
        turned = None
    if turned is None:
        return LivenessMovement.UNCLEAR
    alike = float(live.embedding @ turned.embedding)
    return movement_of(live.yaw, turned.yaw, alike, identity.turn)


def _registered(
    bucket: ObjectReader, pipeline: VisionPipeline, photo_key: str | None
) -> FloatArray | None:
    """Return the registration photo's embedding; None where there is no usable photo."""
    data = bucket.read(photo_key, MAX_PICTURE_BYTES) if photo_key else None
    try:
        return pipeline.embed(data) if data else None
    except UnreadablePicture:
        log.warning("a registration photo cannot be used")
        return None


def encode_embedding(vector: FloatArray) -> str:
    """Return 128 float32 as Base64, little-endian."""
    return base64.b64encode(vector.astype("<f4").tobytes()).decode()


def decode_embedding(text: str) -> FloatArray:
    """Return the 128 float32 that Base64 holds."""
    vector: FloatArray = np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)
    return vector
