"""Stores of exams, sessions and messages."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.exams.exams import Candidate, Exam, Room, Staff
from chalicelib.domain.exams.papers import Answer, Paper
from chalicelib.domain.messaging.calls import Calls, Signal
from chalicelib.domain.messaging.chats import Chat, ChatMessage, Side
from chalicelib.domain.messaging.danmaku import DanmakuWarning
from chalicelib.domain.monitoring.claims import Claim
from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.recording.recording_log import RecordingLogHead
from chalicelib.domain.recording.recording_plans import RecordingDevice, RecordingPlan
from chalicelib.domain.recording.segments import Segment
from chalicelib.domain.review.access_log import AccessLogHead
from chalicelib.domain.review.deletion import DeletionReceipt, RetentionPlan
from chalicelib.domain.review.evidence import Evidence
from chalicelib.domain.review.reviews import Review
from chalicelib.domain.rules.device_changes import Origin
from chalicelib.domain.rules.device_checks import CheckResults
from chalicelib.domain.rules.findings import FindingKind, Observation
from chalicelib.domain.rules.sign_in_throttling import FailedAttempts, ThrottleKey
from chalicelib.domain.sessions.attempts import CurrentAttempt
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import Millis, SittingKind
from chalicelib.services.ports.records import (
    CandidatePage,
    CandidateWrite,
    DecisionCounts,
    JoinCode,
    Nonce,
    Record,
    RoomReviews,
    SessionBundle,
    SittingRecords,
    StaffAct,
)


class ExamRegistry(Protocol):
    """What administrators set up. Reads raise NotFound."""

    def exam(self, exam_id: str) -> Exam:
        """Return an exam from the cache, at most half a minute old."""
        ...

    def exam_with_subject(self, exam_id: str, subject_id: str) -> Exam:
        """Return an exam from the cache, or read it where the cached exam lacks that subject."""
        ...

    def fresh_exam(self, exam_id: str) -> Exam:
        """Read an exam, to be changed."""
        ...

    def exams(self) -> list[Exam]: ...
    def paper(self, subject_id: str, kind: SittingKind) -> Paper: ...
    def candidate(self, candidate_id: str) -> Candidate: ...
    def candidate_by_number(self, exam_id: str, number: str) -> Candidate: ...
    def exam_and_candidate(self, exam_id: str, number: str) -> tuple[Exam | None, Candidate | None]:
        """Read an exam and the candidate with a normalized number, as they are now; one call."""
        ...

    def candidates_by_numbers(self, exam_id: str, numbers: Iterable[str]) -> dict[str, Candidate]:
        """Return the candidates who hold normalized numbers, by number; a hundred a call."""
        ...

    def candidates(self, exam_id: str, *, after: str, limit: int) -> CandidatePage:
        """Return a page of candidates, ordered by admission number."""
        ...

    def audit(self, owner_id: str) -> list[AuditEntry]:
        """Return the audit chain of an exam or a candidate."""
        ...

    def room(self, room_id: str) -> Room: ...
    def rooms(self) -> list[Room]: ...
    def staff(self, username: str) -> Staff: ...
    def recent_staff(self, username: str) -> Staff:
        """Return a staff member from the cache, at most half a minute old."""
        ...

    def all_staff(self) -> list[Staff]: ...
    def put_exam(self, exam: Exam, *entries: AuditEntry) -> None:
        """Write an exam with entries of its audit chain.

        Version 1 overwrites; any later version raises Conflict unless it follows the stored one.
        """
        ...

    def put_paper(self, paper: Paper) -> None: ...
    def put_candidate(self, candidate: Candidate, *entries: AuditEntry) -> None:
        """Write a candidate, indexed by both numbers, with entries of the audit chain.

        Raises Conflict unless the version follows the stored one (1 where there is none), and
        where a number is another candidate's. The entries of changed numbers are deleted.
        """
        ...

    def put_candidates(self, writes: Sequence[CandidateWrite]) -> None:
        """Write several candidates, all or none; numbers may change hands among them.

        Raises Conflict as `put_candidate` does. At most ten, by the size of a transaction.
        """
        ...

    def put_room(self, room: Room) -> None: ...
    def put_staff(self, staff: Staff, *entries: AuditEntry) -> None:
        """Write a staff member with entries of the account's audit chain.

        Version 1 overwrites; any later version raises Conflict unless it follows the stored one.
        """
        ...

    def count_decision(
        self, subject_id: str, kinds: Iterable[FindingKind], *, confirmed: bool
    ) -> None:
        """Count a review's decision for each kind of flag in its incident."""
        ...

    def decision_counts(self, subject_id: str) -> dict[FindingKind, DecisionCounts]:
        """Return how often each kind of flag was confirmed and dismissed in a subject."""
        ...


