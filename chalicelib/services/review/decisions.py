"""Review of incidents: a room's queue, first and second decisions, violations."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from chalicelib.domain.errors import BadInput, NotFound
from chalicelib.domain.exams.exams import Exam, Staff, Subject
from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.review.evidence import Evidence
from chalicelib.domain.review.incidents import Incident, group_into_incidents
from chalicelib.domain.review.reviews import (
    FINAL_STATUSES,
    Decision,
    ReasonCode,
    Review,
    ReviewedFlag,
    ReviewStatus,
    Verdict,
    apply_second_decision,
    begin_review,
)
from chalicelib.domain.sessions.sessions import Session, with_audit
from chalicelib.domain.types import LocalizedText, Role, SittingKind
from chalicelib.services.core.access import audit_actor, authorized_room, authorized_session
from chalicelib.services.core.staff_acts import ActBy, PerformedAct, act_once
from chalicelib.services.ports import AppContext, Record, StaffAct


@dataclass(frozen=True, slots=True)
class ReviewQueue:
    """A room's incidents without a review, reviews without a final decision, and closed ones."""

    incidents: list[tuple[Incident, Session]]
    reviews: list[tuple[Review, Session]]
    closed: list[tuple[Review, Session]]


@dataclass(frozen=True, slots=True)
class RulingInput:
    """A person's decision on an incident."""

    verdict: Verdict
    reason: ReasonCode
    remark: str = ""
    evidence_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Violation:
    """A confirmed review with everything that its printed form shows."""

    review: Review
    session: Session
    exam: Exam
    subject: Subject
    evidence: list[Evidence]
    id_number: str


def review_queue(context: AppContext, staff: Staff, room_id: str) -> ReviewQueue:
    """Return a room's review queue, the most severe first. Raises NotFound.

    Flags of practice sessions are not reviewed.
    """
    authorized_room(context, staff, room_id)
    sessions = {
        bundle.session.session_id: bundle.session
        for bundle in context.sessions.in_room(room_id)
        if bundle.session.kind is SittingKind.OFFICIAL
    }
    room_reviews = context.sessions.room_reviews(room_id)
    reviewed = {(mark.session_id, mark.flag_id) for mark in room_reviews.reviewed_flags}
    unreviewed_flags = [
        flag
        for flag in room_reviews.flags
        if flag.session_id in sessions and (flag.session_id, flag.flag_id) not in reviewed
    ]
    reviews = [
        (review, sessions[review.session_id])
        for review in room_reviews.reviews
        if review.session_id in sessions
    ]
    reviews.sort(key=lambda pair: (-pair[0].severity, pair[0].began_at))
    return ReviewQueue(
        incidents=[
            (incident, sessions[incident.session_id])
            for incident in group_into_incidents(unreviewed_flags)
        ],
        reviews=[pair for pair in reviews if pair[0].status not in FINAL_STATUSES],
        closed=[pair for pair in reviews if pair[0].status in FINAL_STATUSES],
    )


def review_incident(
    context: AppContext, by: ActBy, flag_ids: Iterable[str], ruling: RulingInput
) -> Review:
    """Make the first decision on an incident, once. Raises NotFound, BadInput, Conflict.

    Conflict where one of its flags belongs to another review already.
    """
    incident_flag_ids, session_id = set(flag_ids), by.session_id
    authorized_session(context, by.staff, session_id)
    now, actor = context.clock(), audit_actor(by.staff)
    flags = tuple(
        flag for flag in context.sessions.flags(session_id) if flag.flag_id in incident_flag_ids
    )
    if len(flags) < len(incident_flag_ids):
        raise NotFound
    decision = Decision(actor, now, ruling.verdict, ruling.reason, ruling.remark)
    _require_evidence(context, session_id, ruling)

    def perform(act: StaffAct) -> StaffAct:
        session = context.sessions.session(session_id)
        review = begin_review(flags, session_id, session.room_id, decision, ruling.evidence_ids)
        done = replace(act, result=review.review_id)
        reviewed_flags = [
            ReviewedFlag(session_id, flag_id, session.room_id, review.review_id)
            for flag_id in review.flag_ids
        ]
        records = _audit_records(session, review, decision)
        context.sessions.commit(review, *reviewed_flags, *records, done)
        return done

    return _reviewed_by(context, act_once(context, by, "review", perform), flags)


