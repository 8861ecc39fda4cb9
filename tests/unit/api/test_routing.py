"""What happens around every handler: bodies, languages, errors."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.api.request_body import MAX_BODY_BYTES
from chalicelib.domain.exams.papers import MAX_ESSAY_LENGTH
from chalicelib.services.ports import ClaimedSitting
from chalicelib.services.sign_in.phone_pairing import issue_join_code, pair_phone
from tests.support.builders import EXAM, NOW, OFFICIAL, SUBJECT
from tests.support.callers import Caller, token_of
from tests.support.fake_context import FakeContext, add_session
from tests.support.fakes import FakeExamRegistry
from tests.unit.api.conftest import Api

SIGN_IN = {"exam_id": EXAM, "subject_id": SUBJECT, "number": "ADM-one", "passcode": OFFICIAL}


def sign_in(api: Api, language: str = "zh", **changes: Any) -> tuple[int, dict[str, Any]]:
    body = {name: value for name, value in {**SIGN_IN, **changes}.items() if value is not None}
    answer = api.call("POST", "/candidate/sign-in", body=body, language=language)
    return answer.status_code, answer.json_body


class TestBodies:
    @pytest.mark.parametrize(
        ("changes", "field", "zh", "en"),
        [
            ({"number": None}, "number", "不能为空", "is missing"),
            ({"number": "1"}, "number", "太短", "is too short"),
            ({"number": "1" * 41}, "number", "太长", "is too long"),
            ({"number": 7}, "number", "应为文字", "must be a text"),
            ({"exam_id": "a/b"}, "exam_id", "格式不正确", "has a wrong format"),
            ({"exam_id": "a\n"}, "exam_id", "格式不正确", "has a wrong format"),
            ({"passcod": "x"}, "passcod", "是未知字段", "is not a known field"),
            ({"number": "\ud800\ud800"}, "number", "不正确", "is not valid"),
        ],
    )
    def test_the_wrong_field_is_named_with_its_reason_in_the_callers_language(
        self, api: Api, context: FakeContext, changes: dict[str, Any], field: str, zh: str, en: str
    ) -> None:
        assert context.registry
        for language, reason in (("zh-CN", zh), ("en-GB,en", en), ("fr", zh), ("", zh)):
            status, problem = sign_in(api, language, **changes)
            assert (status, problem["code"], problem["field"]) == (400, "invalid", field)
            assert reason in problem["message"]

    def test_what_was_sent_is_not_repeated(self, api: Api, context: FakeContext) -> None:
        assert context.registry
        _, problem = sign_in(api, passcode="S3CRET" * 9)
        assert "S3CRET" not in json.dumps(problem)

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            ({"sequence": 0, "value": []}, "sequence"),
            ({"sequence": 2**53 + 1, "value": []}, "sequence"),
            ({"sequence": 1.5, "value": []}, "sequence"),
            ({"sequence": "soon", "value": []}, "sequence"),
            ({"sequence": 1, "value": "A"}, "value"),
            ({"sequence": 1, "value": ["A"] * 21}, "value"),
            ({"sequence": 1, "value": [1]}, "value.0"),
            ({"sequence": 1, "value": ["x" * (MAX_ESSAY_LENGTH + 1)]}, "value.0"),
            ([], "body"),
            ("text", "body"),
            (None, "body"),
        ],
    )
    def test_answers_of_a_wrong_shape(
        self, api: Api, context: FakeContext, body: Any, reason: str
    ) -> None:
        add_session(context)
        raw = json.dumps(body).encode()
        answer = api.call("PUT", "/candidate/answers/q1", candidate(context), raw=raw)
        assert (answer.status_code, answer.json_body["field"]) == (400, reason)
        assert context.sessions.answers("5e55") == []

    @pytest.mark.parametrize(
        "raw",
        [b"", b"{", b"\xff\xfe", b"not json", b"[" * 60_000, b"9" * 5_000, b'{"a":1}x'],
        ids=["nothing", "half", "no utf-8", "words", "deep", "a huge number", "a tail"],
    )
    def test_what_is_not_json(self, api: Api, context: FakeContext, raw: bytes) -> None:
        assert context.registry
        answer = api.call("POST", "/candidate/sign-in", raw=raw)
        assert (answer.status_code, answer.json_body["code"]) == (400, "not_json")

    def test_what_is_too_large(self, api: Api, context: FakeContext) -> None:
        assert context.registry
        raw = json.dumps({**SIGN_IN, "number": "1" * MAX_BODY_BYTES}).encode()
        answer = api.call("POST", "/candidate/sign-in", raw=raw)
        assert (answer.status_code, answer.json_body["code"]) == (413, "too_large")


def candidate(context: FakeContext) -> str:
    token = token_of(
        Caller.CANDIDATE, context.tokens, context.clock(), {Caller.CANDIDATE: "5e55", Caller.ADMIN: ""},
        SUBJECT,
    )  # fmt: skip
    assert token
    return token


class TestRefusals:
    def test_a_refusal_says_why_in_the_callers_language(
        self, api: Api, context: FakeContext
    ) -> None:
        add_session(context)
        messages = set()
        for language in ("zh", "en"):
            answer = api.call(
                "POST", "/candidate/waiting-room", candidate(context), language=language
            )
            assert (answer.status_code, answer.json_body["code"]) == (409, "wrong_state")
            messages.add(answer.json_body["message"])
        assert any("作答中" in message for message in messages)
        assert any("answering" in message for message in messages)

    @pytest.mark.parametrize(
        "headers", ["", "Bearer", "Bearer ", "Basic YTpi", "token-0", "bearer  token-0"]
    )
    def test_what_is_no_bearer_token(self, api: Api, context: FakeContext, headers: str) -> None:
        add_session(context)
        candidate(context)
        answer = api._client.http.get(
            "/candidate/session", headers={"Authorization": headers, "Accept-Language": "zh"}
        )
        assert (answer.status_code, answer.json_body["code"]) == (401, "not_signed_in")

    @pytest.mark.parametrize("part", ["x" * 81, "%20", "q1%0A", "%E7%AD%94", "a%2Fb", "*"])
    def test_what_can_be_no_id_reaches_no_table(
        self, api: Api, context: FakeContext, part: str
    ) -> None:
        context.registry.calls.clear()
        assert api.call("GET", f"/exams/{part}").status_code == 404
        assert context.registry.calls == []

    def test_answers_are_not_cached(self, api: Api, context: FakeContext) -> None:
        assert context.registry
        for path, status in ((f"/exams/{EXAM}", 200), ("/exams/none", 404)):
            answer = api.call("GET", path)
            assert answer.status_code == status
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.headers["Access-Control-Allow-Origin"] == "*"


class Broken(FakeExamRegistry):
    """A registry whose exams cannot be read."""

    def exam(self, exam_id: str) -> Any:
        raise RuntimeError(f"the table says no to {exam_id}")


class Leaky:
    """A text whose content must be found in no log."""

    zh = 7
    en = "LEAKED"

    def __repr__(self) -> str:
        return self.en


class BrokenShape(FakeExamRegistry):
    """A registry that holds what the answers' own shapes refuse."""

    def exam(self, exam_id: str) -> Any:
        return replace(super().exam(exam_id), title=Leaky())  # type: ignore[arg-type]


