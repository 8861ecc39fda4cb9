"""Routes of review: the queue, decisions, evidence, violations, session records."""

import json

from chalicelib.api.acts import act_by
from chalicelib.api.paging import before_id, next_before
from chalicelib.api.roles import ADMIN, PROCTOR_OR_ADMIN
from chalicelib.api.routing import ApiRequest, Routes
from chalicelib.api.tags import Tag
from chalicelib.api.upload_forms import upload_out
from chalicelib.domain.errors import BadInput, Conflict, WrongState
from chalicelib.domain.exams.exams import mask_number
from chalicelib.domain.review.access_log import AccessedItem
from chalicelib.domain.types import Role
from chalicelib.schemas.common import TextOut, UploadOut
from chalicelib.schemas.review import (
    CapturesOut,
    DecisionCountsOut,
    DecisionStatisticsOut,
    EvidenceListOut,
    EvidenceOut,
    IncidentRulingIn,
    KeepCaptureIn,
    LiveScreenshotFormIn,
    LiveScreenshotIn,
    RecordOut,
    ReviewOut,
    ReviewQueueOut,
    RoomFiguresOut,
    RulingIn,
    ViolationOut,
)
from chalicelib.schemas.serializers.review import (
    evidence_out,
    incident_out,
    review_out,
    reviewed_out,
    room_figures_out,
)
from chalicelib.schemas.serializers.staff import observation_out
from chalicelib.services.core import access
from chalicelib.services.proctoring import access_log
from chalicelib.services.review import decisions, evidence, record_export, record_figures
from chalicelib.services.review.decisions import RulingInput

routes = Routes("chalicelib.api.review")
SESSION = "/proctor/sessions/{session_id}"
PAGE_SIZE = 200


def _ruling(body: RulingIn) -> RulingInput:
    return RulingInput(body.verdict, body.reason, body.remark, tuple(body.evidence_ids))


@routes.add(
    "GET",
    "/proctor/rooms/{room_id}/queue",
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    response=ReviewQueueOut,
    errors=(Conflict,),
)
def show_review_queue(request: ApiRequest, room_id: str) -> ReviewQueueOut:
    """Show what awaits a decision in a room."""
    staff = request.staff
    queue = decisions.review_queue(request.context, staff, room_id)
    access_log.record_access(request.context, staff, room_id, AccessedItem.QUEUE)
    return ReviewQueueOut(
        room_id=room_id,
        events=[incident_out(*incident) for incident in queue.incidents],
        reviews=[reviewed_out(*review) for review in queue.reviews],
        settled=[reviewed_out(*review) for review in queue.closed],
        now=request.context.clock(),
    )


@routes.add(
    "POST",
    SESSION + "/reviews",
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    body=IncidentRulingIn,
    response=ReviewOut,
    errors=(Conflict,),
)
def review_incident(request: ApiRequest, body: IncidentRulingIn, session_id: str) -> ReviewOut:
    """Confirm, dismiss or escalate an incident, with a reason."""
    return review_out(
        decisions.review_incident(
            request.context, act_by(request, session_id, body), body.flag_ids, _ruling(body)
        )
    )


@routes.add(
    "POST",
    SESSION + "/reviews/{review_id}",
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    body=RulingIn,
    response=ReviewOut,
    errors=(Conflict, WrongState),
)
def second_review(
    request: ApiRequest, body: RulingIn, session_id: str, review_id: str
) -> ReviewOut:
    """Give the second review of a serious incident, or decide on an escalated one."""
    return review_out(
        decisions.second_review(
            request.context, act_by(request, session_id, body), review_id, _ruling(body)
        )
    )


@routes.add(
    "GET",
    SESSION + "/violations/{review_id}",
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    response=ViolationOut,
    errors=(Conflict,),
)
def show_violation(request: ApiRequest, session_id: str, review_id: str) -> ViolationOut:
    """Show a violation's record with its evidence."""
    staff = request.staff
    violation = decisions.get_violation(request.context, staff, session_id, review_id)
    access_log.record_access(request.context, staff, session_id, AccessedItem.EVIDENCE)
    head = violation.session.head
    return ViolationOut(
        review=review_out(violation.review),
        exam_title=TextOut.of(violation.exam.title),
        time_zone=violation.exam.time_zone,
        subject_title=TextOut.of(violation.subject.title),
        candidate_name=violation.session.candidate_name,
        admission_number=violation.session.admission_number,
        id_number=mask_number(violation.id_number),
        evidence=[
            evidence_out(item, request.context.evidence_store.view_url)
            for item in violation.evidence
        ],
        chain_length=head.count,
        chain_hash=head.hash,
    )


@routes.add(
    "GET",
    SESSION + "/evidence",
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    response=EvidenceListOut,
    errors=(Conflict,),
)
def show_evidence(request: ApiRequest, session_id: str) -> EvidenceListOut:
    """Show all evidence of a session."""
    staff = request.staff
    access.authorized_session(request.context, staff, session_id)
    evidence_list = request.context.sessions.evidence(session_id)
    if evidence_list:
        access_log.record_access(request.context, staff, session_id, AccessedItem.EVIDENCE)
    sign = request.context.evidence_store.view_url
    return EvidenceListOut(
        evidence=[
            evidence_out(item, sign) for item in sorted(evidence_list, key=lambda item: item.at)
        ]
    )


