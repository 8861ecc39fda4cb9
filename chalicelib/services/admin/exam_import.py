"""Founding an exam: what an institution wrote down becomes an exam that admins go on with.

What is set in the console stays as it is there: a known subject keeps its times, rules and
passcodes, a known exam its texts. New subjects, rooms and staff are added, and papers that nobody
can have seen are renewed. Doing it again changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.domain.audit import append
from chalicelib.domain.errors import BadInput
from chalicelib.domain.exams.exam_validation import validate_subject
from chalicelib.domain.exams.exams import Exam, Room, Staff, Subject, Window
from chalicelib.domain.exams.paper_validation import PaperInUse, validate_paper
from chalicelib.domain.exams.papers import Paper
from chalicelib.domain.passcodes import hash_passcode, make_passcode, make_salt
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import find_or_none
from chalicelib.services.ports import AppContext

ACTOR = "operator"


@dataclass(frozen=True, slots=True)
class ExamDefinition:
    """An exam as it is written down. Windows have no passcode yet, staff no password."""

    exam: Exam
    papers: tuple[Paper, ...]
    rooms: tuple[Room, ...]
    staff: tuple[Staff, ...]
    authenticators: Mapping[str, bool] = field(default_factory=dict)
    """Who of the staff signs in with a one-time code, too; whoever is not named goes on as before."""


@dataclass(frozen=True, slots=True)
class NewCredentials:
    """What somebody signs in with, to be told them once: it is kept nowhere."""

    password: str
    authenticator: str | None
    """What their authenticator app is given, where they have one."""


def import_exam(
    context: AppContext, definition: ExamDefinition, reset_credentials: Iterable[str] = ()
) -> tuple[Exam, dict[str, NewCredentials]]:
    """Write an exam; return it, and what new staff sign in with, by username.

    `anew` names staff who get another password and authenticator. Raises Unsound, PaperInUse or
    BadInput before anything is written, Conflict where an admin changes the exam meanwhile.
    """
    known = find_or_none(lambda: context.registry.fresh_exam(definition.exam.exam_id))
    _validate_definition(context, definition, known)
    # A subject is never there without its papers.
    for paper in definition.papers:
        context.registry.put_paper(paper)
    exam = _write_exam(context, definition.exam, known)
    for room in definition.rooms:
        context.registry.put_room(room)
    asked = frozenset(reset_credentials)
    openings = {
        member.username: opening
        for member in definition.staff
        if (opening := _write_staff(context, definition, member, anew=member.username in asked))
        is not None
    }
    return exam, openings


def _validate_definition(
    context: AppContext, definition: ExamDefinition, known: Exam | None
) -> None:
    exam = definition.exam
    others = [one for one in context.registry.exams() if one.exam_id != exam.exam_id]
    for subject in exam.subjects:
        validate_subject(subject)
        if any(other.subject(subject.subject_id) for other in others):
            raise BadInput(
                LocalizedText(
                    f"科目编号 {subject.subject_id} 已用于其他批次。",
                    f"The subject id {subject.subject_id} belongs to another exam.",
                )
            )
    for paper in definition.papers:
        validate_paper(paper)
        _require_unopened(context, known, paper)


def _require_unopened(context: AppContext, known: Exam | None, paper: Paper) -> None:
    """Raise PaperInUse where candidates may know another paper than this."""
    subject = known.subject(paper.subject_id) if known else None
    if subject is None or context.clock() < subject.windows[paper.kind].opens_at:
        return
    if context.registry.paper(paper.subject_id, paper.kind) != paper:
        raise PaperInUse(paper)


def _write_exam(context: AppContext, wanted: Exam, known: Exam | None) -> Exam:
    before = known or replace(wanted, subjects=(), version=0)
    subjects = _merged(context, before.subjects, wanted.subjects)
    if known and subjects == known.subjects:
        return known
    entry, head = append(before.head, before.exam_id, context.clock(), ACTOR, "exam_founded")
    exam = replace(before, subjects=subjects, version=before.version + 1, head=head)
    context.registry.put_exam(exam, entry)
    return exam


def _merged(
    context: AppContext, known: tuple[Subject, ...], wanted: tuple[Subject, ...]
) -> tuple[Subject, ...]:
    """Known subjects with the number of their papers' questions, then the new ones."""
    numbers = {subject.subject_id: subject.questions for subject in wanted}
    kept = (
        replace(subject, questions=numbers.get(subject.subject_id, subject.questions))
        for subject in known
    )
    there = {subject.subject_id for subject in known}
    added = (
        _without_passcodes(context, subject)
        for subject in wanted
        if subject.subject_id not in there
    )
    return (*kept, *added)


def _without_passcodes(context: AppContext, subject: Subject) -> Subject:
    """A new subject, which nobody can sign in to before an admin has made its passcodes."""

    def close(window: Window) -> Window:
        stored = hash_passcode(make_passcode(context.randbelow), make_salt(context.randbelow))
        return replace(window, passcode_hash=stored)

    return replace(subject, windows={kind: close(one) for kind, one in subject.windows.items()})


def _write_staff(
    context: AppContext, definition: ExamDefinition, wanted: Staff, *, anew: bool
) -> NewCredentials | None:
    """Write a person, who keeps the rooms of other exams; return what is new to them, if anything.

    Whoever gets or loses the authenticator gets another password with it.
    """
    known = find_or_none(lambda: context.registry.staff(wanted.username)) or wanted
    rooms = (*known.rooms, *(room for room in wanted.rooms if room not in known.rooms))
    person = replace(known, display_name=wanted.display_name, role=wanted.role, rooms=rooms)
    with_codes = definition.authenticators.get(person.username, bool(person.totp_secret))
    opening = None
    if anew or not person.password_hash or bool(person.totp_secret) != with_codes:
        person, opening = _with_new_credentials(context, person, with_codes=with_codes)
    context.registry.put_staff(person)
    return opening


def _with_new_credentials(
    context: AppContext, person: Staff, *, with_codes: bool
) -> tuple[Staff, NewCredentials]:
    """A person with another password, and with another authenticator or none."""
    password = make_passcode(context.randbelow) + make_passcode(context.randbelow)
    secret = context.one_time_codes.new_secret() if with_codes else ""
    address = (
        context.one_time_codes.provisioning_uri(secret, person.username) if with_codes else None
    )
    stored = context.passwords.hash(password)
    return replace(person, password_hash=stored, totp_secret=secret), NewCredentials(
        password, address
    )
