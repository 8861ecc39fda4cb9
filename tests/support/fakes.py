"""In-memory implementations of the ports, with the same conditions as the real ones."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.errors import Conflict, NotFound, NotSignedIn
from chalicelib.domain.exams.exams import Candidate, Exam, Room, Staff
from chalicelib.domain.exams.papers import Paper
from chalicelib.domain.messaging.passcode_sms import (
    DeliveryFailure,
    Recipient,
    SmsBatch,
    SmsMessage,
)
from chalicelib.domain.normalization import CODE_ALPHABET, normalize_number
from chalicelib.domain.review.evidence import content_type_of, evidence_key
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import SECOND, Millis, SittingKind
from chalicelib.services.ports import (
    CandidatePage,
    CandidateWrite,
    Claims,
    Connection,
    DecisionCounts,
    DeleteDueFiles,
    NotSent,
    ObjectStart,
    ReadObject,
    SignedForm,
    SmsJob,
    StoredFile,
    StoredObject,
)
from chalicelib.services.ports.sockets import PushFailed
from tests.support.builders import NOW
from tests.support.stored_form import require_storable


@dataclass
class FakeClock:
    """A clock that only advances on request."""

    now: Millis = NOW

    def __call__(self) -> Millis:
        """Return the current time."""
        return self.now

    def advance(self, span: Millis) -> None:
        """Advance the clock."""
        self.now += span


class FakeExamRegistry:
    """Implements the port `ExamRegistry`."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.cached: dict[str, Exam] = {}
        """Exams as a worker has them in its cache, where they differ from the stored ones."""
        self._exams: dict[str, Exam] = {}
        self._papers: dict[tuple[str, SittingKind], Paper] = {}
        self._candidates: dict[str, Candidate] = {}
        self._numbers: dict[tuple[str, str], Candidate] = {}
        self._audit: dict[str, list[AuditEntry]] = {}
        self._rooms: dict[str, Room] = {}
        self._staff: dict[str, Staff] = {}
        self._decision_counts: dict[str, dict[FindingKind, DecisionCounts]] = {}

    def exam(self, exam_id: str) -> Exam:
        return self.cached.get(exam_id) or self._read("exam", self._exams, exam_id)

    def exam_with_subject(self, exam_id: str, subject_id: str) -> Exam:  # noqa: ARG002
        return self.exam(exam_id)

    def fresh_exam(self, exam_id: str) -> Exam:
        return self._read("exam", self._exams, exam_id)

    def exams(self) -> list[Exam]:
        self.calls.append("exams")
        return [exam for _, exam in sorted(self._exams.items())]

    def paper(self, subject_id: str, kind: SittingKind) -> Paper:
        return self._read("paper", self._papers, (subject_id, kind))

    def candidate(self, candidate_id: str) -> Candidate:
        return self._read("candidate", self._candidates, candidate_id)

    def candidate_by_number(self, exam_id: str, number: str) -> Candidate:
        return self._read("candidate_by_number", self._numbers, (exam_id, number))

    def exam_and_candidate(self, exam_id: str, number: str) -> tuple[Exam | None, Candidate | None]:
        self.calls.append("exam_and_candidate")
        return self._exams.get(exam_id), self._numbers.get((exam_id, number))

    def candidates(self, exam_id: str, *, after: str, limit: int) -> CandidatePage:
        self.calls.append("candidates")
        by_number = {
            normalize_number(candidate.admission_number): candidate
            for candidate in self._candidates.values()
            if candidate.exam_id == exam_id
        }
        numbers = [number for number in sorted(by_number) if number > after]
        last = numbers[limit - 1] if len(numbers) >= limit else ""
        return CandidatePage(tuple(by_number[number] for number in numbers[:limit]), last)

    def audit(self, owner_id: str) -> list[AuditEntry]:
        return list(self._audit.get(owner_id, ()))

    def room(self, room_id: str) -> Room:
        return self._read("room", self._rooms, room_id)

    def rooms(self) -> list[Room]:
        self.calls.append("rooms")
        return [room for _, room in sorted(self._rooms.items())]

    def staff(self, username: str) -> Staff:
        return self._read("staff", self._staff, username)

    def put_exam(self, exam: Exam, *entries: AuditEntry) -> None:
        require_storable(exam, *entries)
        stored = self._exams.get(exam.exam_id)
        if exam.version > 1 and (stored is None or stored.version != exam.version - 1):
            raise Conflict
        self._append(entries)
        self._exams[exam.exam_id] = exam

    def put_paper(self, paper: Paper) -> None:
        self._papers[paper.subject_id, paper.kind] = paper

    def put_room(self, room: Room) -> None:
        self._rooms[room.room_id] = room

    def recent_staff(self, username: str) -> Staff:
        if username not in self._staff:
            raise NotFound
        return self._staff[username]

    def all_staff(self) -> list[Staff]:
        return [staff for _, staff in sorted(self._staff.items())]

    def put_staff(self, staff: Staff, *entries: AuditEntry) -> None:
        require_storable(staff, *entries)
        stored = self._staff.get(staff.username)
        if staff.version > 1 and (stored is None or stored.version != staff.version - 1):
            raise Conflict
        self._append(entries)
        self._staff[staff.username] = staff

    def count_decision(
        self, subject_id: str, kinds: Iterable[FindingKind], *, confirmed: bool
    ) -> None:
        counts = self._decision_counts.setdefault(subject_id, {})
        for kind in kinds:
            stored = counts.get(kind, DecisionCounts())
            counts[kind] = DecisionCounts(
                stored.confirmed + confirmed, stored.dismissed + (not confirmed)
            )

    def decision_counts(self, subject_id: str) -> dict[FindingKind, DecisionCounts]:
        return dict(self._decision_counts.get(subject_id, {}))

    def _append(self, entries: Iterable[AuditEntry]) -> None:
        for entry in entries:
            chain = self._audit.setdefault(entry.session_id, [])
            if len(chain) >= entry.number:
                raise Conflict
            chain.append(entry)

    def candidates_by_numbers(self, exam_id: str, numbers: Iterable[str]) -> dict[str, Candidate]:
        self.calls.append("candidates_by_numbers")
        return {
            number: self._numbers[exam_id, number]
            for number in numbers
            if (exam_id, number) in self._numbers
        }

    def put_candidate(self, candidate: Candidate, *entries: AuditEntry) -> None:
        self.put_candidates([CandidateWrite(candidate, entries)])

    def put_candidates(self, writes: Sequence[CandidateWrite]) -> None:
        for write in writes:
            require_storable(write.candidate, *write.entries)
        written = {write.candidate.candidate_id: write.candidate for write in writes}
        kept = {
            key: owner for key, owner in self._numbers.items() if owner.candidate_id not in written
        }
        numbers: dict[tuple[str, str], Candidate] = {}
        for candidate in written.values():
            stored = self._candidates.get(candidate.candidate_id)
            if candidate.version != (stored.version + 1 if stored else 1):
                raise Conflict
            keys = {
                (candidate.exam_id, normalize_number(number))
                for number in (candidate.id_number, candidate.admission_number)
            }
            if keys & (kept.keys() | numbers.keys()):
                raise Conflict
            numbers |= dict.fromkeys(keys, candidate)
        self._append(entry for write in writes for entry in write.entries)
        self._candidates |= written
        self._numbers = kept | numbers

    def _read[K, V](self, name: str, table: dict[K, V], key: K) -> V:
        self.calls.append(name)
        try:
            return table[key]
        except KeyError:
            raise NotFound from None


