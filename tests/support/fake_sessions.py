"""Session and message stores in memory, with the same conditions as those in DynamoDB."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.errors import Conflict, NotFound, WrongState
from chalicelib.domain.exams.papers import (
    MAX_SEQUENCE_STEP,
    Answer,
    AnswerProgress,
    SequenceTooHigh,
    StaleAnswer,
)
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.messaging.calls import Calls, Signal
from chalicelib.domain.messaging.chats import Chat, ChatMessage, Side
from chalicelib.domain.messaging.danmaku import DanmakuWarning
from chalicelib.domain.monitoring.claims import Claim
from chalicelib.domain.monitoring.monitor_state import Flag, MonitorState
from chalicelib.domain.recording.recording_log import RecordingLogHead, SegmentEntry
from chalicelib.domain.recording.recording_plans import RecordingDevice, RecordingPlan
from chalicelib.domain.recording.segments import Segment
from chalicelib.domain.review.access_log import AccessEntry, AccessLogHead
from chalicelib.domain.review.deletion import DeletionReceipt, RetentionPlan
from chalicelib.domain.review.evidence import Evidence
from chalicelib.domain.review.reviews import Review, ReviewedFlag
from chalicelib.domain.rules.device_changes import Origin, is_news
from chalicelib.domain.rules.device_checks import CheckResults
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.rules.sign_in_throttling import FailedAttempts, ThrottleKey
from chalicelib.domain.sessions.attempts import CurrentAttempt
from chalicelib.domain.sessions.session_clock import takes_answers
from chalicelib.domain.sessions.sessions import Session, require_current_device
from chalicelib.domain.types import Millis
from chalicelib.services.ports import (
    VERSIONED,
    AttemptReset,
    EndedSockets,
    JoinCode,
    NewOrigin,
    Nonce,
    Record,
    RoomReviews,
    SessionBundle,
    SittingRecords,
    StaffAct,
)
from tests.support.stored_form import require_storable

type Key = tuple[type, str, str]


class FakeSessionStore:
    """Implements the port `SessionStore`.

    `calls` lists the names of the methods called; `before_commit` holds functions, each run once
    before a commit, to simulate concurrent writes: another tab, another device, the schedule.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.before_commit: list[Callable[[], object]] = []
        self._records: dict[Key, Record | Answer] = {}
        self._attempts: dict[str, FailedAttempts] = {}
        self._claims: dict[str, Claim] = {}
        self._lock = threading.Lock()

    def stored_records(self, session_id: str) -> dict[Key, Record | Answer]:
        """Return all records of a session, to compare before and after."""
        return {key: record for key, record in self._records.items() if session_id in key}

    def ended_sockets(self) -> list[str]:
        """Return the ids of the connections that are to be closed."""
        return [
            connection.connection_id
            for record in self._records.values()
            if isinstance(record, EndedSockets)
            for connection in record.connections
        ]

    def session(self, session_id: str) -> Session:
        self.calls.append("session")
        return self._get(Session, session_id)

    def bundle(self, session_id: str) -> SessionBundle:
        self.calls.append("bundle")
        return self._bundle(session_id)

    def _bundle(self, session_id: str) -> SessionBundle:
        return SessionBundle(
            self._get(Session, session_id),
            self._get(AnswerProgress, session_id),
            self._get(MonitorState, session_id),
            self._get(IdentityCheck, session_id),
            self._cameras(session_id),
        )

    def _cameras(self, session_id: str) -> CameraStatus:
        cameras = self._records.get((CameraStatus, session_id, ""))
        if isinstance(cameras, CameraStatus):
            return cameras
        return CameraStatus(session_id, self._get(Session, session_id).room_id)

    def bundle_with_observation(
        self, session_id: str, capture_id: str
    ) -> tuple[SessionBundle, Observation | None]:
        self.calls.append("bundle_with_observation")
        stored = self._records.get((Observation, session_id, capture_id))
        return self._bundle(session_id), stored if isinstance(stored, Observation) else None

    def claim(self, claim: Claim) -> Claim:
        self.calls.append("claim")
        with self._lock:
            return self._claims.setdefault(claim.name, claim)

    def check_results(self, session_id: str) -> CheckResults:
        self.calls.append("check_results")
        results = self._records.get((CheckResults, session_id, ""))
        return results if isinstance(results, CheckResults) else CheckResults(session_id)

    def commit(self, *records: Record) -> None:
        if self.before_commit:
            self.before_commit.pop(0)()
        self.calls.append("commit")
        keys = [_key(record) for record in records]
        if len(set(keys)) < len(keys) or not keys:
            raise ValueError("a transaction writes at least one item, and each item once")
        require_storable(*records)
        with self._lock:
            failed = tuple(record for record in records if not self._may_write(record))
            if failed:
                conflict = Conflict()
                conflict.records = failed
                raise conflict
            for record in records:
                if isinstance(record, AttemptReset):
                    self._attempts[record.attempts.key_name] = FailedAttempts(
                        record.attempts.key_name, 0, record.at
                    )
                else:
                    self._records[_key(record)] = record

    def _may_write(self, record: Record) -> bool:
        stored = self._records.get(_key(record))
        if isinstance(record, Flag):
            return True
        if isinstance(record, AttemptReset):
            attempts = record.attempts
            return self._attempts.get(attempts.key_name, attempts).failures == attempts.failures
        version: int = getattr(record, "version", 1) if isinstance(record, VERSIONED) else 1
        stored_version: int = getattr(stored, "version", 0)
        return stored is None if version == 1 else stored_version == version - 1

    def save_answer(self, answer: Answer, generation: int, origin: Origin | None = None) -> None:
        self.calls.append("save_answer")
        require_storable(answer)
        with self._lock:
            session = self._records.get((Session, answer.session_id, ""))
            if not isinstance(session, Session):
                raise WrongState
            require_current_device(session, generation)
            if not takes_answers(session, answer.saved_at):
                raise WrongState
            if origin is not None and is_news(session.origins, origin):
                raise NewOrigin(session)
            stored = self._records.get(_key(answer))
            if isinstance(stored, Answer) and stored.sequence >= answer.sequence:
                if (stored.sequence, stored.value) != (answer.sequence, answer.value):
                    raise StaleAnswer
                return
            known = stored.sequence if isinstance(stored, Answer) else 0
            if answer.sequence > known + MAX_SEQUENCE_STEP:
                raise SequenceTooHigh
            progress = self._get(AnswerProgress, answer.session_id)
            answered = progress.answered - {answer.question_id}
            if answer.value:
                answered |= {answer.question_id}
            self._records[_key(progress)] = replace(
                progress, version=progress.version + 1, answered=answered, saved_at=answer.saved_at
            )
            self._records[_key(answer)] = answer

    def answers(self, session_id: str) -> list[Answer]:
        self.calls.append("answers")
        return self._all(Answer, session_id)

    def flags(self, session_id: str) -> list[Flag]:
        self.calls.append("flags")
        return self._all(Flag, session_id)

    def observations(
        self, session_id: str, *, limit: int, before: str | None = None
    ) -> list[Observation]:
        self.calls.append("observations")
        newest_first = self._all(Observation, session_id)[::-1]
        return [
            observation
            for observation in newest_first
            if before is None or observation.capture_id < before
        ][:limit]

    def observations_of(self, session_id: str, ids: Iterable[str]) -> list[Observation]:
        self.calls.append("observations_of")
        capture_ids = set(ids)
        return [
            observation
            for observation in self._all(Observation, session_id)
            if observation.capture_id in capture_ids
        ]

    def audit(self, session_id: str) -> list[AuditEntry]:
        self.calls.append("audit")
        return self._all(AuditEntry, session_id)

    def evidence(self, session_id: str) -> list[Evidence]:
        self.calls.append("evidence")
        return self._all(Evidence, session_id)

    def reviews(self, session_id: str) -> list[Review]:
        self.calls.append("reviews")
        return self._all(Review, session_id)

    def access_log_head(self, topic: str) -> AccessLogHead:
        self.calls.append("access_log_head")
        head = self._records.get((AccessLogHead, topic, ""))
        return head if isinstance(head, AccessLogHead) else AccessLogHead(topic)

    def access_entries(self, topic: str) -> list[AuditEntry]:
        self.calls.append("access_entries")
        return [update.entry for update in self._all(AccessEntry, topic)]

    def room_reviews(self, room_id: str) -> RoomReviews:
        self.calls.append("room_reviews")
        records = [self._records[key] for key in sorted(self._records, key=lambda key: key[1:])]
        return RoomReviews(
            [flag for flag in records if isinstance(flag, Flag) and flag.room_id == room_id],
            [
                review
                for review in records
                if isinstance(review, Review) and review.room_id == room_id
            ],
            [
                reviewed
                for reviewed in records
                if isinstance(reviewed, ReviewedFlag) and reviewed.room_id == room_id
            ],
        )

    def in_room(self, room_id: str) -> list[SessionBundle]:
        self.calls.append("in_room")
        return [
            self._bundle(record.session_id)
            for record in list(self._records.values())
            if isinstance(record, Session) and record.room_id == room_id
        ]

    def cameras(self, session_id: str) -> CameraStatus:
        self.calls.append("cameras")
        cameras = self._cameras(session_id)
        if cameras.version == 0:
            raise NotFound
        return cameras

    def join_code(self, code: str) -> JoinCode:
        self.calls.append("join_code")
        join_code = self._records.get((JoinCode, code, ""))
        if not isinstance(join_code, JoinCode):
            raise NotFound
        return join_code

    def consume_nonce(self, nonce: str, now: Millis) -> Nonce:
        self.calls.append("consume_nonce")
        with self._lock:
            record = self._records.pop((Nonce, nonce, ""), None)
        if not isinstance(record, Nonce) or record.expires_at <= now:
            raise NotFound
        return record

    def session_with_attempts(
        self, session_id: str, keys: Iterable[ThrottleKey]
    ) -> tuple[SessionBundle | None, dict[str, FailedAttempts]]:
        self.calls.append("session_with_attempts")
        attempts = {
            key.name: self._attempts.get(key.name, FailedAttempts(key.name)) for key in keys
        }
        exists = (Session, session_id, "") in self._records
        return (self._bundle(session_id) if exists else None), attempts

    def sitting_with_attempts(self, sitting_id: str, keys: Iterable[ThrottleKey]) -> SittingRecords:
        self.calls.append("sitting_with_attempts")
        current = self._current_attempt(sitting_id)
        if current.attempt > 1:
            self.calls.append("sitting_with_attempts")
        exists = (Session, current.session_id, "") in self._records
        calls = self._records.get((Calls, current.session_id, ""))
        return SittingRecords(
            current=current,
            bundle=self._bundle(current.session_id) if exists else None,
            calls=calls if isinstance(calls, Calls) else None,
            attempts={
                key.name: self._attempts.get(key.name, FailedAttempts(key.name)) for key in keys
            },
        )

    def current_attempt(self, sitting_id: str) -> CurrentAttempt:
        self.calls.append("current_attempt")
        return self._current_attempt(sitting_id)

    def _current_attempt(self, sitting_id: str) -> CurrentAttempt:
        record = self._records.get((CurrentAttempt, sitting_id, ""))
        return record if isinstance(record, CurrentAttempt) else CurrentAttempt(sitting_id)

    def sessions(self, session_ids: Iterable[str]) -> list[Session]:
        self.calls.append("sessions")
        found = (self._records.get((Session, session_id, "")) for session_id in session_ids)
        return [record for record in found if isinstance(record, Session)]

    def current_sessions(self, sitting_ids: Iterable[str]) -> list[Session]:
        self.calls.append("current_sessions")
        current = (self._current_attempt(sitting_id).session_id for sitting_id in sitting_ids)
        found = (self._records.get((Session, session_id, "")) for session_id in current)
        return [record for record in found if isinstance(record, Session)]

    def carry_answers(self, answers: Iterable[Answer]) -> None:
        self.calls.append("carry_answers")
        for answer in answers:
            self._records.setdefault(_key(answer), answer)

    def staff_act(self, session_id: str, act_id: str) -> StaffAct | None:
        self.calls.append("staff_act")
        record = self._records.get((StaffAct, session_id, act_id))
        return record if isinstance(record, StaffAct) else None

    def count_failure(self, key: ThrottleKey, now: Millis) -> FailedAttempts:
        self.calls.append("count_failure")
        with self._lock:
            stored = self._attempts.get(key.name, FailedAttempts(key.name))
            failures = stored.failures if stored.last_at > now - key.policy.forget_after else 0
            self._attempts[key.name] = FailedAttempts(key.name, failures + 1, now)
            return self._attempts[key.name]

    def due_sessions(self, now: Millis) -> list[str]:
        self.calls.append("due_sessions")
        wakeups = (
            (key[1], record.wake_at)
            for key, record in self._records.items()
            if isinstance(record, Session | MonitorState | Calls | RecordingLogHead)
        )
        return sorted(
            {
                session_id
                for session_id, wake_at in wakeups
                if wake_at is not None and wake_at <= now
            }
        )

    def segments(self, session_id: str, *, limit: int, before: str | None = None) -> list[Segment]:
        self.calls.append("segments")
        newest_first = self._all(Segment, session_id)[::-1]
        return [
            segment for segment in newest_first if before is None or segment.segment_id < before
        ][:limit]

    def segments_of(self, session_id: str, ids: Iterable[str]) -> list[Segment]:
        self.calls.append("segments_of")
        segment_ids = set(ids)
        return [
            segment
            for segment in self._all(Segment, session_id)
            if segment.segment_id in segment_ids
        ]

    def delete_segments(self, session_id: str, ids: Iterable[str]) -> None:
        self.calls.append("delete_segments")
        for segment_id in ids:
            self._records.pop((Segment, session_id, segment_id), None)

    def recording_log_head(self, session_id: str) -> RecordingLogHead:
        self.calls.append("recording_log_head")
        head = self._records.get((RecordingLogHead, session_id, ""))
        return head if isinstance(head, RecordingLogHead) else RecordingLogHead(session_id)

    def segment_entries(self, session_id: str) -> list[AuditEntry]:
        self.calls.append("segment_entries")
        return [logged.entry for logged in self._all(SegmentEntry, session_id)]

    def recording_plan(self, session_id: str, device: RecordingDevice) -> RecordingPlan:
        self.calls.append("recording_plan")
        plan = self._records.get((RecordingPlan, session_id, device))
        return plan if isinstance(plan, RecordingPlan) else RecordingPlan(session_id, device)

    def retention_plan(self, session_id: str) -> RetentionPlan:
        self.calls.append("retention_plan")
        plan = self._records.get((RetentionPlan, session_id, ""))
        if not isinstance(plan, RetentionPlan):
            raise NotFound
        return plan

    def deletion_receipts(self, session_id: str) -> list[DeletionReceipt]:
        self.calls.append("deletion_receipts")
        return self.records_of(DeletionReceipt, session_id)

    def delete_observations(self, session_id: str, ids: Iterable[str]) -> None:
        self.calls.append("delete_observations")
        for capture_id in ids:
            self._records.pop((Observation, session_id, capture_id), None)

    def due_retention(self, shard: int, now: Millis, limit: int) -> list[str]:
        self.calls.append("due_retention")
        plans = sorted(
            (record.wake_at, record.session_id)
            for record in self._records.values()
            if isinstance(record, RetentionPlan)
            and record.wake_at is not None
            and record.session_id[0] == "0123456789abcdef"[shard]
        )
        return [session_id for wake_at, session_id in plans if wake_at <= now][:limit]

    def records_of[T](self, kind: type[T], session_id: str | None) -> list[T]:
        """Return all records of a type, of one session or of all, in the order of their keys."""
        items = sorted(
            (
                (key[1:], record)
                for key, record in list(self._records.items())
                if isinstance(record, kind) and session_id in {None, key[1]}
            ),
            key=lambda item: item[0],
        )
        return [record for _, record in items]

    def _get[T: (Session, AnswerProgress, MonitorState, IdentityCheck)](
        self, kind: type[T], session_id: str
    ) -> T:
        record = self._records.get((kind, session_id, ""))
        if not isinstance(record, kind):
            raise NotFound
        return record

    def _all[T](self, kind: type[T], session_id: str) -> list[T]:
        if not session_id:
            raise ValueError("a query names its partition")  # DynamoDB refuses it too
        return self.records_of(kind, session_id)


