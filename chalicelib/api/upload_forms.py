"""From signed forms and capture plans to JSON."""

from chalicelib.schemas.common import CapturePlanOut, PlannedCaptureOut, UploadOut
from chalicelib.services.core.capture_uploads import PlannedUpload
from chalicelib.services.monitoring.capture_plans import UploadPlan
from chalicelib.services.ports import SignedForm


def upload_out(capture_id: str, form: SignedForm) -> UploadOut:
    """Show where and how a file is uploaded."""
    return UploadOut(
        capture_id=capture_id,
        url=form.url,
        fields=form.fields,
        largest=form.max_bytes,
        content_type=form.content_type,
    )


def plan_out(window: UploadPlan) -> CapturePlanOut:
    """Show a window of planned captures."""
    return CapturePlanOut(
        now=window.now,
        next_at=window.next_at,
        captures=[_planned_out(planned) for planned in window.captures],
    )


def _planned_out(planned: PlannedUpload) -> PlannedCaptureOut:
    capture = planned.capture
    return PlannedCaptureOut(
        view=capture.view,
        medium=capture.medium,
        due_at=capture.due_at,
        length=capture.length,
        upload=upload_out(capture.capture_id, planned.form),
    )