@routes.add(
    "POST",
    SESSION + "/evidence",
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    body=KeepCaptureIn,
    response=EvidenceOut,
    errors=(Conflict,),
)
def keep_capture(request: ApiRequest, body: KeepCaptureIn, session_id: str) -> EvidenceOut:
    """Keep a capture as evidence, with those before it."""
    exhibit = evidence.keep_capture(
        request.context, request.staff, session_id, body.capture_id, body.note
    )
    return evidence_out(exhibit, request.context.evidence_store.view_url)


@routes.add(
    "POST",
    SESSION + "/evidence/live-form",
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    body=LiveScreenshotFormIn,
    response=UploadOut,
)
def issue_live_screenshot_form(
    request: ApiRequest, body: LiveScreenshotFormIn, session_id: str
) -> UploadOut:
    """Get the upload form of a live screenshot."""
    form = evidence.live_upload_form(request.context, request.staff, session_id, body.sha256)
    return upload_out(body.sha256, form)


@routes.add(
    "POST",
    SESSION + "/evidence/live",
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    body=LiveScreenshotIn,
    response=EvidenceOut,
    errors=(Conflict,),
)
def keep_live_screenshot(
    request: ApiRequest, body: LiveScreenshotIn, session_id: str
) -> EvidenceOut:
    """Keep an uploaded live screenshot as evidence."""
    exhibit = evidence.keep_live_screenshot(
        request.context,
        request.staff,
        session_id,
        evidence.LiveScreenshot(body.view, body.sha256, body.at),
        body.note,
    )
    return evidence_out(exhibit, request.context.evidence_store.view_url)


@routes.add(
    "POST",
    SESSION + "/evidence/{evidence_id}/after",
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    response=EvidenceOut,
    errors=(BadInput, Conflict),
)
def keep_captures_after(request: ApiRequest, session_id: str, evidence_id: str) -> EvidenceOut:
    """Add the captures that followed to a piece of evidence.

    To be repeated until all of them are there. Idempotent.
    """
    exhibit = evidence.keep_following_captures(
        request.context, request.staff, session_id, evidence_id
    )
    return evidence_out(exhibit, request.context.evidence_store.view_url)


@routes.add(
    "GET",
    SESSION + "/captures/{before}",
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    response=CapturesOut,
    errors=(Conflict,),
)
def show_captures(request: ApiRequest, session_id: str, before: str) -> CapturesOut:
    """Show a page of a session's captures, from before one of them or from «newest»."""
    staff = request.staff
    access.authorized_session(request.context, staff, session_id)
    access_log.record_access(request.context, staff, session_id, AccessedItem.CAPTURES)
    observations = request.context.sessions.observations(
        session_id, limit=PAGE_SIZE, before=before_id(before)
    )
    sign = request.context.media.view_url
    return CapturesOut(
        captures=[observation_out(observation, sign) for observation in observations],
        before=next_before([observation.capture_id for observation in observations], PAGE_SIZE),
    )


@routes.add(
    "GET",
    SESSION + "/record",
    tag=Tag.REVIEW,
    roles=PROCTOR_OR_ADMIN,
    response=RecordOut,
    errors=(Conflict,),
)
def show_record(request: ApiRequest, session_id: str) -> RecordOut:
    """Export a session's record, to be verified offline. An admin's holds what was answered."""
    staff = request.staff
    access.authorized_session(request.context, staff, session_id)
    access_log.record_access(request.context, staff, session_id, AccessedItem.RECORD)
    record = record_export.export_record(
        request.context,
        session_id,
        access.audit_actor(staff),
        captures=False,
        answers=staff.role is Role.ADMIN,
    )
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    keys = record_export.evidence_keys(request.context.sessions.evidence(session_id))
    return RecordOut(
        record=text, files={key: request.context.evidence_store.view_url(key) for key in keys}
    )


@routes.add(
    "GET",
    "/admin/subjects/{subject_id}/decided",
    tag=Tag.EXAM_SETTINGS,
    roles=ADMIN,
    response=DecisionStatisticsOut,
)
def show_decision_statistics(request: ApiRequest, subject_id: str) -> DecisionStatisticsOut:
    """Show how often each flag type was confirmed and dismissed in a subject."""
    counts = request.context.registry.decision_counts(subject_id)
    return DecisionStatisticsOut(
        kinds=[
            DecisionCountsOut(kind=kind, confirmed=count.confirmed, dismissed=count.dismissed)
            for kind, count in sorted(counts.items())
        ]
    )


@routes.add(
    "GET",
    "/admin/exams/{exam_id}/rooms/{room_id}/figures",
    tag=Tag.EXAM_SETTINGS,
    roles=ADMIN,
    response=RoomFiguresOut,
)
def show_room_figures(request: ApiRequest, exam_id: str, room_id: str) -> RoomFiguresOut:
    """Show how the flags in a room's record were decided, by subject, rules profile and kind.

    An exam's figures are the sums of its rooms'. They are no recall: what no flag pointed to does
    not appear.
    """
    figures = record_figures.room_figures(request.context, exam_id, room_id)
    return room_figures_out(room_id, figures)
