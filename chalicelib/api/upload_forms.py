"""From presigned forms, and the plans of captures and segments, to their schemas."""

from chalicelib.domain.recording.recording_rule import track_format
from chalicelib.domain.recording.segments import SEGMENT_LENGTH
from chalicelib.schemas.common import CapturePlanOut, PlannedCaptureOut, UploadOut
from chalicelib.schemas.recordings import (
    KeptRangeOut,
    PlannedSegmentOut,
    RecordingPlanOut,
    RenewedUploadOut,
)
from chalicelib.schemas.serializers.recordings import track_format_out
from chalicelib.services.core.capture_uploads import PlannedUpload
from chalicelib.services.monitoring.capture_plans import UploadPlan
from chalicelib.services.monitoring.recordings import RecordingUploads
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


def recording_plan_out(uploads: RecordingUploads) -> RecordingPlanOut:
    """Return a device's plan of segments as its schema."""
    quality = uploads.session.recording.quality
    return RecordingPlanOut(
        now=uploads.now,
        next_at=uploads.next_at,
        tracks=[
            track_format_out(track, mode, track_format(track, quality))
            for track, mode in uploads.tracks.items()
        ],
        segments=[
            PlannedSegmentOut(
                track=planned.segment.track,
                segment_id=planned.segment.segment_id,
                begins_at=planned.segment.begins_at,
                length=SEGMENT_LENGTH,
                upload=upload_out(planned.segment.segment_id, planned.form),
            )
            for planned in uploads.segments
        ],
        again=[
            RenewedUploadOut(
                track=renewed.pending.track,
                segment_id=renewed.pending.segment_id,
                upload=upload_out(renewed.pending.segment_id, renewed.form),
            )
            for renewed in uploads.renewed
        ],
        dropped=list(uploads.dropped),
        keep=[
            KeptRangeOut(began_at=kept.began_at, ended_at=kept.ended_at) for kept in uploads.kept
        ],
    )
