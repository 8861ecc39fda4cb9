"""openapi.json, made of the routes' declarations: what is not declared there does not exist.

`python -m chalicelib.api.openapi > docs/openapi.json` writes it anew.
"""

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chalicelib.api.error_responses import INTERNAL_ERROR
from chalicelib.api.examples import EXAMPLES
from chalicelib.api.request_body import BodyTooLarge, UnsupportedMediaType
from chalicelib.api.roles import PUBLIC
from chalicelib.api.route_modules import all_routes
from chalicelib.api.routing import Route
from chalicelib.api.tags import DESCRIPTIONS
from chalicelib.domain.errors import (
    BadInput,
    Conflict,
    DomainError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    TooMany,
)
from chalicelib.schemas.common import ID_PATTERN, ApiModel, FileOut, Problem
from chalicelib.schemas.push import ClientMessage, ServerMessage

JSON_TYPE = "application/json"
SCHEMA = "#/components/schemas/{model}"
RESPONSE = "#/components/responses/{name}"
FILE = {
    "description": "The file.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
ERROR_RESPONSES: dict[int, tuple[str, type[DomainError], str]] = {
    400: (
        "BadRequest",
        BadInput,
        "The body is not JSON (`not_json`), does not match its schema (`invalid`, with the field), "
        "or its content breaks a rule.",
    ),
    401: (
        "NotSignedIn",
        NotSignedIn,
        "Signing in failed, or the token is missing, has expired or is another device's by now.",
    ),
    403: ("NotAllowed", NotAllowed, "The caller is known, but not allowed to do this."),
    404: ("NotFound", NotFound, "There is no such thing, or not for this caller."),
    409: (
        "Conflict",
        Conflict,
        "It was changed meanwhile (`conflict`: read it again), or its state does not allow this.",
    ),
    413: ("BodyTooLarge", BodyTooLarge, "The body is larger than 64 KiB."),
    415: ("UnsupportedMediaType", UnsupportedMediaType, "The body is not `application/json`."),
    429: ("TooManyRequests", TooMany, "Too many attempts or messages: wait and try again."),
}
"""By status: the response's name, the error that stands for it, and what it means."""

INTERNAL = "InternalError"
SOCKET_MESSAGES: tuple[tuple[str, TypeAdapter[Any], JsonSchemaMode], ...] = (
    ("ServerMessage", TypeAdapter(ServerMessage), "serialization"),
    ("ClientMessage", TypeAdapter(ClientMessage), "validation"),
)
DESCRIPTION = """\
The API of Invigil, an online exam invigilation system, as its own pages use it.

- **Times** are whole milliseconds: moments since 1970-01-01 UTC by the server's clock, and spans.
- **Tokens.** Signing in returns a token, to be sent as `Authorization: Bearer …`. Each operation \
names the roles that may call it. A token of a candidate or a phone ends when another device signs \
in to the session.
- **Errors** are a `Problem` with a stable `code` and a message in the language of \
`Accept-Language`: English where `en` comes first, otherwise Chinese. Codes are listed with each \
operation; a rule may have a more specific one.
- **Repeats.** What a page may have to send again after a lost response is idempotent: steps of \
check-in, answers, submission, messages, warnings, calls, evidence.
- **Uploads** go straight to object storage by a signed form (`UploadOut`).
- **The socket** sends the messages of the schema `ServerMessage` and accepts those of \
`ClientMessage`. A ticket opens it. Each message is a hint: a client that missed one reads the API again.
"""


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 description of all routes and of the socket's messages."""
    routes = all_routes()
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Invigil 监考",
            "version": "1",
            "description": DESCRIPTION,
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": tag, "description": text} for tag, text in DESCRIPTIONS.items()],
        "paths": paths,
        "components": {
            "schemas": _schemas(routes),
            "responses": _error_responses(),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def text() -> str:
    """Return the document as the repository holds it."""
    return json.dumps(document(), ensure_ascii=False, indent=1)


def _operation(route: Route) -> dict[str, Any]:
    example = EXAMPLES.get(route.name)
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": route.summary,
        "description": _description(route),
        "parameters": [
            {
                "name": name,
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": ID_PATTERN},
            }
            for name in route.path_parameters
        ],
        "responses": {"200": _success(route, example.response if example else None)},
    }
    statuses = sorted({error.status for error in route.errors})
    names = {str(status): ERROR_RESPONSES[status][0] for status in statuses} | {"500": INTERNAL}
    for status, name in names.items():
        operation["responses"][status] = {"$ref": RESPONSE.format(name=name)}
    if route.body is not None:
        content = _content(route.body, example.request if example else None)
        operation["requestBody"] = {"required": True, "content": content}
    if route.roles != PUBLIC:
        operation["security"] = [{"token": sorted(route.roles)}]
    return operation


def _description(route: Route) -> str:
    """Return what the docstring says beyond the summary, who may call, and the errors' codes."""
    roles = ", ".join(sorted(route.roles)) or "everybody, without a token"
    codes = {(error.status, error.code) for error in route.errors}
    if route.body is not None:
        codes |= {(400, "invalid"), (400, "not_json")}
    errors = "; ".join(
        f"{status} " + ", ".join(f"`{code}`" for _, code in group)
        for status, group in groupby(sorted(codes), key=lambda pair: pair[0])
    )
    parts = [route.details, f"Roles: {roles}.", f"Errors: {errors}." if errors else ""]
    return "\n\n".join(filter(None, parts))


def _success(route: Route, example: ApiModel | None) -> dict[str, Any]:
    if route.response is FileOut:
        return FILE
    return {"description": "Done.", "content": _content(route.response, example)}


def _content(model: type[ApiModel], example: ApiModel | None) -> dict[str, Any]:
    media: dict[str, Any] = {"schema": {"$ref": SCHEMA.format(model=model.__name__)}}
    if example is not None:
        media["example"] = example.model_dump(mode="json")
    return {JSON_TYPE: media}


def _error_responses() -> dict[str, Any]:
    responses = {
        name: _error_response(meaning, Problem(code=error.code, message=error.text.en))
        for name, error, meaning in ERROR_RESPONSES.values()
    }
    internal = Problem(code="internal", message=INTERNAL_ERROR.en)
    responses[INTERNAL] = _error_response("The server failed: try again later.", internal)
    return responses


def _error_response(description: str, example: Problem) -> dict[str, Any]:
    return {"description": description, "content": _content(Problem, example)}


def _schemas(routes: Iterable[Route]) -> dict[str, Any]:
    bodies: set[tuple[Any, JsonSchemaMode]] = {
        (route.body, "validation") for route in routes if route.body
    }
    responses: set[tuple[Any, JsonSchemaMode]] = {
        (route.response, "serialization") for route in routes if route.response is not FileOut
    }
    problem: set[tuple[Any, JsonSchemaMode]] = {(Problem, "serialization")}
    models = sorted(bodies | responses | problem, key=lambda pair: pair[0].__name__)
    _, definitions = models_json_schema(models, ref_template=SCHEMA)
    schemas: dict[str, Any] = definitions.get("$defs", {})
    for name, adapter, mode in SOCKET_MESSAGES:
        schema = adapter.json_schema(ref_template=SCHEMA, mode=mode)
        schemas.update(schema.pop("$defs", {}))
        schemas.setdefault(name, schema)
    return dict(sorted(schemas.items()))


if __name__ == "__main__":
    print(text())
