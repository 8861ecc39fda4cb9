"""The port `ExamRegistry`, on the fake and on the table."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import ChainHead, append
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.normalization import normalize_number
from chalicelib.domain.types import Role, SittingKind
from chalicelib.services.ports import CandidatePage, ExamRegistry
from tests.integration.store.conftest import BOTH
from tests.support import builders as build

pytestmark = BOTH


@pytest.fixture
def candidate(unique_id: str) -> Candidate:
    return build.candidate(unique_id, exam_id=f"exam-{unique_id}")


def test_objects_are_read_as_written(registry: ExamRegistry, unique_id: str) -> None:
    exam = build.exam(exam_id=f"exam-{unique_id}")
    paper = build.paper(SittingKind.TRIAL, f"subject-{unique_id}")
    room = build.room(f"room-{unique_id}")
    staff = build.staff(f"staff-{unique_id}", Role.PROCTOR, "a", "b")
    registry.put_exam(exam)
    registry.put_paper(paper)
    registry.put_room(room)
    registry.put_staff(staff)
    assert registry.exam(exam.exam_id) == exam
    assert registry.paper(paper.subject_id, SittingKind.TRIAL) == paper
    assert registry.room(room.room_id) == room
    assert room in registry.rooms()
    assert registry.staff(staff.username) == staff


def test_own_change_is_visible_at_once(registry: ExamRegistry, unique_id: str) -> None:
    exam = build.exam(exam_id=f"exam-{unique_id}")
    paper = build.paper(SittingKind.TRIAL, f"subject-{unique_id}")
    for exam_version, paper_version in (
        (exam, paper),
        (replace(exam, subjects=()), replace(paper, questions=())),
    ):
        registry.put_exam(exam_version)
        registry.put_paper(paper_version)
        assert registry.exam(exam.exam_id) == exam_version
        assert registry.paper(paper.subject_id, paper.kind) == paper_version


def test_unknown_objects_are_not_found(registry: ExamRegistry, unique_id: str) -> None:
    for read in (registry.exam, registry.candidate, registry.room, registry.staff):
        with pytest.raises(NotFound):
            read(unique_id)
    with pytest.raises(NotFound):
        registry.paper(unique_id, SittingKind.TRIAL)
    with pytest.raises(NotFound):
        registry.candidate_by_number(unique_id, unique_id)


def test_candidate_is_found_by_either_number(registry: ExamRegistry, candidate: Candidate) -> None:
    registry.put_candidate(candidate)
    assert registry.candidate(candidate.candidate_id) == candidate
    for number in (candidate.id_number, candidate.admission_number):
        normalized = number.replace("-", "").upper()
        assert registry.candidate_by_number(candidate.exam_id, normalized) == candidate


def test_candidate_can_be_written_again(registry: ExamRegistry, candidate: Candidate) -> None:
    registry.put_candidate(candidate)
    changed = replace(candidate, phone_number="10000000009", version=2)
    registry.put_candidate(changed)
    assert registry.candidate(candidate.candidate_id) == changed


def test_candidate_write_requires_the_preceding_version(
    registry: ExamRegistry, candidate: Candidate
) -> None:
    registry.put_candidate(candidate)
    for version in (1, 3):
        with pytest.raises(Conflict):
            registry.put_candidate(replace(candidate, phone_number="10000000009", version=version))
    with pytest.raises(Conflict):
        registry.put_candidate(replace(candidate, candidate_id="nobody", version=2))
    assert registry.candidate(candidate.candidate_id) == candidate


@pytest.mark.parametrize("which", ["id_number", "admission_number"])
def test_replaced_number_is_not_found_and_can_be_reused(
    registry: ExamRegistry, candidate: Candidate, which: str
) -> None:
    registry.put_candidate(candidate)
    old, new = normalize_number(getattr(candidate, which)), f"NEW{candidate.candidate_id}".upper()
    numbers: dict[str, str] = {which: new}
    changed = replace(candidate, version=2, **numbers)  # type: ignore[arg-type]
    registry.put_candidate(changed)
    assert registry.candidate_by_number(candidate.exam_id, normalize_number(new)) == changed
    assert registry.exam_and_candidate(candidate.exam_id, old) == (None, None)
    with pytest.raises(NotFound):
        registry.candidate_by_number(candidate.exam_id, old)
    assert registry.candidates(candidate.exam_id, after="", limit=9).candidates == (changed,)
    old_numbers: dict[str, str] = {which: old}
    other = build.candidate(f"2{candidate.candidate_id}", exam_id=candidate.exam_id)
    registry.put_candidate(replace(other, **old_numbers))  # type: ignore[arg-type]


def test_swapped_numbers_stay_indexed(registry: ExamRegistry, candidate: Candidate) -> None:
    registry.put_candidate(candidate)
    swapped = replace(
        candidate,
        id_number=candidate.admission_number,
        admission_number=candidate.id_number,
        version=2,
    )
    registry.put_candidate(swapped)
    for number in (candidate.id_number, candidate.admission_number):
        indexed = registry.candidate_by_number(candidate.exam_id, normalize_number(number))
        assert indexed == swapped


def test_candidates_are_listed_by_page(registry: ExamRegistry, unique_id: str) -> None:
    exam_id = f"exam-{unique_id}"
    candidates = [build.candidate(f"{unique_id}-{n}", exam_id=exam_id) for n in range(5)]
    for candidate in reversed(candidates):
        registry.put_candidate(candidate)
    listed: list[Candidate] = []
    after, pages = "", 0
    while pages == 0 or after:
        page = registry.candidates(exam_id, after=after, limit=2)
        assert len(page.candidates) <= 2
        listed += page.candidates
        after, pages = page.after, pages + 1
    assert listed == candidates
    assert registry.candidates(f"none-{unique_id}", after="", limit=2) == CandidatePage((), "")


class TestExams:
    def test_exams_are_listed(self, registry: ExamRegistry, unique_id: str) -> None:
        exam = build.exam(exam_id=f"exam-{unique_id}")
        registry.put_exam(exam)
        assert exam in registry.exams()

    def test_exam_write_requires_the_preceding_version(
        self, registry: ExamRegistry, unique_id: str
    ) -> None:
        exam = build.exam(exam_id=f"exam-{unique_id}")
        registry.put_exam(exam)
        second = replace(exam, subjects=(), version=2)
        registry.put_exam(second)
        for version in (2, 4):
            with pytest.raises(Conflict):
                registry.put_exam(replace(exam, version=version))
        assert registry.fresh_exam(exam.exam_id) == second

    def test_audit_entries_are_written_with_the_exam_or_not_at_all(
        self, registry: ExamRegistry, unique_id: str
    ) -> None:
        exam = build.exam(exam_id=f"exam-{unique_id}")
        registry.put_exam(exam)
        entry, head = append(ChainHead(), exam.exam_id, build.NOW, "admin:a", "rules_changed")
        registry.put_exam(replace(exam, version=2, head=head), entry)
        with pytest.raises(Conflict):
            registry.put_exam(replace(exam, version=3, subjects=()), entry)
        assert registry.audit(exam.exam_id) == [entry]
        assert registry.fresh_exam(exam.exam_id).version == 2


def test_subject_added_by_another_worker_is_found_at_once(
    registry: ExamRegistry, other_registry: ExamRegistry, unique_id: str
) -> None:
    """Another worker has cached the exam before."""
    exam = build.exam(exam_id=f"exam-{unique_id}")
    registry.put_exam(exam)
    assert other_registry.exam(exam.exam_id) == exam
    added = build.subject(subject_id=f"subject-{unique_id}")
    larger = replace(exam, subjects=(*exam.subjects, added), version=2)
    registry.put_exam(larger)
    assert other_registry.exam_with_subject(exam.exam_id, added.subject_id) == larger
    assert other_registry.exam(exam.exam_id) == larger
    assert other_registry.exam_with_subject(exam.exam_id, "none").subject("none") is None


def test_exam_and_candidate_are_read_as_they_are_now(
    registry: ExamRegistry, unique_id: str, candidate: Candidate
) -> None:
    exam = build.exam(exam_id=candidate.exam_id)
    registry.put_exam(exam)
    registry.put_candidate(candidate)
    number = normalize_number(candidate.id_number)
    assert registry.exam(exam.exam_id) == exam
    assert registry.exam_and_candidate(exam.exam_id, number) == (exam, candidate)
    changed = replace(exam, subjects=(), version=2)
    registry.put_exam(changed)
    assert registry.exam_and_candidate(exam.exam_id, number) == (changed, candidate)
    assert registry.exam_and_candidate(exam.exam_id, unique_id) == (changed, None)
    assert registry.exam_and_candidate(unique_id, number) == (None, None)


def test_candidate_with_equal_numbers_is_found(
    registry: ExamRegistry, candidate: Candidate
) -> None:
    same = replace(candidate, admission_number=candidate.id_number)
    registry.put_candidate(same)
    assert registry.candidate(same.candidate_id) == same


@pytest.mark.parametrize("own", ["id_number", "admission_number"])
@pytest.mark.parametrize("others", ["id_number", "admission_number"])
def test_number_of_another_candidate_conflicts(
    registry: ExamRegistry, candidate: Candidate, own: str, others: str
) -> None:
    registry.put_candidate(candidate)
    second = build.candidate(f"2{candidate.candidate_id}", exam_id=candidate.exam_id)
    numbers: dict[str, str] = {own: getattr(candidate, others)}
    with pytest.raises(Conflict):
        registry.put_candidate(replace(second, **numbers))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        registry.candidate(second.candidate_id)


def test_number_in_another_exam_is_independent(
    registry: ExamRegistry, candidate: Candidate
) -> None:
    other = replace(
        candidate, candidate_id=f"2{candidate.candidate_id}", exam_id=f"2{candidate.exam_id}"
    )
    registry.put_candidate(candidate)
    registry.put_candidate(other)
    normalized = candidate.id_number.replace("-", "").upper()
    assert registry.candidate_by_number(candidate.exam_id, normalized) == candidate
    assert registry.candidate_by_number(other.exam_id, normalized) == other
