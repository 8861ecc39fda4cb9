"""The table of who may call which route, over a context in memory.

A route without a row fails, and so does a row without a route.
"""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.api.roles import PUBLIC
from chalicelib.domain.capture.cameras import CameraStatus, apply_heartbeat
from chalicelib.domain.capture.proctor_requests import RequestKind
from chalicelib.domain.identity.verification import Consent, IdentityStatus
from chalicelib.domain.passcodes import PasscodeMode
from chalicelib.domain.review.reviews import ReviewStatus
from chalicelib.domain.rules.device_changes import Origin
from chalicelib.domain.sessions.reopening import request_reopening
from chalicelib.domain.sessions.sessions import request_from_candidate
from chalicelib.domain.sessions.states import ENDED_STATES, VERIFIED_STATES, State
from chalicelib.domain.types import MINUTE, Role, SittingKind, View
from chalicelib.services.admin.photos import incoming_key
from chalicelib.services.core.tokens import API_AUDIENCE
from chalicelib.services.ports import Claims, Nonce
from tests.support import builders as build
from tests.support.builders import EMBEDDING, EXAM, NOW, SUBJECT
from tests.support.callers import AUTHENTICATED, Caller, token_of
from tests.support.fake_context import FakeContext, add_session, update_identity
from tests.support.fakes import FakeTokens
from tests.support.route_permissions import (
    CANDIDATES,
    EVERYBODY,
    LIVE_FRAME,
    LIVE_FRAME_SHA256,
    NONCE,
    OTHER_SESSION,
    PERMISSIONS,
    PHOTO_UPLOAD,
    ROUTES,
    SESSION,
    SUBJECTS,
    expected_status,
)
from tests.unit.api.conftest import Api


def prepare(context: FakeContext, state: State) -> None:
    """Two candidates in the same state and room, and a join code for a phone."""
    for session_id, name in ((SESSION, "one"), (OTHER_SESSION, "two")):
        add_session(
            context, session_id, state=state, candidate_id=f"candidate-{name}", paused_at=NOW
        )
        context.sessions.commit(*build.message_records(session_id))
        if state is State.PLEDGED:
            update_identity(context, session_id, status=IdentityStatus.RETRY, consent=Consent.GIVEN)
    joined = apply_heartbeat(CameraStatus(SESSION, build.ROOM), None, NOW)
    context.sessions.commit(build.join_code(SESSION, ends=NOW + 1), joined)
    context.sessions.commit(Nonce(NONCE, SESSION, NOW + 1))
    for staff in context.registry.all_staff():
        password_hash = context.passwords.hash("password of everybody")
        context.registry.put_staff(replace(staff, password_hash=password_hash))
    add_review_records(context)


def add_review_records(context: FakeContext) -> None:
    """A capture, a live screenshot, evidence, and one review awaiting a second beside a final one."""
    observation = build.observation(SESSION)
    observation = replace(observation, key=f"{observation.key}.jpg")
    context.media.objects[observation.key] = b"picture"
    context.media.objects[f"inbox/{SESSION}/{LIVE_FRAME_SHA256}.png"] = LIVE_FRAME
    context.media.objects[incoming_key("candidate-one", PHOTO_UPLOAD)] = build.JPEG
    context.sessions.commit(
        observation,
        build.evidence(SESSION),
        build.review(SESSION, review_id="confirmed"),
        build.review(SESSION, review_id="awaiting", status=ReviewStatus.AWAITING_SECOND),
    )


def add_proctor_requests(context: FakeContext) -> None:
    for session_id in (SESSION, OTHER_SESSION):
        transition = request_from_candidate(
            context.sessions.session(session_id), RequestKind.FACE, NOW, "proctor:proctor"
        )
        context.sessions.commit(transition.session, transition.entry)


def add_reopen_request(context: FakeContext) -> None:
    """Somebody else asked to reopen the session."""
    transition = request_reopening(
        context.sessions.session(SESSION), NOW, "admin:somebody", "误触交卷", MINUTE
    )
    context.sessions.commit(transition.session, transition.entry)


def make_practice(context: FakeContext) -> None:
    """Both sessions are practice sessions."""
    for session_id in (SESSION, OTHER_SESSION):
        session = context.sessions.session(session_id)
        context.sessions.commit(
            replace(session, version=session.version + 1, kind=SittingKind.TRIAL)
        )


