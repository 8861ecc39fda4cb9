"""The port `Registry`, proved on the fake and on the table alike."""

from dataclasses import replace

import pytest

from chalicelib.exam.errors import Conflict, NotFound
from chalicelib.exam.exams import Candidate
from chalicelib.exam.words import Role, SittingKind
from chalicelib.services.ports import Registry
from tests.integration.store.conftest import BOTH
from tests.support import builders as build

pytestmark = BOTH


@pytest.fixture
def somebody(fresh: str) -> Candidate:
    return build.candidate(fresh, exam_id=f"exam-{fresh}")


def test_what_is_put_is_read(registry: Registry, fresh: str) -> None:
    exam = build.exam(exam_id=f"exam-{fresh}")
    paper = build.paper(SittingKind.TRIAL, f"subject-{fresh}")
    room = build.room(f"room-{fresh}")
    staff = build.staff(f"staff-{fresh}", Role.PROCTOR, "a", "b")
    registry.put_exam(exam)
    registry.put_paper(paper)
    registry.put_room(room)
    registry.put_staff(staff)
    assert registry.exam(exam.exam_id) == exam
    assert registry.paper(paper.subject_id, SittingKind.TRIAL) == paper
    assert registry.room(room.room_id) == room
    assert room in registry.rooms()
    assert registry.staff(staff.username) == staff


def test_a_change_is_seen_at_once(registry: Registry, fresh: str) -> None:
    exam = build.exam(exam_id=f"exam-{fresh}")
    paper = build.paper(SittingKind.TRIAL, f"subject-{fresh}")
    for one, other in ((exam, paper), (replace(exam, subjects=()), replace(paper, questions=()))):
        registry.put_exam(one)
        registry.put_paper(other)
        assert registry.exam(exam.exam_id) == one
        assert registry.paper(paper.subject_id, paper.kind) == other


def test_what_is_not_there_is_not_found(registry: Registry, fresh: str) -> None:
    for read in (registry.exam, registry.candidate, registry.room, registry.staff):
        with pytest.raises(NotFound):
            read(fresh)
    with pytest.raises(NotFound):
        registry.paper(fresh, SittingKind.TRIAL)
    with pytest.raises(NotFound):
        registry.candidate_by_number(fresh, fresh)


def test_a_candidate_is_found_by_either_number(registry: Registry, somebody: Candidate) -> None:
    registry.put_candidate(somebody)
    assert registry.candidate(somebody.candidate_id) == somebody
    for written in (somebody.id_number, somebody.admission_number):
        kept = written.replace("-", "").upper()
        assert registry.candidate_by_number(somebody.exam_id, kept) == somebody


def test_a_candidate_may_be_put_again(registry: Registry, somebody: Candidate) -> None:
    registry.put_candidate(somebody)
    changed = replace(somebody, phone="10000000009")
    registry.put_candidate(changed)
    assert registry.candidate(somebody.candidate_id) == changed


def test_one_number_for_both_is_enough(registry: Registry, somebody: Candidate) -> None:
    same = replace(somebody, admission_number=somebody.id_number)
    registry.put_candidate(same)
    assert registry.candidate(same.candidate_id) == same


@pytest.mark.parametrize("own", ["id_number", "admission_number"])
@pytest.mark.parametrize("others", ["id_number", "admission_number"])
def test_a_number_belongs_to_one_candidate(
    registry: Registry, somebody: Candidate, own: str, others: str
) -> None:
    registry.put_candidate(somebody)
    second = build.candidate(f"2{somebody.candidate_id}", exam_id=somebody.exam_id)
    taken: dict[str, str] = {own: getattr(somebody, others)}
    with pytest.raises(Conflict):
        registry.put_candidate(replace(second, **taken))  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        registry.candidate(second.candidate_id)


def test_the_same_number_in_another_exam_is_another_candidate(
    registry: Registry, somebody: Candidate
) -> None:
    other = replace(
        somebody, candidate_id=f"2{somebody.candidate_id}", exam_id=f"2{somebody.exam_id}"
    )
    registry.put_candidate(somebody)
    registry.put_candidate(other)
    kept = somebody.id_number.replace("-", "").upper()
    assert registry.candidate_by_number(somebody.exam_id, kept) == somebody
    assert registry.candidate_by_number(other.exam_id, kept) == other
