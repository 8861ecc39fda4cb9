"""Requests and responses of review: incidents, evidence, violations, session records."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.review.evidence import RelativePosition, Source
from chalicelib.domain.review.incidents import MAX_FLAGS
from chalicelib.domain.review.reviews import ReasonCode, ReviewStatus, Verdict
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.retention import KeptKind
from chalicelib.domain.types import Medium, View
from chalicelib.schemas.common import ApiModel, Id, TextOut
from chalicelib.schemas.staff import FlagOut, ObservationOut
from chalicelib.schemas.staff_acts import ActIn

type RemarkText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
type Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class RetentionHoldOut(ApiModel):
    """That somebody preserves a session's files: who, when, why."""

    by: str
    at: int
    reason: str


class DeletionReceiptOut(ApiModel):
    """What was deleted of a session at once; the audit chain holds the list's SHA-256."""

    number: int
    kind: KeptKind
    at: int
    files: int
    sha256: str


class SessionRetentionOut(ApiModel):
    """Until when a session's files are kept, ms by kind; what is preserved, what is deleted."""

    due_at: dict[KeptKind, int]
    hold: RetentionHoldOut | None
    receipts: list[DeletionReceiptOut]
    now: int


class DecisionOut(ApiModel):
    """One person's decision on an incident."""

    by: str
    at: int
    verdict: Verdict
    reason: ReasonCode
    note: str


class ReviewOut(ApiModel):
    """A review with its decisions. A confirmed one is a violation and has a `number`."""

    review_id: str
    session_id: str
    version: int
    status: ReviewStatus
    flag_ids: list[str]
    kinds: list[FindingKind]
    severity: int
    began_at: int
    ended_at: int | None
    decisions: list[DecisionOut]
    evidence_ids: list[str]
    number: str | None


class IncidentOut(ApiModel):
    """Flags that form one incident and await a decision."""

    session_id: str
    candidate_name: str
    admission_number: str
    severity: int
    began_at: int
    ended_at: int | None
    flags: list[FlagOut]


class ReviewedOut(ApiModel):
    """A review with its candidate."""

    candidate_name: str
    admission_number: str
    review: ReviewOut


class ReviewQueueOut(ApiModel):
    """What awaits a decision in a room, the most severe first, and what is decided."""

    room_id: str
    events: list[IncidentOut]
    reviews: list[ReviewedOut]
    settled: list[ReviewedOut]
    now: int


class RulingIn(ActIn):
    """A decision on an incident under review."""

    verdict: Verdict
    reason: ReasonCode
    remark: RemarkText = ""
    evidence_ids: list[Id] = Field(default_factory=list, max_length=20)


class IncidentRulingIn(RulingIn):
    """The first decision on an incident; without flags, on something that only the person saw."""

    flag_ids: list[Id] = Field(default_factory=list, max_length=MAX_FLAGS)


class ExhibitOut(ApiModel):
    """One stored file; `url` is presigned for some minutes."""

    place: RelativePosition
    at: int
    url: str
    sha256: str
    size: int
    content_type: str
    capture_id: str | None
    judged_sha256: str | None
    """SHA-256 of what was judged; null where nothing was."""
    replaced: bool
    """Whether the file is not what was judged."""
    track: Track | None
    """Of a segment of a recording; `capture_id` is then the segment's."""


class EvidenceOut(ApiModel):
    """A piece of evidence with the captures before and after it."""

    evidence_id: str
    session_id: str
    version: int
    view: View
    medium: Medium
    source: Source
    at: int
    taken_by: str
    taken_at: int
    note: str
    exhibits: list[ExhibitOut]


class EvidenceListOut(ApiModel):
    """All evidence of a session, oldest first."""

    evidence: list[EvidenceOut]


class KeepCaptureIn(ApiModel):
    """Which capture to keep, and why."""

    capture_id: Id
    note: RemarkText = ""


class LiveScreenshotFormIn(ApiModel):
    """The hash of a live screenshot (PNG), before it is uploaded."""

    sha256: Sha256


class LiveScreenshotIn(ApiModel):
    """An uploaded live screenshot: its view, and when it was taken."""

    sha256: Sha256
    view: View
    at: int
    note: RemarkText = ""


class ViolationOut(ApiModel):
    """A violation's record, for printing."""

    review: ReviewOut
    exam_title: TextOut
    time_zone: str
    subject_title: TextOut
    candidate_name: str
    admission_number: str
    id_number: str
    """Masked, except its first and last characters."""
    evidence: list[EvidenceOut]
    chain_length: int
    chain_hash: str


class CapturesOut(ApiModel):
    """A page of captures, newest first; request the next with `before`, until it is null."""

    captures: list[ObservationOut]
    before: str | None


class RecordOut(ApiModel):
    """A session's record without its captures, to be exported and verified."""

    record: str
    """JSON text, to be stored unchanged: its hashes depend on how numbers are written."""
    files: dict[str, str]
    """Presigned URLs of the evidence files, by their keys."""


class DecisionCountsOut(ApiModel):
    """How often flags of a type were confirmed as violations, and dismissed."""

    kind: FindingKind
    confirmed: int
    dismissed: int


class DecisionStatisticsOut(ApiModel):
    """The decisions on a subject's flags, by flag type."""

    kinds: list[DecisionCountsOut]


class FlagFiguresOut(ApiModel):
    """How the flags of a kind were decided, in sessions of one subject and rules profile."""

    kind: FindingKind
    subject_id: str
    profile: str
    confirmed: int
    dismissed: int
    undecided: int
    sessions: int
    """How many different sessions they belong to."""


class WithoutFlagOut(ApiModel):
    """Violations that people saw and no flag pointed to."""

    subject_id: str
    violations: int


class RoomFiguresOut(ApiModel):
    """What a room's record says about its flags. It cannot say what was missed."""

    room_id: str
    flags: list[FlagFiguresOut]
    without_flag: list[WithoutFlagOut]
