"""Sessions in memory, under the same conditions as those in the table."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.capture.cameras import Devices
from chalicelib.domain.errors import Conflict, NotFound, WrongState
from chalicelib.domain.exams.papers import Answer, Sheet, StaleAnswer
from chalicelib.domain.identity.verification import Identity
from chalicelib.domain.messaging.calls import Calls, Signal
from chalicelib.domain.messaging.chats import Chat, ChatMessage, Side
from chalicelib.domain.messaging.danmaku import DanmakuWarning
from chalicelib.domain.monitoring.monitor_state import Flag, Watch
from chalicelib.domain.review.access_log import Look, Looks
from chalicelib.domain.review.evidence import Evidence
from chalicelib.domain.review.reviews import Mark, Review
from chalicelib.domain.rules.device_checks import Checks
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.rules.sign_in_throttling import Door, Tries
from chalicelib.domain.sessions.sessions import Session, check_device
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Millis
from chalicelib.services.ports import VERSIONED, JoinCode, Nonce, Record, Welcome, Whole

type Key = tuple[str, str, str]


class FakeSessions:
    """Implements the port `Sessions`.

    `calls` names the calls made so far; `before_commit` holds what happens, once each, between
    somebody's read and the write after it: another tab, another device, the clock.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.before_commit: list[Callable[[], object]] = []
        self._kept: dict[Key, Record | Answer] = {}
        self._doors: dict[str, Tries] = {}
        self._lock = threading.Lock()

    def of(self, session_id: str) -> dict[Key, Record | Answer]:
        """Everything that is kept of one session, to compare with what is kept later."""
        return {key: one for key, one in self._kept.items() if session_id in key}

    def session(self, session_id: str) -> Session:
        self.calls.append("session")
        return self._one(Session, session_id)

    def whole(self, session_id: str) -> Whole:
        self.calls.append("whole")
        return self._whole(session_id)

    def _whole(self, session_id: str) -> Whole:
        return Whole(
            self._one(Session, session_id),
            self._one(Sheet, session_id),
            self._one(Watch, session_id),
            self._one(Identity, session_id),
            self._devices(session_id),
        )

    def _devices(self, session_id: str) -> Devices:
        kept = self._kept.get(("devices", session_id, ""))
        if isinstance(kept, Devices):
            return kept
        return Devices(session_id, self._one(Session, session_id).room_id)

    def checks(self, session_id: str) -> Checks:
        self.calls.append("checks")
        kept = self._kept.get(("checks", session_id, ""))
        return kept if isinstance(kept, Checks) else Checks(session_id)

    def commit(self, *records: Record) -> None:
        if self.before_commit:
            self.before_commit.pop(0)()
        self.calls.append("commit")
        keys = [_key(one) for one in records]
        if len(set(keys)) < len(keys) or not keys:
            raise ValueError("a transaction writes each item once, and one at least")
        with self._lock:
            if not all(self._may_write(one) for one in records):
                raise Conflict
            for record in records:
                if isinstance(record, Welcome):
                    self._doors[record.tries.door] = Tries(record.tries.door, 0, record.at)
                else:
                    self._kept[_key(record)] = record

    def _may_write(self, record: Record) -> bool:
        kept = self._kept.get(_key(record))
        if isinstance(record, Flag):
            return True
        if isinstance(record, Welcome):
            tries = record.tries
            return self._doors.get(tries.door, tries).failures == tries.failures
        version: int = getattr(record, "version", 1) if isinstance(record, VERSIONED) else 1
        before: int = getattr(kept, "version", 0)
        return kept is None if version == 1 else before == version - 1

    def save_answer(self, answer: Answer, generation: int) -> None:
        self.calls.append("save_answer")
        with self._lock:
            session = self._kept.get(("session", answer.session_id, ""))
            if not isinstance(session, Session):
                raise WrongState
            check_device(session, generation)
            if not _open_at(session, answer.saved_at):
                raise WrongState
            kept = self._kept.get(_key(answer))
            if isinstance(kept, Answer) and kept.sequence >= answer.sequence:
                if (kept.sequence, kept.value) != (answer.sequence, answer.value):
                    raise StaleAnswer
                return
            sheet = self._one(Sheet, answer.session_id)
            answered = sheet.answered - {answer.question_id}
            if answer.value:
                answered |= {answer.question_id}
            self._kept[_key(sheet)] = replace(
                sheet, version=sheet.version + 1, answered=answered, saved_at=answer.saved_at
            )
            self._kept[_key(answer)] = answer

    def answers(self, session_id: str) -> list[Answer]:
        self.calls.append("answers")
        return self._all(Answer, session_id)

    def flags(self, session_id: str) -> list[Flag]:
        self.calls.append("flags")
        return self._all(Flag, session_id)

    def observations(
        self, session_id: str, *, most: int, before: str | None = None
    ) -> list[Observation]:
        self.calls.append("observations")
        found = self._all(Observation, session_id)[::-1]
        return [one for one in found if before is None or one.capture_id < before][:most]

    def observations_of(self, session_id: str, ids: Iterable[str]) -> list[Observation]:
        self.calls.append("observations_of")
        wanted = set(ids)
        return [one for one in self._all(Observation, session_id) if one.capture_id in wanted]

    def audit(self, session_id: str) -> list[AuditEntry]:
        self.calls.append("audit")
        return self._all(AuditEntry, session_id)

    def evidence(self, session_id: str) -> list[Evidence]:
        self.calls.append("evidence")
        return self._all(Evidence, session_id)

    def reviews(self, session_id: str) -> list[Review]:
        self.calls.append("reviews")
        return self._all(Review, session_id)

    def looks(self, topic: str) -> Looks:
        self.calls.append("looks")
        kept = self._kept.get(("looks", topic, ""))
        return kept if isinstance(kept, Looks) else Looks(topic)

    def look_entries(self, topic: str) -> list[AuditEntry]:
        self.calls.append("look_entries")
        return [one.entry for one in self._all(Look, topic)]

    def to_review(self, room_id: str) -> tuple[list[Flag], list[Review], list[Mark]]:
        self.calls.append("to_review")
        kept = [self._kept[key] for key in sorted(self._kept)]
        return (
            [one for one in kept if isinstance(one, Flag) and one.room_id == room_id],
            [one for one in kept if isinstance(one, Review) and one.room_id == room_id],
            [one for one in kept if isinstance(one, Mark) and one.room_id == room_id],
        )

    def in_room(self, room_id: str) -> list[Whole]:
        self.calls.append("in_room")
        return [
            self._whole(one.session_id)
            for one in list(self._kept.values())
            if isinstance(one, Session) and one.room_id == room_id
        ]

    def devices(self, session_id: str) -> Devices:
        self.calls.append("devices")
        kept = self._devices(session_id)
        if kept.version == 0:
            raise NotFound
        return kept

    def code(self, code: str, now: Millis) -> JoinCode:
        self.calls.append("code")
        kept = self._kept.get(("joincode", code, ""))
        if not isinstance(kept, JoinCode) or kept.expires_at <= now:
            raise NotFound
        return kept

    def take_code(self, code: str, now: Millis) -> JoinCode:
        self.calls.append("take_code")
        with self._lock:
            taken = self._kept.pop(("joincode", code, ""), None)
        if not isinstance(taken, JoinCode) or taken.expires_at <= now:
            raise NotFound
        return taken

    def take_nonce(self, nonce: str, now: Millis) -> Nonce:
        self.calls.append("take_nonce")
        with self._lock:
            taken = self._kept.pop(("nonce", nonce, ""), None)
        if not isinstance(taken, Nonce) or taken.expires_at <= now:
            raise NotFound
        return taken

    def knock(
        self, session_id: str, doors: Iterable[Door]
    ) -> tuple[Whole | None, dict[str, Tries]]:
        self.calls.append("knock")
        tries = {one.name: self._doors.get(one.name, Tries(one.name)) for one in doors}
        known = ("session", session_id, "") in self._kept
        return (self._whole(session_id) if known else None), tries

    def count_failure(self, door: Door, now: Millis) -> Tries:
        self.calls.append("count_failure")
        with self._lock:
            kept = self._doors.get(door.name, Tries(door.name))
            before = kept.failures if kept.last_at > now - door.limit.forget else 0
            self._doors[door.name] = Tries(door.name, before + 1, now)
            return self._doors[door.name]

    def due(self, now: Millis) -> list[str]:
        self.calls.append("due")
        alarms = (
            (one.session_id, one.wake_at)
            for one in self._kept.values()
            if isinstance(one, Session | Watch | Calls)
        )
        return sorted({one for one, wake_at in alarms if wake_at is not None and wake_at <= now})

    def kept[T](self, kind: type[T], session_id: str | None) -> list[T]:
        """Everything of a kind, of one session or of all."""
        found = sorted(
            ((key, one) for key, one in list(self._kept.items()) if session_id in {None, key[1]}),
            key=lambda item: item[0],
        )
        return [one for _, one in found if isinstance(one, kind)]

    def _one[T: (Session, Sheet, Watch, Identity)](self, kind: type[T], session_id: str) -> T:
        kept = self._kept.get((kind.__name__.lower(), session_id, ""))
        if not isinstance(kept, kind):
            raise NotFound
        return kept

    def _all[T: (Answer, Flag, Observation, AuditEntry, Evidence, Review, Look)](
        self, kind: type[T], session_id: str
    ) -> list[T]:
        return self.kept(kind, session_id)


