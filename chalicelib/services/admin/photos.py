"""Registration photos: uploaded beside, looked at, and only then the candidate's.

    form → registration/incoming/<candidate>/<upload>.jpg → confirm_photo
         → registration/<candidate>/<upload>.jpg

A form that is used again changes nothing: what counts was copied, and its name is never written twice.
"""

from dataclasses import dataclass, replace

from chalicelib.domain.errors import NotFound
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.roster.photos import START_LENGTH, UnusablePhoto, require_photo
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import retry_on_conflict
from chalicelib.services.admin.candidate_changes import CandidateChange, write_changes
from chalicelib.services.core.capture_uploads import picture_upload_form
from chalicelib.services.ports import AppContext, SignedForm

PHOTO_FORM_SECONDS = 600


@dataclass(frozen=True, slots=True)
class PhotoUpload:
    """The form that uploads one registration photo, and the id by which it is confirmed."""

    upload_id: str
    form: SignedForm


def photo_key(candidate_id: str, upload_id: str) -> str:
    """Return where a confirmed registration photo is stored."""
    return f"registration/{candidate_id}/{upload_id}.jpg"


def incoming_key(candidate_id: str, upload_id: str) -> str:
    """Return where a registration photo is uploaded, until it is confirmed."""
    return f"registration/incoming/{candidate_id}/{upload_id}.jpg"


def photo_upload(context: AppContext, candidate_id: str) -> PhotoUpload:
    """Return a form that uploads a candidate's registration photo."""
    upload_id = context.new_id()
    key = incoming_key(candidate_id, upload_id)
    return PhotoUpload(upload_id, picture_upload_form(context, key, PHOTO_FORM_SECONDS))


def confirm_photo(
    context: AppContext, actor: str, exam_id: str, candidate_id: str, upload_id: str
) -> Candidate:
    """Make an uploaded photo the candidate's registration photo. Idempotent.

    Raises NotFound without such a candidate, and UnusablePhoto where nothing arrived or the file is
    no JPEG of an allowed size: the earlier photo stays.
    """
    if _candidate(context, exam_id, candidate_id).photo_key != photo_key(candidate_id, upload_id):
        _accept_upload(context, candidate_id, upload_id)
    return set_photo(context, actor, exam_id, candidate_id, upload_id)


def set_photo(
    context: AppContext, actor: str, exam_id: str, candidate_id: str, upload_id: str
) -> Candidate:
    """Record the stored photo `upload_id` as the candidate's. Idempotent. Raises NotFound."""
    key = photo_key(candidate_id, upload_id)

    def attempt() -> Candidate:
        candidate = _candidate(context, exam_id, candidate_id)
        change = CandidateChange(candidate, replace(candidate, photo_key=key))
        [stored] = write_changes(context, actor, "photo_changed", [change])
        return stored

    return retry_on_conflict(attempt)


def _candidate(context: AppContext, exam_id: str, candidate_id: str) -> Candidate:
    candidate = context.registry.candidate(candidate_id)
    if candidate.exam_id != exam_id:
        raise NotFound
    return candidate


def _accept_upload(context: AppContext, candidate_id: str, upload_id: str) -> None:
    incoming = incoming_key(candidate_id, upload_id)
    upload = context.media.start(incoming, START_LENGTH)
    if upload is None:
        raise UnusablePhoto(
            LocalizedText(
                "照片没有上传成功，请重新选择。", "The photo did not arrive. Choose it again."
            ),
            "photo_missing",
        )
    try:
        require_photo(upload.size, upload.start)
        context.media.copy(incoming, photo_key(candidate_id, upload_id))
    finally:
        context.media.delete(incoming)
