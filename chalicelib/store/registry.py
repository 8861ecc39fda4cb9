"""The registry table: what admins set up. Implements the port `Registry`.

A candidate stands there under the own id, under each number (signing in is one read), and in the
exam's list by admission number; the places are written and left together.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache

from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition

from chalicelib.domain.audit import AuditEntry
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams.exams import Candidate, Exam, Room, Staff, normalize_number
from chalicelib.domain.exams.papers import Paper
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import SECOND, Millis, SittingKind
from chalicelib.services.ports import CandidatePage, DecisionCounts
from chalicelib.store.models import PlainItem, bind_table, dump, load
from chalicelib.store.transactions import Put, put_all

CACHE_SECONDS: Millis = 30 * SECOND
"""How long exams and papers are kept in memory: read with every step, and seldom changed."""

type Place = tuple[str, str]


class DynamoExamRegistry:
    """Exams, papers, rooms, candidates and staff, in one table."""

    def __init__(self, table_name: str, clock: Callable[[], Millis]) -> None:
        self._table = bind_table(PlainItem, table_name)
        self._connection = Connection()
        self._clock = clock
        self._exams = lru_cache(64)(self._read_exam)
        self._papers = lru_cache(64)(self._read_paper)

    # ---- exams ----

    def exam(self, exam_id: str) -> Exam:
        return self._exams(exam_id, self._clock() // CACHE_SECONDS)

    def exam_with_subject(self, exam_id: str, subject_id: str) -> Exam:
        kept = self.exam(exam_id)
        if kept.subject(subject_id) is not None:
            return kept
        # It may have been added a moment ago; if it was, everybody who asks next is served from
        # memory again.
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

    def candidates(self, exam_id: str, *, after: str, limit: int) -> CandidatePage:
        pk = f"CANDIDATES#{exam_id}"
        start = {"pk": {"S": pk}, "sk": {"S": after}} if after else None
        found = self._table.query(pk, limit=limit, page_size=limit, last_evaluated_key=start)
        candidates = tuple(load(Candidate, item.body) for item in found)
        last = found.last_evaluated_key
        return CandidatePage(candidates, str(last["sk"]["S"]) if last else "")

    def put_candidate(self, candidate: Candidate, *entries: AuditEntry) -> None:
        own = self._item(
            f"CANDIDATE#{candidate.candidate_id}", "CANDIDATE", candidate, candidate.version
        )
        new = candidate.version == 1
        places = _places(candidate)
        free = self._table.pk.does_not_exist() | self._require_owned(candidate)
        puts: list[Put] = [
            (own, self._table.pk.does_not_exist() if new else self._follows(candidate.version)),
            *((self._put_keys(place, candidate), free) for place in sorted(places)),
            *self._audit_items(entries),
        ]
        before = set() if new else self._previous_keys(candidate.candidate_id)
        gone = [
            (self._put_keys(place, candidate), self._require_owned(candidate))
            for place in sorted(before - places)
        ]
        put_all(self._connection, puts, gone)

    def _previous_keys(self, candidate_id: str) -> set[Place]:
        """Return where a candidate stands now; the version in the write's condition holds it so."""
        try:
            return _places(self.candidate(candidate_id))
        except NotFound:
            raise Conflict from None

    def _put_keys(self, place: Place, candidate: Candidate) -> PlainItem:
        item = self._item(*place, candidate)
        item.owner = candidate.candidate_id
        return item

    def _require_owned(self, candidate: Candidate) -> Condition:
        return self._table.owner == candidate.candidate_id

    # ---- audit, rooms, staff ----

    def audit(self, owner_id: str) -> list[AuditEntry]:
        found = self._table.query(f"AUDIT#{owner_id}", consistent_read=True)
        return [load(AuditEntry, item.body) for item in found]

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

    def put_staff(self, staff: Staff) -> None:
        self._item(f"STAFF#{staff.username}", "STAFF", staff).save()

    def count_decision(
        self, subject_id: str, kinds: Iterable[FindingKind], *, confirmed: bool
    ) -> None:
        verdict = self._table.confirmed if confirmed else self._table.dismissed
        for kind in kinds:
            item = self._table(f"DECIDED#{subject_id}", kind)
            item.update(actions=[verdict.add(1), self._table.body.set("{}")])

    def decision_counts(self, subject_id: str) -> dict[FindingKind, DecisionCounts]:
        return {
            FindingKind(item.sk): DecisionCounts(int(item.confirmed or 0), int(item.dismissed or 0))
            for item in self._table.query(f"DECIDED#{subject_id}")
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


def _places(candidate: Candidate) -> set[Place]:
    """Return where else than under the own id a candidate stands."""
    exam_id, admission = candidate.exam_id, normalize_number(candidate.admission_number)
    numbers = {normalize_number(candidate.id_number), admission}
    return {
        (f"CANDIDATES#{exam_id}", admission),
        *((_number_key(exam_id, number), "NUMBER") for number in numbers),
    }


def _number_key(exam_id: str, number: str) -> str:
    return f"NUMBER#{exam_id}#{number}"