class SessionStore(Protocol):
    """What happens in an exam. Reads of one record raise NotFound; writes raise Conflict."""

    def session(self, session_id: str) -> Session: ...
    def bundle(self, session_id: str) -> SessionBundle: ...
    def bundle_with_observation(
        self, session_id: str, capture_id: str
    ) -> tuple[SessionBundle, Observation | None]:
        """Return a session and, if it is stored, the observation of a capture; one call."""
        ...

    def check_results(self, session_id: str) -> CheckResults:
        """Return the check results; without any, empty ones of version 0."""
        ...

    def commit(self, *records: Record) -> None:
        """Write all records or none. Raises Conflict, with the records whose condition failed."""
        ...

    def save_answer(self, answer: Answer, generation: int, origin: Origin | None = None) -> None:
        """Save an answer while the session is answering on the device of that generation.

        Idempotent. Raises WrongState, OtherDevice, StaleAnswer where the saved one is newer,
        SequenceTooHigh where it is more than MAX_SEQUENCE_STEP older, and NewOrigin where the
        device's `origin`, if given, is news.
        """
        ...

    def answers(self, session_id: str) -> list[Answer]: ...
    def flags(self, session_id: str) -> list[Flag]: ...
    def observations(
        self, session_id: str, *, limit: int, before: str | None = None
    ) -> list[Observation]:
        """Return the newest first, of all or of those before a capture's id."""
        ...

    def observations_of(self, session_id: str, ids: Iterable[str]) -> list[Observation]: ...
    def audit(self, session_id: str) -> list[AuditEntry]: ...
    def evidence(self, session_id: str) -> list[Evidence]: ...
    def reviews(self, session_id: str) -> list[Review]: ...
    def access_log_head(self, topic: str) -> AccessLogHead:
        """Return the end of an access log's chain; of an empty log, its beginning."""
        ...

    def access_entries(self, topic: str) -> list[AuditEntry]: ...
    def sessions(self, session_ids: Iterable[str]) -> list[Session]:
        """Return those sessions that are there, in the order given; 100 at most."""
        ...

    def current_attempt(self, sitting_id: str) -> CurrentAttempt:
        """Return which attempt of a sitting is the current one; the first, under version 0, where
        there was no other.
        """
        ...

    def current_sessions(self, sitting_ids: Iterable[str]) -> list[Session]:
        """Return the current attempts' sessions of the sittings that are there, in the order given.

        Any number of sittings, fifty a read.
        """
        ...

    def carry_answers(self, answers: Iterable[Answer]) -> None:
        """Write the answers with which an attempt begins, before its session is there. Idempotent.

        Raises Conflict.
        """
        ...

    def staff_act(self, session_id: str, act_id: str) -> StaffAct | None:
        """Return the act of that id, if it was carried out."""
        ...

    def in_room(self, room_id: str) -> list[SessionBundle]: ...
    def room_reviews(self, room_id: str) -> RoomReviews:
        """Return a room's flags and the reviews of them."""
        ...

    def cameras(self, session_id: str) -> CameraStatus:
        """Return a session's camera status. Raises NotFound until it is first written."""
        ...

    def join_code(self, code: str) -> JoinCode:
        """Return a code, also a spent or an expired one. Raises NotFound."""
        ...

    def claim(self, claim: Claim) -> Claim:
        """Write a claim unless its name is taken. Returns the holder's, or the same again."""
        ...

    def consume_nonce(self, nonce: str, now: Millis) -> Nonce:
        """Delete a nonce and return it. Raises NotFound where it is not valid any more."""
        ...

    def session_with_attempts(
        self, session_id: str, keys: Iterable[ThrottleKey]
    ) -> tuple[SessionBundle | None, dict[str, FailedAttempts]]:
        """Return a session, if there is one, and the failed attempts by key name; one call."""
        ...

    def sitting_with_attempts(self, sitting_id: str, keys: Iterable[ThrottleKey]) -> SittingRecords:
        """Return a sitting's current attempt and the failed attempts of each key.

        One call; two where the current attempt is not the first.
        """
        ...

    def count_failure(self, key: ThrottleKey, now: Millis) -> FailedAttempts:
        """Count a failure; the count restarts after the policy's time. Returns the new count."""
        ...

    def segments(self, session_id: str, *, limit: int, before: str | None = None) -> list[Segment]:
        """Return the newest first, of all tracks, or those before a segment's id or a moment."""
        ...

    def segments_of(self, session_id: str, ids: Iterable[str]) -> list[Segment]:
        """Return the segments of these ids that are there, in their order; 100 at most."""
        ...

    def delete_segments(self, session_id: str, ids: Iterable[str]) -> None:
        """Delete the records of segments, those that are there."""
        ...

    def recording_log_head(self, session_id: str) -> RecordingLogHead:
        """Return the end of a session's recording chain; of an empty one, its beginning."""
        ...

    def segment_entries(self, session_id: str) -> list[AuditEntry]:
        """Return a session's recording chain."""
        ...

    def recording_plan(self, session_id: str, device: RecordingDevice) -> RecordingPlan:
        """Return what a device has planned; of version 0 until it is first written."""
        ...

    def retention_plan(self, session_id: str) -> RetentionPlan: ...
    def deletion_receipts(self, session_id: str) -> list[DeletionReceipt]: ...
    def delete_observations(self, session_id: str, ids: Iterable[str]) -> None:
        """Delete the observations of captures, those that are there."""
        ...

    def due_retention(self, shard: int, now: Millis, limit: int) -> list[str]:
        """Return the ids of sessions of one of the 16 shards whose retention plan is due."""
        ...

    def due_sessions(self, now: Millis) -> list[str]:
        """Return the ids of the sessions whose wake-up time has passed."""
        ...


class MessageStore(Protocol):
    """Reads of what candidates and staff send each other; `SessionStore.commit` writes it."""

    def warnings(self, session_id: str) -> list[DanmakuWarning]:
        """Return a session's warnings, the earliest first."""
        ...

    def warning(self, session_id: str, warning_id: str) -> DanmakuWarning:
        """Return a warning. Raises NotFound."""
        ...

    def calls(self, session_id: str) -> Calls | None: ...
    def signals(self, session_id: str, call_id: str, to: Side) -> list[Signal]: ...
    def chat(self, session_id: str, room_id: str) -> Chat | None: ...
    def chat_messages(self, session_id: str) -> list[ChatMessage]: ...
    def chats(self, exam_id: str, room_id: str | None) -> list[Chat]:
        """Return the open chats of an exam, or of one of its rooms."""
        ...
