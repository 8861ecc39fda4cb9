"""The demonstration exam: its windows open now and stay open for a year."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from chalicelib.exam.errors import NotFound
from chalicelib.exam.exams import Exam, Room, Staff, Subject, Window
from chalicelib.exam.papers import Option, Paper, Picture, Question, QuestionKind, Shuffling
from chalicelib.exam.passcodes import hash_passcode
from chalicelib.exam.words import MINUTE, Millis, Presence, Role, SittingKind, Text
from chalicelib.services.ports import World
from infra.seed.pictures import picture_key_of, store_pictures
from infra.seed.secrets import Secrets

DESCRIBED: dict[str, Any] = json.loads(
    Path(__file__).with_name("exam.json").read_text(encoding="utf-8")
)
EXAM_ID: str = DESCRIBED["exam_id"]
OPEN_FOR: Millis = 365 * 24 * 60 * MINUTE
TRUE_FALSE = (Option("true", Text("正确", "True")), Option("false", Text("错误", "False")))


def put_demonstration(world: World, secrets: Secrets) -> list[tuple[str, str]]:
    """Write exam, papers, rooms and staff; return the staff's names and roles."""
    now = world.clock()
    subjects = tuple(_subject(one, now, secrets) for one in DESCRIBED["subjects"])
    title, pledge, support = (Text(**DESCRIBED[name]) for name in ("title", "pledge", "support"))
    exam = Exam(EXAM_ID, title, pledge, support, subjects)
    world.registry.put_exam(_following(world, exam))
    for one in DESCRIBED["subjects"]:
        for kind in SittingKind:
            world.registry.put_paper(_paper(one, kind))
            world.passcodes.keep(one["subject_id"], kind, secrets.passcode(one["subject_id"], kind))
    store_pictures()
    for one in DESCRIBED["rooms"]:
        world.registry.put_room(Room(one["room_id"], EXAM_ID, Text(**one["name"])))
    for one in DESCRIBED["staff"]:
        world.registry.put_staff(_staff(world, one, secrets))
    return [(one["username"], one["role"]) for one in DESCRIBED["staff"]]


def _following(world: World, exam: Exam) -> Exam:
    """Return the exam as what follows an earlier one; its audit goes on."""
    try:
        known = world.registry.exam_now(EXAM_ID)
    except NotFound:
        return exam
    return replace(exam, version=known.version + 1, head=known.head)


def _subject(one: dict[str, Any], now: Millis, secrets: Secrets) -> Subject:
    subject_id = one["subject_id"]
    return Subject(
        subject_id=subject_id,
        exam_id=EXAM_ID,
        title=Text(**one["title"]),
        duration=one["minutes"] * MINUTE,
        windows={kind: _window(subject_id, kind, now, secrets) for kind in SittingKind},
        questions={kind: len(one["papers"][kind]) for kind in SittingKind},
        second_view=Presence.OPTIONAL,
    )


def _window(subject_id: str, kind: SittingKind, now: Millis, secrets: Secrets) -> Window:
    stored = hash_passcode(secrets.passcode(subject_id, kind), secrets.salt(f"{subject_id}/{kind}"))
    return Window(now - MINUTE, now - MINUTE, now + OPEN_FOR, stored)


def _paper(one: dict[str, Any], kind: SittingKind) -> Paper:
    questions = (
        _question(f"q{number}", question)
        for number, question in enumerate(one["papers"][kind], start=1)
    )
    shuffling = Shuffling(**one.get("shuffling", {}))
    return Paper(one["subject_id"], kind, tuple(questions), shuffling)


def _question(question_id: str, one: dict[str, Any]) -> Question:
    kind = QuestionKind(one["kind"])
    options = tuple(
        Option(key, Text(zh, en), pinned=key in one.get("pinned", ()))
        for key, zh, en in one.get("options", ())
    )
    return Question(
        question_id=question_id,
        kind=kind,
        stem=Text(**one["stem"]),
        points=one["points"],
        options=TRUE_FALSE if kind is QuestionKind.TRUE_FALSE else options,
        key=tuple(one.get("key", ())),
        pictures=tuple(_picture(picture) for picture in one.get("pictures", ())),
        blanks=one.get("blanks", 1),
    )


def _picture(one: dict[str, Any]) -> Picture:
    return Picture(picture_key_of(one["file"]), Text(**one["alt"]), one["width"], one["height"])


def _staff(world: World, one: dict[str, Any], secrets: Secrets) -> Staff:
    return Staff(
        username=one["username"],
        display_name=one["display_name"],
        role=Role(one["role"]),
        password_hash=world.passwords.hash(secrets.password(one["username"])),
        rooms=tuple(one["rooms"]),
    )
