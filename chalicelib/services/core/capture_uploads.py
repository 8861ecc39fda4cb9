"""Upload forms of pictures and clips."""

from dataclasses import dataclass

from chalicelib.domain.capture.captures import (
    CLIP_TYPE,
    MAX_CLIP_BYTES,
    MAX_PICTURE_BYTES,
    PICTURE_TYPE,
    PlannedCapture,
)
from chalicelib.domain.types import SECOND, Medium, View
from chalicelib.services.ports import AppContext, SignedForm


@dataclass(frozen=True, slots=True)
class PlannedUpload:
    """A capture and the form that uploads it."""

    capture: PlannedCapture
    form: SignedForm


def presign_upload(context: AppContext, session_id: str, capture: PlannedCapture) -> PlannedUpload:
    """Return a capture with the form that uploads it."""
    key = capture_key(session_id, capture)
    # Valid for a minute after the capture's end: a picture held back longer is not accepted.
    seconds = (capture.due_at + capture.length - context.clock()) // SECOND + 60
    if capture.medium is Medium.PICTURE:
        form = picture_upload_form(context, key, seconds)
    else:
        form = context.media.upload_form(key, CLIP_TYPE, MAX_CLIP_BYTES, seconds)
    return PlannedUpload(capture, form)


def picture_upload_form(context: AppContext, key: str, seconds: int) -> SignedForm:
    """Return the form that uploads a JPEG picture to the media bucket, valid for `seconds`."""
    return context.media.upload_form(key, PICTURE_TYPE, MAX_PICTURE_BYTES, seconds)


def capture_key(session_id: str, capture: PlannedCapture) -> str:
    """Return where a capture is stored in the media bucket."""
    ending = "wav" if capture.medium is Medium.SOUND else "jpg"
    folder = capture_folder(session_id, capture.view, capture.medium)
    return f"{folder}{capture.capture_id}.{ending}"


def capture_folder(session_id: str, view: View, medium: Medium) -> str:
    """Return the folder of a stream's captures in the media bucket, with its slash."""
    if medium is Medium.SOUND:
        return f"clips/{session_id}/"
    return f"snapshots/{session_id}/{view}/"
