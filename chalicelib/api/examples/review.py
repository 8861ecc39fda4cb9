"""Example of a decision on an incident."""

from chalicelib.api.examples import values
from chalicelib.api.examples.example import Example
from chalicelib.domain.review.reviews import ReasonCode, ReviewStatus, Verdict
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.schemas.review import DecisionOut, IncidentRulingIn, ReviewOut

REMARK = "考生在作答时使用手机。"

EXAMPLES: dict[str, Example] = {
    "review_incident": Example(
        ReviewOut(
            review_id=values.FLAG_ID,
            session_id=values.SESSION_ID,
            version=1,
            status=ReviewStatus.AWAITING_SECOND,
            flag_ids=[values.FLAG_ID],
            kinds=[FindingKind.PHONE],
            severity=3,
            began_at=values.NOW - 31_000,
            ended_at=None,
            decisions=[
                DecisionOut(
                    by="proctor:proctor01",
                    at=values.NOW,
                    verdict=Verdict.CONFIRM,
                    reason=ReasonCode.DEVICE,
                    note=REMARK,
                )
            ],
            evidence_ids=[],
            number=None,
        ),
        IncidentRulingIn(
            act_id=values.ACT_ID,
            verdict=Verdict.CONFIRM,
            reason=ReasonCode.DEVICE,
            remark=REMARK,
            flag_ids=[values.FLAG_ID],
        ),
    )
}
