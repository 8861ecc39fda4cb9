"""The registry table: what administrators set up.

A candidate is stored under the own id, under each number (so that sign-in is one read), and in the
exam's list, ordered by admission number. All copies are written in one transaction.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams.exams import Candidate, Exam, Room, Staff
from chalicelib.domain.exams.papers import Paper
from chalicelib.domain.normalization import normalize_number
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import SECOND, Millis, SittingKind
from chalicelib.services.ports import CandidatePage, CandidateWrite, DecisionCounts
from chalicelib.store.models import PlainItem, bind_table, dump, load
from chalicelib.store.transactions import Put, put_all

CACHE_SECONDS: Millis = 30 * SECOND
"""How long exams and papers are cached in memory: they are read often and change rarely."""

type ItemKey = tuple[str, str]


class DynamoExamRegistry:
    """Implements the port `ExamRegistry`."""

    def __init__(self, table_name: str, clock: Callable[[], Millis]) -> None:
        self._table = bind_table(PlainItem, table_name)
        self._connection = Connection()
        self._clock = clock
        self._exams = lru_cache(64)(self._read_exam)
        self._papers = lru_cache(64)(self._read_paper)
        self._recent_staff = lru_cache(512)(self._read_staff)

    # ---- exams ----

    def exam(self, exam_id: str) -> Exam:
        return self._exams(exam_id, self._clock() // CACHE_SECONDS)

    def exam_with_subject(self, exam_id: str, subject_id: str) -> Exam:
        cached = self.exam(exam_id)
        if cached.subject(subject_id) is not None:
            return cached
        # It may have been added a moment ago; if so, the next calls are served from the cache.
        fresh = self.fresh_exam(exam_id)
        if fresh.subject(subject_id) is not None:
            self._exams.cache_clear()
        return fresh

    def fresh_exam(self, exam_id: str) -> Exam:
        return load(Exam, self._body("EXAMS", exam_id))

    def _read_exam(self, exam_id: str, _bucket: int) -> Exam:
        return self.fresh_exam(exam_id)

    def exams(self) -> list[Exam]:
        return [load(Exam, item.body) for item in self._table.query("EXAMS", consistent_read=True)]

    def put_exam(self, exam: Exam, *entries: AuditEntry) -> None:
        item = self._item("EXAMS", exam.exam_id, exam, exam.version)
        follows = None if exam.version == 1 else self._follows(exam.version)
        put_all(self._connection, [(item, follows), *self._audit_items(entries)])
        self._exams.cache_clear()

    def paper(self, subject_id: str, kind: SittingKind) -> Paper:
        return self._papers(subject_id, kind, self._clock() // CACHE_SECONDS)

    def _read_paper(self, subject_id: str, kind: SittingKind, _bucket: int) -> Paper:
        return load(Paper, self._body(f"PAPER#{subject_id}", kind))

    def put_paper(self, paper: Paper) -> None:
        self._item(f"PAPER#{paper.subject_id}", paper.kind, paper).save()
        self._papers.cache_clear()

    # ---- candidates ----

    def candidate(self, candidate_id: str) -> Candidate:
        return load(Candidate, self._body(f"CANDIDATE#{candidate_id}", "CANDIDATE"))

    def candidate_by_number(self, exam_id: str, number: str) -> Candidate:
        return load(Candidate, self._body(_number_key(exam_id, number), "NUMBER"))

    def exam_and_candidate(self, exam_id: str, number: str) -> tuple[Exam | None, Candidate | None]:
        exam_key, number_key = ("EXAMS", exam_id), (_number_key(exam_id, number), "NUMBER")
        items = self._table.batch_get([exam_key, number_key], consistent_read=True)
        bodies = {(item.pk, item.sk): item.body for item in items}
        exam, candidate = bodies.get(exam_key), bodies.get(number_key)
        return (
            load(Exam, exam) if exam else None,
            load(Candidate, candidate) if candidate else None,
        )

    def candidates(self, exam_id: str, *, after: str, limit: int) -> CandidatePage:
        pk = f"CANDIDATES#{exam_id}"
        start = {"pk": {"S": pk}, "sk": {"S": after}} if after else None
        items = self._table.query(pk, limit=limit, page_size=limit, last_evaluated_key=start)
        candidates = tuple(load(Candidate, item.body) for item in items)
        last_key = items.last_evaluated_key
        return CandidatePage(candidates, str(last_key["sk"]["S"]) if last_key else "")

    def candidates_by_numbers(self, exam_id: str, numbers: Iterable[str]) -> dict[str, Candidate]:
        keys = {(_number_key(exam_id, number), "NUMBER"): number for number in numbers}
        items = self._table.batch_get(list(keys), consistent_read=True) if keys else ()
        return {keys[item.pk, item.sk]: load(Candidate, item.body) for item in items}

    def put_candidate(self, candidate: Candidate, *entries: AuditEntry) -> None:
        self.put_candidates([CandidateWrite(candidate, entries)])

    def put_candidates(self, writes: Sequence[CandidateWrite]) -> None:
        candidates = [write.candidate for write in writes]
        copies = {key: candidate for candidate in candidates for key in _copy_keys(candidate)}
        if len(copies) < sum(len(_copy_keys(candidate)) for candidate in candidates):
            raise Conflict  # two of them would hold one number
        owned = self._is_owned_by_any(candidates)
        puts: list[Put] = [
            *(self._own_put(candidate) for candidate in candidates),
            *(
                (self._copy_item(key, copies[key]), self._table.pk.does_not_exist() | owned)
                for key in sorted(copies)
            ),
            *self._audit_items(entry for write in writes for entry in write.entries),
        ]
        previous = {
            key: candidate
            for candidate in candidates
            if candidate.version > 1
            for key in self._stored_copy_keys(candidate.candidate_id)
        }
        deletes = [
            (self._copy_item(key, previous[key]), owned)
            for key in sorted(previous.keys() - copies.keys())
        ]
        put_all(self._connection, puts, deletes)

    def _own_put(self, candidate: Candidate) -> Put:
        item = self._item(
            f"CANDIDATE#{candidate.candidate_id}", "CANDIDATE", candidate, candidate.version
        )
        is_new = candidate.version == 1
        return item, self._table.pk.does_not_exist() if is_new else self._follows(candidate.version)

    def _stored_copy_keys(self, candidate_id: str) -> set[ItemKey]:
        """Return the keys of a candidate's copies; the write's condition on the version guards them."""
        try:
            return _copy_keys(self.candidate(candidate_id))
        except NotFound:
            raise Conflict from None

    def _copy_item(self, key: ItemKey, candidate: Candidate) -> PlainItem:
        item = self._item(*key, candidate)
        item.owner = candidate.candidate_id
        return item

    def _is_owned_by_any(self, candidates: Sequence[Candidate]) -> Condition:
        return self._table.owner.is_in(*(candidate.candidate_id for candidate in candidates))

    # ---- audit, rooms, staff ----

    def audit(self, owner_id: str) -> list[AuditEntry]:
        items = self._table.query(f"AUDIT#{owner_id}", consistent_read=True)
        return [load(AuditEntry, item.body) for item in items]

    def _audit_items(self, entries: Iterable[AuditEntry]) -> list[Put]:
        return [
            (
                self._item(f"AUDIT#{entry.session_id}", f"{entry.number:06d}", entry),
                self._table.pk.does_not_exist(),
            )
            for entry in entries
        ]

    def room(self, room_id: str) -> Room:
        return load(Room, self._body("ROOMS", room_id))

    def rooms(self) -> list[Room]:
        return [load(Room, item.body) for item in self._table.query("ROOMS")]

    def put_room(self, room: Room) -> None:
        self._item("ROOMS", room.room_id, room).save()

    def staff(self, username: str) -> Staff:
        return load(Staff, self._body(f"STAFF#{username}", "STAFF"))

    def recent_staff(self, username: str) -> Staff:
        return self._recent_staff(username, self._clock() // CACHE_SECONDS)

    def _read_staff(self, username: str, _bucket: int) -> Staff:
        return self.staff(username)

    def all_staff(self) -> list[Staff]:
        return [load(Staff, item.body) for item in self._table.query("STAFF", consistent_read=True)]

    def put_staff(self, staff: Staff, *entries: AuditEntry) -> None:
        own = self._item(f"STAFF#{staff.username}", "STAFF", staff, staff.version)
        listed = self._item("STAFF", staff.username, staff)
        follows = None if staff.version == 1 else self._follows(staff.version)
        put_all(self._connection, [(own, follows), (listed, None), *self._audit_items(entries)])
        self._recent_staff.cache_clear()

    def count_decision(
        self, subject_id: str, kinds: Iterable[FindingKind], *, confirmed: bool
    ) -> None:
        count = self._table.confirmed if confirmed else self._table.dismissed
        for kind in kinds:
            item = self._table(f"DECISIONS#{subject_id}", kind)
            item.update(actions=[count.add(1), self._table.body.set("{}")])

    def decision_counts(self, subject_id: str) -> dict[FindingKind, DecisionCounts]:
        return {
            FindingKind(item.sk): DecisionCounts(int(item.confirmed or 0), int(item.dismissed or 0))
            for item in self._table.query(f"DECISIONS#{subject_id}")
        }

    # ---- items ----

    def _item(self, pk: str, sk: str, value: object, version: int | None = None) -> PlainItem:
        return self._table(pk, sk, body=dump(value), version=version)

    def _follows(self, version: int) -> Condition:
        return self._table.version == version - 1

    def _body(self, pk: str, sk: str) -> str:
        try:
            return self._table.get(pk, sk, consistent_read=True).body
        except self._table.DoesNotExist:
            raise NotFound from None


def _copy_keys(candidate: Candidate) -> set[ItemKey]:
    """Return the keys of a candidate's copies, besides the item under the own id."""
    exam_id, admission = candidate.exam_id, normalize_number(candidate.admission_number)
    numbers = {normalize_number(candidate.id_number), admission}
    return {
        (f"CANDIDATES#{exam_id}", admission),
        *((_number_key(exam_id, number), "NUMBER") for number in numbers),
    }


def _number_key(exam_id: str, number: str) -> str:
    return f"NUMBER#{exam_id}#{number}"