def make_personal(context: FakeContext) -> None:
    """The candidates of the official sitting have a passcode each."""
    stored = context.registry.exam(EXAM)
    [subject] = stored.subjects
    official = subject.windows[SittingKind.OFFICIAL]
    personal = replace(official, passcode_mode=PasscodeMode.PERSONAL)
    windows = {**subject.windows, SittingKind.OFFICIAL: personal}
    subjects = (replace(subject, windows=windows),)
    context.registry.put_exam(replace(stored, subjects=subjects, version=stored.version + 1))


def stored_records(context: FakeContext) -> dict[str, Any]:
    return {
        session_id: context.sessions.stored_records(session_id)
        for session_id in (SESSION, OTHER_SESSION)
    }


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert PERMISSIONS.keys() == ROUTES.keys()


def test_declared_roles_are_those_that_the_table_permits() -> None:
    for key, route in ROUTES.items():
        public = PERMISSIONS[key].allowed == EVERYBODY
        row = PERMISSIONS[key]
        roles = {claims(caller).role for caller in (row.allowed | row.not_owners) & AUTHENTICATED}
        assert roles == route.roles or (public and route.roles == PUBLIC), key


def claims(caller: Caller) -> Claims:
    tokens = FakeTokens()
    return tokens.read(token_of(caller, tokens, NOW, SUBJECTS, SUBJECT) or "", API_AUDIENCE, NOW)


def prepare_for(context: FakeContext, key: tuple[str, str]) -> None:
    """What a route's valid request needs."""
    prepare(context, PERMISSIONS[key].state)
    if key[1].endswith("/identity") and key[1].startswith("/proctor"):
        update_identity(context, SESSION, status=IdentityStatus.PENDING, embedding=EMBEDDING)
    if key[1].endswith("/ask/begin"):
        add_proctor_requests(context)
    if key[1].endswith("/passcode/replace"):
        make_personal(context)
    if "reopen/" in key[1]:
        add_reopen_request(context)
    if key[1] == "/candidate/repeat":
        make_practice(context)


@pytest.mark.parametrize("caller", Caller, ids=lambda caller: caller.value.replace(" ", "-"))
@pytest.mark.parametrize("key", PERMISSIONS, ids=" ".join)
def test_only_permitted_callers_succeed(
    api: Api, context: FakeContext, key: tuple[str, str], caller: Caller
) -> None:
    row, route = PERMISSIONS[key], ROUTES[key]
    prepare_for(context, key)
    before = stored_records(context)
    token = token_of(caller, context.tokens, context.clock(), SUBJECTS, SUBJECT)
    response = api.call(route.method, route.path.format(**row.path_parameters), token, row.body)
    assert response.status_code == expected_status(row, route, caller), response.body
    after = stored_records(context)
    if response.status_code != 200:
        assert after == before
        assert response.json_body.keys() == {"code", "message", "field"}
    elif caller is Caller.OTHER_CANDIDATE and row.allowed == CANDIDATES:
        assert after[SESSION] == before[SESSION], "one candidate reached another's session"
        assert SESSION not in response.body.decode()


DEVICE_ROUTES = [
    key
    for key, route in ROUTES.items()
    if route.roles in ({Role.CANDIDATE}, {Role.PHONE})
    and PERMISSIONS[key].state not in ENDED_STATES
]


@pytest.mark.parametrize("key", DEVICE_ROUTES, ids=" ".join)
def test_every_route_of_a_device_tells_where_it_is_called_from(
    api: Api, context: FakeContext, key: tuple[str, str]
) -> None:
    row, route = PERMISSIONS[key], ROUTES[key]
    prepare_for(context, key)
    home = (Origin("203.0.113.7", "the own browser"),)
    before = context.sessions.session(SESSION)
    seen = replace(before, version=before.version + 1, origins=home, phone_origins=home)
    context.sessions.commit(seen)
    [role] = route.roles
    caller = Caller.PHONE if role is Role.PHONE else Caller.CANDIDATE
    token = token_of(caller, context.tokens, context.clock(), SUBJECTS, SUBJECT)
    path = route.path.format(**row.path_parameters)
    assert api.call(route.method, path, token, row.body).status_code == 200
    audit = context.sessions.audit(SESSION)
    told = [entry.actor for entry in audit if entry.action == "origin_changed"]
    assert told == ["phone" if role is Role.PHONE else "candidate"]
    views = {flag.view for flag in context.sessions.flags(SESSION) if flag.kind == "origin_changed"}
    own_view = View.SECOND if role is Role.PHONE else View.FIRST
    assert views <= {own_view}
    assert views or row.state not in VERIFIED_STATES
