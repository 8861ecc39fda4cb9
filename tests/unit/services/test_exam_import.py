"""Import of exams: idempotent, keeps what the console has changed, and no opened paper changes."""

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


def _definition(
    context: FakeContext, exam_id: str = FRESH, subject_id: str = NEW
) -> ExamDefinition:
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


def test_new_exam_is_created_without_usable_passcodes(context: FakeContext) -> None:
    exam, credentials = import_exam(context, _definition(context))
    assert context.registry.fresh_exam(FRESH) == exam
    assert exam.version == 1
    assert context.registry.room("room-new").exam_id == FRESH
    assert context.registry.paper(NEW, SittingKind.OFFICIAL).questions
    window = exam.subjects[0].windows[SittingKind.OFFICIAL]
    assert not verify_passcode("", window.passcode_hash)
    staff = context.registry.staff("newcomer")
    assert context.passwords.matches(credentials["newcomer"].password, staff.password_hash)
    entries = context.registry.audit(FRESH)
    assert [entry.action for entry in entries] == ["exam_imported"]
    assert first_break(entries) is None
    assert exam.head.hash == entries[-1].hash


def test_repeated_import_changes_nothing(context: FakeContext) -> None:
    first, _ = import_exam(context, _definition(context))
    second, credentials = import_exam(context, _definition(context))
    assert second == first
    assert credentials == {}


def test_reset_credentials_issues_a_new_password(context: FakeContext) -> None:
    import_exam(context, _definition(context))
    _, credentials = import_exam(context, _definition(context), ["newcomer"])
    assert set(credentials) == {"newcomer"}


def test_console_settings_stay_and_new_subjects_are_added(context: FakeContext) -> None:
    exam, _ = import_exam(context, _definition(context))
    subject = replace(exam.subjects[0], profile="strict", duration=45 * MINUTE)
    context.registry.put_exam(replace(exam, subjects=(subject,), version=2))
    more, definition = _definition(context, subject_id="subject-more"), _definition(context)
    both = replace(
        definition,
        exam=replace(definition.exam, subjects=(*definition.exam.subjects, *more.exam.subjects)),
        papers=(*definition.papers, *more.papers),
    )
    exam, _ = import_exam(context, both)
    assert exam.subjects[0] == subject
    assert [subject.subject_id for subject in exam.subjects] == [NEW, "subject-more"]
    assert exam.version == 3


def test_paper_can_be_replaced_until_sign_in_opens(context: FakeContext) -> None:
    definition = _definition(context)
    import_exam(context, definition)
    paper = definition.papers[0]
    replaced = replace(definition, papers=(replace(paper, questions=paper.questions[:1]),))
    import_exam(context, replaced)
    assert context.registry.paper(NEW, paper.kind) == replaced.papers[0]
    context.clock.now += 31 * MINUTE
    import_exam(context, replaced)
    with pytest.raises(PaperInUse):
        import_exam(context, definition)
    assert context.registry.paper(NEW, paper.kind) == replaced.papers[0]


def test_subject_id_of_another_exam_is_rejected(context: FakeContext) -> None:
    with pytest.raises(BadInput, match="another exam"):
        import_exam(context, _definition(context, subject_id=build.SUBJECT))


def test_invalid_definition_prevents_all_writes(context: FakeContext) -> None:
    definition = _definition(context)
    empty = replace(definition.papers[1], questions=())
    with pytest.raises(InvalidSetup):
        import_exam(context, replace(definition, papers=(definition.papers[0], empty)))
    with pytest.raises(NotFound):
        context.registry.fresh_exam(FRESH)
    with pytest.raises(NotFound):
        context.registry.paper(NEW, definition.papers[0].kind)


def test_existing_staff_keep_their_password_and_other_rooms(context: FakeContext) -> None:
    definition = _definition(context)
    before = context.registry.staff("proctor")
    imported = Staff("proctor", "李老师", Role.PROCTOR, "", ("room-new",))
    _, credentials = import_exam(context, replace(definition, staff=(imported,)))
    after = context.registry.staff("proctor")
    assert credentials == {}
    assert after.password_hash == before.password_hash
    assert after.rooms == (build.ROOM, "room-new")
    assert after.display_name == "李老师"


def test_adding_or_removing_the_authenticator_changes_the_password(context: FakeContext) -> None:
    definition = _definition(context)
    import_exam(context, definition)
    with_totp = replace(definition, authenticators={"newcomer": True})
    _, credentials = import_exam(context, with_totp)
    assert credentials["newcomer"].authenticator
    assert context.registry.staff("newcomer").totp_secret
    assert import_exam(context, with_totp)[1] == {}
    assert import_exam(context, definition)[1] == {}
    _, credentials = import_exam(context, replace(definition, authenticators={"newcomer": False}))
    assert credentials["newcomer"].authenticator is None
    assert not context.registry.staff("newcomer").totp_secret
