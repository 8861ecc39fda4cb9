"""The demonstration exam, whose windows open at seeding and stay open for a year."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from chalicelib.domain.exams.exams import Exam, Staff, Subject, Window
from chalicelib.domain.passcodes import hash_passcode
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
    context.registry.put_exam(_next_version(context, replace(definition.exam, subjects=subjects)))
    for paper in definition.papers:
        context.registry.put_paper(paper)
        passcode = secrets.passcode(paper.subject_id, paper.kind)
        context.passcodes.keep(paper.subject_id, paper.kind, passcode)
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
    windows = {kind: _window(subject.subject_id, kind, now, secrets) for kind in SittingKind}
    return replace(subject, windows=windows)


def _window(subject_id: str, kind: SittingKind, now: Millis, secrets: Secrets) -> Window:
    stored = hash_passcode(secrets.passcode(subject_id, kind), secrets.salt(f"{subject_id}/{kind}"))
    return Window(now - MINUTE, now - MINUTE, now + OPEN_FOR, stored)


def _with_password(context: AppContext, staff: Staff, secrets: Secrets) -> Staff:
    return replace(staff, password_hash=context.passwords.hash(secrets.password(staff.username)))
