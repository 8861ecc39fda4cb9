"""What is written to the sessions table: each record's place, its item and its condition."""

from collections.abc import Iterable, Mapping
from functools import singledispatch
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.exam.audit import AuditEntry
from chalicelib.exam.calls import Calls, Signal
from chalicelib.exam.chats import Chat, ChatMessage
from chalicelib.exam.checks import Checks
from chalicelib.exam.danmaku import DanmakuWarning
from chalicelib.exam.devices import Devices
from chalicelib.exam.evidence import Evidence
from chalicelib.exam.findings import Observation
from chalicelib.exam.identity import Identity
from chalicelib.exam.looks import Look, Looks
from chalicelib.exam.papers import Answer, Sheet
from chalicelib.exam.reviewing import Mark, Review
from chalicelib.exam.sessions import Session
from chalicelib.exam.watches import Flag, Watch
from chalicelib.exam.words import MINUTE, SECOND, Millis
from chalicelib.services.ports import VERSIONED, JoinCode, Nonce, Record, Welcome
from chalicelib.store.items import SessionItem, dump, load

SESSION, SHEET, WATCH, IDENTITY = "SESSION", "SHEET", "WATCH", "IDENTITY"
DEVICES = "DEVICES"
CHECKS = "CHECKS"
ANSWER, FLAG, OBSERVATION, AUDIT, CODE = "ANSWER#", "FLAG#", "OBS#", "AUDIT#", "CODE#"
EVIDENCE, REVIEW, MARK, LOOKS, LOOK = "EVIDENCE#", "REVIEW#", "MARK#", "LOOKS", "LOOK#"
WARNING, CALLS, SIGNAL, CHAT, MESSAGE = "WARNING#", "CALLS", "SIGNAL#", "CHAT#", "MESSAGE#"
DOOR, NONCE = "DOOR#", "NONCE#"
KEEP_DOOR: Millis = 60 * MINUTE

type Attributes = dict[str, Any]


def shard_of(session_id: str) -> str:
    """Return which of 16 parts of the alarm index a session is in."""
    return session_id[0]


@singledispatch
def attributes(record: Record) -> Attributes:
    """Return a record's item as attributes: its keys, and what conditions and indexes need."""
    raise TypeError(type(record).__name__)


@attributes.register
def _(record: Session) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": SESSION,
        "version": record.version,
        "state": record.state.value,
        "room_id": record.room_id,
        "generation": record.generation,
        **_alarm(record.session_id, record.wake_at),
    }


@attributes.register
def _(record: Watch) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": WATCH,
        "version": record.version,
        "room_id": record.room_id,
        **_alarm(record.session_id, record.wake_at),
    }


def _alarm(session_id: str, wake_at: int | None) -> Attributes:
    return {} if wake_at is None else {"wake_shard": shard_of(session_id), "wake_at": wake_at}


@attributes.register
def _(record: Sheet) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": SHEET,
        "version": record.version,
        "room_id": record.room_id,
        "answered": set(record.answered) or None,
        "saved_at": record.saved_at,
    }


@attributes.register
def _(record: Identity) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": IDENTITY,
        "version": record.version,
        "room_id": record.room_id,
    }


@attributes.register
def _(record: Devices) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": DEVICES,
        "version": record.version,
        "room_id": record.room_id,
    }


@attributes.register
def _(record: Checks) -> Attributes:
    # Not by room: the wall shows what the session says of them in short.
    return {"pk": record.session_id, "sk": CHECKS, "version": record.version}


@attributes.register
def _(record: Flag) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": FLAG + record.flag_id,
        "review_room": record.room_id,
    }


@attributes.register
def _(record: Review) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": REVIEW + record.review_id,
        "version": record.version,
        "review_room": record.room_id,
    }


@attributes.register
def _(record: Mark) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": MARK + record.flag_id,
        "review_room": record.room_id,
    }


@attributes.register
def _(record: Evidence) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": EVIDENCE + record.evidence_id,
        "version": record.version,
    }


@attributes.register
def _(record: Looks) -> Attributes:
    return {"pk": record.topic, "sk": LOOKS, "version": record.version}


@attributes.register
def _(record: Look) -> Attributes:
    return {"pk": record.entry.session_id, "sk": f"{LOOK}{record.entry.number:06d}"}


@attributes.register
def _(record: Observation) -> Attributes:
    return {"pk": record.session_id, "sk": OBSERVATION + record.capture_id}


