"""Mapping of records to items of the sessions table: keys, index attributes and conditions."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.exams.papers import Answer, AnswerProgress
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
from chalicelib.domain.rules.device_changes import Origin, tells_origins
from chalicelib.domain.rules.device_checks import CheckResults
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.sessions.attempts import CurrentAttempt
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import MINUTE, SECOND, Millis
from chalicelib.services.ports import (
    VERSIONED,
    AttemptReset,
    EndedSockets,
    JoinCode,
    Nonce,
    Record,
    StaffAct,
)
from chalicelib.store.models import SessionItem, dump, load
from chalicelib.store.packing import is_packed, pack, unpack

SESSION, ANSWER_PROGRESS, MONITOR, IDENTITY = "SESSION", "PROGRESS", "MONITOR", "IDENTITY"
CAMERAS, CHECK_RESULTS, CALLS, ACCESS_LOG = "CAMERAS", "CHECKS", "CALLS", "ACCESS_LOG"
ANSWER, FLAG, OBSERVATION, AUDIT = "ANSWER#", "FLAG#", "OBS#", "AUDIT#"
EVIDENCE, REVIEW, REVIEWED_FLAG, ACCESS_ENTRY = "EVIDENCE#", "REVIEW#", "REVIEWED#", "ACCESS#"
WARNING, SIGNAL, CHAT, MESSAGE = "WARNING#", "SIGNAL#", "CHAT#", "MESSAGE#"
ATTEMPTS, NONCE, CODE, CLAIM = "ATTEMPTS#", "NONCE#", "CODE#", "CLAIM#"
RETENTION, RECEIPT = "RETENTION", "RECEIPT#"
SEGMENT, SEGMENT_ENTRY = "SEGMENT#", "RECORDED#"
RECORDING_LOG, RECORDING_PLAN = "RECORDING_LOG", "RECORDING#"
CURRENT_ATTEMPT, STAFF_ACT, ENDED_SOCKETS = "ATTEMPT", "ACT#", "ENDED#"
"""Sort keys; those with «#» are prefixes."""

ATTEMPTS_TTL: Millis = 60 * MINUTE

_SINGLETONS: dict[type, str] = {
    Session: SESSION,
    MonitorState: MONITOR,
    AnswerProgress: ANSWER_PROGRESS,
    IdentityCheck: IDENTITY,
    CameraStatus: CAMERAS,
    CheckResults: CHECK_RESULTS,
    Calls: CALLS,
    RetentionPlan: RETENTION,
}
"""The records of which a session has one each."""

type Attributes = dict[str, Any]


def shard_of(session_id: str) -> str:
    """Return which of the 16 shards of the wake-up index a session belongs to."""
    return session_id[0]


def retention_shard(shard: str) -> str:
    """Return where the index holds the retention plans of a shard, apart from what runs now."""
    return f"retention#{shard}"


def attributes(record: Record) -> Attributes:
    """Return the attributes of a record's item: its keys, and those of conditions and indexes."""
    pk, sk = _key(record)
    version = _version(record)
    versioned = {} if version is None else {"version": version}
    return {
        "pk": pk,
        "sk": sk,
        **versioned,
        **_index_attributes(record),
        **_condition_attributes(record),
    }


def _version(record: Record) -> int | None:
    return getattr(record, "version", None) if isinstance(record, VERSIONED) else None


def _key(record: Record) -> tuple[str, str]:  # noqa: C901, PLR0911, PLR0912  (a table)
    """Return a record's partition and sort key; mypy reports a type of record that is missing."""
    match record:
        case (
            Session()
            | MonitorState()
            | AnswerProgress()
            | IdentityCheck()
            | CameraStatus()
            | CheckResults()
            | Calls()
            | RetentionPlan()
        ):
            return record.session_id, _SINGLETONS[type(record)]
        case Flag():
            return record.session_id, FLAG + record.flag_id
        case CurrentAttempt():
            return record.sitting_id, CURRENT_ATTEMPT
        case StaffAct():
            return record.session_id, STAFF_ACT + record.act_id
        case Review():
            return record.session_id, REVIEW + record.review_id
        case ReviewedFlag():
            return record.session_id, REVIEWED_FLAG + record.flag_id
        case DeletionReceipt():
            return record.session_id, f"{RECEIPT}{record.number:06d}"
        case Evidence():
            return record.session_id, EVIDENCE + record.evidence_id
        case AccessLogHead():
            return record.topic, ACCESS_LOG
        case AccessEntry():
            return record.entry.session_id, f"{ACCESS_ENTRY}{record.entry.number:06d}"
        case RecordingLogHead():
            return record.topic, RECORDING_LOG
        case SegmentEntry():
            return record.entry.session_id, f"{SEGMENT_ENTRY}{record.entry.number:06d}"
        case Segment():
            return record.session_id, SEGMENT + record.segment_id
        case RecordingPlan():
            return record.session_id, RECORDING_PLAN + record.device
        case Observation():
            return record.session_id, OBSERVATION + record.capture_id
        case AuditEntry():
            return record.session_id, f"{AUDIT}{record.number:06d}"
        case DanmakuWarning():
            return record.session_id, WARNING + record.warning_id
        case Signal():
            call = f"{record.call_id}#{record.to}#{record.peer}#{record.number:03d}"
            return record.session_id, SIGNAL + call
        case Chat():
            return record.session_id, CHAT + record.room_id
        case ChatMessage():
            return record.session_id, f"{MESSAGE}{record.number:06d}"
        case JoinCode():
            return CODE + record.code, CODE
        case Nonce():
            return NONCE + record.nonce, NONCE
        case EndedSockets():
            return ENDED_SOCKETS + record.ended_id, ENDED_SOCKETS
        case AttemptReset():
            return ATTEMPTS + record.attempts.key_name, ATTEMPTS