@dataclass
class FakeEvidenceStore:
    """Implements the port `EvidenceStore` over the fake media bucket."""

    media: "FakeMediaStore"
    objects: dict[str, bytes] = field(default_factory=dict)
    locked_until: dict[str, Millis] = field(default_factory=dict)

    def keep(self, source_key: str, session_id: str, until: Millis) -> StoredFile:
        data = self.media.objects.get(source_key)
        if data is None:
            raise NotFound
        content_type = content_type_of(source_key)
        sha256 = hashlib.sha256(data).hexdigest()
        key = evidence_key(session_id, sha256, content_type)
        self.objects[key] = data
        self.locked_until[key] = until
        return StoredFile(key, sha256, len(data), content_type)

    def read(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def view_url(self, key: str) -> str:
        return f"https://evidence.test/{key}?signed"

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)


class FakeConnections:
    """Implements the port `Connections`."""

    def __init__(self) -> None:
        self._connections: dict[str, Connection] = {}
        self._topics: dict[str, dict[str, Connection]] = {}

    def add(self, connection: Connection, expires_at: Millis) -> None:  # noqa: ARG002
        self._connections[connection.connection_id] = connection

    def get(self, connection_id: str) -> Connection:
        try:
            return self._connections[connection_id]
        except KeyError:
            raise NotFound from None

    def subscribe(self, connection: Connection, topic: str, expires_at: Millis) -> None:  # noqa: ARG002
        self._topics.setdefault(topic, {})[connection.connection_id] = connection

    def subscribers(self, topic: str) -> list[Connection]:
        subscribers = self._topics.get(topic, {})
        return [connection for _, connection in sorted(subscribers.items())]

    def remove(self, connection_id: str) -> None:
        self._connections.pop(connection_id, None)
        for subscribers in self._topics.values():
            subscribers.pop(connection_id, None)


