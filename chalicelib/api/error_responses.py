"""Errors as responses: the status, a code, and a message in the caller's language."""

from collections.abc import Mapping

from aws_lambda_powertools import Logger
from chalice.app import Response
from pydantic import ValidationError

from chalicelib.api.headers import JSON
from chalicelib.domain.errors import DomainError
from chalicelib.domain.types import LocalizedText
from chalicelib.schemas.common import Problem

log = Logger()

_FIELD_REASONS = {
    "missing": LocalizedText("不能为空", "is missing"),
    "extra_forbidden": LocalizedText("是未知字段", "is not a known field"),
    "string_too_short": LocalizedText("太短", "is too short"),
    "string_too_long": LocalizedText("太长", "is too long"),
    "string_pattern_mismatch": LocalizedText("格式不正确", "has the wrong format"),
    "string_type": LocalizedText("应为文字", "must be text"),
    "too_long": LocalizedText("项数过多", "has too many items"),
    "too_short": LocalizedText("项数过少", "has too few items"),
    "bool_type": LocalizedText("应为是或否", "must be true or false"),
    "bool_parsing": LocalizedText("应为是或否", "must be true or false"),
    "int_type": LocalizedText("应为整数", "must be a whole number"),
    "int_parsing": LocalizedText("应为整数", "must be a whole number"),
    "greater_than_equal": LocalizedText("太小", "is too small"),
    "less_than_equal": LocalizedText("太大", "is too large"),
    "list_type": LocalizedText("应为列表", "must be a list"),
}
_OTHER_REASON = LocalizedText("不正确", "is not valid")
INTERNAL_ERROR = LocalizedText(
    "系统暂时出现问题，请稍后重试；您已保存的内容不受影响。",
    "Something went wrong on our side. Please try again; what you saved is safe.",
)


def language_of(headers: Mapping[str, str]) -> str:
    """Return the caller's language by Accept-Language: «en» where it comes first, otherwise «zh»."""
    first = headers.get("accept-language", "zh").split(",")[0].strip().lower()
    return "en" if first.startswith("en") else "zh"


def _problem(status: int, problem: Problem) -> Response:
    return Response(problem.model_dump_json(), headers=JSON, status_code=status)


def domain_error_response(error: DomainError, language: str) -> Response:
    """Return the response for an error that a rule raised."""
    message = error.text.for_language(language)
    return _problem(error.status, Problem(code=error.code, message=message))


def invalid_body_response(error: ValidationError, language: str) -> Response:
    """Return the response that names the first invalid field and the reason, but not its value."""
    first = error.errors(include_input=False, include_url=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or "body"
    reason = _FIELD_REASONS.get(first["type"], _OTHER_REASON)
    message = f"“{field}”{reason.zh}。" if language == "zh" else f"«{field}» {reason.en}."
    return _problem(400, Problem(code="invalid", message=message, field=field))


def internal_error_response(error: Exception, route: str, language: str) -> Response:
    """Return the response for an unexpected error. The log gets the traceback, the caller a message."""
    log.exception("a route failed", extra={"route": route, "error": type(error).__name__})
    return _problem(500, Problem(code="internal", message=INTERNAL_ERROR.for_language(language)))
