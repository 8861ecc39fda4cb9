"""Routes of reviewing: the queue, decisions, evidence, violations, records."""

import json

from chalicelib.api.routing import Call, Routes
from chalicelib.api.upload_forms import upload_out
from chalicelib.domain.exams.exams import Staff, masked
from chalicelib.domain.review.access_log import Shown
from chalicelib.domain.types import Role
from chalicelib.schemas.common import TextOut, Upload
from chalicelib.schemas.review import (
    CapturesOut,
    DecidedList,
    DecidedOut,
    EventRulingIn,
    EvidenceList,
    EvidenceOut,
    KeepCaptureIn,
    KeepLiveIn,
    LiveFormIn,
    QueueOut,
    RecordOut,
    ReviewOut,
    RulingIn,
    ViolationOut,
)
from chalicelib.schemas.serializers.review import event_out, evidence_out, review_out, reviewed_out
from chalicelib.schemas.serializers.staff import observation_out
from chalicelib.services.core import access
from chalicelib.services.proctoring import access_log
from chalicelib.services.review import decisions, evidence, record_export
from chalicelib.services.review.decisions import Ruling

routes = Routes("chalicelib.api.review")
WATCHERS = frozenset({Role.PROCTOR, Role.ADMIN})
ADMIN = frozenset({Role.ADMIN})
SESSION = "/proctor/sessions/{session_id}"
PAGE = 200
NEWEST = "newest"


def _staff(call: Call) -> Staff:
    return access.staff_named(call.world, call.who.subject)


def _ruling(body: RulingIn) -> Ruling:
    return Ruling(body.verdict, body.reason, body.remark, tuple(body.evidence_ids))


@routes.add("GET", "/proctor/rooms/{room_id}/queue", roles=WATCHERS, answer=QueueOut)
def show_queue(call: Call, room_id: str) -> QueueOut:
    """Show what waits in a room for a person's decision."""
    staff = _staff(call)
    queue = decisions.queue_of(call.world, staff, room_id)
    access_log.note_look(call.world, staff, room_id, Shown.QUEUE)
    return QueueOut(
        room_id=room_id,
        events=[event_out(*one) for one in queue.events],
        reviews=[reviewed_out(*one) for one in queue.reviews],
        settled=[reviewed_out(*one) for one in queue.settled],
        now=call.world.clock(),
    )


@routes.add("POST", SESSION + "/reviews", roles=WATCHERS, body=EventRulingIn, answer=ReviewOut)
def review_event(call: Call, body: EventRulingIn, session_id: str) -> ReviewOut:
    """Confirm, dismiss or escalate an event, with a reason."""
    return review_out(
        decisions.review_event(call.world, _staff(call), session_id, body.flag_ids, _ruling(body))
    )


@routes.add(
    "POST", SESSION + "/reviews/{review_id}", roles=WATCHERS, body=RulingIn, answer=ReviewOut
)
def second_review(call: Call, body: RulingIn, session_id: str, review_id: str) -> ReviewOut:
    """Take the second look at a serious event, or decide on an escalated one."""
    return review_out(
        decisions.second_review(call.world, _staff(call), session_id, review_id, _ruling(body))
    )


@routes.add("GET", SESSION + "/violations/{review_id}", roles=WATCHERS, answer=ViolationOut)
def show_violation(call: Call, session_id: str, review_id: str) -> ViolationOut:
    """Show a violation's record with its evidence."""
    staff = _staff(call)
    found = decisions.violation_of(call.world, staff, session_id, review_id)
    access_log.note_look(call.world, staff, session_id, Shown.EVIDENCE)
    head = found.session.head
    return ViolationOut(
        review=review_out(found.review),
        exam_title=TextOut.of(found.exam.title),
        subject_title=TextOut.of(found.subject.title),
        candidate_name=found.session.candidate_name,
        admission_number=found.session.admission_number,
        id_number=masked(found.id_number),
        evidence=[evidence_out(one, call.world.vault.view_url) for one in found.evidence],
        chain_length=head.count,
        chain_hash=head.hash,
    )


