"""TODO: say what this is."""

from dataclasses import dataclass

from chalicelib.domain.capture.captures import (
    CLIP_TYPE,
    MAX_CLIP_BYTES,
    MAX_PICTURE_BYTES,
    PICTURE_TYPE,
    PlannedCapture,
)
from chalicelib.domain.types import SECOND, Medium
from chalicelib.services.ports import AppContext, SignedForm


@dataclass(frozen=True, slots=True)
class PlannedUpload:
    """A capture and the form that uploads it."""

    capture: PlannedCapture
    form: SignedForm


def presigned(context: AppContext, session_id: str, capture: PlannedCapture) -> PlannedUpload:
    """Return a capture with the form that uploads it, good until a little after its moment."""
    picture = capture.medium is Medium.PICTURE
    form = context.media.upload_form(
        capture_key(session_id, capture),
        PICTURE_TYPE if picture else CLIP_TYPE,
        MAX_PICTURE_BYTES if picture else MAX_CLIP_BYTES,
        # Good a little beyond its moment: a picture held back until later is not wanted.
        seconds=(capture.due_at + capture.length - context.clock()) // SECOND + 60,
    )
    return PlannedUpload(capture, form)


def capture_key(session_id: str, capture: PlannedCapture) -> str:
    """Return where a capture is stored in the media bucket."""
    if capture.medium is Medium.SOUND:
        return f"clips/{session_id}/{capture.capture_id}.wav"
    return f"snapshots/{session_id}/{capture.view}/{capture.capture_id}.jpg"
