"""Reviews: what people decide about incidents. No flag becomes a violation without a decision.

A proctor confirms, dismisses or escalates an incident with a reason code. A serious confirmation
requires a second review by another person; if they disagree, or if the incident was escalated, an
admin decides.

    (open) ── confirm ──► confirmed            recorded as a violation (违纪记录)
       │         └ serious ─► awaiting_second ── agree ──► confirmed
       │                            └ disagree ─► escalated
       ├────── dismiss ──► dismissed
       └────── escalate ─► escalated ── an admin ──► confirmed or dismissed
"""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from chalicelib.domain.errors import BadInput, NotAllowed, WrongState
from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.review.incidents import Incident
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.profiles import Severity
from chalicelib.domain.types import LocalizedText, Millis


class Verdict(StrEnum):
    """A decision on an incident."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    ESCALATE = "escalate"


class ReviewStatus(StrEnum):
    """The status of a review."""

    CONFIRMED = "confirmed"  # a violation
    AWAITING_SECOND = "awaiting_second"  # serious: another person has to agree
    ESCALATED = "escalated"  # an admin decides
    DISMISSED = "dismissed"


FINAL_STATUSES = frozenset({ReviewStatus.CONFIRMED, ReviewStatus.DISMISSED})


class ReasonCode(StrEnum):
    """Why an incident is a violation, or why it is not."""

    LEFT_SEAT = "left_seat"
    DEVICE = "device"
    MATERIALS = "materials"
    OTHER_PERSON = "other_person"
    IMPERSONATION = "impersonation"
    TALKING = "talking"
    HIDING = "hiding"
    LEFT_PAGE = "left_page"
    MISCONDUCT = "misconduct"
    MISTAKEN = "mistaken"
    ALLOWED = "allowed"
    TECHNICAL = "technical"
    NEGLIGIBLE = "trifle"


REASON_NAMES: dict[ReasonCode, LocalizedText] = {
    ReasonCode.LEFT_SEAT: LocalizedText("擅自离座", "left the seat"),
    ReasonCode.DEVICE: LocalizedText("使用手机或其他电子设备", "used a phone or another device"),
    ReasonCode.MATERIALS: LocalizedText("翻阅书籍资料", "used books or notes"),
    ReasonCode.OTHER_PERSON: LocalizedText(
        "他人在场或协助", "another person was present or helped"
    ),
    ReasonCode.IMPERSONATION: LocalizedText("替考", "impersonation"),
    ReasonCode.TALKING: LocalizedText("与他人交谈", "talked to another person"),
    ReasonCode.HIDING: LocalizedText("遮挡面部或摄像头", "covered the face or a camera"),
    ReasonCode.LEFT_PAGE: LocalizedText("离开考试页面", "left the exam page"),
    ReasonCode.MISCONDUCT: LocalizedText("其他违纪行为", "other misconduct"),
    ReasonCode.MISTAKEN: LocalizedText("系统误报", "false positive"),
    ReasonCode.ALLOWED: LocalizedText("属于允许的行为", "permitted behaviour"),
    ReasonCode.TECHNICAL: LocalizedText("技术或网络原因", "technical issue"),
    ReasonCode.NEGLIGIBLE: LocalizedText("情节轻微，不予处理", "negligible"),
}

DISMISS_REASONS = frozenset(
    {ReasonCode.MISTAKEN, ReasonCode.ALLOWED, ReasonCode.TECHNICAL, ReasonCode.NEGLIGIBLE}
)
"""Reasons to dismiss; all others are reasons to confirm."""
NEEDS_SECOND_REVIEW = frozenset({ReasonCode.IMPERSONATION, ReasonCode.OTHER_PERSON})
"""Reasons that require a second review, regardless of the flags' severity."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One person's decision. In a second review too, `verdict` is about the incident."""

    by: str
    at: Millis
    verdict: Verdict
    reason: ReasonCode
    note: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """An incident of a session, with all decisions on it.

    A confirmed review is a violation (违纪记录) with a `number`. `flag_ids` is empty if a proctor
    observed what no model reported. `evidence_ids` name the evidence kept under lock.
    """

    review_id: str
    session_id: str
    room_id: str
    version: int
    status: ReviewStatus
    flag_ids: tuple[str, ...]
    kinds: tuple[FindingKind, ...]
    severity: Severity
    began_at: Millis
    ended_at: Millis | None
    decisions: tuple[Decision, ...]
    evidence_ids: tuple[str, ...] = ()
    number: str | None = None


@dataclass(frozen=True, slots=True)
class ReviewedFlag:
    """Marks a flag as part of a review; written once, so that no flag is in two reviews."""

    session_id: str
    flag_id: str
    room_id: str
    review_id: str


def begin_review(
    flags: tuple[Flag, ...],
    session_id: str,
    room_id: str,
    decision: Decision,
    evidence_ids: tuple[str, ...] = (),
) -> Review:
    """Return the review that begins with the first decision on an incident. Raises BadInput.

    Without flags it is about something that only the proctor saw, at the time of the decision.
    """
    _validate_decision(decision)
    if not flags and decision.verdict is Verdict.DISMISS:
        raise BadInput(LocalizedText("没有可驳回的异常标记。", "There are no flags to dismiss."))
    incident = Incident(
        session_id, tuple(sorted(flags, key=lambda flag: (flag.began_at, flag.flag_id)))
    )
    severity = incident.severity if flags else Severity.SERIOUS
    review = Review(
        review_id=incident.flags[0].flag_id if flags else f"{decision.at:013d}-seen",
        session_id=session_id,
        room_id=room_id,
        version=1,
        status=_first_status(decision, severity),
        flag_ids=tuple(flag.flag_id for flag in incident.flags),
        kinds=tuple(dict.fromkeys(flag.kind for flag in incident.flags)),
        severity=severity,
        began_at=incident.began_at if flags else decision.at,
        ended_at=incident.ended_at if flags else decision.at,
        decisions=(decision,),
        evidence_ids=evidence_ids,
    )
    return _with_violation_number(review)


def apply_second_decision(
    review: Review, decision: Decision, evidence_ids: tuple[str, ...] = (), *, admin: bool
) -> Review:
    """Apply a second review or an admin's decision. Raises WrongState, NotAllowed, BadInput."""
    _validate_decision(decision)
    if review.status is ReviewStatus.AWAITING_SECOND:
        status = _second_status(review, decision)
    elif review.status is ReviewStatus.ESCALATED:
        status = _last_status(decision, admin=admin)
    else:
        raise WrongState(
            LocalizedText(
                "该事件已有结论，不能再次裁定。", "This incident has already been decided."
            ),
            "already_decided",
        )
    review = replace(
        review,
        version=review.version + 1,
        status=status,
        decisions=(*review.decisions, decision),
        evidence_ids=tuple(dict.fromkeys((*review.evidence_ids, *evidence_ids))),
    )
    return _with_violation_number(review)


