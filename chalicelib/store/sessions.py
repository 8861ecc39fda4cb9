"""The sessions table: what happens in an exam."""

from collections.abc import Iterable

from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.errors import NotFound
from chalicelib.domain.exams.papers import (
    Answer,
)
from chalicelib.domain.monitoring.claims import Claim
from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.recording.recording_log import RecordingLogHead
from chalicelib.domain.recording.recording_plans import RecordingDevice, RecordingPlan
from chalicelib.domain.recording.segments import Segment
from chalicelib.domain.review.access_log import AccessEntry, AccessLogHead
from chalicelib.domain.review.deletion import DeletionReceipt, RetentionPlan
from chalicelib.domain.review.evidence import Evidence
from chalicelib.domain.review.reviews import Review, ReviewedFlag
from chalicelib.domain.rules.device_changes import Origin
from chalicelib.domain.rules.device_checks import CheckResults
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.rules.sign_in_throttling import FailedAttempts, ThrottleKey
from chalicelib.domain.sessions.attempts import CurrentAttempt
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import Millis
from chalicelib.retry import retry_on_conflict
from chalicelib.services.ports import (
    JoinCode,
    Nonce,
    Record,
    RoomReviews,
    SessionBundle,
    SittingRecords,
    StaffAct,
)
from chalicelib.store import recordings, sittings
from chalicelib.store.answers import AnswerPlace
from chalicelib.store.attempts import count_failure, failed_attempts_of
from chalicelib.store.bundles import BUNDLE_PARTS, bundle_of
from chalicelib.store.claims import put_claim
from chalicelib.store.item_mapping import (
    ACCESS_ENTRY,
    ACCESS_LOG,
    ANSWER,
    ATTEMPTS,
    AUDIT,
    CAMERAS,
    CHECK_RESULTS,
    CODE,
    EVIDENCE,
    FLAG,
    MONITOR,
    NONCE,
    OBSERVATION,
    RECEIPT,
    RETENTION,
    REVIEW,
    REVIEWED_FLAG,
    SESSION,
    condition_for,
    item_for,
    retention_shard,
)
from chalicelib.store.models import SessionItem, bind_table, load
from chalicelib.store.reading import delete_by_ids, read_by_ids, read_or_none, read_page
from chalicelib.store.transactions import (
    WriteConflict,
    put_all,
)

SHARDS = "0123456789abcdef"


