"""The port `ExamRegistry`: several people at once, staff and caches; on the fake and the table."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import ChainHead, append
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.normalization import normalize_number
from chalicelib.domain.types import Role
from chalicelib.services.ports import CandidateWrite, ExamRegistry
from tests.integration.store.conftest import BOTH
from tests.support import builders as build

pytestmark = BOTH


@pytest.fixture
def pair(unique_id: str) -> tuple[Candidate, Candidate]:
    first, second = (
        build.candidate(f"{name}{unique_id}", exam_id=f"exam-{unique_id}") for name in "ab"
    )
    return first, second


def numbers(candidate: Candidate) -> list[str]:
    return [normalize_number(candidate.id_number), normalize_number(candidate.admission_number)]


def write(registry: ExamRegistry, *candidates: Candidate) -> None:
    registry.put_candidates([CandidateWrite(candidate, ()) for candidate in candidates])


class TestSeveralPeople:
    def test_people_are_found_by_all_their_numbers(
        self, registry: ExamRegistry, pair: tuple[Candidate, Candidate]
    ) -> None:
        write(registry, *pair)
        first, second = pair
        wanted = [*numbers(first), *numbers(second), "NOBODY"]
        found = registry.candidates_by_numbers(first.exam_id, wanted)
        assert found == {number: candidate for candidate in pair for number in numbers(candidate)}
        assert registry.candidates_by_numbers("another", wanted) == {}
        assert registry.candidates_by_numbers(first.exam_id, []) == {}

    def test_two_exchange_a_number_in_one_write(
        self, registry: ExamRegistry, pair: tuple[Candidate, Candidate]
    ) -> None:
        write(registry, *pair)
        first, second = (
            replace(candidate, version=2, admission_number=other.admission_number)
            for candidate, other in zip(pair, pair[::-1], strict=True)
        )
        with pytest.raises(Conflict):
            write(registry, first)
        write(registry, first, second)
        for candidate in (first, second):
            assert registry.candidate(candidate.candidate_id) == candidate
            for number in numbers(candidate):
                assert registry.candidate_by_number(candidate.exam_id, number) == candidate

    def test_all_are_written_with_their_entries_or_none(
        self, registry: ExamRegistry, pair: tuple[Candidate, Candidate]
    ) -> None:
        first, second = pair
        entry, head = append(ChainHead(), first.candidate_id, build.NOW, "admin:a", "imported")
        writes = [
            CandidateWrite(replace(first, head=head), (entry,)),
            CandidateWrite(replace(second, admission_number=first.admission_number), ()),
        ]
        with pytest.raises(Conflict):
            registry.put_candidates(writes)
        with pytest.raises(NotFound):
            registry.candidate(first.candidate_id)
        assert registry.audit(first.candidate_id) == []
        registry.put_candidates(writes[:1])
        assert registry.audit(first.candidate_id) == [entry]

    def test_number_that_was_given_up_is_free(
        self, registry: ExamRegistry, pair: tuple[Candidate, Candidate]
    ) -> None:
        first, second = pair
        write(registry, first)
        write(registry, replace(first, version=2, admission_number=f"new-{first.admission_number}"))
        write(registry, replace(second, admission_number=first.admission_number))
        holder = registry.candidate_by_number(first.exam_id, numbers(first)[1])
        assert holder.candidate_id == second.candidate_id


class TestStaff:
    def test_staff_are_listed_and_read_recently(
        self, registry: ExamRegistry, unique_id: str
    ) -> None:
        staff = build.staff(f"staff-{unique_id}", Role.PROCTOR, "room")
        registry.put_staff(staff)
        assert staff in registry.all_staff()
        assert registry.recent_staff(staff.username) == staff
        changed = replace(staff, version=2, rooms=())
        registry.put_staff(changed)
        assert registry.recent_staff(staff.username) == changed, "an own change holds at once"
        assert [member for member in registry.all_staff() if member.username == staff.username] == [
            changed
        ]
        with pytest.raises(Conflict):
            registry.put_staff(changed)
        with pytest.raises(NotFound):
            registry.recent_staff(f"none-{unique_id}")


def test_sign_in_reads_past_a_cache_that_is_out_of_date(
    registry: ExamRegistry, other_registry: ExamRegistry, unique_id: str
) -> None:
    exam = build.exam(exam_id=f"exam-{unique_id}")
    registry.put_exam(exam)
    assert other_registry.exam(exam.exam_id) == exam
    newer = replace(exam, version=2, subjects=())
    registry.put_exam(newer)
    assert other_registry.exam_and_candidate(exam.exam_id, unique_id) == (newer, None)
