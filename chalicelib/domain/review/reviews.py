"""Reviewing: what a person makes of flags. No flag becomes a violation without one, and a reason.

Flags that are one event are reviewed together. A person confirms, dismisses or escalates it with a
reason code. A serious confirmation stands only when somebody else has seconded it; if they do
not, or if it was escalated, an admin decides.

    (open) ── confirm ──► confirmed            the violation (违纪记录) stands
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
    """What a person says of an event."""

    CONFIRM = "confirm"
    DISMISS = "dismiss"
    ESCALATE = "escalate"


class ReviewStatus(StrEnum):
    """Where the review of an event stands."""

    CONFIRMED = "confirmed"  # a violation
    AWAITING_SECOND = "awaiting_second"  # serious: somebody else has to agree
    ESCALATED = "escalated"  # an admin decides
    DISMISSED = "dismissed"


FINAL_STATUSES = frozenset({ReviewStatus.CONFIRMED, ReviewStatus.DISMISSED})


class ReasonCode(StrEnum):
    """Why an event is a violation, or why it is none."""

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
    ReasonCode.IMPERSONATION: LocalizedText("替考", "somebody else sat the exam"),
    ReasonCode.TALKING: LocalizedText("与他人交谈", "talked to somebody"),
    ReasonCode.HIDING: LocalizedText("遮挡面部或摄像头", "covered the face or a camera"),
    ReasonCode.LEFT_PAGE: LocalizedText("离开考试页面", "left the exam page"),
    ReasonCode.MISCONDUCT: LocalizedText("其他违纪行为", "other misconduct"),
    ReasonCode.MISTAKEN: LocalizedText("系统误报", "the system was mistaken"),
    ReasonCode.ALLOWED: LocalizedText("属于允许的行为", "was allowed"),
    ReasonCode.TECHNICAL: LocalizedText("技术或网络原因", "a technical cause"),
    ReasonCode.NEGLIGIBLE: LocalizedText("情节轻微，不予处理", "too slight to matter"),
}

DISMISS_REASONS = frozenset(
    {ReasonCode.MISTAKEN, ReasonCode.ALLOWED, ReasonCode.TECHNICAL, ReasonCode.NEGLIGIBLE}
)
"""The reasons to dismiss; all others are reasons to confirm."""
NEEDS_SECOND_REVIEW = frozenset({ReasonCode.IMPERSONATION, ReasonCode.OTHER_PERSON})
"""Reasons that need a second pair of eyes, however severe the flags."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What one person said, when and why. `verdict` is about the event, also in a second look."""

    by: str
    at: Millis
    verdict: Verdict
    reason: ReasonCode
    note: str = ""


@dataclass(frozen=True, slots=True)
class Review:
    """An event of a session with everything that people decided about it.

    A confirmed one is a violation (违纪记录), and `number` is its number. `flag_ids` is empty where
    a person saw what no model reported. `evidence_ids` name what is kept under lock.
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
    """That a flag is part of a review: written once, so that no flag is judged in two."""

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
    """Return the review of an event by its first decision. Raises BadInput.

    Without flags it is about something that only a person saw, at the decision's moment.
    """
    _validate_decision(decision)
    if not flags and decision.verdict is Verdict.DISMISS:
        raise BadInput(LocalizedText("没有可驳回的异常标记。", "There is no flag to dismiss."))
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
    """Return a review after another person's look. Raises WrongState, NotAllowed, BadInput."""
    _validate_decision(decision)
    if review.status is ReviewStatus.AWAITING_SECOND:
        status = _second_status(review, decision)
    elif review.status is ReviewStatus.ESCALATED:
        status = _last_status(decision, admin=admin)
    else:
        raise WrongState(
            LocalizedText(
                "该事件已有结论，不能再次裁定。", "This event is decided and cannot be again."
            ),
            "already_decided",
        )
    decided = replace(
        review,
        version=review.version + 1,
        status=status,
        decisions=(*review.decisions, decision),
        evidence_ids=tuple(dict.fromkeys((*review.evidence_ids, *evidence_ids))),
    )
    return _with_violation_number(decided)


def _validate_decision(decision: Decision) -> None:
    innocent = decision.reason in DISMISS_REASONS
    if innocent and decision.verdict is Verdict.CONFIRM:
        raise BadInput(
            LocalizedText("该理由不能用于认定违纪。", "This reason cannot confirm a violation."),
            "wrong_reason",
        )
    if not innocent and decision.verdict is Verdict.DISMISS:
        raise BadInput(
            LocalizedText("该理由不能用于驳回。", "This reason cannot dismiss an event."),
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
    if any(one.by == decision.by for one in review.decisions):
        raise NotAllowed(
            LocalizedText("复核须由另一位人员进行。", "Somebody else has to take the second look."),
            "same_person",
        )
    agreed = decision.verdict is Verdict.CONFIRM
    return ReviewStatus.CONFIRMED if agreed else ReviewStatus.ESCALATED


def _last_status(decision: Decision, *, admin: bool) -> ReviewStatus:
    if not admin:
        raise NotAllowed(
            LocalizedText(
                "该事件已上报，由管理员裁定。", "This event is escalated: an admin decides."
            ),
            "admin_decides",
        )
    if decision.verdict is Verdict.ESCALATE:
        raise BadInput(LocalizedText("请认定或驳回。", "Confirm or dismiss it."))
    confirmed = decision.verdict is Verdict.CONFIRM
    return ReviewStatus.CONFIRMED if confirmed else ReviewStatus.DISMISSED


def _with_violation_number(review: Review) -> Review:
    if review.status is not ReviewStatus.CONFIRMED:
        return review
    text = f"violation/{review.session_id}/{review.review_id}"
    digest = hashlib.sha256(text.encode()).hexdigest()[:10].upper()
    return replace(review, number=f"W{digest[:5]}-{digest[5:]}")
