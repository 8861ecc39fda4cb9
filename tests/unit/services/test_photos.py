"""Registration photos: only what arrived and is a JPEG becomes one."""

import pytest

from chalicelib.domain.errors import NotFound
from chalicelib.domain.roster.photos import UnusablePhoto
from chalicelib.services.admin.photos import confirm_photo, photo_upload
from tests.support.builders import EXAM, JPEG
from tests.support.fake_context import FakeContext

ADMIN = "admin:admin"
CANDIDATE = "candidate-one"


def upload(context: FakeContext, data: bytes) -> str:
    """Upload a photo by its form; return the id to confirm."""
    form = photo_upload(context, CANDIDATE)
    context.media.objects[form.form.fields["key"]] = data
    return form.upload_id


def test_uploaded_jpeg_becomes_the_photo(context: FakeContext) -> None:
    upload_id = upload(context, JPEG)
    for _ in range(2):
        candidate = confirm_photo(context, ADMIN, EXAM, CANDIDATE, upload_id)
        assert candidate.photo_key is not None
        assert context.media.objects[candidate.photo_key] == JPEG
    actions = [entry.action for entry in context.registry.audit(CANDIDATE)]
    assert actions == ["photo_changed"]
    assert not [key for key in context.media.objects if "incoming" in key]


@pytest.mark.parametrize("data", [b"", b"\0\0\0\x18ftypheic" + bytes(9_000), bytes(9_000)])
def test_unusable_file_leaves_the_earlier_photo(context: FakeContext, data: bytes) -> None:
    earlier = confirm_photo(context, ADMIN, EXAM, CANDIDATE, upload(context, JPEG))
    upload_id = upload(context, data)
    with pytest.raises(UnusablePhoto):
        confirm_photo(context, ADMIN, EXAM, CANDIDATE, upload_id)
    assert context.registry.candidate(CANDIDATE) == earlier
    assert earlier.photo_key is not None
    assert context.media.objects[earlier.photo_key] == JPEG


def test_photo_that_did_not_arrive_is_refused(context: FakeContext) -> None:
    before = context.registry.candidate(CANDIDATE)
    with pytest.raises(UnusablePhoto) as refusal:
        confirm_photo(context, ADMIN, EXAM, CANDIDATE, "nothing")
    assert refusal.value.code == "photo_missing"
    assert context.registry.candidate(CANDIDATE) == before


def test_form_used_again_changes_nothing(context: FakeContext) -> None:
    form = photo_upload(context, CANDIDATE)
    context.media.objects[form.form.fields["key"]] = JPEG
    confirm_photo(context, ADMIN, EXAM, CANDIDATE, form.upload_id)
    context.media.objects[form.form.fields["key"]] = JPEG + b"another face"
    candidate = confirm_photo(context, ADMIN, EXAM, CANDIDATE, form.upload_id)
    assert candidate.photo_key is not None
    assert context.media.objects[candidate.photo_key] == JPEG


def test_photo_of_another_exams_candidate_is_not_found(context: FakeContext) -> None:
    for exam_id, candidate_id in (("other", CANDIDATE), (EXAM, "candidate-nobody")):
        with pytest.raises(NotFound):
            confirm_photo(context, ADMIN, exam_id, candidate_id, "x")
