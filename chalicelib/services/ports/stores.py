"""Where exams, sessions and messages are kept."""

from collections.abc import Iterable
from typing import Protocol

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.exams.exams import Candidate, Exam, Room, Staff
from chalicelib.domain.exams.papers import Answer, Paper
from chalicelib.domain.messaging.calls import Calls, Signal
from chalicelib.domain.messaging.chats import Chat, ChatMessage, Side
from chalicelib.domain.messaging.danmaku import DanmakuWarning
from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.review.access_log import AccessLogHead
from chalicelib.domain.review.evidence import Evidence
from chalicelib.domain.review.reviews import Review
from chalicelib.domain.rules.device_checks import CheckResults
from chalicelib.domain.rules.findings import FindingKind, Observation
from chalicelib.domain.rules.sign_in_throttling import FailedAttempts, ThrottleKey
from chalicelib.domain.sessions.attempts import CurrentAttempt
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import Millis, SittingKind
from chalicelib.services.ports.records import (
    CandidatePage,
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
    """What admins set up. Reads raise NotFound."""

    def exam(self, exam_id: str) -> Exam:
        """Return an exam as it was half a minute ago at most."""
        ...

    def exam_with_subject(self, exam_id: str, subject_id: str) -> Exam:
        """Return an exam, read afresh where the one in memory does not have that subject."""
        ...

    def fresh_exam(self, exam_id: str) -> Exam:
        """Return an exam as it is, to be changed."""
        ...

    def exams(self) -> list[Exam]: ...
    def paper(self, subject_id: str, kind: SittingKind) -> Paper: ...
    def candidate(self, candidate_id: str) -> Candidate: ...
    def candidate_by_number(self, exam_id: str, number: str) -> Candidate: ...
    def candidates(self, exam_id: str, *, after: str, limit: int) -> CandidatePage:
        """Return the next candidates in the order of their admission numbers."""
        ...

    def audit(self, owner_id: str) -> list[AuditEntry]:
        """Return the audit chain of an exam or a candidate."""
        ...

    def room(self, room_id: str) -> Room: ...
    def rooms(self) -> list[Room]: ...
    def staff(self, username: str) -> Staff: ...
    def put_exam(self, exam: Exam, *entries: AuditEntry) -> None:
        """Write an exam with entries of its audit chain.

        Version 1 is written over whatever is there; any later one raises Conflict unless it
        follows the one that is there.
        """
        ...

    def put_paper(self, paper: Paper) -> None: ...
    def put_candidate(self, candidate: Candidate, *entries: AuditEntry) -> None:
        """Write a candidate, to be found by either number alone, with entries of the audit chain.

        Raises Conflict unless the version follows the one that is there (1 where there is none),
        and where a number is another candidate's. A number that was changed leads nowhere.
        """
        ...

    def put_room(self, room: Room) -> None: ...
    def put_staff(self, staff: Staff) -> None: ...
    def count_decision(
        self, subject_id: str, kinds: Iterable[FindingKind], *, confirmed: bool
    ) -> None:
        """Count a decision for each kind of an event: a violation, or none."""
        ...

    def decision_counts(self, subject_id: str) -> dict[FindingKind, DecisionCounts]:
        """Return how often each kind was decided on in a subject."""
        ...


class SessionStore(Protocol):
    """What happens in an exam. Reads of one thing raise NotFound; writes raise Conflict."""

    def session(self, session_id: str) -> Session: ...
    def bundle(self, session_id: str) -> SessionBundle: ...
    def check_results(self, session_id: str) -> CheckResults:
        """Return the device checks; before any was made, none under version 0."""
        ...

    def commit(self, *records: Record) -> None:
        """Write all records or none. Raises Conflict, with the records whose condition failed."""
        ...

    def save_answer(self, answer: Answer, generation: int) -> None:
        """Save an answer, if the session is answering on the device of that generation, and the
        answer is newer than the saved one, by no more than MAX_SEQUENCE_STEP.

        Raises WrongState, OtherDevice, StaleAnswer or SequenceTooHigh; the very same answer again
        is no error.
        """
        ...

    def answers(self, session_id: str) -> list[Answer]: ...
    def flags(self, session_id: str) -> list[Flag]: ...
    def observations(
        self, session_id: str, *, limit: int, before: str | None = None
    ) -> list[Observation]:
        """Return the newest first, or the newest before a capture's id."""
        ...

    def observations_of(self, session_id: str, ids: Iterable[str]) -> list[Observation]: ...
    def audit(self, session_id: str) -> list[AuditEntry]: ...
    def evidence(self, session_id: str) -> list[Evidence]: ...
    def reviews(self, session_id: str) -> list[Review]: ...
    def access_log_head(self, topic: str) -> AccessLogHead:
        """Return the end of a chain of looks; of one that was never begun, its beginning."""
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
        """Return what was written of a session's devices. Raises NotFound before that."""
        ...

    def join_code(self, code: str, now: Millis) -> JoinCode:
        """Return a code, unused. Raises NotFound where there is none, or it is used or over."""
        ...

    def consume_code(self, code: str, now: Millis) -> JoinCode:
        """Use a code up. Raises NotFound where there is none, or it is used or over."""
        ...

    def consume_nonce(self, nonce: str, now: Millis) -> Nonce:
        """Use a nonce up. Raises NotFound where there is none, or it is used or over."""
        ...

    def session_with_attempts(
        self, session_id: str, keys: Iterable[ThrottleKey]
    ) -> tuple[SessionBundle | None, dict[str, FailedAttempts]]:
        """Return a session, if there is one, and the tries at each door by its name; one call."""
        ...

    def sitting_with_attempts(
        self, sitting_id: str, keys: Iterable[ThrottleKey]
    ) -> SittingRecords:
        """Return a sitting's current attempt and the failed attempts of each key.

        One call; two where the current attempt is not the first.
        """
        ...

    def count_failure(self, key: ThrottleKey, now: Millis) -> FailedAttempts:
        """Count a failure at a door, beginning anew after `forget`. Returns the count after it."""
        ...

    def due_sessions(self, now: Millis) -> list[str]:
        """Return the ids of the sessions that the clock should look at."""
        ...


class MessageStore(Protocol):
    """What is said between candidates and staff, to be read; `Sessions.commit` writes it."""

    def warnings(self, session_id: str) -> list[DanmakuWarning]:
        """Return the earliest first."""
        ...

    def warning(self, session_id: str, warning_id: str) -> DanmakuWarning:
        """Return a warning. Raises NotFound."""
        ...

    def calls(self, session_id: str) -> Calls | None: ...
    def signals(self, session_id: str, call_id: str, to: Side) -> list[Signal]: ...
    def chat(self, session_id: str, room_id: str) -> Chat | None: ...
    def chat_messages(self, session_id: str) -> list[ChatMessage]: ...
    def chats(self, exam_id: str, room_id: str | None) -> list[Chat]:
        """Return the chats of an exam, or of one of its rooms, that are not settled."""
        ...
