"""What a candidate answered: no route tells it to those who watch, help or sit elsewhere."""

import json

import pytest

from chalicelib.domain.sessions.states import State
from tests.support import builders as build
from tests.support.callers import Caller, token_of
from tests.support.fake_context import FakeContext, add_session
from tests.support.route_permissions import PERMISSIONS, ROUTES, SESSION, SUBJECTS
from tests.unit.api.conftest import Api

ANSWER = "only the candidate and an admin read this"
CURIOUS = (
    Caller.ANONYMOUS,
    Caller.OTHER_CANDIDATE,
    Caller.PHONE,
    Caller.PROCTOR,
    Caller.OTHER_PROCTOR,
    Caller.SUPPORT,
)


@pytest.fixture
def answered(context: FakeContext) -> FakeContext:
    add_session(context, SESSION, state=State.ANSWERING)
    context.sessions.save_answer(build.answer(SESSION, "q4", 1, ANSWER), 1)
    return context


def body_of(api: Api, context: FakeContext, key: tuple[str, str], caller: Caller) -> str:
    row, route = PERMISSIONS[key], ROUTES[key]
    token = token_of(caller, context.tokens, context.clock(), SUBJECTS, build.SUBJECT)
    path = route.path.format(**row.path_parameters)
    return api.call(route.method, path, token, row.body).body.decode()


@pytest.mark.parametrize("key", PERMISSIONS, ids=" ".join)
def test_no_route_tells_an_answer_to_others(
    api: Api, answered: FakeContext, key: tuple[str, str]
) -> None:
    for caller in CURIOUS:
        assert ANSWER not in body_of(api, answered, key, caller), caller


def test_a_proctors_record_says_when_was_answered_and_an_admins_also_what(
    api: Api, answered: FakeContext
) -> None:
    key = ("GET", "/proctor/sessions/{session_id}/record")
    for caller, told in ((Caller.PROCTOR, False), (Caller.ADMIN, True)):
        record = json.loads(json.loads(body_of(api, answered, key, caller))["record"])
        assert record["with_answers"] is told
        [row] = record["answers"]
        assert row["question_id"] == "q4"
        assert row.get("value") == ([ANSWER] if told else None)
