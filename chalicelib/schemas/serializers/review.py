"""From reviews and evidence to what staff see; `sign` returns a file's presigned URL."""

from collections.abc import Sequence

from chalicelib.domain.review.deletion import DeletionReceipt, RetentionPlan
from chalicelib.domain.review.evidence import Evidence
from chalicelib.domain.review.incidents import Incident
from chalicelib.domain.review.record_figures import RecordFigures
from chalicelib.domain.review.reviews import Review
from chalicelib.domain.rules.retention import KeptKind
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import Millis
from chalicelib.schemas.review import (
    DecisionOut,
    DeletionReceiptOut,
    EvidenceOut,
    ExhibitOut,
    FlagFiguresOut,
    IncidentOut,
    RetentionHoldOut,
    ReviewedOut,
    ReviewOut,
    RoomFiguresOut,
    SessionRetentionOut,
    WithoutFlagOut,
)
from chalicelib.schemas.serializers.staff import Sign, flag_out


def review_out(review: Review) -> ReviewOut:
    """Return a review."""
    return ReviewOut(
        review_id=review.review_id,
        session_id=review.session_id,
        version=review.version,
        status=review.status,
        flag_ids=list(review.flag_ids),
        kinds=list(review.kinds),
        severity=review.severity,
        began_at=review.began_at,
        ended_at=review.ended_at,
        decisions=[
            DecisionOut(
                by=decision.by,
                at=decision.at,
                verdict=decision.verdict,
                reason=decision.reason,
                note=decision.note,
            )
            for decision in review.decisions
        ],
        evidence_ids=list(review.evidence_ids),
        number=review.number,
    )


def reviewed_out(review: Review, session: Session) -> ReviewedOut:
    """Return a review with its candidate."""
    return ReviewedOut(
        candidate_name=session.candidate_name,
        admission_number=session.admission_number,
        review=review_out(review),
    )


def incident_out(incident: Incident, session: Session) -> IncidentOut:
    """Return an incident that awaits a decision."""
    return IncidentOut(
        session_id=incident.session_id,
        candidate_name=session.candidate_name,
        admission_number=session.admission_number,
        severity=incident.severity,
        began_at=incident.began_at,
        ended_at=incident.ended_at,
        flags=[flag_out(flag) for flag in incident.flags],
    )


def evidence_out(evidence: Evidence, sign: Sign) -> EvidenceOut:
    """Return a piece of evidence."""
    return EvidenceOut(
        evidence_id=evidence.evidence_id,
        session_id=evidence.session_id,
        version=evidence.version,
        view=evidence.view,
        medium=evidence.medium,
        source=evidence.source,
        at=evidence.at,
        taken_by=evidence.taken_by,
        taken_at=evidence.taken_at,
        note=evidence.note,
        exhibits=[
            ExhibitOut(
                place=exhibit.position,
                at=exhibit.at,
                url=sign(exhibit.key),
                sha256=exhibit.sha256,
                size=exhibit.size,
                content_type=exhibit.content_type,
                capture_id=exhibit.capture_id,
                judged_sha256=exhibit.judged_sha256,
                replaced=exhibit.replaced,
                track=exhibit.track,
            )
            for exhibit in sorted(evidence.exhibits, key=lambda exhibit: exhibit.at)
        ],
    )


def room_figures_out(room_id: str, figures: RecordFigures) -> RoomFiguresOut:
    """Return what a room's record says about its flags."""
    return RoomFiguresOut(
        room_id=room_id,
        flags=[
            FlagFiguresOut(
                kind=key.kind,
                subject_id=key.subject_id,
                profile=key.profile,
                confirmed=counts.confirmed,
                dismissed=counts.dismissed,
                undecided=counts.undecided,
                sessions=counts.sessions,
            )
            for key, counts in sorted(figures.flags.items())
        ],
        without_flag=[
            WithoutFlagOut(subject_id=subject_id, violations=count)
            for subject_id, count in sorted(figures.without_flag.items())
        ],
    )


def session_retention_out(
    session: Session, plan: RetentionPlan, receipts: Sequence[DeletionReceipt], now: Millis
) -> SessionRetentionOut:
    """Return until when a session's files are kept, who preserves them, and what was deleted."""
    return SessionRetentionOut(
        due_at={
            kind: session.retention.due_at(kind, plan.signed_in_at)
            for kind in KeptKind
            if kind not in plan.done
        },
        hold=RetentionHoldOut(by=plan.hold.by, at=plan.hold.at, reason=plan.hold.reason)
        if plan.hold
        else None,
        receipts=[
            DeletionReceiptOut(
                number=receipt.number,
                kind=receipt.kind,
                at=receipt.at,
                files=len(receipt.files),
                sha256=receipt.sha256,
            )
            for receipt in receipts
        ],
        now=now,
    )