def _validate_decision(decision: Decision) -> None:
    dismisses = decision.reason in DISMISS_REASONS
    if dismisses and decision.verdict is Verdict.CONFIRM:
        raise BadInput(
            LocalizedText(
                "该理由不能用于认定违纪。", "This reason cannot be used to confirm a violation."
            ),
            "wrong_reason",
        )
    if not dismisses and decision.verdict is Verdict.DISMISS:
        raise BadInput(
            LocalizedText(
                "该理由不能用于驳回。", "This reason cannot be used to dismiss an incident."
            ),
            "wrong_reason",
        )


def _first_status(decision: Decision, severity: Severity) -> ReviewStatus:
    match decision.verdict:
        case Verdict.DISMISS:
            return ReviewStatus.DISMISSED
        case Verdict.ESCALATE:
            return ReviewStatus.ESCALATED
    serious = severity is Severity.CRITICAL or decision.reason in NEEDS_SECOND_REVIEW
    return ReviewStatus.AWAITING_SECOND if serious else ReviewStatus.CONFIRMED


def _second_status(review: Review, decision: Decision) -> ReviewStatus:
    if any(previous.by == decision.by for previous in review.decisions):
        raise NotAllowed(
            LocalizedText(
                "复核须由另一位人员进行。", "The second review must be done by another person."
            ),
            "same_person",
        )
    agrees = decision.verdict is Verdict.CONFIRM
    return ReviewStatus.CONFIRMED if agrees else ReviewStatus.ESCALATED


def _last_status(decision: Decision, *, admin: bool) -> ReviewStatus:
    if not admin:
        raise NotAllowed(
            LocalizedText(
                "该事件已上报，由管理员裁定。",
                "This incident was escalated: an administrator decides.",
            ),
            "admin_decides",
        )
    if decision.verdict is Verdict.ESCALATE:
        raise BadInput(LocalizedText("请认定或驳回。", "Confirm or dismiss the incident."))
    confirms = decision.verdict is Verdict.CONFIRM
    return ReviewStatus.CONFIRMED if confirms else ReviewStatus.DISMISSED


def _with_violation_number(review: Review) -> Review:
    if review.status is not ReviewStatus.CONFIRMED:
        return review
    text = f"violation/{review.session_id}/{review.review_id}"
    digest = hashlib.sha256(text.encode()).hexdigest()[:10].upper()
    return replace(review, number=f"W{digest[:5]}-{digest[5:]}")
