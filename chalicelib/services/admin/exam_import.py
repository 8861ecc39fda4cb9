"""Import of an exam file: it creates an exam, which administrators then continue in the console.

Importing again is idempotent and keeps what the console has changed: an existing subject keeps its
times, rules and passcodes, an existing exam its texts. New subjects, rooms and staff are added,
and papers that no candidate can have seen are replaced.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.domain.audit import append
from chalicelib.domain.errors import BadInput
from chalicelib.domain.exams.exam_validation import validate_subject
from chalicelib.domain.exams.exams import Exam, Room, Staff, Subject, Window
from chalicelib.domain.exams.paper_validation import PaperInUse, validate_paper
from chalicelib.domain.exams.papers import Paper
from chalicelib.domain.passcodes import (
    hash_passcode,
    make_passcode,
    make_salt,
    make_stored_passcode,
)
from chalicelib.domain.rules.retention import require_within
from chalicelib.domain.types import LocalizedText
from chalicelib.retry import find_or_none
from chalicelib.services.admin.time_zones import require_time_zone
from chalicelib.services.core.staff_sessions import end_sockets
from chalicelib.services.ports import AppContext

ACTOR = "operator"


@dataclass(frozen=True, slots=True)
class ExamDefinition:
    """An exam as the exam file defines it: windows have no passcodes yet, staff no passwords."""

    exam: Exam
    papers: tuple[Paper, ...]
    rooms: tuple[Room, ...]
    staff: tuple[Staff, ...]
    authenticators: Mapping[str, bool] = field(default_factory=dict)
    """By username, whether one-time codes are required; others keep what they have."""


@dataclass(frozen=True, slots=True)
class NewCredentials:
    """A staff member's new credentials, shown to the operator once and stored as hashes only."""

    password: str
    authenticator: str | None
    """The `otpauth://` address for the authenticator app, where one is required."""


def import_exam(
    context: AppContext, definition: ExamDefinition, reset_credentials: Iterable[str] = ()
) -> tuple[Exam, dict[str, NewCredentials]]:
    """Write an exam; return it, and new credentials by username.

    `reset_credentials` names staff who get a new password and authenticator. Raises InvalidSetup,
    PaperInUse or BadInput before anything is written, Conflict where an administrator changes the
    exam meanwhile.
    """
    existing = find_or_none(lambda: context.registry.fresh_exam(definition.exam.exam_id))
    _validate_definition(context, definition, existing)
    # Papers first: a subject never exists without its papers.
    for paper in definition.papers:
        context.registry.put_paper(paper)
    exam = _write_exam(context, definition.exam, existing)
    for room in definition.rooms:
        context.registry.put_room(room)
    usernames = frozenset(reset_credentials)
    credentials = {}
    for member in definition.staff:
        issued = _write_staff(context, definition, member, reset=member.username in usernames)
        if issued is not None:
            credentials[member.username] = issued
    return exam, credentials


def _validate_definition(
    context: AppContext, definition: ExamDefinition, existing: Exam | None
) -> None:
    exam = definition.exam
    require_time_zone(exam.time_zone)
    require_within(exam.retention, context.retention_days)
    other_exams = [other for other in context.registry.exams() if other.exam_id != exam.exam_id]
    for subject in exam.subjects:
        validate_subject(subject)
        if any(other.subject(subject.subject_id) for other in other_exams):
            raise BadInput(
                LocalizedText(
                    f"科目编号 {subject.subject_id} 已用于其他批次。",
                    f"The subject id {subject.subject_id} belongs to another exam.",
                )
            )
    for paper in definition.papers:
        validate_paper(paper)
        _require_not_opened(context, existing, paper)


def _require_not_opened(context: AppContext, existing: Exam | None, paper: Paper) -> None:
    """Raise PaperInUse where candidates may have seen a different paper."""
    subject = existing.subject(paper.subject_id) if existing else None
    if subject is None or context.clock() < subject.windows[paper.kind].opens_at:
        return
    if context.registry.paper(paper.subject_id, paper.kind) != paper:
        raise PaperInUse(paper)


def _write_exam(context: AppContext, imported: Exam, existing: Exam | None) -> Exam:
    before = existing or replace(imported, subjects=(), version=0)
    subjects = _merge_subjects(context, before.subjects, imported.subjects)
    if existing and subjects == existing.subjects:
        return existing
    entry, head = append(before.head, before.exam_id, context.clock(), ACTOR, "exam_imported")
    exam = replace(before, subjects=subjects, version=before.version + 1, head=head)
    context.registry.put_exam(exam, entry)
    return exam


def _merge_subjects(
    context: AppContext, existing: tuple[Subject, ...], imported: tuple[Subject, ...]
) -> tuple[Subject, ...]:
    """Return the existing subjects with the imported counts of questions, then the new subjects."""
    question_counts = {subject.subject_id: subject.questions for subject in imported}
    updated = (
        replace(subject, questions=question_counts.get(subject.subject_id, subject.questions))
        for subject in existing
    )
    existing_ids = {subject.subject_id for subject in existing}
    new = (
        _with_unknown_passcodes(context, subject)
        for subject in imported
        if subject.subject_id not in existing_ids
    )
    return (*updated, *new)


def _with_unknown_passcodes(context: AppContext, subject: Subject) -> Subject:
    """Return a subject that nobody can sign in to before an administrator makes its passcodes."""

    def close(window: Window) -> Window:
        passcode = make_stored_passcode(window.passcode_mode, context.randbelow)
        return replace(window, passcode_hash=hash_passcode(passcode, make_salt(context.randbelow)))

    windows = {kind: close(window) for kind, window in subject.windows.items()}
    return replace(subject, windows=windows)


def _write_staff(
    context: AppContext, definition: ExamDefinition, imported: Staff, *, reset: bool
) -> NewCredentials | None:
    """Write a staff member, who keeps the rooms of other exams; return new credentials, if any.

    Adding or removing the authenticator changes the password too.
    """
    stored = find_or_none(lambda: context.registry.staff(imported.username))
    before = stored or imported
    rooms = (*before.rooms, *(room for room in imported.rooms if room not in before.rooms))
    staff = replace(before, display_name=imported.display_name, role=imported.role, rooms=rooms)
    with_totp = definition.authenticators.get(staff.username, bool(staff.totp_secret))
    credentials = None
    if reset or not staff.password_hash or bool(staff.totp_secret) != with_totp:
        staff, credentials = _with_new_credentials(context, staff, with_totp=with_totp)
    if not stored or staff != stored:
        written = _next_version(stored, staff)
        context.registry.put_staff(written)
        if stored and written.generation > stored.generation:
            end_sockets(context, staff.username)
    return credentials


def _next_version(stored: Staff | None, staff: Staff) -> Staff:
    """Return a staff member as the next version; what was signed in with before then ends."""
    if stored is None:
        return staff
    ends = (stored.role, stored.password_hash) != (staff.role, staff.password_hash)
    return replace(
        staff, version=stored.version + 1, generation=stored.generation + (1 if ends else 0)
    )


def _with_new_credentials(
    context: AppContext, staff: Staff, *, with_totp: bool
) -> tuple[Staff, NewCredentials]:
    """Return a staff member with a new password, and with a new authenticator or none."""
    password = make_passcode(context.randbelow) + make_passcode(context.randbelow)
    secret = context.one_time_codes.new_secret() if with_totp else ""
    uri = context.one_time_codes.provisioning_uri(secret, staff.username) if with_totp else None
    password_hash = context.passwords.hash(password)
    staff = replace(staff, password_hash=password_hash, totp_secret=secret)
    return staff, NewCredentials(password, uri)