class FakeMessageStore:
    """Implements the port `MessageStore`, over the records of a session store."""

    def __init__(self, sessions: FakeSessionStore) -> None:
        self._sessions = sessions

    def warnings(self, session_id: str) -> list[DanmakuWarning]:
        warnings = self._all(DanmakuWarning, session_id)
        return sorted(warnings, key=lambda warning: (warning.sent_at, warning.warning_id))

    def warning(self, session_id: str, warning_id: str) -> DanmakuWarning:
        for warning in self._all(DanmakuWarning, session_id):
            if warning.warning_id == warning_id:
                return warning
        raise NotFound

    def calls(self, session_id: str) -> Calls | None:
        return next(iter(self._all(Calls, session_id)), None)

    def signals(self, session_id: str, call_id: str, to: Side) -> list[Signal]:
        signals = [
            signal
            for signal in self._all(Signal, session_id)
            if signal.call_id == call_id and signal.to is to
        ]
        return sorted(signals, key=lambda signal: (signal.sent_at, signal.number))

    def chat(self, session_id: str, room_id: str) -> Chat | None:
        chats = self._all(Chat, session_id)
        return next((chat for chat in chats if chat.room_id == room_id), None)

    def chat_messages(self, session_id: str) -> list[ChatMessage]:
        return self._all(ChatMessage, session_id)

    def chats(self, exam_id: str, room_id: str | None) -> list[Chat]:
        return [
            chat
            for chat in self._all(Chat, None)
            if chat.exam_id == exam_id and room_id in {None, chat.room_id} and not chat.done
        ]

    def _all[T](self, kind: type[T], session_id: str | None) -> list[T]:
        return self._sessions.records_of(kind, session_id)