def _index_attributes(record: Record) -> Attributes:
    """Return the attributes by which the indexes find a record."""
    match record:
        case Session():
            return {"room_id": record.room_id, **_wake_attributes(record)}
        # Check results are not in the index: the room's wall shows the session's summary of them.
        case AnswerProgress() | IdentityCheck() | CameraStatus():
            return {"room_id": record.room_id}
        case Flag() | Review() | ReviewedFlag():
            return {"review_room": record.room_id}
        # The largest record, written with every capture: the wall reads it from the table.
        case MonitorState() | Calls() | RetentionPlan() | RecordingLogHead():
            return _wake_attributes(record)
        # Resolved chats are not in the index: the queue is as long as the work.
        case Chat(done=False):
            return {"room_id": chats_key(record.exam_id)}
        case _:
            return {}


def _wake_attributes(
    record: Session | MonitorState | Calls | RetentionPlan | RecordingLogHead,
) -> Attributes:
    if record.wake_at is None:
        return {}
    owner = record.topic if isinstance(record, RecordingLogHead) else record.session_id
    shard = shard_of(owner)
    shard = retention_shard(shard) if isinstance(record, RetentionPlan) else shard
    return {"wake_shard": shard, "wake_at": record.wake_at}


def _condition_attributes(record: Record) -> Attributes:
    """Return the attributes that conditions compare, and when an item expires."""
    match record:
        case Session():
            return {
                "state": record.state.value,
                "generation": record.generation,
                "origins": _origin_marks(record.origins),
            }
        case AnswerProgress():
            return {"answered": set(record.answered) or None, "saved_at": record.saved_at}
        case Signal() | EndedSockets():
            return {"expires_at": record.expires_at // SECOND}
        case JoinCode() | Nonce():
            return {"expires_at": record.expires_at // SECOND + 60}
        case AttemptReset():
            return {"version": 0, **attempt_attributes(record.at)}
        case _:
            return {}


def _origin_marks(origins: tuple[Origin, ...]) -> set[str] | None:
    """Return the marks of where a device was seen; None where one more place is not told."""
    if not origins or not tells_origins(origins):
        return None
    return {origin_mark(origin) for origin in origins}


def origin_mark(origin: Origin) -> str:
    """Return a short name of an origin, to be compared in conditions."""
    text = f"{origin.address}\n{origin.user_agent}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def chats_key(exam_id: str) -> str:
    """Return the key of an exam's chats in the room index; no room's id contains a «#»."""
    return f"CHATS#{exam_id}"


def attempt_attributes(at: Millis) -> Attributes:
    """Return the attributes beside a count of failed attempts, which is the item's version."""
    return {"saved_at": at, "expires_at": (at + ATTEMPTS_TTL) // SECOND}


def item_for(table: type[SessionItem], record: Record) -> SessionItem:
    """Return a record as an item of the table."""
    text = dump(record)
    body = {"packed": pack(text)} if is_packed(record) else {"text": text}
    return table(**attributes(record), **body)


def condition_for(table: type[SessionItem], record: Record) -> Condition | None:
    """Return the condition of writing a record, or None."""
    if isinstance(record, Flag):
        return None  # guarded by the monitor state, which is always written with it
    if isinstance(record, AttemptReset):
        condition: Condition = table.version == record.attempts.failures
        if record.attempts.failures == 0:
            condition = table.pk.does_not_exist() | condition
        return condition
    version = _version(record)
    if version is None or version == 1:
        return table.pk.does_not_exist()
    follows: Condition = table.version == version - 1
    return follows


def answer_progress_of(
    body: str, version: int, answered: Iterable[str], saved_at: int | None
) -> AnswerProgress:
    """Return an answer progress from its body, and from the attributes that answers update."""
    initial = load(AnswerProgress, body)
    return AnswerProgress(
        initial.session_id, initial.room_id, version, frozenset(answered), saved_at
    )


def record_from_image(image: Mapping[str, Any]) -> Record | None:
    """Return the record in a stream's image of an item; None for those that are not published."""
    sk = image["sk"]["S"]
    body = unpack(image["packed"]["B"]) if "packed" in image else image["body"]["S"]
    if sk == ANSWER_PROGRESS:
        answered = image.get("answered", {}).get("SS", ())
        saved_at = image.get("saved_at", {}).get("N")
        return answer_progress_of(
            body, int(image["version"]["N"]), answered, int(saved_at) if saved_at else None
        )
    kind = _KINDS.get(sk.split("#")[0])
    return load(kind, body) if kind else None


_KINDS: dict[
    str,
    type[
        Session
        | MonitorState
        | IdentityCheck
        | CameraStatus
        | Flag
        | DanmakuWarning
        | Calls
        | Signal
        | Chat
        | EndedSockets
    ],
] = {
    SESSION: Session,
    MONITOR: MonitorState,
    IDENTITY: IdentityCheck,
    CAMERAS: CameraStatus,
    FLAG.rstrip("#"): Flag,
    WARNING.rstrip("#"): DanmakuWarning,
    CALLS: Calls,
    SIGNAL.rstrip("#"): Signal,
    CHAT.rstrip("#"): Chat,
    ENDED_SOCKETS.rstrip("#"): EndedSockets,
}


def answer_item(table: type[SessionItem], answer: Answer) -> SessionItem:
    """Return an answer as an item of the table."""
    return table(
        pk=answer.session_id,
        sk=ANSWER + answer.question_id,
        sequence=answer.sequence,
        text=dump(answer),
    )