class FakeMessages:
    """Implements the port `Messages`, over what the sessions keep."""

    def __init__(self, sessions: FakeSessions) -> None:
        self._sessions = sessions

    def warnings(self, session_id: str) -> list[DanmakuWarning]:
        found = self._all(DanmakuWarning, session_id)
        return sorted(found, key=lambda one: (one.sent_at, one.warning_id))

    def warning(self, session_id: str, warning_id: str) -> DanmakuWarning:
        for one in self._all(DanmakuWarning, session_id):
            if one.warning_id == warning_id:
                return one
        raise NotFound

    def calls(self, session_id: str) -> Calls | None:
        return next(iter(self._all(Calls, session_id)), None)

    def signals(self, session_id: str, call_id: str, to: Side) -> list[Signal]:
        found = self._all(Signal, session_id)
        mine = [one for one in found if one.call_id == call_id and one.to is to]
        return sorted(mine, key=lambda one: (one.sent_at, one.number))

    def chat(self, session_id: str, room_id: str) -> Chat | None:
        found = self._all(Chat, session_id)
        return next((one for one in found if one.room_id == room_id), None)

    def chat_messages(self, session_id: str) -> list[ChatMessage]:
        return self._all(ChatMessage, session_id)

    def chats(self, exam_id: str, room_id: str | None) -> list[Chat]:
        return [
            one
            for one in self._all(Chat, None)
            if one.exam_id == exam_id and room_id in {None, one.room_id} and not one.done
        ]

    def _all[T](self, kind: type[T], session_id: str | None) -> list[T]:
        return self._sessions.kept(kind, session_id)


def _open_at(session: Session, moment: Millis) -> bool:
    ends_at = session.ends_at
    return session.state is State.ANSWERING and ends_at is not None and ends_at > moment


# What of a kind of record there may be several of in one session, and by which field they differ.
_SEVERAL: dict[type, str] = {
    Answer: "question_id",
    DanmakuWarning: "warning_id",
    Evidence: "evidence_id",
    Flag: "flag_id",
    Mark: "flag_id",
    Observation: "capture_id",
    Review: "review_id",
}


def _key(record: Record | Answer) -> Key:
    """What a record is, whose it is, and which of several."""
    kind = type(record).__name__.lower()
    match record:
        case JoinCode(name) | Nonce(name) | Welcome(Tries(name)):
            return kind, name, ""
        case Looks():
            return kind, record.topic, ""
        case Look():
            return kind, record.entry.session_id, f"{record.entry.number:06d}"
        case AuditEntry() | ChatMessage():
            return kind, record.session_id, f"{record.number:06d}"
        case Signal():
            step = f"{record.peer}#{record.number:03d}"
            return kind, record.session_id, f"{record.call_id}#{record.to}#{step}"
        case _:
            field = _SEVERAL.get(type(record))
            return kind, record.session_id, getattr(record, field) if field else ""
