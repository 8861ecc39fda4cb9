"""An exam is founded once; what admins set up afterwards stays, and no seen paper changes."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import BadInput, NotFound
from chalicelib.domain.exams.exam_validation import InvalidSetup
from chalicelib.domain.exams.exams import Exam, Staff
from chalicelib.domain.exams.paper_validation import PaperInUse
from chalicelib.domain.passcodes import verify_passcode
from chalicelib.domain.types import MINUTE, Role, SittingKind
from chalicelib.services.admin.exam_import import ExamDefinition, import_exam
from tests.support import builders as build
from tests.support.fake_context import FakeContext, fake_context

FRESH, NEW = "exam-new", "subject-new"


@pytest.fixture
def context() -> FakeContext:
    return fake_context()


def _founding(context: FakeContext, exam_id: str = FRESH, subject_id: str = NEW) -> ExamDefinition:
    """An exam whose windows open in half an hour."""
    later = context.clock() + 90 * MINUTE
    windows = {kind: replace(build.window("", later), passcode_hash="") for kind in SittingKind}
    subject = build.subject(subject_id=subject_id, exam_id=exam_id, windows=windows)
    papers = tuple(replace(build.paper(kind), subject_id=subject_id) for kind in SittingKind)
    return ExamDefinition(
        exam=Exam(
            exam_id,
            build.localized("title"),
            build.localized("pledge"),
            build.localized("hours"),
            (subject,),
        ),
        papers=papers,
        rooms=(replace(build.room("room-new"), exam_id=exam_id),),
        staff=(Staff("newcomer", "王老师", Role.PROCTOR, "", ("room-new",)),),
    )


def test_a_new_exam_is_there_and_closed(context: FakeContext) -> None:
    exam, openings = import_exam(context, _founding(context))
    assert context.registry.fresh_exam(FRESH) == exam
    assert exam.version == 1
    assert context.registry.room("room-new").exam_id == FRESH
    assert context.registry.paper(NEW, SittingKind.OFFICIAL).questions
    window = exam.subjects[0].windows[SittingKind.OFFICIAL]
    assert not verify_passcode("", window.passcode_hash)
    staff = context.registry.staff("newcomer")
    assert context.passwords.matches(openings["newcomer"].password, staff.password_hash)
    entries = context.registry.audit(FRESH)
    assert [entry.action for entry in entries] == ["exam_imported"]
    assert first_break(entries) is None
    assert exam.head.hash == entries[-1].hash


def test_again_it_changes_nothing(context: FakeContext) -> None:
    first, _ = import_exam(context, _founding(context))
    second, openings = import_exam(context, _founding(context))
    assert second == first
    assert openings == {}


def test_another_password_is_given_where_it_is_asked_for(context: FakeContext) -> None:
    import_exam(context, _founding(context))
    _, openings = import_exam(context, _founding(context), ["newcomer"])
    assert set(openings) == {"newcomer"}


def test_what_the_console_set_stays_and_new_subjects_come(context: FakeContext) -> None:
    exam, _ = import_exam(context, _founding(context))
    subject = replace(exam.subjects[0], profile="strict", duration=45 * MINUTE)
    context.registry.put_exam(replace(exam, subjects=(subject,), version=2))
    more, definition = _founding(context, subject_id="subject-more"), _founding(context)
    both = replace(
        definition,
        exam=replace(definition.exam, subjects=(*definition.exam.subjects, *more.exam.subjects)),
        papers=(*definition.papers, *more.papers),
    )
    exam, _ = import_exam(context, both)
    assert exam.subjects[0] == subject
    assert [one.subject_id for one in exam.subjects] == [NEW, "subject-more"]
    assert exam.version == 3


def test_a_paper_is_renewed_until_its_sitting_opens(context: FakeContext) -> None:
    definition = _founding(context)
    import_exam(context, definition)
    paper = definition.papers[0]
    renewed = replace(definition, papers=(replace(paper, questions=paper.questions[:1]),))
    import_exam(context, renewed)
    assert context.registry.paper(NEW, paper.kind) == renewed.papers[0]
    context.clock.now += 31 * MINUTE
    import_exam(context, renewed)
    with pytest.raises(PaperInUse):
        import_exam(context, definition)
    assert context.registry.paper(NEW, paper.kind) == renewed.papers[0]


def test_a_subject_of_another_exam_is_left_alone(context: FakeContext) -> None:
    with pytest.raises(BadInput, match="another exam"):
        import_exam(context, _founding(context, subject_id=build.SUBJECT))


def test_nothing_is_written_where_something_is_wrong(context: FakeContext) -> None:
    definition = _founding(context)
    empty = replace(definition.papers[1], questions=())
    with pytest.raises(InvalidSetup):
        import_exam(context, replace(definition, papers=(definition.papers[0], empty)))
    with pytest.raises(NotFound):
        context.registry.fresh_exam(FRESH)
    with pytest.raises(NotFound):
        context.registry.paper(NEW, definition.papers[0].kind)


def test_known_staff_keep_their_password_and_other_rooms(context: FakeContext) -> None:
    definition = _founding(context)
    before = context.registry.staff("proctor")
    known = Staff("proctor", "李老师", Role.PROCTOR, "", ("room-new",))
    _, openings = import_exam(context, replace(definition, staff=(known,)))
    after = context.registry.staff("proctor")
    assert openings == {}
    assert after.password_hash == before.password_hash
    assert after.rooms == (build.ROOM, "room-new")
    assert after.display_name == "李老师"


def test_an_authenticator_comes_and_goes_with_another_password(context: FakeContext) -> None:
    definition = _founding(context)
    import_exam(context, definition)
    with_codes = replace(definition, authenticators={"newcomer": True})
    _, openings = import_exam(context, with_codes)
    assert openings["newcomer"].authenticator
    assert context.registry.staff("newcomer").totp_secret
    assert import_exam(context, with_codes)[1] == {}
    assert import_exam(context, definition)[1] == {}
    _, openings = import_exam(context, replace(definition, authenticators={"newcomer": False}))
    assert openings["newcomer"].authenticator is None
    assert not context.registry.staff("newcomer").totp_secret
