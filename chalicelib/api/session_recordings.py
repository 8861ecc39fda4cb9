"""Routes of a session's recordings, for staff: what arrived, and ranges kept as evidence."""

from chalicelib.api.acts import act_by
from chalicelib.api.paging import before_id, next_before
from chalicelib.api.roles import PROCTOR_OR_ADMIN
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.domain.errors import BadInput, Conflict
from chalicelib.domain.review.access_log import AccessedItem
from chalicelib.schemas.recordings import KeepRecordingIn, SegmentsOut
from chalicelib.schemas.review import EvidenceOut
from chalicelib.schemas.serializers.recordings import segment_out
from chalicelib.schemas.serializers.review import evidence_out
from chalicelib.services.core import access
from chalicelib.services.proctoring import access_log
from chalicelib.services.review.recording_evidence import RecordingRange, keep_recording

routes = Routes("chalicelib.api.session_recordings")
PAGE_SIZE = 100


@routes.add(
    "GET",
    "/proctor/sessions/{session_id}/recordings/{before}",
    tag=Tag.RECORDINGS,
    roles=PROCTOR_OR_ADMIN,
    response=SegmentsOut,
    errors=(Conflict,),
)
def show_recordings(request: ApiRequest, session_id: str, before: str) -> SegmentsOut:
    """Show a page of a session's segments, from before one of them, a time, or «newest»."""
    staff = request.staff
    access.authorized_session(request.context, staff, session_id)
    access_log.record_access(request.context, staff, session_id, AccessedItem.RECORDINGS)
    segments = request.context.sessions.segments(
        session_id, limit=PAGE_SIZE, before=before_id(before)
    )
    sign = request.context.media.view_url
    return SegmentsOut(
        segments=[segment_out(segment, sign) for segment in segments],
        before=next_before([segment.segment_id for segment in segments], PAGE_SIZE),
    )


@routes.add(
    "POST",
    "/proctor/sessions/{session_id}/evidence/recording",
    tag=Tag.RECORDINGS,
    roles=PROCTOR_OR_ADMIN,
    body=KeepRecordingIn,
    response=EvidenceOut,
    errors=(BadInput, Conflict),
)
def keep_recorded_range(request: ApiRequest, body: KeepRecordingIn, session_id: str) -> EvidenceOut:
    """Keep the segments that overlap a range of at most two minutes as evidence."""
    kept = RecordingRange(body.began_at, body.ended_at)
    evidence = keep_recording(request.context, act_by(request, session_id, body), kept, body.reason)
    access_log.record_access(request.context, request.staff, session_id, AccessedItem.RECORDINGS)
    return evidence_out(evidence, request.context.evidence_store.view_url)
