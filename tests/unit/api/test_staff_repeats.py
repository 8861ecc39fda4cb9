"""Every route by which staff change something, called twice: the second time changes nothing.

A console that hears no answer sends its request again, and so may anything between it and the API.
"""

import random
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from enum import Enum
from typing import Any

import pytest
from chalice.test import HTTPResponse

from chalicelib.api.routing import set_context
from chalicelib.domain.types import SECOND
from tests.support.builders import SUBJECT
from tests.support.callers import Caller, token_of
from tests.support.fake_context import FakeContext, fake_context
from tests.support.route_permissions import PERMISSIONS, ROUTES, STAFF, SUBJECTS
from tests.support.route_states import prepare_route
from tests.unit.api.conftest import Api

type Key = tuple[str, str]

PARTS = (
    "sessions", "connections", "media", "evidence_store", "registry", "passcodes", "sms_batches",
    "jobs",
)  # fmt: skip
CHANGES = [key for key, row in PERMISSIONS.items() if key[0] != "GET" and row.allowed <= STAFF]

ACTS = [key for key in CHANGES if "act_id" in (PERMISSIONS[key].body or {})]


class Repeat(Enum):
    """How a route that is no act with an id takes the same request again."""

    STALE = "the request names the version it changes, which is another by now: 409"
    SIGNED_OUT = "the first request ended the token that it came with: 401"
    NEW_ANSWER = "nothing is stored; the answer is of this moment or says that nothing was new"
    ON_RECORD = "each time that a secret was read out is an entry of its own in an audit chain"
    RESTARTED = "it ends or starts what is there at this moment; what is done is not done again"


EXAM, SUBJECT_PATH = "/admin/exams/{exam_id}", "/admin/exams/{exam_id}/subjects/{subject_id}"
CANDIDATE = f"{EXAM}/candidates/{{candidate_id}}"
REPEATS: dict[Key, Repeat] = {
    ("POST", "/staff/ticket"): Repeat.NEW_ANSWER,
    ("POST", f"{EXAM}/candidates"): Repeat.NEW_ANSWER,
    ("PUT", EXAM): Repeat.STALE,
    ("PUT", f"{EXAM}/retention"): Repeat.STALE,
    ("PUT", SUBJECT_PATH): Repeat.STALE,
    ("PUT", f"{SUBJECT_PATH}/rules"): Repeat.STALE,
    ("PUT", f"{SUBJECT_PATH}/lock"): Repeat.STALE,
    ("PUT", f"{SUBJECT_PATH}/continuity"): Repeat.STALE,
    ("PUT", f"{SUBJECT_PATH}/recording"): Repeat.STALE,
    ("POST", f"{SUBJECT_PATH}/passcodes"): Repeat.STALE,
    ("PUT", f"{CANDIDATE}/accommodation"): Repeat.STALE,
    ("POST", f"{CANDIDATE}/correction"): Repeat.STALE,
    ("POST", f"{CANDIDATE}/exchange"): Repeat.STALE,
    ("PUT", "/admin/staff/{username}"): Repeat.STALE,
    ("PUT", "/staff/password"): Repeat.SIGNED_OUT,
    ("POST", "/staff/sessions/end"): Repeat.SIGNED_OUT,
    ("POST", f"{CANDIDATE}/passcode"): Repeat.ON_RECORD,
    ("POST", f"{SUBJECT_PATH}/passcodes/export"): Repeat.ON_RECORD,
    ("POST", f"{SUBJECT_PATH}/mailings"): Repeat.RESTARTED,
    ("POST", "/admin/staff/{username}/sessions/end"): Repeat.RESTARTED,
}
MAY_CHANGE: dict[Repeat, set[str]] = {
    Repeat.ON_RECORD: {"registry"},
    Repeat.RESTARTED: {"registry", "sms_batches", "jobs"},
}
REPEATED_STATUS = {Repeat.STALE: 409, Repeat.SIGNED_OUT: 401}


@pytest.fixture
def context() -> Iterator[FakeContext]:
    """A context whose randomness never repeats itself."""
    made = replace(fake_context(), randbelow=random.Random(11).randrange)  # noqa: S311
    set_context(made)
    yield made
    set_context(None)


