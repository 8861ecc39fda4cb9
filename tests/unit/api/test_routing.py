"""What happens around every handler: bodies, languages, errors."""

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.api.headers import API_HEADER
from chalicelib.api.request_body import MAX_BODY_BYTES
from chalicelib.domain.exams.papers import MAX_ESSAY_LENGTH
from chalicelib.services.ports import ClaimedSitting
from chalicelib.services.sign_in.phone_pairing import CandidateNumbers, issue_join_code, pair_phone
from tests.support.builders import EXAM, NOW, OFFICIAL, ORIGIN, SUBJECT
from tests.support.callers import Caller, token_of
from tests.support.fake_context import FakeContext, add_session
from tests.support.fakes import FakeExamRegistry
from tests.unit.api.conftest import Api

SIGN_IN = {"exam_id": EXAM, "subject_id": SUBJECT, "number": "ADM-one", "passcode": OFFICIAL}


def sign_in(api: Api, language: str = "zh", **changes: Any) -> tuple[int, dict[str, Any]]:
    body = {name: value for name, value in {**SIGN_IN, **changes}.items() if value is not None}
    response = api.call("POST", "/candidate/sign-in", body=body, language=language)
    return response.status_code, response.json_body


class TestBodies:
    @pytest.mark.parametrize(
        ("changes", "field", "zh", "en"),
        [
            ({"number": None}, "number", "不能为空", "is missing"),
            ({"number": "1"}, "number", "太短", "is too short"),
            ({"number": "1" * 41}, "number", "太长", "is too long"),
            ({"number": 7}, "number", "应为文字", "must be text"),
            ({"exam_id": "a/b"}, "exam_id", "格式不正确", "has the wrong format"),
            ({"exam_id": "a\n"}, "exam_id", "格式不正确", "has the wrong format"),
            ({"passcod": "x"}, "passcod", "是未知字段", "is not a known field"),
            ({"number": "\ud800\ud800"}, "number", "不正确", "is not valid"),
        ],
    )
    def test_invalid_field_is_named_with_a_reason_in_the_callers_language(
        self, api: Api, context: FakeContext, changes: dict[str, Any], field: str, zh: str, en: str
    ) -> None:
        assert context.registry
        for language, reason in (("zh-CN", zh), ("en-GB,en", en), ("fr", zh), ("", zh)):
            status, problem = sign_in(api, language, **changes)
            assert (status, problem["code"], problem["field"]) == (400, "invalid", field)
            assert reason in problem["message"]

    def test_submitted_value_is_not_echoed(self, api: Api, context: FakeContext) -> None:
        assert context.registry
        _, problem = sign_in(api, passcode="S3CRET" * 9)
        assert "S3CRET" not in json.dumps(problem)

    @pytest.mark.parametrize(
        ("body", "field"),
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
    def test_malformed_answer_is_rejected(
        self, api: Api, context: FakeContext, body: Any, field: str
    ) -> None:
        add_session(context)
        raw = json.dumps(body).encode()
        response = api.call("PUT", "/candidate/answers/q1", candidate_token(context), raw=raw)
        assert (response.status_code, response.json_body["field"]) == (400, field)
        assert context.sessions.answers("5e55") == []

    @pytest.mark.parametrize(
        "raw",
        [b"", b"{", b"\xff\xfe", b"not json", b"[" * 60_000, b"9" * 5_000, b'{"a":1}x'],
        ids=["nothing", "half", "no utf-8", "words", "deep", "a huge number", "a tail"],
    )
    def test_body_that_is_not_json_is_rejected(
        self, api: Api, context: FakeContext, raw: bytes
    ) -> None:
        assert context.registry
        response = api.call("POST", "/candidate/sign-in", raw=raw)
        assert (response.status_code, response.json_body["code"]) == (400, "not_json")

    def test_body_that_is_too_large_is_rejected(self, api: Api, context: FakeContext) -> None:
        assert context.registry
        raw = json.dumps({**SIGN_IN, "number": "1" * MAX_BODY_BYTES}).encode()
        response = api.call("POST", "/candidate/sign-in", raw=raw)
        assert (response.status_code, response.json_body["code"]) == (413, "too_large")


class TestMediaTypes:
    @pytest.mark.parametrize(
        "content_type", ["text/plain", "multipart/form-data; boundary=b", "application/xml", ""]
    )
    def test_other_media_type_is_refused_in_the_callers_language(
        self, api: Api, context: FakeContext, content_type: str
    ) -> None:
        context.registry.calls.clear()
        for language, reason in (("zh", "须为 JSON"), ("en", "must be JSON")):
            response = api.call(
                "POST", "/candidate/sign-in", None, SIGN_IN,
                language=language, content_type=content_type,
            )  # fmt: skip
            assert response.status_code == 415
            problem = response.json_body
            assert problem.keys() == {"code", "message", "field"}
            assert problem["code"] == "unsupported_media_type"
            assert reason in problem["message"]
            assert response.headers["Access-Control-Allow-Origin"] == "*"
        assert context.registry.calls == []

    @pytest.mark.parametrize(
        "content_type", [None, "application/json; charset=utf-8", "Application/JSON"]
    )
    def test_json_is_accepted_also_where_no_media_type_is_named(
        self, api: Api, context: FakeContext, content_type: str | None
    ) -> None:
        assert context.registry
        response = api.call("POST", "/candidate/sign-in", None, SIGN_IN, content_type=content_type)
        assert response.status_code == 200

    def test_media_type_does_not_matter_without_a_body(
        self, api: Api, context: FakeContext
    ) -> None:
        assert context.registry
        assert api.call("GET", f"/exams/{EXAM}", content_type="text/plain").status_code == 200


def candidate_token(context: FakeContext) -> str:
    token = token_of(
        Caller.CANDIDATE, context.tokens, context.clock(), {Caller.CANDIDATE: "5e55", Caller.ADMIN: ""},
        SUBJECT,
    )  # fmt: skip
    assert token
    return token


class TestErrors:
    def test_refusal_states_the_reason_in_the_callers_language(
        self, api: Api, context: FakeContext
    ) -> None:
        add_session(context)
        messages = set()
        for language in ("zh", "en"):
            response = api.call(
                "POST", "/candidate/waiting-room", candidate_token(context), language=language
            )
            assert (response.status_code, response.json_body["code"]) == (409, "wrong_state")
            messages.add(response.json_body["message"])
        assert any("作答中" in message for message in messages)
        assert any("answering" in message for message in messages)

    @pytest.mark.parametrize(
        "header", ["", "Bearer", "Bearer ", "Basic YTpi", "token-0", "bearer  token-0"]
    )
    def test_malformed_authorization_header_is_rejected(
        self, api: Api, context: FakeContext, header: str
    ) -> None:
        add_session(context)
        candidate_token(context)
        response = api._client.http.get(
            "/candidate/session", headers={"Authorization": header, "Accept-Language": "zh"}
        )
        assert (response.status_code, response.json_body["code"]) == (401, "not_signed_in")

    @pytest.mark.parametrize("exam_id", ["x" * 81, "%20", "q1%0A", "%E7%AD%94", "a%2Fb", "*"])
    def test_malformed_id_is_not_found_without_a_read(
        self, api: Api, context: FakeContext, exam_id: str
    ) -> None:
        context.registry.calls.clear()
        assert api.call("GET", f"/exams/{exam_id}").status_code == 404
        assert context.registry.calls == []

    def test_every_response_is_marked_as_the_apis_own(self, api: Api, context: FakeContext) -> None:
        assert context.registry
        expected = (
            (200, api.call("GET", f"/exams/{EXAM}")),
            (404, api.call("GET", "/exams/none")),
            (401, api.call("GET", "/candidate/session")),
            (400, api.call("POST", "/candidate/sign-in", None, {})),
            (415, api.call("POST", "/candidate/sign-in", None, SIGN_IN, content_type="text/plain")),
            (200, api.call("GET", "/openapi.json")),
        )
        for status, response in expected:
            assert response.status_code == status
            assert response.headers[API_HEADER] == "1"
            assert response.headers["Access-Control-Expose-Headers"] == API_HEADER

    def test_responses_are_not_cached(self, api: Api, context: FakeContext) -> None:
        assert context.registry
        for path, status in ((f"/exams/{EXAM}", 200), ("/exams/none", 404)):
            response = api.call("GET", path)
            assert response.status_code == status
            assert response.headers["Cache-Control"] == "no-store"
            assert response.headers["Access-Control-Allow-Origin"] == "*"


class UnreadableRegistry(FakeExamRegistry):
    """A registry whose exams cannot be read."""

    def exam(self, exam_id: str) -> Any:
        raise RuntimeError(f"the table says no to {exam_id}")


class Unprintable:
    """A text whose content must not be logged."""

    zh = 7
    en = "LEAKED"

    def __repr__(self) -> str:
        return self.en


class InvalidRegistry(FakeExamRegistry):
    """A registry that holds what the response schemas refuse."""

    def exam(self, exam_id: str) -> Any:
        return replace(super().exam(exam_id), title=Unprintable())  # type: ignore[arg-type]


class TestInternalErrors:
    @pytest.mark.parametrize("registry", [UnreadableRegistry, InvalidRegistry])
    def test_caller_gets_a_message_and_the_log_the_traceback(
        self,
        api: Api,
        context: FakeContext,
        registry: type[FakeExamRegistry],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        broken = registry()
        broken.put_exam(context.registry.exam(EXAM))
        object.__setattr__(context, "registry", broken)
        for language, words in (("zh", "系统暂时"), ("en", "went wrong on our side")):
            response = api.call("GET", f"/exams/{EXAM}", language=language)
            assert response.status_code == 500
            assert response.json_body["code"] == "internal"
            assert words in response.json_body["message"]
            text = response.body.decode()
            assert "Traceback" not in text
            assert "table" not in text
        traces = [record for record in caplog.records if record.exc_info]
        assert len(traces) == 2
        assert all(record.__dict__["route"] == "show_exam" for record in traces)
        assert "LEAKED" not in caplog.text


def test_answer_without_a_sitting_in_the_token_is_unauthorized(
    api: Api, context: FakeContext
) -> None:
    add_session(context)
    token = candidate_token(context)
    claims = context.tokens.read(token, "api", NOW)
    assert isinstance(claims.sitting, ClaimedSitting)
    bare = type(claims)(claims.role, claims.subject, claims.expires_at)
    response = api.call(
        "PUT", "/candidate/answers/q1", context.tokens.issue(bare, "api"),
        {"sequence": 1, "value": []},
    )  # fmt: skip
    assert response.status_code == 401


def test_replaced_phone_is_signed_out(api: Api, context: FakeContext) -> None:
    session_id = add_session(context).session_id
    numbers = CandidateNumbers("ADM-one", "ID-one-0001")
    replaced, current = (
        pair_phone(context, issue_join_code(context, session_id).code, numbers, ORIGIN).token
        for _ in range(2)
    )
    report = {"orientation": "portrait"}
    for path, body in (("captures", None), ("report", report), ("ticket", None)):
        response = api.call("POST", f"/phone/{path}", replaced, body)
        assert (response.status_code, response.json_body["code"]) == (401, "other_phone")
        assert "另一部手机" in response.json_body["message"]
        assert api.call("POST", f"/phone/{path}", current, body).status_code == 200


def test_sign_in_makes_three_store_calls(api: Api, context: FakeContext) -> None:
    context.registry.calls.clear()
    assert sign_in(api)[0] == 200
    assert len(context.registry.calls + context.sessions.calls) == 3
