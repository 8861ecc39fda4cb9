"""The Lambda behind the vision queue: uploaded picture → Observation → flags.

A snapshot becomes an observation, a verification picture a comparison with the registration photo,
and a test shot a camera test's result. A picture that cannot be read is an observation with an
error, never a failure of the function.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from chalicelib.domain.capture.captures import MAX_PICTURE_BYTES
from chalicelib.domain.identity.verification import (
    FaceComparison,
    IdentityCheck,
    LivenessMovement,
    is_current_attempt,
    movement_of,
)
from chalicelib.domain.monitoring.baseline import EMPTY_HISTORY, NO_SIGNATURES, FrameSignatures
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.rules import findings
from chalicelib.domain.rules.camera_placement import PlacementScene
from chalicelib.domain.types import View
from chalicelib.services.identity import verification
from chalicelib.services.monitoring import capture_content
from chalicelib.services.ports import FunctionContext, ReadObject
from chalicelib.services.sitting import camera_tests
from chalicelib.tracing import trace
from chalicelib.wiring.functions import build_function_context, media
from functions.embeddings import decode_embedding, encode_embedding
from functions.uploads import ObjectReader, UploadedObject, log, process_batch, sha256_of
from functions.vision.boxes import FloatArray, observed_box
from functions.vision.pipeline import DetectedFace, UnreadablePicture, VisionPipeline
from functions.vision.placement_scene import read_placement_scene

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
    """Analyse one picture and record the result. Each form buys one analysis."""
    content = bucket.read(upload.key, MAX_PICTURE_BYTES)
    if content is None:
        log.info("a picture was deleted before it was analysed")
    elif upload.folder == "identity":
        verify(context, bucket, pipeline, upload, content)
    elif upload.folder == "test-pictures":
        process_camera_test(context, pipeline, upload, content)
    else:
        process_snapshot(context, pipeline, upload, content)


def process_snapshot(
    context: FunctionContext, pipeline: VisionPipeline, upload: UploadedObject, content: ReadObject
) -> None:
    """Analyse a snapshot; one whose capture was looked at already is only compared by its ETag."""
    known = capture_content.read_capture_context(context, upload.session_id, upload.capture_id)
    if known.observation is not None:
        capture_content.check_content(context, known.observation, content.etag)
        return
    observation, signatures = observe(pipeline, known.bundle.monitor, upload, content)
    capture_content.record_capture(context, known.bundle, observation, signatures)


def observe(
    pipeline: VisionPipeline, monitor: MonitorState, upload: UploadedObject, content: ReadObject
) -> tuple[findings.Observation, FrameSignatures]:
    """Return a snapshot's observation, and the signatures to compare the next one with.

    The observation of a snapshot that cannot be read has `error` with the reason.
    """
    observation = upload.empty_observation(content)
    embedding = monitor.reference
    # The phone sees the candidate from the side: a comparison with a frontal face is meaningless.
    reference = decode_embedding(embedding) if embedding and upload.view == "first" else None
    history = monitor.histories.get(upload.view, EMPTY_HISTORY)
    try:
        analysis = pipeline.analyze(
            content.data,
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


def process_camera_test(
    context: FunctionContext, pipeline: VisionPipeline, upload: UploadedObject, content: ReadObject
) -> None:
    """Analyse the picture of a camera test, once."""
    if not camera_tests.awaits_picture(context, upload.session_id, upload.view, upload.capture_id):
        log.info("a test picture was not analysed")
        return
    scene = analyze_camera_test(pipeline, content.data, upload.view)
    camera_tests.record_camera_test(
        context, upload.session_id, upload.view, upload.capture_id, scene
    )


def analyze_camera_test(pipeline: VisionPipeline, data: bytes, view: View) -> PlacementScene | None:
    """Return a test shot's scene for the placement rules; None if it cannot be read."""
    try:
        return read_placement_scene(pipeline, data, view)
    except UnreadablePicture:
        return None


def verify(
    context: FunctionContext,
    bucket: ObjectReader,
    pipeline: VisionPipeline,
    upload: UploadedObject,
    content: ReadObject,
) -> None:
    """Compare a picture of the current verification attempt, if the candidate consented."""
    bundle = context.sessions.bundle(upload.session_id)
    digest = sha256_of(content)
    if not is_current_attempt(bundle.identity, upload.capture_id):
        log.info("a verification picture was not compared")
        verification.check_judged_picture(context, bundle, upload.capture_id, digest)
        return
    pictures = _attempt_pictures(bucket, bundle.identity, content)
    hashes = verification.PictureHashes(
        digest, sha256_of(pictures.turned), sha256_of(pictures.registration)
    )
    comparison = replace(
        compare(pipeline, pictures),
        sha256=digest,
        turned=pictures.turned is not None,
        repeated=verification.is_repeated(context, bundle, upload.capture_id, hashes),
    )
    verification.record_comparison(context, upload.session_id, upload.capture_id, comparison)


@dataclass(frozen=True)
class AttemptPictures:
    """The pictures of a verification attempt: straight on, with the head turned, registered."""

    straight: ReadObject
    turned: ReadObject | None
    registration: ReadObject | None


def _attempt_pictures(
    bucket: ObjectReader, identity: IdentityCheck, straight: ReadObject
) -> AttemptPictures:
    turned, registration = (
        bucket.read(key, MAX_PICTURE_BYTES) if key else None
        for key in (identity.turn_key, identity.photo_key)
    )
    return AttemptPictures(straight, turned, registration)


def compare(pipeline: VisionPipeline, pictures: AttemptPictures) -> FaceComparison:
    """Compare a verification picture with the registration photo.

    `similarity` is None without a registration photo that shows a face.
    """
    data = pictures.straight.data
    try:
        analysis = pipeline.analyze(data, view="first")
        face = pipeline.read_face(data)
    except UnreadablePicture as error:
        return FaceComparison(faces=0, error=str(error.reason))
    if face is None:
        return FaceComparison(faces=len(analysis.faces))
    registration = _registration_embedding(pipeline, pictures.registration)
    similarity = None if registration is None else float(face.embedding @ registration)
    return FaceComparison(
        len(analysis.faces),
        similarity,
        encode_embedding(face.embedding),
        movement=_movement(pipeline, pictures.turned, face),
    )


def _movement(
    pipeline: VisionPipeline, turned: ReadObject | None, face: DetectedFace
) -> LivenessMovement:
    """Return whether the head turned as requested between the attempt's two pictures."""
    try:
        second_face = pipeline.read_face(turned.data) if turned else None
    except UnreadablePicture:
        second_face = None
    if second_face is None:
        return LivenessMovement.UNCLEAR
    similarity = float(face.embedding @ second_face.embedding)
    return movement_of(face.yaw, second_face.yaw, similarity)


def _registration_embedding(
    pipeline: VisionPipeline, photo: ReadObject | None
) -> FloatArray | None:
    """Return the registration photo's embedding; None without a usable photo."""
    try:
        return pipeline.embed(photo.data) if photo and photo.data else None
    except UnreadablePicture:
        log.warning("a registration photo cannot be read")
        return None
