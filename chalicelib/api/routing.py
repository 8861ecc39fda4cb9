"""How a route is declared: its role, its bodies, and what happens around its handler.

Every route says who may call it, what it takes and what it answers. From that one declaration
come the token check, the validation of the body, the JSON, the errors, and openapi.json.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chalice.app import Blueprint, Request, Response
from pydantic import ValidationError

from chalicelib.api.error_responses import (
    domain_error_response,
    internal_error_response,
    invalid_body_response,
    language_of,
)
from chalicelib.api.headers import JSON
from chalicelib.domain.errors import BadInput, DomainError, NotAllowed, NotFound, NotSignedIn
from chalicelib.domain.sessions.sessions import require_current_device, require_current_phone
from chalicelib.domain.types import LocalizedText, Role
from chalicelib.schemas.common import ID_PATTERN, ApiModel, FileOut
from chalicelib.services.core.tokens import API_AUDIENCE
from chalicelib.services.ports import AppContext, Claims
from chalicelib.wiring.settings import request_url

MAX_BODY_BYTES = 64 * 1024
PUBLIC: frozenset[Role] = frozenset()
ID = re.compile(ID_PATTERN)
DEVICE_CHECKS = {Role.CANDIDATE: require_current_device, Role.PHONE: require_current_phone}


class InvalidBody(Exception):
    """The body has not the declared shape. A broken shape of our own making is not this."""

    def __init__(self, reason: ValidationError) -> None:
        super().__init__(reason.title)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request: the world to act on, and who is calling (nobody, on public routes)."""

    context: AppContext
    claims: Claims | None
    address: str = ""
    """Where the request comes from, as API Gateway saw it; a header could say anything."""
    url: str = ""
    """The request's whole address, as the caller's browser knows it."""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def caller(self) -> Claims:
        """The caller. Raises NotSignedIn on a public route."""
        if self.claims is None:
            raise NotSignedIn
        return self.claims


@dataclass(frozen=True, slots=True)
class Route:
    """The declaration of one route."""

    method: str
    path: str
    name: str
    summary: str
    roles: frozenset[Role]
    body: type[ApiModel] | None
    response: type[ApiModel]
    handler_checks_device: bool = False
    """Whether the handler itself refuses a candidate's old device, to read the session only once."""


_context: list[AppContext] = []


def get_context() -> AppContext:
    """Return the world, built on the first request and kept while the Lambda is warm."""
    if not _context:
        from chalicelib.wiring.api import build_app_context  # noqa: PLC0415  (not with a given world)

        _context.append(build_app_context())
    return _context[0]


def set_context(given: AppContext | None) -> None:
    """Act on a given world from now on; on None, build one of the environment again."""
    _context[:] = [] if given is None else [given]


class Routes:
    """The routes of one actor: a Chalice blueprint, and their declarations for openapi.json."""

    def __init__(self, name: str) -> None:
        self.blueprint = Blueprint(name)
        self.declared: list[Route] = []

    def add(
        self,
        method: str,
        path: str,
        *,
        roles: frozenset[Role],
        response: type[ApiModel],
        body: type[ApiModel] | None = None,
        handler_checks_device: bool = False,
    ) -> Callable[[Callable[..., ApiModel]], Callable[..., ApiModel]]:
        """Declare a route. The handler gets the call, the body if there is one, and the path's parts."""

        def declare(handler: Callable[..., ApiModel]) -> Callable[..., ApiModel]:
            summary = (handler.__doc__ or "").split("\n")[0]
            name = handler.__name__
            route = Route(method, path, name, summary, roles, body, response, handler_checks_device)
            self.declared.append(route)

            def view(**parts: str) -> Response:
                return _respond(route, handler, self.blueprint.current_request, parts)

            self.blueprint.route(path, methods=[method], name=name, cors=True)(view)
            return handler

        return declare


def _respond(
    route: Route, handler: Callable[..., ApiModel], request: Request, parts: dict[str, str]
) -> Response:
    language = language_of(request.headers)
    try:
        address = str(request.context["identity"]["sourceIp"])
        url = request_url(request.context, request.headers)
        call = ApiRequest(
            get_context(), _claims(route, request.headers), address, url, request.headers
        )
        _require_ids(parts)
        answer = handler(call, *_body(route, request), **parts)
        if isinstance(answer, FileOut):
            return Response(answer.content, headers={**JSON, "Content-Type": answer.media_type})
        body = answer.model_dump_json()
    except DomainError as error:
        return domain_error_response(error, language)
    except InvalidBody as error:
        return invalid_body_response(error.reason, language)
    except Exception as error:  # noqa: BLE001  (the last line: a trace never reaches a person)
        return internal_error_response(error, route.name, language)
    return Response(body, headers=JSON)


def _claims(route: Route, headers: Mapping[str, str]) -> Claims | None:
    if route.roles == PUBLIC:
        return None
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn
    here = get_context()
    claims = here.tokens.read(token, API_AUDIENCE, here.clock())
    if claims.role not in route.roles:
        raise NotAllowed
    check = DEVICE_CHECKS.get(claims.role)
    if check and not route.handler_checks_device:
        check(here.sessions.session(claims.subject), claims.generation)
    return claims


def _require_ids(parts: Mapping[str, str]) -> None:
    """Refuse what can be no id before it reaches a table: there is no such thing."""
    if not all(ID.fullmatch(part) for part in parts.values()):
        raise NotFound


def _body(route: Route, request: Request) -> tuple[ApiModel, ...]:
    if route.body is None:
        return ()
    try:
        return (route.body.model_validate(_json(request)),)
    except ValidationError as error:
        raise InvalidBody(error) from None


def _json(request: Request) -> Any:
    raw = request.raw_body
    if len(raw) > MAX_BODY_BYTES:
        raise BadInput(LocalizedText("请求内容过大。", "The request is too large."), "too_large")
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise BadInput(
            LocalizedText("请求不是有效的 JSON。", "The request is not valid JSON."), "not_json"
        ) from None