def stored(context: FakeContext) -> dict[str, Any]:
    """Return copies of everything that the fakes hold, by part."""
    parts = {name: vars(getattr(context, name)) for name in PARTS}
    return {
        name: {
            attribute: {key: copy(held) for key, held in value.items()}
            if isinstance(value, dict)
            else copy(value)
            for attribute, value in attributes.items()
            if isinstance(value, dict | list | set) and attribute not in {"calls", "before_commit"}
        }
        for name, attributes in parts.items()
    }


def sender(key: Key) -> Caller:
    """Return who calls a route here: a proctor of the room where one may, or an admin."""
    return Caller.PROCTOR if Caller.PROCTOR in PERMISSIONS[key].allowed else Caller.ADMIN


def call(api: Api, context: FakeContext, key: Key) -> HTTPResponse:
    """Send the table's valid request."""
    row, route = PERMISSIONS[key], ROUTES[key]
    token = token_of(sender(key), context.tokens, context.clock(), SUBJECTS, SUBJECT)
    return api.call(route.method, route.path.format(**row.path_parameters), token, row.body)


def answer(response: HTTPResponse) -> Any:
    """Return an answer without the server's time."""
    return {name: value for name, value in response.json_body.items() if name != "now"}


@pytest.mark.parametrize("key", CHANGES, ids=" ".join)
def test_a_request_sent_twice_acts_once(api: Api, context: FakeContext, key: Key) -> None:
    prepare_route(context, key)
    first = call(api, context, key)
    assert first.status_code == 200, first.body
    before = stored(context)
    context.clock.advance(SECOND)
    second = call(api, context, key)
    after = stored(context)
    changed = {name for name in PARTS if after[name] != before[name]}
    repeat = REPEATS.get(key)
    if repeat is None:
        assert changed == set()
        assert (second.status_code, answer(second)) == (200, answer(first))
        return
    assert changed <= MAY_CHANGE.get(repeat, set())
    assert second.status_code == REPEATED_STATUS.get(repeat, 200), second.body
    is_same = second.status_code == 200 and answer(second) == answer(first)
    assert changed or not is_same, "it repeats like any other: take it out of the table"


def test_no_act_with_an_id_is_excused() -> None:
    assert REPEATS.keys() <= set(CHANGES)
    assert len(ACTS) >= 11
    assert not REPEATS.keys() & set(ACTS)


@pytest.mark.parametrize("key", ACTS, ids=" ".join)
def test_an_id_of_another_act_is_refused(api: Api, context: FakeContext, key: Key) -> None:
    """The id that paused a session ends nobody's exam."""
    row = PERMISSIONS[key]
    prepare_route(context, key)
    assert call(api, context, key).status_code == 200
    others = ("pause", "terminate")
    path = next(name for name in others if not key[1].endswith(name))
    other = f"/proctor/sessions/{row.path_parameters['session_id']}/{path}"
    before = stored(context)
    token = token_of(Caller.PROCTOR, context.tokens, context.clock(), SUBJECTS, SUBJECT)
    body = {"act_id": (row.body or {})["act_id"], "reason": "代考"}
    response = api.call("POST", other, token, body)
    assert response.status_code in {400, 409}
    assert stored(context) == before


REASONED = [key for key in CHANGES if "reason" in (PERMISSIONS[key].body or {})]


@pytest.mark.parametrize("key", REASONED, ids=" ".join)
def test_a_reason_is_on_record_with_who_gave_it_and_when(
    api: Api, context: FakeContext, key: Key
) -> None:
    row = PERMISSIONS[key]
    prepare_route(context, key)
    context.clock.advance(SECOND)
    assert call(api, context, key).status_code == 200
    owner = row.path_parameters.get("session_id") or row.path_parameters["candidate_id"]
    chain = (*context.sessions.audit(owner), *context.registry.audit(owner))
    username = SUBJECTS[sender(key)]
    [entry] = [entry for entry in chain if entry.at == context.clock() and "reason" in entry.detail]
    assert entry.detail["reason"] == (row.body or {})["reason"]
    assert entry.actor.endswith(f":{username}")
