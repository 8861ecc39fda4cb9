"""An application context in memory, with an exam, rooms, candidates and staff."""

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from chalicelib.domain.exams.exams import Staff, Subject
from chalicelib.domain.identity.verification import IdentityCheck
from chalicelib.domain.messaging.ice import IceConfig
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Role, SittingKind
from chalicelib.services.core.staff_acts import ActBy
from chalicelib.services.ports import AppContext
from tests.support import builders as build
from tests.support.fake_sessions import FakeMessageStore, FakeSessionStore
from tests.support.fakes import (
    FakeClock,
    FakeConnections,
    FakeEvidenceStore,
    FakeExamRegistry,
    FakeMediaStore,
    FakeOneTimeCodes,
    FakePasscodes,
    FakePasswords,
    FakeRetentionQueue,
    FakeSmsBatches,
    FakeSmsQueue,
    FakeTokens,
    id_sequence,
)

_ACTS = count()
ICE = IceConfig(("stun:ice.test",), ("turn:ice.test",), "a secret", relay_only=True)


@dataclass(frozen=True)
class FakeContext(AppContext):
    """The application context, with the fakes' additional members."""

    sessions: FakeSessionStore
    messages: FakeMessageStore
    connections: FakeConnections
    media: FakeMediaStore
    clock: FakeClock
    registry: FakeExamRegistry
    tokens: FakeTokens
    evidence_store: FakeEvidenceStore
    one_time_codes: FakeOneTimeCodes
    passcodes: FakePasscodes
    sms_batches: FakeSmsBatches
    jobs: FakeSmsQueue
    deletions: FakeRetentionQueue


def fake_context(*subjects: Subject) -> FakeContext:
    """Return a context with one exam, two rooms with a proctor each, and three candidates."""
    fresh = id_sequence()
    media = FakeMediaStore()
    sessions = FakeSessionStore()
    context = FakeContext(
        sessions=sessions,
        messages=FakeMessageStore(sessions),
        connections=FakeConnections(),
        media=media,
        evidence_store=FakeEvidenceStore(media),
        clock=FakeClock(),
        registry=FakeExamRegistry(),
        tokens=FakeTokens(),
        passwords=FakePasswords(),
        one_time_codes=FakeOneTimeCodes(),
        passcodes=FakePasscodes(),
        sms_batches=FakeSmsBatches(),
        jobs=FakeSmsQueue(),
        deletions=FakeRetentionQueue(),
        retention_days=180,
        randbelow=lambda below: below // 2,
        pages_url=build.PAGES,
        new_id=lambda: next(fresh),
        ice=lambda: ICE,
    )
    _fill(context.registry, *subjects)
    for kind, passcode in (
        (SittingKind.TRIAL, build.TRIAL),
        (SittingKind.OFFICIAL, build.OFFICIAL),
    ):
        context.passcodes.keep(build.SUBJECT, kind, build.window(passcode).passcode_hash, passcode)
    return context


def _fill(registry: FakeExamRegistry, *subjects: Subject) -> None:
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


def act_by(staff: Staff, session_id: str = "5e55", act_id: str | None = None) -> ActBy:
    """Return an act of a staff member; without an id, one that was never carried out."""
    return ActBy(staff, session_id, act_id or f"act-{next(_ACTS)}")


def add_session(context: FakeContext, session_id: str = "5e55", **changes: Any) -> Session:
    """Store a session in any state, without the records of the states before it."""
    session = build.session(session_id, **changes)
    if session.state not in {State.ANSWERING, State.PAUSED}:
        session = replace(session, ends_at=None, started_at=None)
    context.sessions.commit(*build.opening_records(session))
    return context.sessions.session(session_id)


def update_identity(
    context: FakeContext, session_id: str = "5e55", **changes: Any
) -> IdentityCheck:
    """Update a session's identity verification and return it."""
    identity = context.sessions.bundle(session_id).identity
    updated = replace(identity, version=identity.version + 1, **changes)
    context.sessions.commit(updated)
    return updated
