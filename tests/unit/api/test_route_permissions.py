"""The table of who may call which route, over a context in memory.

A route without a row fails, and so does a row without a route.
"""

from dataclasses import replace

import pytest

from chalicelib.api.roles import PUBLIC
from chalicelib.domain.rules.device_changes import Origin
from chalicelib.domain.sessions.states import ENDED_STATES, VERIFIED_STATES
from chalicelib.domain.types import Role, View
from chalicelib.services.core.tokens import API_AUDIENCE
from chalicelib.services.ports import Claims
from tests.support.builders import NOW, SUBJECT
from tests.support.callers import AUTHENTICATED, Caller, token_of
from tests.support.fake_context import FakeContext
from tests.support.fakes import FakeTokens
from tests.support.route_permissions import (
    CANDIDATES,
    EVERYBODY,
    PERMISSIONS,
    ROUTES,
    SESSION,
    SUBJECTS,
    expected_status,
)
from tests.support.route_states import prepare_route, stored_records
from tests.unit.api.conftest import Api


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


@pytest.mark.parametrize("caller", Caller, ids=lambda caller: caller.value.replace(" ", "-"))
@pytest.mark.parametrize("key", PERMISSIONS, ids=" ".join)
def test_only_permitted_callers_succeed(
    api: Api, context: FakeContext, key: tuple[str, str], caller: Caller
) -> None:
    row, route = PERMISSIONS[key], ROUTES[key]
    prepare_route(context, key)
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
    prepare_route(context, key)
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