@attributes.register
def _(record: AuditEntry) -> Attributes:
    return {"pk": record.session_id, "sk": f"{AUDIT}{record.number:06d}"}


@attributes.register
def _(record: JoinCode) -> Attributes:
    return {
        "pk": CODE + record.code,
        "sk": CODE,
        "version": record.version,
        "expires_at": record.expires_at // SECOND + 60,
    }


@attributes.register
def _(record: DanmakuWarning) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": WARNING + record.warning_id,
        "version": record.version,
    }


@attributes.register
def _(record: Calls) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": CALLS,
        "version": record.version,
        **_alarm(record.session_id, record.wake_at),
    }


@attributes.register
def _(record: Signal) -> Attributes:
    return {
        "pk": record.session_id,
        "sk": f"{SIGNAL}{record.call_id}#{record.to}#{record.peer}#{record.number:03d}",
        "expires_at": record.expires_at // SECOND,
    }


def chats_key(exam_id: str) -> str:
    """Return under what the room index lists an exam's chats; no room's id has a «#»."""
    return f"CHATS#{exam_id}"


@attributes.register
def _(record: Chat) -> Attributes:
    # Of what is settled, the index holds nothing: the queue is as long as the work.
    listed = {} if record.done else {"room_id": chats_key(record.exam_id)}
    return {
        "pk": record.session_id,
        "sk": CHAT + record.room_id,
        "version": record.version,
        **listed,
    }


@attributes.register
def _(record: ChatMessage) -> Attributes:
    return {"pk": record.session_id, "sk": f"{MESSAGE}{record.number:06d}"}


@attributes.register
def _(record: Nonce) -> Attributes:
    return {
        "pk": NONCE + record.nonce,
        "sk": NONCE,
        "expires_at": record.expires_at // SECOND + 60,
    }


@attributes.register
def _(record: Welcome) -> Attributes:
    return door_attributes(record.tries.door, 0, record.at)


def door_attributes(door: str, failures: int, at: Millis) -> Attributes:
    """Return the tries at a door as attributes; the count is the version that guards them."""
    return {
        "pk": DOOR + door,
        "sk": DOOR,
        "version": failures,
        "saved_at": at,
        "expires_at": (at + KEEP_DOOR) // SECOND,
    }


def item_of(table: type[SessionItem], record: Record) -> SessionItem:
    """Return a record as an item of the table."""
    return table(**attributes(record), body=dump(record))


def condition_of(table: type[SessionItem], record: Record) -> Condition | None:
    """Return under which condition a record may be written."""
    if isinstance(record, Flag):
        return None  # guarded by the watch, which is always written with it
    if isinstance(record, Welcome):
        known = table.version == record.tries.failures
        return known if record.tries.failures else table.pk.does_not_exist() | known
    version = getattr(record, "version", 1) if isinstance(record, VERSIONED) else 1
    return table.pk.does_not_exist() if version == 1 else table.version == version - 1


def sheet_of(body: str, version: int, answered: Iterable[str], saved_at: int | None) -> Sheet:
    """Return a sheet; its counts live in attributes, since saving an answer adds to them in place."""
    first = load(Sheet, body)
    return Sheet(first.session_id, first.room_id, version, frozenset(answered), saved_at)


def record_in(image: Mapping[str, Any]) -> Record | None:
    """Return the record in a stream's image of an item; None for those that nobody is told of."""
    sk, body = image["sk"]["S"], image["body"]["S"]
    if sk == SHEET:
        answered = image.get("answered", {}).get("SS", ())
        saved_at = image.get("saved_at", {}).get("N")
        return sheet_of(
            body, int(image["version"]["N"]), answered, int(saved_at) if saved_at else None
        )
    kind = _KINDS.get(sk.split("#")[0])
    return load(kind, body) if kind else None


_KINDS: dict[
    str,
    type[Session | Watch | Identity | Devices | Flag | DanmakuWarning | Calls | Signal | Chat],
] = {
    SESSION: Session,
    WATCH: Watch,
    IDENTITY: Identity,
    DEVICES: Devices,
    FLAG.rstrip("#"): Flag,
    WARNING.rstrip("#"): DanmakuWarning,
    CALLS: Calls,
    SIGNAL.rstrip("#"): Signal,
    CHAT.rstrip("#"): Chat,
}


def answer_item(table: type[SessionItem], answer: Answer) -> SessionItem:
    """Return an answer as an item of the table."""
    return table(
        pk=answer.session_id,
        sk=ANSWER + answer.question_id,
        sequence=answer.sequence,
        body=dump(answer),
    )