# The identifying field of records of which a session may have several.
_ID_FIELDS: dict[type, str] = {
    Answer: "question_id",
    DanmakuWarning: "warning_id",
    Evidence: "evidence_id",
    Flag: "flag_id",
    ReviewedFlag: "flag_id",
    Observation: "capture_id",
    RecordingPlan: "device",
    Review: "review_id",
    Segment: "segment_id",
    StaffAct: "act_id",
}


def _key(record: Record | Answer) -> Key:
    """Return the key of a record: its type, its session or owner, and its id among several."""
    kind = type(record)
    match record:
        case JoinCode(name) | Nonce(name) | AttemptReset(FailedAttempts(name)):
            return kind, name, ""
        case (
            AccessLogHead(name) | CurrentAttempt(name) | EndedSockets(name) | RecordingLogHead(name)
        ):
            return kind, name, ""
        case AccessEntry() | SegmentEntry():
            return kind, record.entry.session_id, f"{record.entry.number:06d}"
        case AuditEntry() | ChatMessage() | DeletionReceipt():
            return kind, record.session_id, f"{record.number:06d}"
        case Signal():
            step = f"{record.peer}#{record.number:03d}"
            return kind, record.session_id, f"{record.call_id}#{record.to}#{step}"
        case _:
            field = _ID_FIELDS.get(type(record))
            return kind, record.session_id, getattr(record, field) if field else ""
