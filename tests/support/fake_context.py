"""A whole world in memory, with an exam, a room, candidates and staff in it."""

from dataclasses import dataclass, replace
from typing import Any

from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.identity.verification import Identity
from chalicelib.domain.messaging.ice import IceConfig
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Role, SittingKind
from chalicelib.services.ports import World
from tests.support import builders as build
from tests.support.fake_sessions import FakeMessages, FakeSessions
from tests.support.fakes import (
    FakeClock,
    FakeConnections,
    FakeJobs,
    FakeMailings,
    FakeMedia,
    FakeOneTimeCodes,
    FakePasscodes,
    FakePasswords,
    FakeRegistry,
    FakeTokens,
    FakeVault,
    ids,
)

ICE = IceConfig(("stun:ice.test",), ("turn:ice.test",), "a secret", relay_only=True)


@dataclass(frozen=True)
class FakeWorld(World):
    """The use cases' world, with what only a fake has."""

    sessions: FakeSessions
    messages: FakeMessages
    connections: FakeConnections
    media: FakeMedia
    clock: FakeClock
    registry: FakeRegistry
    tokens: FakeTokens
    vault: FakeVault
    one_time_codes: FakeOneTimeCodes
    passcodes: FakePasscodes
    mailings: FakeMailings
    jobs: FakeJobs


def fake_world(*subjects: Subject) -> FakeWorld:
    """An exam with one room and its proctor, a second room with another, two candidates."""
    fresh = ids()
    media = FakeMedia()
    sessions = FakeSessions()
    world = FakeWorld(
        sessions=sessions,
        messages=FakeMessages(sessions),
        connections=FakeConnections(),
        media=media,
        vault=FakeVault(media),
        clock=FakeClock(),
        registry=FakeRegistry(),
        tokens=FakeTokens(),
        passwords=FakePasswords(),
        one_time_codes=FakeOneTimeCodes(),
        passcodes=FakePasscodes(),
        mailings=FakeMailings(),
        jobs=FakeJobs(),
        draw=lambda below: below // 2,
        pages_url=build.PAGES,
        new_id=lambda: next(fresh),
        ice=lambda: ICE,
    )
    _fill(world.registry, *subjects)
    for kind, passcode in (
        (SittingKind.TRIAL, build.TRIAL),
        (SittingKind.OFFICIAL, build.OFFICIAL),
    ):
        world.passcodes.keep(build.SUBJECT, kind, passcode)
    return world


def _fill(registry: FakeRegistry, *subjects: Subject) -> None:
    registry.put_exam(build.exam(*subjects))
    for kind in SittingKind:
        registry.put_paper(build.paper(kind))
    for room_id in (build.ROOM, build.OTHER_ROOM):
        registry.put_room(build.room(room_id))
    for name in ("one", "two"):
        registry.put_candidate(build.candidate(name))
    registry.put_candidate(build.candidate("new", photo_key=None))
    registry.put_staff(build.staff("proctor", Role.PROCTOR, build.ROOM))
    registry.put_staff(build.staff("elsewhere", Role.PROCTOR, build.OTHER_ROOM))
    registry.put_staff(build.staff("admin", Role.ADMIN))
    registry.put_staff(build.staff("support", Role.SUPPORT))


def seat(world: FakeWorld, session_id: str = "5e55", **changes: Any) -> Session:
    """Put a session into the world, at any state; what it would have passed is left out."""
    one = build.session(session_id, **changes)
    if one.state not in {State.ANSWERING, State.PAUSED}:
        one = replace(one, ends_at=None, started_at=None)
    world.sessions.commit(*build.opened(one))
    return world.sessions.session(session_id)


def with_identity(world: FakeWorld, session_id: str = "5e55", **changes: Any) -> Identity:
    """Change a session's verification."""
    before = world.sessions.whole(session_id).identity
    after = replace(before, version=before.version + 1, **changes)
    world.sessions.commit(after)
    return after
