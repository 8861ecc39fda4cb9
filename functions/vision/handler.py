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

from chalicelib.domain.capture.captures import LARGEST_PICTURE
from chalicelib.domain.identity.verification import (
    Compared,
    Identity,
    Movement,
    compares,
    movement_of,
)
from chalicelib.domain.monitoring.baseline import NO_SIGNS, NOTHING, Signs
from chalicelib.domain.rules import findings
from chalicelib.domain.rules.camera_placement import Scene
from chalicelib.services.identity import verification
from chalicelib.services.monitoring import observations
from chalicelib.services.ports import DataWorld
from chalicelib.services.sitting import camera_tests
from chalicelib.tracing import trace
from chalicelib.wiring.functions import build_data_world, media
from functions.uploads import Bucket, Uploaded, handle_batch, log
from functions.vision.boxes import FloatArray
from functions.vision.pipeline import Eyes, FaceSeen, UnreadablePicture
from functions.vision.placement_scene import boxed, scene_of

trace()


@cache
def _parts() -> tuple[DataWorld, Bucket, Eyes]:
    return build_data_world(), media(), Eyes.load()


def handle(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Look at every picture of a batch."""
    world, bucket, eyes = _parts()
    return handle_batch(event, lambda upload: take(world, bucket, eyes, upload))


def take(world: DataWorld, bucket: Bucket, eyes: Eyes, upload: Uploaded) -> None:
    """Look at one picture and record what it shows."""
    data = bucket.read(upload.key, LARGEST_PICTURE)
    if data is None:
        log.info("a picture was gone before it was looked at")
    elif upload.folder == "identity":
        verify(world, bucket, eyes, upload, data)
    elif upload.folder == "shots":
        scene = look_at_shot(eyes, data)
        camera_tests.record_shot(world, upload.session_id, upload.view, upload.capture_id, scene)
    else:
        seen, signs = observe(world, eyes, upload, data)
        observations.record(world, seen, signs)


def observe(
    world: DataWorld, eyes: Eyes, upload: Uploaded, data: bytes
) -> tuple[findings.Observation, Signs]:
    """Return what a snapshot shows, or why it cannot be read; and what it leaves to be remembered."""
    seen = upload.unseen()
    watch = observations.read_watch(world, upload.session_id)
    known = watch.reference
    # The phone sees the candidate from the side, where a comparison with the front tells nothing.
    reference = decode_embedding(known) if known and upload.view == "first" else None
    memory = watch.memories.get(upload.view, NOTHING)
    try:
        sight = eyes.look(
            data,
            view=upload.view.value,
            reference=reference,
            memory=memory,
            at=upload.captured_at,
        )
    except UnreadablePicture as error:
        return replace(seen, error=str(error.reason)), NO_SIGNS
    boxes = (*sight.faces, *sight.persons, *sight.objects)
    found = replace(
        seen,
        findings=sight.findings,
        boxes=tuple(boxed(one) for one in boxes),
        similarity=sight.similarity,
        measures=sight.measures,
        timings_ms=sight.timings_ms,
        models=sight.models,
    )
    return found, sight.signs


def look_at_shot(eyes: Eyes, data: bytes) -> Scene | None:
    """Return what a test shot shows, or None where it cannot be read."""
    try:
        return scene_of(eyes, data)
    except UnreadablePicture:
        return None


def verify(world: DataWorld, bucket: Bucket, eyes: Eyes, upload: Uploaded, data: bytes) -> None:
    """Compare a verification picture, if it is the one to be checked and the candidate agreed."""
    identity = world.sessions.whole(upload.session_id).identity
    if not compares(identity, upload.capture_id):
        log.info("a verification picture was not compared")
        return
    compared = compare(bucket, eyes, identity, data)
    verification.record_compared(world, upload.session_id, upload.capture_id, compared)


def compare(bucket: Bucket, eyes: Eyes, identity: Identity, data: bytes) -> Compared:
    """Compare a verification picture with the registration photo, if there is one with a face."""
    try:
        sight = eyes.look(data, view="first")
        live = eyes.face(data)
    except UnreadablePicture as error:
        return Compared(faces=0, error=str(error.reason))
    if live is None:
        return Compared(faces=len(sight.faces))
    registered = _registered(bucket, eyes, identity.photo_key)
    similarity = None if registered is None else float(live.vector @ registered)
    return Compared(
        len(sight.faces),
        similarity,
        encode_embedding(live.vector),
        movement=_movement(bucket, eyes, identity, live),
    )


def _movement(bucket: Bucket, eyes: Eyes, identity: Identity, live: FaceSeen) -> Movement:
    """Whether the head turned as asked between both pictures."""
    data = bucket.read(identity.turn_key, LARGEST_PICTURE) if identity.turn_key else None
    try:
        turned = eyes.face(data) if data else None
    except UnreadablePicture:
        turned = None
    if turned is None:
        return Movement.UNCLEAR
    alike = float(live.vector @ turned.vector)
    return movement_of(live.yaw, turned.yaw, alike, identity.turn)


def _registered(bucket: Bucket, eyes: Eyes, photo_key: str | None) -> FloatArray | None:
    """Return the registration photo's embedding; None where there is no usable photo."""
    data = bucket.read(photo_key, LARGEST_PICTURE) if photo_key else None
    try:
        return eyes.embed(data) if data else None
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
