"""The registry table: what admins set up. Implements the port `Registry`."""

from collections.abc import Callable
from functools import lru_cache

from pynamodb.connection import Connection

from chalicelib.exam.errors import NotFound
from chalicelib.exam.exams import Candidate, Exam, Room, Staff, normal_number
from chalicelib.exam.papers import Paper
from chalicelib.exam.words import SECOND, Millis, SittingKind
from chalicelib.store.items import PlainItem, bind, dump, load
from chalicelib.store.writing import Put, put_all

KEEP_EXAM: Millis = 5 * SECOND
"""How long an exam is kept in memory: a subject that was just added is soon known everywhere."""

KEEP: Millis = 30 * SECOND
"""How long papers are kept in memory: they are read with every answer and seldom changed."""


class DynamoRegistry:
    """Exams, papers, rooms, candidates and staff, in one table."""

    def __init__(self, table_name: str, clock: Callable[[], Millis]) -> None:
        self._table = bind(PlainItem, table_name)
        self._connection = Connection()
        self._clock = clock
        self._exams = lru_cache(64)(self._read_exam)
        self._papers = lru_cache(64)(self._read_paper)

    def exam(self, exam_id: str) -> Exam:
        return self._exams(exam_id, self._clock() // KEEP_EXAM)

    def _read_exam(self, exam_id: str, _bucket: int) -> Exam:
        return load(Exam, self._body(f"EXAM#{exam_id}", "EXAM"))

    def paper(self, subject_id: str, kind: SittingKind) -> Paper:
        return self._papers(subject_id, kind, self._clock() // KEEP)

    def _read_paper(self, subject_id: str, kind: SittingKind, _bucket: int) -> Paper:
        return load(Paper, self._body(f"PAPER#{subject_id}", kind))

    def candidate(self, candidate_id: str) -> Candidate:
        return load(Candidate, self._body(f"CANDIDATE#{candidate_id}", "CANDIDATE"))

    def candidate_by_number(self, exam_id: str, number: str) -> Candidate:
        return load(Candidate, self._body(_number_key(exam_id, number), "NUMBER"))

    def room(self, room_id: str) -> Room:
        return load(Room, self._body("ROOMS", room_id))

    def rooms(self) -> list[Room]:
        return [load(Room, item.body) for item in self._table.query("ROOMS")]

    def staff(self, username: str) -> Staff:
        return load(Staff, self._body(f"STAFF#{username}", "STAFF"))

    def put_exam(self, exam: Exam) -> None:
        self._put(f"EXAM#{exam.exam_id}", "EXAM", exam)
        self._exams.cache_clear()

    def put_paper(self, paper: Paper) -> None:
        self._put(f"PAPER#{paper.subject_id}", paper.kind, paper)
        self._papers.cache_clear()

    def put_room(self, room: Room) -> None:
        self._put("ROOMS", room.room_id, room)

    def put_staff(self, staff: Staff) -> None:
        self._put(f"STAFF#{staff.username}", "STAFF", staff)

    def put_candidate(self, candidate: Candidate) -> None:
        """Write a candidate, to be found by either number with one read.

        Raises Conflict where a number is another candidate's.
        """
        numbers = {candidate.id_number, candidate.admission_number}
        keys = sorted({_number_key(candidate.exam_id, normal_number(one)) for one in numbers})
        free = self._table.pk.does_not_exist() | (self._table.owner == candidate.candidate_id)
        own = self._item(f"CANDIDATE#{candidate.candidate_id}", "CANDIDATE", candidate)
        puts: list[Put] = [(own, None)]
        for key in keys:
            item = self._item(key, "NUMBER", candidate)
            item.owner = candidate.candidate_id
            puts.append((item, free))
        put_all(self._connection, puts)

    def _item(self, pk: str, sk: str, value: object) -> PlainItem:
        return self._table(pk, sk, body=dump(value))

    def _put(self, pk: str, sk: str, value: object) -> None:
        self._item(pk, sk, value).save()

    def _body(self, pk: str, sk: str) -> str:
        try:
            return self._table.get(pk, sk, consistent_read=True).body
        except self._table.DoesNotExist:
            raise NotFound from None


def _number_key(exam_id: str, number: str) -> str:
    return f"NUMBER#{exam_id}#{number}"
