"""The demonstration exam, whose windows open at seeding and stay open for a year."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from chalicelib.domain.exams.exams import Exam, Staff, Subject, Window
from chalicelib.domain.passcodes import PasscodeMode, hash_passcode, passcode_for
from chalicelib.domain.types import MINUTE, Millis, SittingKind
from chalicelib.retry import find_or_none
from chalicelib.services.ports import AppContext
from infra.exam_file.command import store_pictures
from infra.exam_file.parser import ParsedExam, parse_exam_file
from infra.seed.secrets import Secrets

FILE = Path(__file__).with_name("exam.json")
EXAM_ID = "demo"
OPEN_FOR: Millis = 365 * 24 * 60 * MINUTE


@cache
def parsed_demonstration() -> ParsedExam:
    """Return the parsed exam.json, which is also the example of an exam file."""
    return parse_exam_file(FILE)


def put_demonstration(context: AppContext, secrets: Secrets) -> list[tuple[str, str]]:
    """Write exam, papers, rooms and staff; return the staff's usernames and roles."""
    now, definition = context.clock(), parsed_demonstration().definition
    subjects = tuple(
        _with_open_windows(subject, now, secrets) for subject in definition.exam.subjects
    )
    for subject in subjects:
        _keep_passcodes(context, subject, secrets)
    context.registry.put_exam(_next_version(context, replace(definition.exam, subjects=subjects)))
    for paper in definition.papers:
        context.registry.put_paper(paper)
    store_pictures(parsed_demonstration().pictures)
    for room in definition.rooms:
        context.registry.put_room(room)
    for member in definition.staff:
        context.registry.put_staff(_with_password(context, member, secrets))
    return [(member.username, member.role) for member in definition.staff]


def _next_version(context: AppContext, exam: Exam) -> Exam:
    """Return the exam as the next version of the stored one, continuing its audit chain."""
    stored = find_or_none(lambda: context.registry.fresh_exam(EXAM_ID))
    return replace(exam, version=stored.version + 1, head=stored.head) if stored else exam


def _with_open_windows(subject: Subject, now: Millis, secrets: Secrets) -> Subject:
    windows = {
        kind: _open_window(subject.subject_id, kind, window.passcode_mode, now, secrets)
        for kind, window in subject.windows.items()
    }
    return replace(subject, windows=windows)


def _open_window(
    subject_id: str, kind: SittingKind, mode: PasscodeMode, now: Millis, secrets: Secrets
) -> Window:
    passcode = secrets.passcode(subject_id, kind, mode)
    passcode_hash = hash_passcode(passcode, secrets.salt(f"{subject_id}/{kind}"))
    return Window(now - MINUTE, now - MINUTE, now + OPEN_FOR, passcode_hash, mode)


def _keep_passcodes(context: AppContext, subject: Subject, secrets: Secrets) -> None:
    for kind, window in subject.windows.items():
        passcode = secrets.passcode(subject.subject_id, kind, window.passcode_mode)
        context.passcodes.keep(subject.subject_id, kind, window.passcode_hash, passcode)


def demonstration_passcode(
    secrets: Secrets, subject_id: str, kind: SittingKind, candidate_id: str
) -> str:
    """Return a candidate's passcode."""
    subject = parsed_demonstration().definition.exam.subject(subject_id)
    mode = subject.windows[kind].passcode_mode if subject else PasscodeMode.SHARED
    stored = secrets.passcode(subject_id, kind, mode)
    return passcode_for(mode, stored, candidate_id)


def _with_password(context: AppContext, staff: Staff, secrets: Secrets) -> Staff:
    password_hash = context.passwords.hash(secrets.password(staff.username))
    stored = find_or_none(lambda: context.registry.staff(staff.username))
    if stored is None:
        return replace(staff, password_hash=password_hash)
    return replace(
        staff,
        password_hash=password_hash,
        generation=stored.generation,
        version=stored.version + 1,
        head=stored.head,
    )