class DynamoSessionStore:
    """Implements the port `SessionStore`."""

    def __init__(self, table_name: str) -> None:
        self._table = bind_table(SessionItem, table_name)
        self._connection = Connection()

    def session(self, session_id: str) -> Session:
        return load(Session, self._item(session_id, SESSION).body)

    def bundle(self, session_id: str) -> SessionBundle:
        keys = [(session_id, part) for part in (*BUNDLE_PARTS, CAMERAS)]
        items = {item.sk: item for item in self._table.batch_get(keys, consistent_read=True)}
        return bundle_of(items)

    def bundle_with_observation(
        self, session_id: str, capture_id: str
    ) -> tuple[SessionBundle, Observation | None]:
        name = OBSERVATION + capture_id
        keys = [(session_id, part) for part in (*BUNDLE_PARTS, CAMERAS, name)]
        items = {item.sk: item for item in self._table.batch_get(keys, consistent_read=True)}
        stored = items.get(name)
        return bundle_of(items), load(Observation, stored.body) if stored else None

    def claim(self, claim: Claim) -> Claim:
        return retry_on_conflict(lambda: put_claim(self._table, claim))

    def check_results(self, session_id: str) -> CheckResults:
        item = read_or_none(self._table, session_id, CHECK_RESULTS)
        return load(CheckResults, item.body) if item else CheckResults(session_id)

    def commit(self, *records: Record) -> None:
        puts = [
            (item_for(self._table, record), condition_for(self._table, record))
            for record in records
        ]
        try:
            put_all(self._connection, puts)
        except WriteConflict as conflict:
            conflict.records = tuple(records[position] for position in conflict.failed_puts)
            raise

    def save_answer(self, answer: Answer, generation: int, origin: Origin | None = None) -> None:
        place = AnswerPlace(self._table, self._connection, generation, origin)
        retry_on_conflict(lambda: place.save(answer))

    def answers(self, session_id: str) -> list[Answer]:
        return [load(Answer, item.body) for item in self._query(session_id, ANSWER)]

    def carry_answers(self, answers: Iterable[Answer]) -> None:
        sittings.carry_answers(self._table, self._connection, answers)

    def sessions(self, session_ids: Iterable[str]) -> list[Session]:
        return sittings.read_sessions(self._table, session_ids)

    def current_attempt(self, sitting_id: str) -> CurrentAttempt:
        return sittings.read_current_attempt(self._table, sitting_id)

    def current_sessions(self, sitting_ids: Iterable[str]) -> list[Session]:
        return sittings.read_current_sessions(self._table, sitting_ids)

    def sitting_with_attempts(self, sitting_id: str, keys: Iterable[ThrottleKey]) -> SittingRecords:
        return sittings.read_sitting(self._table, sitting_id, [key.name for key in keys])

    def staff_act(self, session_id: str, act_id: str) -> StaffAct | None:
        return sittings.read_staff_act(self._table, session_id, act_id)

    def flags(self, session_id: str) -> list[Flag]:
        return [load(Flag, item.body) for item in self._query(session_id, FLAG)]

    def observations(
        self, session_id: str, *, limit: int, before: str | None = None
    ) -> list[Observation]:
        items = read_page(self._table, session_id, OBSERVATION, limit, before)
        return [load(Observation, item.body) for item in items]

    def observations_of(self, session_id: str, ids: Iterable[str]) -> list[Observation]:
        items = read_by_ids(self._table, session_id, OBSERVATION, ids)
        return sorted(
            (load(Observation, item.body) for item in items),
            key=lambda observation: observation.capture_id,
        )

    def audit(self, session_id: str) -> list[AuditEntry]:
        return [load(AuditEntry, item.body) for item in self._query(session_id, AUDIT)]

    def evidence(self, session_id: str) -> list[Evidence]:
        return [load(Evidence, item.body) for item in self._query(session_id, EVIDENCE)]

    def reviews(self, session_id: str) -> list[Review]:
        return [load(Review, item.body) for item in self._query(session_id, REVIEW)]

    def access_log_head(self, topic: str) -> AccessLogHead:
        item = read_or_none(self._table, topic, ACCESS_LOG)
        return load(AccessLogHead, item.body) if item else AccessLogHead(topic)

    def access_entries(self, topic: str) -> list[AuditEntry]:
        return [load(AccessEntry, item.body).entry for item in self._query(topic, ACCESS_ENTRY)]

    def room_reviews(self, room_id: str) -> RoomReviews:
        room_reviews = RoomReviews([], [], [])
        for item in self._table.review.query(room_id):
            if item.sk.startswith(FLAG):
                room_reviews.flags.append(load(Flag, item.body))
            elif item.sk.startswith(REVIEWED_FLAG):
                room_reviews.reviewed_flags.append(load(ReviewedFlag, item.body))
            elif item.sk.startswith(REVIEW):
                room_reviews.reviews.append(load(Review, item.body))
        return room_reviews

    def in_room(self, room_id: str) -> list[SessionBundle]:
        by_session: dict[str, dict[str, SessionItem]] = {}
        for item in self._table.room.query(room_id):
            by_session.setdefault(item.pk, {})[item.sk] = item
        for item in self._table.batch_get((session_id, MONITOR) for session_id in by_session):
            by_session[item.pk][MONITOR] = item
        # The index is eventually consistent: a session that is incomplete in it is left out.
        return [
            bundle_of(items) for items in by_session.values() if items.keys() >= set(BUNDLE_PARTS)
        ]

    def cameras(self, session_id: str) -> CameraStatus:
        return load(CameraStatus, self._item(session_id, CAMERAS).body)

    def join_code(self, code: str) -> JoinCode:
        return load(JoinCode, self._item(CODE + code, CODE).body)

    def consume_nonce(self, nonce: str, now: Millis) -> Nonce:
        item = self._item(NONCE + nonce, NONCE)
        try:
            item.delete(condition=self._table.pk.exists())
        except DeleteError as error:
            raise NotFound from error
        consumed = load(Nonce, item.body)
        if consumed.expires_at <= now:
            raise NotFound
        return consumed

    def session_with_attempts(
        self, session_id: str, keys: Iterable[ThrottleKey]
    ) -> tuple[SessionBundle | None, dict[str, FailedAttempts]]:
        names = [key.name for key in keys]
        item_keys = [(session_id, part) for part in (*BUNDLE_PARTS, CAMERAS)]
        item_keys += [(ATTEMPTS + name, ATTEMPTS) for name in names]
        items = list(self._table.batch_get(item_keys, consistent_read=True))
        parts = {item.sk: item for item in items if item.pk == session_id}
        counters = {item.pk: item for item in items if item.sk == ATTEMPTS}
        attempts = {name: failed_attempts_of(name, counters.get(ATTEMPTS + name)) for name in names}
        return (bundle_of(parts) if parts else None), attempts

    def count_failure(self, key: ThrottleKey, now: Millis) -> FailedAttempts:
        return retry_on_conflict(lambda: count_failure(self._table, key, now))

    def due_sessions(self, now: Millis) -> list[str]:
        wake = self._table.wake
        session_ids = {
            item.pk for shard in SHARDS for item in wake.query(shard, self._table.wake_at <= now)
        }
        return sorted(session_ids)

    def segments(self, session_id: str, *, limit: int, before: str | None = None) -> list[Segment]:
        return recordings.read_segments(self._table, session_id, limit, before)

    def segments_of(self, session_id: str, ids: Iterable[str]) -> list[Segment]:
        return recordings.read_segments_of(self._table, session_id, ids)

    def delete_segments(self, session_id: str, ids: Iterable[str]) -> None:
        recordings.delete_segments(self._table, session_id, ids)

    def recording_log_head(self, session_id: str) -> RecordingLogHead:
        return recordings.read_log_head(self._table, session_id)

    def segment_entries(self, session_id: str) -> list[AuditEntry]:
        return recordings.read_entries(self._table, session_id)

    def recording_plan(self, session_id: str, device: RecordingDevice) -> RecordingPlan:
        return recordings.read_plan(self._table, session_id, device)

    def retention_plan(self, session_id: str) -> RetentionPlan:
        return load(RetentionPlan, self._item(session_id, RETENTION).body)

    def deletion_receipts(self, session_id: str) -> list[DeletionReceipt]:
        return [load(DeletionReceipt, item.body) for item in self._query(session_id, RECEIPT)]

    def delete_observations(self, session_id: str, ids: Iterable[str]) -> None:
        delete_by_ids(self._table, session_id, OBSERVATION, ids)

    def due_retention(self, shard: int, now: Millis, limit: int) -> list[str]:
        due = self._table.wake.query(
            retention_shard(SHARDS[shard]), self._table.wake_at <= now, limit=limit
        )
        return [item.pk for item in due]

    def _item(self, pk: str, sk: str) -> SessionItem:
        item = read_or_none(self._table, pk, sk)
        if item is None:
            raise NotFound
        return item

    def _query(self, session_id: str, prefix: str) -> Iterable[SessionItem]:
        has_prefix = self._table.sk.startswith(prefix)
        return self._table.query(session_id, has_prefix, consistent_read=True)