def second_review(context: AppContext, by: ActBy, review_id: str, ruling: RulingInput) -> Review:
    """Make the second decision on a review, or decide on an escalated one; once.

    Raises NotFound, BadInput, NotAllowed, WrongState.
    """
    session_id = by.session_id
    authorized_session(context, by.staff, session_id)
    now, actor = context.clock(), audit_actor(by.staff)
    decision = Decision(actor, now, ruling.verdict, ruling.reason, ruling.remark)
    _require_evidence(context, session_id, ruling)

    def perform(act: StaffAct) -> StaffAct:
        session = context.sessions.session(session_id)
        before = get_review(context, session_id, review_id)
        review = apply_second_decision(
            before, decision, ruling.evidence_ids, admin=by.staff.role is Role.ADMIN
        )
        done = replace(act, result=review_id)
        context.sessions.commit(review, *_audit_records(session, review, decision), done)
        return done

    performed = act_once(context, by, "second_review", perform)
    review = get_review(context, session_id, review_id)
    flags = [flag for flag in context.sessions.flags(session_id) if flag.flag_id in review.flag_ids]
    return _reviewed_by(context, performed, flags)


def _reviewed_by(context: AppContext, performed: PerformedAct, flags: Iterable[Flag]) -> Review:
    """Return the review that an act made or decided; it is counted when the act is new."""
    session_id = performed.act.session_id
    review = get_review(context, session_id, performed.act.result)
    if performed.is_new:
        _count_decisions(context, review, flags, session_id)
    return review


def get_review(context: AppContext, session_id: str, review_id: str) -> Review:
    """Return a review. Raises NotFound."""
    for review in context.sessions.reviews(session_id):
        if review.review_id == review_id:
            return review
    raise NotFound


def get_violation(context: AppContext, staff: Staff, session_id: str, review_id: str) -> Violation:
    """Return a confirmed review for printing. Raises NotFound where it is not confirmed."""
    session = authorized_session(context, staff, session_id).session
    review = get_review(context, session_id, review_id)
    exam = context.registry.exam_with_subject(session.exam_id, session.subject_id)
    subject = exam.subject(session.subject_id)
    if review.status is not ReviewStatus.CONFIRMED or subject is None:
        raise NotFound
    evidence = [
        item
        for item in context.sessions.evidence(session_id)
        if item.evidence_id in review.evidence_ids
    ]
    candidate = context.registry.candidate(session.candidate_id)
    return Violation(review, session, exam, subject, evidence, candidate.id_number)


def _require_evidence(context: AppContext, session_id: str, ruling: RulingInput) -> None:
    if not ruling.evidence_ids:
        return
    evidence_ids = {evidence.evidence_id for evidence in context.sessions.evidence(session_id)}
    if not evidence_ids.issuperset(ruling.evidence_ids):
        raise BadInput(LocalizedText("证据不存在。", "There is no such evidence."), "no_evidence")


def _audit_records(session: Session, review: Review, decision: Decision) -> tuple[Record, ...]:
    transition = with_audit(
        session,
        decision.at,
        decision.by,
        "event_reviewed",
        review=review.review_id,
        verdict=decision.verdict,
        reason=decision.reason,
        remark=decision.note,
        status=review.status,
        flags=" ".join(review.flag_ids),
        evidence=" ".join(review.evidence_ids),
        number=review.number,
    )
    return transition.session, transition.entry


def _count_decisions(
    context: AppContext, review: Review, flags: Iterable[Flag], session_id: str
) -> None:
    """Count the final decision for each kind of flag: statistics for tuning the rules."""
    if review.status in FINAL_STATUSES:
        subject_id = context.sessions.session(session_id).subject_id
        context.registry.count_decision(
            subject_id,
            [flag.kind for flag in flags],
            confirmed=review.status is ReviewStatus.CONFIRMED,
        )
