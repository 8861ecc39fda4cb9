"""From signed forms and capture plans to JSON."""

from chalicelib.schemas.common import PlannedCapture, PlanOut, Upload
from chalicelib.services.core.capture_uploads import Planned
from chalicelib.services.monitoring.capture_plans import Window
from chalicelib.services.ports import SignedForm


def upload_out(capture_id: str, form: SignedForm) -> Upload:
    """Show where and how a file is uploaded."""
    return Upload(
        capture_id=capture_id,
        url=form.url,
        fields=form.fields,
        largest=form.largest,
        content_type=form.content_type,
    )


def plan_out(window: Window) -> PlanOut:
    """Show a window of planned captures."""
    return PlanOut(
        now=window.now,
        next_at=window.next_at,
        captures=[_planned_out(one) for one in window.captures],
    )


def _planned_out(planned: Planned) -> PlannedCapture:
    capture = planned.capture
    return PlannedCapture(
        view=capture.view,
        medium=capture.medium,
        due_at=capture.due_at,
        length=capture.length,
        upload=upload_out(capture.capture_id, planned.form),
    )
