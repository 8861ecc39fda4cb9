"""Records that a session store writes in one transaction, and what it reads together."""

from dataclasses import dataclass
from typing import get_args

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.exams.papers import AnswerProgress
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.messaging.calls import Calls, Signal
from chalicelib.domain.messaging.chats import Chat, ChatMessage
from chalicelib.domain.messaging.danmaku import DanmakuWarning
from chalicelib.domain.monitoring.monitor_state import Flag, MonitorState
from chalicelib.domain.recording.recording_log import RecordingLogHead, SegmentEntry
from chalicelib.domain.recording.recording_plans import RecordingPlan
from chalicelib.domain.recording.segments import Segment
from chalicelib.domain.review.access_log import AccessEntry, AccessLogHead
from chalicelib.domain.review.deletion import DeletionReceipt, RetentionPlan
from chalicelib.domain.review.evidence import Evidence
from chalicelib.domain.review.reviews import Review, ReviewedFlag
from chalicelib.domain.rules.device_checks import CheckResults
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.rules.sign_in_throttling import FailedAttempts
from chalicelib.domain.sessions.attempts import CurrentAttempt
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import Millis
from chalicelib.services.ports.sockets import Connection


@dataclass(frozen=True, slots=True)
class JoinCode:
    """A one-time code by which a phone joins a session; `attempts` counts how often it was tried.

    A spent one stays until it expires: whoever tries it again is told so.
    """

    code: str
    session_id: str
    expires_at: Millis
    version: int = 1
    attempts: int = 0
    spent: bool = False


class NewOrigin(Exception):
    """A session's device calls from where it was never seen."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.session_id)
        self.session = session


@dataclass(frozen=True, slots=True)
class Nonce:
    """A number that can be used once: in a proof of Safe Exam Browser, or as a used staff code."""

    nonce: str
    session_id: str
    expires_at: Millis


@dataclass(frozen=True, slots=True)
class AttemptReset:
    """Resets the failures of a throttling key, on condition that they are the `attempts` read."""

    attempts: FailedAttempts
    at: Millis


@dataclass(frozen=True, slots=True)
class StaffAct:
    """That an act of staff was carried out, by the id that its client gave it; written once."""

    session_id: str
    act_id: str
    by: str
    action: str
    at: Millis
    result: str = ""
    """What it made, where a repeat has to find it again."""


@dataclass(frozen=True, slots=True)
class EndedSockets:
    """Sockets whose sign-in has ended; whoever publishes changes closes them."""

    ended_id: str
    connections: tuple[Connection, ...]
    expires_at: Millis


type Versioned = (
    Session
    | CurrentAttempt
    | AnswerProgress
    | MonitorState
    | IdentityCheck
    | CameraStatus
    | CheckResults
    | Evidence
    | Review
    | AccessLogHead
    | DanmakuWarning
    | Calls
    | Chat
    | JoinCode
    | RetentionPlan
    | RecordingLogHead
    | RecordingPlan
)  # fmt: skip
"""Records written on condition that the stored version precedes their own."""

VERSIONED: tuple[type, ...] = get_args(Versioned.__value__)

type Record = (
    Versioned
    | Flag
    | Observation
    | AuditEntry
    | ReviewedFlag
    | StaffAct
    | AccessEntry
    | DeletionReceipt
    | Segment
    | SegmentEntry
    | Signal
    | ChatMessage
    | Nonce
    | AttemptReset
    | EndedSockets
)  # fmt: skip
"""What `SessionStore.commit` writes. Records without a version are created, never overwritten. The
exceptions are flags, which the monitor state written with them guards, and attempt resets, whose
condition is the count of failures."""


@dataclass(frozen=True, slots=True)
class SessionBundle:
    """A session with everything but its answers, observations, flags and audit chain."""

    session: Session
    progress: AnswerProgress
    monitor: MonitorState
    identity: IdentityCheck
    cameras: CameraStatus
    """Of version 0 until it is first written."""


@dataclass(frozen=True, slots=True)
class SittingRecords:
    """A sitting as signing in finds it: its current attempt, and the failed attempts to get in."""

    current: CurrentAttempt
    bundle: SessionBundle | None
    calls: Calls | None
    attempts: dict[str, FailedAttempts]
    """By the names of the throttle keys."""


@dataclass(frozen=True, slots=True)
class RoomReviews:
    """All flags of a room, the reviews of them, and which flag belongs to which review."""

    flags: list[Flag]
    reviews: list[Review]
    reviewed_flags: list[ReviewedFlag]


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """One page of a list; the next page begins after `after`, which is empty on the last."""

    candidates: tuple[Candidate, ...]
    after: str


@dataclass(frozen=True, slots=True)
class CandidateWrite:
    """A candidate to write, with entries of the audit chain."""

    candidate: Candidate
    entries: tuple[AuditEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionCounts:
    """How often reviews confirmed and dismissed a kind of flag."""

    confirmed: int = 0
    dismissed: int = 0
