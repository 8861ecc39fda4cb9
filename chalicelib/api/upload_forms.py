"""From presigned forms and capture plans to their schemas."""

from chalicelib.schemas.common import CapturePlanOut, PlannedCaptureOut, UploadOut
from chalicelib.services.core.capture_uploads import PlannedUpload
from chalicelib.services.monitoring.capture_plans import UploadPlan
from chalicelib.services.ports import SignedForm


def upload_out(capture_id: str, form: SignedForm) -> UploadOut:
    """Return a presigned form as its schema."""
    return UploadOut(
        capture_id=capture_id,
        url=form.url,
        fields=form.fields,
        largest=form.max_bytes,
        content_type=form.content_type,
    )


def plan_out(plan: UploadPlan) -> CapturePlanOut:
    """Return a plan of captures as its schema."""
    return CapturePlanOut(
        now=plan.now,
        next_at=plan.next_at,
        captures=[_planned_capture_out(upload) for upload in plan.captures],
    )


def _planned_capture_out(upload: PlannedUpload) -> PlannedCaptureOut:
    capture = upload.capture
    return PlannedCaptureOut(
        view=capture.view,
        medium=capture.medium,
        due_at=capture.due_at,
        length=capture.length,
        upload=upload_out(capture.capture_id, upload.form),
    )