@dataclass
class FakeMediaStore:
    """Implements the port `MediaStore`, and the bucket that the functions read.

    `calls` names the calls for objects made so far.
    """

    objects: dict[str, bytes] = field(default_factory=dict)
    metadata: dict[str, dict[str, str]] = field(default_factory=dict)
    uploaded_at: dict[str, Millis] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)

    def put(self, key: str, data: bytes, at: Millis) -> None:
        """Let an upload arrive at a moment."""
        self.objects[key] = data
        self.uploaded_at[key] = at

    def uploads(self, folder: str, *, after: str, most: int) -> list[StoredObject]:
        self.calls.append("uploads")
        keys = sorted(key for key in self.objects if key.startswith(folder) and key > after)
        return [
            StoredObject(key, len(self.objects[key]), self.uploaded_at.get(key, NOW))
            for key in keys[:most]
        ]

    def upload_form(
        self,
        key: str,
        content_type: str,
        max_bytes: int,
        seconds: int,
        metadata: Sequence[str] = (),
    ) -> SignedForm:
        fields = {"key": key, "Content-Type": content_type, "seconds": str(seconds)}
        if metadata:
            fields["metadata"] = ",".join(metadata)
        return SignedForm("https://media.test/", fields, max_bytes, content_type)

    def view_url(self, key: str) -> str:
        return f"https://media.test/{key}?signed"

    def start(self, key: str, length: int) -> ObjectStart | None:
        data = self.objects.get(key)
        return None if data is None else ObjectStart(len(data), data[:length])

    def copy(self, source_key: str, key: str) -> None:
        if source_key not in self.objects:
            raise NotFound
        self.objects[key] = self.objects[source_key]

    def store(self, key: str, data: bytes, content_type: str, metadata: Mapping[str, str]) -> None:
        self.calls.append("store")
        self.objects[key] = data
        self.metadata[key] = {"content-type": content_type, **metadata}

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    def delete_all(self, keys: Sequence[str]) -> None:
        for key in keys:
            self.objects.pop(key, None)

    def read(self, key: str, max_bytes: int) -> ReadObject | None:
        data = self.objects.get(key)
        if data is None:
            return None
        etag = hashlib.md5(data).hexdigest()  # noqa: S324  (S3's)
        return ReadObject(data[: max_bytes + 1], etag, self.metadata.get(key, {}))


class FakeTokens:
    """Implements the port `Tokens`: a token is valid if it was issued here."""

    def __init__(self) -> None:
        self._issued: dict[str, tuple[Claims, str]] = {}

    def issue(self, claims: Claims, purpose: str) -> str:
        token = f"token-{len(self._issued)}"
        self._issued[token] = (claims, purpose)
        return token

    def read(self, token: str, purpose: str, now: Millis) -> Claims:
        claims, issued_for = self._issued.get(token, (None, None))
        if claims is None or issued_for != purpose or claims.expires_at <= now:
            raise NotSignedIn
        return claims


class FakePasscodes:
    """Implements the port `Passcodes`."""

    def __init__(self) -> None:
        self._passcodes: dict[tuple[str, SittingKind, str], str] = {}

    def keep(self, subject_id: str, kind: SittingKind, passcode_hash: str, passcode: str) -> None:
        self._passcodes[subject_id, kind, passcode_hash] = passcode

    def reveal(self, subject_id: str, kind: SittingKind, passcode_hash: str) -> str | None:
        return self._passcodes.get((subject_id, kind, passcode_hash))

    def forget(self, subject_id: str, kind: SittingKind, passcode_hash: str) -> None:
        self._passcodes.pop((subject_id, kind, passcode_hash), None)