class TestFailuresOfOurs:
    @pytest.mark.parametrize("kind", [Broken, BrokenShape])
    def test_a_person_gets_a_sentence_and_the_log_the_trace(
        self,
        api: Api,
        context: FakeContext,
        kind: type[FakeExamRegistry],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        broken = kind()
        broken.put_exam(context.registry.exam(EXAM))
        object.__setattr__(context, "registry", broken)
        for language, words in (("zh", "系统暂时"), ("en", "went wrong on our side")):
            answer = api.call("GET", f"/exams/{EXAM}", language=language)
            assert answer.status_code == 500
            assert answer.json_body["code"] == "internal"
            assert words in answer.json_body["message"]
            text = answer.body.decode()
            assert "Traceback" not in text
            assert "table" not in text
        traces = [record for record in caplog.records if record.exc_info]
        assert len(traces) == 2
        assert all(record.__dict__["route"] == "show_exam" for record in traces)
        assert "LEAKED" not in caplog.text


def test_saving_an_answer_needs_a_sitting_in_the_token(api: Api, context: FakeContext) -> None:
    add_session(context)
    token = candidate(context)
    claims = context.tokens.read(token, "api", NOW)
    assert isinstance(claims.sitting, ClaimedSitting)
    bare = type(claims)(claims.role, claims.subject, claims.expires_at)
    answer = api.call(
        "PUT", "/candidate/answers/q1", context.tokens.issue(bare, "api"),
        {"sequence": 1, "value": []},
    )  # fmt: skip
    assert answer.status_code == 401


def test_a_phone_that_another_one_replaced_is_signed_out(api: Api, context: FakeContext) -> None:
    session_id = add_session(context).session_id
    numbers = CandidateNumbers("ADM-one", "ID-one-0001")
    first, second = (
        pair_phone(context, issue_join_code(context, session_id).code, numbers, "192.0.2.1").token
        for _ in range(2)
    )
    report = {"orientation": "portrait"}
    for path, body in (("captures", None), ("report", report), ("ticket", None)):
        refused = api.call("POST", f"/phone/{path}", first, body)
        assert (refused.status_code, refused.json_body["code"]) == (401, "other_phone")
        assert "另一部手机" in refused.json_body["message"]
        assert api.call("POST", f"/phone/{path}", second, body).status_code == 200


def test_signing_in_makes_four_calls_at_most_its_answer_included(
    api: Api, context: FakeContext
) -> None:
    context.registry.calls.clear()
    assert sign_in(api)[0] == 200
    assert len(context.registry.calls + context.sessions.calls) == 4
