"""Reading a request's body: its media type, size, JSON and schema."""

import json
from typing import Any

from chalice.app import Request
from pydantic import ValidationError

from chalicelib.domain.errors import BadInput, DomainError
from chalicelib.domain.types import LocalizedText
from chalicelib.schemas.common import ApiModel

MAX_BODY_BYTES = 64 * 1024
MEDIA_TYPE = "application/json"


class InvalidBody(Exception):
    """The body does not match its schema. An invalid response of our own is not this."""

    def __init__(self, reason: ValidationError) -> None:
        super().__init__(reason.title)
        self.reason = reason


class BodyTooLarge(DomainError):
    """The body is larger than the route takes."""

    status = 413
    code = "too_large"
    text = LocalizedText("请求内容过大。", "The request is too large.")


class UnsupportedMediaType(DomainError):
    """The body is declared to be something else than JSON."""

    status = 415
    code = "unsupported_media_type"
    text = LocalizedText(
        "请求内容须为 JSON（application/json）。",
        "The request body must be JSON (application/json).",
    )


def parse_body[T: ApiModel](model: type[T], request: Request, max_bytes: int = MAX_BODY_BYTES) -> T:
    """Return a request's body. Raises UnsupportedMediaType, BodyTooLarge, BadInput, InvalidBody.

    A request that names no media type is taken for JSON.
    """
    media_type = request.headers.get("content-type", MEDIA_TYPE).partition(";")[0]
    if media_type.strip().lower() != MEDIA_TYPE:
        raise UnsupportedMediaType
    try:
        return model.model_validate(_json(request, max_bytes))
    except ValidationError as error:
        raise InvalidBody(error) from None


def _json(request: Request, max_bytes: int) -> Any:
    raw = request.raw_body
    if len(raw) > max_bytes:
        raise BodyTooLarge
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise BadInput(
            LocalizedText("请求不是有效的 JSON。", "The request is not valid JSON."), "not_json"
        ) from None
