"""The Lambda behind the vision queue: uploaded picture → Observation → flags.

A snapshot becomes an observation, a verification picture a comparison with the registration photo,
and a test shot a camera test's result. A picture that cannot be read is an observation with an
error, never a failure of the function.
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
from functions.vision.placement_scene import observed_box, read_placement_scene

trace()


@cache
def _dependencies() -> tuple[FunctionContext, ObjectReader, VisionPipeline]:
    return build_function_context(), media(), VisionPipeline.load()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Analyse every picture of a batch (SQS; partial batch responses)."""
    context, bucket, pipeline = _dependencies()
    return process_batch(event, lambda upload: process_upload(context, bucket, pipeline, upload))


def process_upload(
    context: FunctionContext, bucket: ObjectReader, pipeline: VisionPipeline, upload: UploadedObject
) -> None:
    """Analyse one picture and record the result."""
    data = bucket.read(upload.key, MAX_PICTURE_BYTES)
    if data is None:
        log.info("a picture was deleted before it was analysed")
    elif upload.folder == "identity":
        verify(context, bucket, pipeline, upload, data)
    elif upload.folder == "test-pictures":
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
    """Return a snapshot's observation, and the signatures to compare the next one with.

    The observation of a snapshot that cannot be read has `error` with the reason.
    """
    observation = upload.empty_observation()
    monitor = observations.read_monitor_state(context, upload.session_id)
    embedding = monitor.reference
    # The phone sees the candidate from the side: a comparison with a frontal face is meaningless.
    reference = decode_embedding(embedding) if embedding and upload.view == "first" else None
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
    observation = replace(
        observation,
        findings=analysis.findings,
        boxes=tuple(observed_box(box) for box in boxes),
        similarity=analysis.similarity,
        measures=analysis.measures,
        timings_ms=analysis.timings_ms,
        models=analysis.models,
    )
    return observation, analysis.signatures


def analyze_camera_test(pipeline: VisionPipeline, data: bytes) -> PlacementScene | None:
    """Return a test shot's scene for the placement rules; None if it cannot be read."""
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
    """Compare a picture of the current verification attempt, if the candidate consented."""
    identity = context.sessions.bundle(upload.session_id).identity
    if not is_current_attempt(identity, upload.capture_id):
        log.info("a verification picture was not compared")
        return
    comparison = compare(bucket, pipeline, identity, data)
    verification.record_comparison(context, upload.session_id, upload.capture_id, comparison)


def compare(
    bucket: ObjectReader, pipeline: VisionPipeline, identity: IdentityCheck, data: bytes
) -> FaceComparison:
    """Compare a verification picture with the registration photo.

    `similarity` is None without a registration photo that shows a face.
    """
    try:
        analysis = pipeline.analyze(data, view="first")
        face = pipeline.read_face(data)
    except UnreadablePicture as error:
        return FaceComparison(faces=0, error=str(error.reason))
    if face is None:
        return FaceComparison(faces=len(analysis.faces))
    registration = _registration_embedding(bucket, pipeline, identity.photo_key)
    similarity = None if registration is None else float(face.embedding @ registration)
    return FaceComparison(
        len(analysis.faces),
        similarity,
        encode_embedding(face.embedding),
        movement=_movement(bucket, pipeline, identity, face),
    )


def _movement(
    bucket: ObjectReader, pipeline: VisionPipeline, identity: IdentityCheck, face: DetectedFace
) -> LivenessMovement:
    """Return whether the head turned as requested between the attempt's two pictures."""
    data = bucket.read(identity.turn_key, MAX_PICTURE_BYTES) if identity.turn_key else None
    try:
        second_face = pipeline.read_face(data) if data else None
    except UnreadablePicture:
        second_face = None
    if second_face is None:
        return LivenessMovement.UNCLEAR
    similarity = float(face.embedding @ second_face.embedding)
    return movement_of(face.yaw, second_face.yaw, similarity, identity.turn)


def _registration_embedding(
    bucket: ObjectReader, pipeline: VisionPipeline, photo_key: str | None
) -> FloatArray | None:
    """Return the registration photo's embedding; None without a usable photo."""
    data = bucket.read(photo_key, MAX_PICTURE_BYTES) if photo_key else None
    try:
        return pipeline.embed(data) if data else None
    except UnreadablePicture:
        log.warning("a registration photo cannot be read")
        return None


def encode_embedding(embedding: FloatArray) -> str:
    """Encode 128 float32 as Base64, little-endian."""
    return base64.b64encode(embedding.astype("<f4").tobytes()).decode()


def decode_embedding(text: str) -> FloatArray:
    """Decode 128 little-endian float32 from Base64."""
    embedding: FloatArray = np.frombuffer(base64.b64decode(text), "<f4").astype(np.float32)
    return embedding
