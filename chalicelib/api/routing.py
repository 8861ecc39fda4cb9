"""How a route is declared: its role, its bodies, and what happens around its handler.

Every route declares who may call it, its request body, its response and the errors of its use
case. From that one declaration come the token check, the validation of the body, the JSON, the
error responses, and openapi.json.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from inspect import cleandoc

from chalice.app import Blueprint, Request, Response

from chalicelib.api.error_responses import (
    domain_error_response,
    internal_error_response,
    invalid_body_response,
    language_of,
)
from chalicelib.api.gateway import request_url
from chalicelib.api.headers import CORS, JSON
from chalicelib.api.request_body import (
    MAX_BODY_BYTES,
    BodyTooLarge,
    InvalidBody,
    UnsupportedMediaType,
    parse_body,
)
from chalicelib.api.roles import PUBLIC
from chalicelib.api.tags import Tag
from chalicelib.domain.errors import BadInput, DomainError, NotAllowed, NotFound, NotSignedIn
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.rules.device_changes import Origin, make_origin
from chalicelib.domain.sessions.sessions import (
    OtherDevice,
    OtherPhone,
    Session,
    require_current_device,
    require_current_phone,
)
from chalicelib.domain.types import STAFF_ROLES, Role, View
from chalicelib.schemas.common import ID_PATTERN, ApiModel, FileOut
from chalicelib.services.core.access import get_staff, require_open_session
from chalicelib.services.core.tokens import API_AUDIENCE
from chalicelib.services.monitoring.origins import note_origin_of
from chalicelib.services.ports import AppContext, Claims

ID = re.compile(ID_PATTERN)
PATH_PARAMETER = re.compile(r"{(\w+)}")
DEVICE_CHECKS = {Role.CANDIDATE: require_current_device, Role.PHONE: require_current_phone}
VIEWS = {Role.CANDIDATE: View.FIRST, Role.PHONE: View.SECOND}
DEVICE_ERRORS: dict[Role, type[DomainError]] = {
    Role.CANDIDATE: OtherDevice,
    Role.PHONE: OtherPhone,
}

type Errors = tuple[type[DomainError], ...]


@dataclass(frozen=True, slots=True)
class ApiRequest:
    """One request: the context to act on, and who is calling (nobody, on public routes)."""

    context: AppContext
    claims: Claims | None
    address: str = ""
    """Where the request comes from, as API Gateway saw it; a header could say anything."""
    url: str = ""
    """The request's full URL, as the caller's browser knows it."""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def caller(self) -> Claims:
        """The caller's claims. Raises NotSignedIn on a public route."""
        if self.claims is None:
            raise NotSignedIn
        return self.claims

    @property
    def user_agent(self) -> str:
        """What the caller's browser says that it is."""
        return self.headers.get("user-agent", "")

    @property
    def origin(self) -> Origin:
        """Where the request comes from."""
        return make_origin(self.address, self.user_agent)

    def tell_origin(self, session: Session) -> None:
        """Tell the proctor where the calling device is, if it was never seen there."""
        note_origin_of(self.context, session, self.origin, VIEWS[self.caller.role])

    @property
    def staff(self) -> Staff:
        """The calling staff member's record, read anew. Raises StaffSessionEnded."""
        return get_staff(self.context, self.caller)


@dataclass(frozen=True, slots=True)
class Route:
    """The declaration of one route."""

    method: str
    path: str
    name: str
    summary: str
    details: str
    """What the handler's docstring says beyond its first line."""
    tag: Tag
    roles: frozenset[Role]
    body: type[ApiModel] | None
    response: type[ApiModel]
    declared_errors: Errors = ()
    """What its use case raises, beyond what the declaration implies."""
    handler_checks_device: bool = False
    """Whether the handler itself refuses a candidate's old device, and tells where the current one
    is, to read the session only once."""
    max_body_bytes: int = MAX_BODY_BYTES

    @property
    def path_parameters(self) -> list[str]:
        """The names of the path's parameters, in order."""
        return PATH_PARAMETER.findall(self.path)

    @property
    def errors(self) -> Errors:
        """Every error that the route can respond with: implied ones first, each once."""
        errors: list[type[DomainError]] = []
        if self.body is not None:
            errors += [BadInput, BodyTooLarge, UnsupportedMediaType]
        if self.roles != PUBLIC:
            errors += [NotSignedIn, NotAllowed]
        devices = [DEVICE_ERRORS[role] for role in sorted(self.roles & DEVICE_ERRORS.keys())]
        if devices or self.path_parameters:  # the session of a device's token is read
            errors += [*devices, NotFound]
        return tuple(dict.fromkeys((*errors, *self.declared_errors)))


