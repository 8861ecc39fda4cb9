"""The paper before the start and after the end: no route discloses any of it to anybody."""

import pytest

from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.exams.papers import Paper, Question, QuestionKind, QuestionPicture
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import SittingKind
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


def secrets_in(body: str) -> list[str]:
    return [secret for secret in SECRETS if secret in body]


def with_secret_paper(context: FakeContext, state: State) -> None:
    """The caller's session in a state, and another candidate of the subject with a saved answer."""
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
@pytest.mark.parametrize("key", [key for key in PERMISSIONS if key not in OPEN], ids=" ".join)
def test_no_other_route_discloses_the_paper(
    api: Api, context: FakeContext, key: tuple[str, str], state: State
) -> None:
    with_secret_paper(context, state)
    row, route = PERMISSIONS[key], ROUTES[key]
    for caller in (Caller.ANONYMOUS, Caller.CANDIDATE, Caller.PHONE):
        token = token_of(caller, context.tokens, context.clock(), SUBJECTS, build.SUBJECT)
        body = api.call(
            route.method, route.path.format(**row.path_parameters), token, row.body
        ).body.decode()
        assert not secrets_in(body), caller


@pytest.mark.parametrize("state", State)
def test_paper_is_readable_and_writable_only_in_its_states(
    api: Api, context: FakeContext, state: State
) -> None:
    with_secret_paper(context, state)
    token = token_of(Caller.CANDIDATE, context.tokens, context.clock(), SUBJECTS, build.SUBJECT)
    paper_response = api.call("GET", "/candidate/paper", token)
    save_response = api.call("PUT", "/candidate/answers/q1", token, {"sequence": 1, "value": ["x"]})
    assert (paper_response.status_code == 200) is (state is State.ANSWERING)
    assert (save_response.status_code == 200) is (state is State.ANSWERING)
    assert secrets_in(paper_response.body.decode()) == (
        list(SECRETS[:4]) if state is State.ANSWERING else []
    )
    assert not secrets_in(save_response.body.decode())


def test_answer_keys_are_never_sent(api: Api, context: FakeContext) -> None:
    add_session(context, SESSION)
    token = token_of(Caller.CANDIDATE, context.tokens, context.clock(), SUBJECTS, build.SUBJECT)
    questions = api.call("GET", "/candidate/paper", token).json_body["questions"]
    assert questions
    assert all("key" not in question for question in questions)


def test_token_for_another_subject_does_not_open_the_paper(api: Api, context: FakeContext) -> None:
    """The token names a sitting; reading the paper goes by the session's own."""
    with_secret_paper(context, State.ANSWERING)
    other = add_session(context, "0ddb", subject_id="other", candidate_id=other_candidate(context))
    claims = {Caller.CANDIDATE: other.session_id}
    token = token_of(Caller.CANDIDATE, context.tokens, context.clock(), claims, build.SUBJECT)
    paper_response = api.call("GET", "/candidate/paper", token)
    assert paper_response.status_code in {404, 409}
    assert not secrets_in(paper_response.body.decode())


def other_candidate(context: FakeContext) -> str:
    """A candidate who is enrolled in another subject only."""
    candidate: Candidate = build.candidate("three", rooms={"other": build.ROOM})
    context.registry.put_candidate(candidate)
    return candidate.candidate_id