class FakeSmsBatches:
    """Implements the port `SmsBatches`."""

    def __init__(self) -> None:
        self._batches: dict[str, SmsBatch] = {}
        self._recipients: dict[tuple[str, str], Recipient] = {}

    def batch(self, batch_id: str) -> SmsBatch:
        if batch_id not in self._batches:
            raise NotFound
        return self._batches[batch_id]

    def recipient(self, batch_id: str, candidate_id: str) -> Recipient:
        if (batch_id, candidate_id) not in self._recipients:
            raise NotFound
        return self._recipients[batch_id, candidate_id]

    def recipients(self, batch_id: str) -> Iterator[Recipient]:
        return (
            recipient
            for _, recipient in sorted(self._recipients.items())
            if recipient.batch_id == batch_id
        )

    def put_batch(self, batch: SmsBatch) -> None:
        require_storable(batch)
        stored = self._batches.get(batch.batch_id)
        if batch.version != (stored.version + 1 if stored else 1):
            raise Conflict
        self._batches[batch.batch_id] = batch

    def put_recipient(self, recipient: Recipient) -> None:
        require_storable(recipient)
        key = (recipient.batch_id, recipient.candidate_id)
        stored = self._recipients.get(key)
        if recipient.version != (stored.version + 1 if stored else 1):
            raise Conflict
        self._recipients[key] = recipient


@dataclass
class FakeSmsQueue:
    """Implements the port `SmsQueue`; tests take jobs from the front of `waiting`."""

    waiting: list[SmsJob] = field(default_factory=list)

    def add(self, *jobs: SmsJob) -> None:
        self.waiting += jobs


@dataclass
class FakeRetentionQueue:
    """Implements the port `RetentionQueue`; tests take jobs from the front of `waiting`."""

    waiting: list[DeleteDueFiles] = field(default_factory=list)

    def add(self, *jobs: DeleteDueFiles) -> None:
        self.waiting += jobs


@dataclass
class FakeSmsSender:
    """An SMS sender that fails for the numbers in `refused` and, retryably, in `busy`."""

    sent: list[SmsMessage] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    busy: set[str] = field(default_factory=set)

    def send(self, message: SmsMessage) -> None:
        if message.phone_number in self.refused | self.busy:
            raise NotSent(DeliveryFailure.REFUSED, retryable=message.phone_number in self.busy)
        self.sent.append(message)


class FakePasswords:
    """Implements the port `Passwords`, without the cost of a real hash."""

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def matches(self, password: str, stored: str) -> bool:
        return stored == self.hash(password)


class FakeOneTimeCodes:
    """Implements the port `OneTimeCodes`; a code is derived from the number of the time step."""

    def new_secret(self) -> str:
        return "SECRET"

    def provisioning_uri(self, secret: str, username: str) -> str:
        return f"otpauth://totp/{username}?secret={secret}"

    def time_step(self, secret: str, code: str, now: Millis) -> int | None:
        current = now // (30 * SECOND)
        steps = (current, current - 1, current + 1)
        return next((step for step in steps if code == self.code(secret, step)), None)

    def code(self, secret: str, step: int) -> str:
        """Return the code that an authenticator app shows in a time step."""
        return f"{(step + len(secret)) % 1_000_000:06d}"


@dataclass
class FakePush:
    """Records pushes; connections in `closed` are gone, those in `failing` raise."""

    closed: set[str] = field(default_factory=set)
    failing: set[str] = field(default_factory=set)
    sent: list[tuple[str, str]] = field(default_factory=list)

    def send(self, endpoint: str, connection_id: str, text: str) -> bool:  # noqa: ARG002
        """Send; return False for a closed connection. Raises PushFailed for a failing one."""
        if connection_id in self.failing:
            raise PushFailed(connection_id)
        if connection_id in self.closed:
            return False
        self.sent.append((connection_id, text))
        return True

    def close(self, endpoint: str, connection_id: str) -> None:  # noqa: ARG002
        """Close a connection. Raises PushFailed for a failing one."""
        if connection_id in self.failing:
            raise PushFailed(connection_id)
        self.closed.add(connection_id)


def id_sequence() -> Iterator[str]:
    """Yield unique ids of 10 characters, none of which looks like another."""
    digits = str.maketrans("0123456789", CODE_ALPHABET[:10].lower())
    return (f"{number:08d}xy".translate(digits) for number in count())
