"""The paper before its time and after it: no route shows a word of it, whoever asks."""

import pytest

from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.exams.papers import Paper, Question, QuestionKind, QuestionPicture
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import SittingKind
from chalicelib.services.sitting.answers import READABLE_STATES
from tests.support import builders as build
from tests.support.callers import Caller, token_of
from tests.support.fake_context import FakeContext, add_session
from tests.support.route_permissions import OTHER_SESSION, PERMISSIONS, ROUTES, SESSION, SUBJECTS
from tests.unit.api.conftest import Api

SECRET = build.localized("the stem that nobody may see")
PICTURE = QuestionPicture("papers/secret.png", build.localized("secret picture"), 10, 10)
PICTURED = Question("q1", QuestionKind.TEXT, SECRET, 1, pictures=(PICTURE,))
SECRETS = (SECRET.zh, SECRET.en, PICTURE.key, PICTURE.alt.zh, "secret answer of another")
OPEN = {("GET", "/candidate/paper"), ("PUT", "/candidate/answers/{question_id}")}


def with_secret_paper(context: FakeContext, state: State) -> None:
    """The caller at a state; another candidate of the subject answering, with an answer saved."""
    paper = build.paper()
    for kind in SittingKind:
        questions = (PICTURED, *paper.questions[1:])
        context.registry.put_paper(Paper(build.SUBJECT, kind, questions))
    add_session(context, OTHER_SESSION, candidate_id="candidate-two")
    answer = build.answer(OTHER_SESSION, "q4", 1, "secret answer of another")
    context.sessions.save_answer(answer, 1)
    add_session(context, SESSION, state=state, paused_at=build.NOW)
    context.sessions.commit(build.join_code(SESSION, ends=build.NOW + 1))


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("key", [one for one in PERMISSIONS if one not in OPEN], ids=" ".join)
def test_no_route_tells_of_it(
    api: Api, context: FakeContext, key: tuple[str, str], state: State
) -> None:
    with_secret_paper(context, state)
    row, route = PERMISSIONS[key], ROUTES[key]
    for caller in (Caller.NOBODY, Caller.CANDIDATE, Caller.PHONE):
        token = token_of(caller, context.tokens, context.clock(), SUBJECTS, build.SUBJECT)
        body = api.call(route.method, route.path.format(**row.path_parameters), token, row.body).body.decode()
        assert not [one for one in SECRETS if one in body], caller


@pytest.mark.parametrize("state", State)
def test_the_paper_itself_is_open_while_it_is_answered_only(
    api: Api, context: FakeContext, state: State
) -> None:
    with_secret_paper(context, state)
    token = token_of(Caller.CANDIDATE, context.tokens, context.clock(), SUBJECTS, build.SUBJECT)
    shown = api.call("GET", "/candidate/paper", token)
    saved = api.call("PUT", "/candidate/answers/q1", token, {"sequence": 1, "value": ["x"]})
    assert (shown.status_code == 200) is (state in READABLE_STATES)
    assert (saved.status_code == 200) is (state is State.ANSWERING)
    seen = [one for one in SECRETS if one in shown.body.decode()]
    assert seen == (list(SECRETS[:4]) if state in READABLE_STATES else [])
    assert not [one for one in SECRETS if one in saved.body.decode()]


def test_a_key_never_leaves_the_server(api: Api, context: FakeContext) -> None:
    add_session(context, SESSION)
    token = token_of(Caller.CANDIDATE, context.tokens, context.clock(), SUBJECTS, build.SUBJECT)
    questions = api.call("GET", "/candidate/paper", token).json_body["questions"]
    assert questions
    assert all("key" not in question for question in questions)


def test_another_subjects_paper_is_not_reached_by_ones_token(
    api: Api, context: FakeContext
) -> None:
    """The token names the sitting, and the session's own counts where the paper is read."""
    with_secret_paper(context, State.ANSWERING)
    other = add_session(context, "0ddb", subject_id="other", candidate_id=other_candidate(context))
    claims = {Caller.CANDIDATE: other.session_id}
    token = token_of(Caller.CANDIDATE, context.tokens, context.clock(), claims, build.SUBJECT)
    shown = api.call("GET", "/candidate/paper", token)
    assert shown.status_code in {404, 409}
    assert not [one for one in SECRETS if one in shown.body.decode()]


def other_candidate(context: FakeContext) -> str:
    """Somebody who is signed up for another subject only."""
    person: Candidate = build.candidate("three", rooms={"other": build.ROOM})
    context.registry.put_candidate(person)
    return person.candidate_id
