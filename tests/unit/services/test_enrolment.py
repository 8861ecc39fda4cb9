"""Enrolment of candidates from a roster."""

import pytest

from chalicelib.domain.errors import BadInput, Conflict, NotFound
from chalicelib.services.admin.enrolment import RosterRow, confirm_photo, enrol
from tests.support import builders as build
from tests.support.builders import EXAM, ROOM, SUBJECT
from tests.support.fake_context import FakeContext


def roster_row(name: str = "李", number: str = "1101", **changes: str) -> RosterRow:
    fields = {
        "name": name,
        "id_number": f"ID{number}",
        "admission_number": f"ADM{number}",
        "phone_number": "10000000009",
        "registration_unit": "演示报名点",
        "subject_id": SUBJECT,
        "room_id": ROOM,
    }
    return RosterRow(**{**fields, **changes})


def test_roster_can_be_imported_again(context: FakeContext) -> None:
    [first] = enrol(context, EXAM, [roster_row()])
    confirm_photo(context, EXAM, first.candidate.candidate_id)
    [again] = enrol(context, EXAM, [roster_row("李四")])
    assert again.candidate.candidate_id == first.candidate.candidate_id
    assert again.candidate.name == "李四"
    assert again.candidate.photo_key == f"registration/{again.candidate.candidate_id}.jpg"
    assert again.photo.fields["key"] == again.candidate.photo_key
    assert context.registry.candidate_by_number(EXAM, "ADM1101") == again.candidate


def test_second_subject_is_added(context: FakeContext) -> None:
    context.registry.put_exam(build.exam(build.subject(), build.subject(subject_id="subject-2")))
    enrol(context, EXAM, [roster_row()])
    [second] = enrol(context, EXAM, [roster_row(subject_id="subject-2", room_id=build.OTHER_ROOM)])
    assert second.candidate.rooms == {SUBJECT: ROOM, "subject-2": build.OTHER_ROOM}


@pytest.mark.parametrize("invalid", [{"subject_id": "none"}, {"room_id": "none"}])
def test_invalid_row_prevents_all_writes(context: FakeContext, invalid: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        enrol(context, EXAM, [roster_row(), roster_row("王", "2202", **invalid)])
    with pytest.raises(NotFound):
        context.registry.candidate_by_number(EXAM, "ADM1101")


def test_number_of_another_candidate_conflicts(context: FakeContext) -> None:
    enrol(context, EXAM, [roster_row()])
    with pytest.raises(Conflict):
        enrol(context, EXAM, [roster_row("王", "2202", admission_number="ADM1101")])


def test_photo_of_another_exams_candidate_is_not_found(context: FakeContext) -> None:
    for exam_id, candidate_id in (("other", "candidate-one"), (EXAM, "candidate-nobody")):
        with pytest.raises(NotFound):
            confirm_photo(context, exam_id, candidate_id)