_context: list[AppContext] = []


def get_context() -> AppContext:
    """Return the context, built on the first request and kept while the Lambda is warm."""
    if not _context:
        from chalicelib.wiring.api import build_app_context  # noqa: PLC0415  (not needed where a context is set)

        _context.append(build_app_context())
    return _context[0]


def set_context(context: AppContext | None) -> None:
    """Use this context from now on; on None, build one from the environment again."""
    _context[:] = [] if context is None else [context]


class Routes:
    """The routes of one actor: a Chalice blueprint, and their declarations for openapi.json."""

    def __init__(self, name: str) -> None:
        self.blueprint = Blueprint(name)
        self.declared: list[Route] = []

    def add(  # noqa: PLR0913  (a declaration: each by its name)
        self,
        method: str,
        path: str,
        *,
        tag: Tag,
        roles: frozenset[Role],
        response: type[ApiModel],
        body: type[ApiModel] | None = None,
        errors: Errors = (),
        handler_checks_device: bool = False,
        max_body_bytes: int = MAX_BODY_BYTES,
    ) -> Callable[[Callable[..., ApiModel]], Callable[..., ApiModel]]:
        """Declare a route. The handler gets the request, the body if any, and the path parameters.

        `errors` are those of the use case; see `Route.errors` for those that are implied.
        """

        def declare(handler: Callable[..., ApiModel]) -> Callable[..., ApiModel]:
            summary, _, details = cleandoc(handler.__doc__ or "").partition("\n")
            route = Route(
                method=method,
                path=path,
                name=handler.__name__,
                summary=summary,
                details=details.strip(),
                tag=tag,
                roles=roles,
                body=body,
                response=response,
                declared_errors=errors,
                handler_checks_device=handler_checks_device,
                max_body_bytes=max_body_bytes,
            )
            self.declared.append(route)

            def view(**parameters: str) -> Response:
                return _respond(route, handler, self.blueprint.current_request, parameters)

            # Media types are checked with the body, so that a refusal is a Problem like any other.
            self.blueprint.route(
                path, methods=[method], name=route.name, cors=CORS, content_types=["*/*"]
            )(view)
            return handler

        return declare


def _respond(
    route: Route,
    handler: Callable[..., ApiModel],
    request: Request,
    parameters: dict[str, str],
) -> Response:
    language = language_of(request.headers)
    try:
        address = str(request.context["identity"]["sourceIp"])
        url = request_url(request.context, request.headers)
        claims = _claims(route, request.headers)
        api_request = ApiRequest(get_context(), claims, address, url, request.headers)
        _require_device(route, api_request)
        _require_ids(parameters)
        bodies = (
            () if route.body is None else (parse_body(route.body, request, route.max_body_bytes),)
        )
        result = handler(api_request, *bodies, **parameters)
        if isinstance(result, FileOut):
            return Response(result.content, headers={**JSON, "Content-Type": result.media_type})
        content = result.model_dump_json()
    except DomainError as error:
        return domain_error_response(error, language)
    except InvalidBody as error:
        return invalid_body_response(error.reason, language)
    except Exception as error:  # noqa: BLE001  (the last line: a trace never reaches a person)
        return internal_error_response(error, route.name, language)
    return Response(content, headers=JSON)


def _claims(route: Route, headers: Mapping[str, str]) -> Claims | None:
    if route.roles == PUBLIC:
        return None
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn
    context = get_context()
    claims = context.tokens.read(token, API_AUDIENCE, context.clock())
    if claims.role not in route.roles:
        raise NotAllowed
    if claims.role in STAFF_ROLES:
        require_open_session(context, claims)
    return claims


def _require_device(route: Route, request: ApiRequest) -> None:
    """Refuse a candidate's replaced device or phone; tell where the current one calls from."""
    claims = request.claims
    require_current = DEVICE_CHECKS.get(claims.role) if claims else None
    if claims is None or require_current is None or route.handler_checks_device:
        return
    session = request.context.sessions.session(claims.subject)
    require_current(session, claims.generation)
    request.tell_origin(session)


def _require_ids(parameters: Mapping[str, str]) -> None:
    """Raise NotFound for a parameter that cannot be an id, before it reaches a table."""
    if not all(ID.fullmatch(parameter) for parameter in parameters.values()):
        raise NotFound