@routes.add("GET", SESSION + "/evidence", roles=WATCHERS, answer=EvidenceList)
def show_evidence(call: Call, session_id: str) -> EvidenceList:
    """Show what is kept of a session."""
    staff = _staff(call)
    access.session_for(call.world, staff, session_id)
    found = call.world.sessions.evidence(session_id)
    if found:
        access_log.note_look(call.world, staff, session_id, Shown.EVIDENCE)
    sign = call.world.vault.view_url
    return EvidenceList(
        evidence=[evidence_out(one, sign) for one in sorted(found, key=lambda one: one.at)]
    )


@routes.add("POST", SESSION + "/evidence", roles=WATCHERS, body=KeepCaptureIn, answer=EvidenceOut)
def keep_capture(call: Call, body: KeepCaptureIn, session_id: str) -> EvidenceOut:
    """Keep a capture as evidence, with those before it."""
    kept = evidence.keep_capture(call.world, _staff(call), session_id, body.capture_id, body.note)
    return evidence_out(kept, call.world.vault.view_url)


@routes.add("POST", SESSION + "/evidence/live-form", roles=WATCHERS, body=LiveFormIn, answer=Upload)
def live_form(call: Call, body: LiveFormIn, session_id: str) -> Upload:
    """Get where a picture of the live video is uploaded."""
    form = evidence.live_form(call.world, _staff(call), session_id, body.sha256)
    return upload_out(body.sha256, form)


@routes.add("POST", SESSION + "/evidence/live", roles=WATCHERS, body=KeepLiveIn, answer=EvidenceOut)
def keep_live(call: Call, body: KeepLiveIn, session_id: str) -> EvidenceOut:
    """Keep an uploaded picture of the live video as evidence."""
    kept = evidence.keep_live(
        call.world,
        _staff(call),
        session_id,
        evidence.Shot(body.view, body.sha256, body.at),
        body.note,
    )
    return evidence_out(kept, call.world.vault.view_url)


@routes.add("POST", SESSION + "/evidence/{evidence_id}/after", roles=WATCHERS, answer=EvidenceOut)
def keep_after(call: Call, session_id: str, evidence_id: str) -> EvidenceOut:
    """Keep the captures that came after a piece of evidence; call it again until they are there."""
    kept = evidence.keep_after(call.world, _staff(call), session_id, evidence_id)
    return evidence_out(kept, call.world.vault.view_url)


@routes.add("GET", SESSION + "/captures/{before}", roles=WATCHERS, answer=CapturesOut)
def show_captures(call: Call, session_id: str, before: str) -> CapturesOut:
    """Show a page of a session's captures from before one of them, or from «newest»."""
    staff = _staff(call)
    access.session_for(call.world, staff, session_id)
    access_log.note_look(call.world, staff, session_id, Shown.CAPTURES)
    found = call.world.sessions.observations(
        session_id, most=PAGE, before=None if before == NEWEST else before
    )
    sign = call.world.media.view_url
    return CapturesOut(
        captures=[observation_out(one, sign) for one in found],
        before=found[-1].capture_id if len(found) == PAGE else None,
    )


@routes.add("GET", SESSION + "/record", roles=WATCHERS, answer=RecordOut)
def show_record(call: Call, session_id: str) -> RecordOut:
    """Get a session's record, to be exported and checked offline."""
    staff = _staff(call)
    access.session_for(call.world, staff, session_id)
    access_log.note_look(call.world, staff, session_id, Shown.RECORD)
    record = record_export.record_of(call.world, session_id, access.actor_of(staff), captures=False)
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"))
    keys = record_export.kept_keys(call.world.sessions.evidence(session_id))
    return RecordOut(record=text, files={key: call.world.vault.view_url(key) for key in keys})


@routes.add("GET", "/admin/subjects/{subject_id}/decided", roles=ADMIN, answer=DecidedList)
def show_decided(call: Call, subject_id: str) -> DecidedList:
    """Show how often each kind of flag turned out to be a violation, and to be none."""
    counts = call.world.registry.decided(subject_id)
    return DecidedList(
        kinds=[
            DecidedOut(kind=kind, confirmed=one.confirmed, dismissed=one.dismissed)
            for kind, one in sorted(counts.items())
        ]
    )
