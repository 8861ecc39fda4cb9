"""openapi.json, made of the routes' declarations: what is not declared there does not exist.

`python -m chalicelib.api.openapi > docs/openapi.json` writes it anew.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from chalicelib.api.roles import PUBLIC
from chalicelib.api.route_modules import all_routes
from chalicelib.api.routing import Route
from chalicelib.schemas.common import FileOut, Problem
from chalicelib.schemas.push import ClientMessage, ServerMessage

FILE = {
    "description": "The file.",
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}
REF = "#/components/schemas/{model}"


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
            "description": (
                "Moments and spans are whole milliseconds. The socket's messages are the schemas "
                "Push (from the server) and ClientMessage (from the page)."
            ),
        },
        "paths": paths,
        "components": {
            "schemas": _schemas(routes),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def text() -> str:
    """Return the document as it is kept in the repository."""
    return json.dumps(document(), ensure_ascii=False, indent=1)


def _operation(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in re.findall(r"{(\w+)}", route.path)
        ],
        "responses": {
            "200": FILE
            if route.response is FileOut
            else _content(route.response.__name__, "Done."),
            "default": _content(Problem.__name__, "Refused, with the reason."),
        },
    }
    if route.body is not None:
        operation["requestBody"] = {**_content(route.body.__name__, "The body."), "required": True}
    if route.roles != PUBLIC:
        operation["security"] = [{"token": sorted(route.roles)}]
    return operation


def _content(schema: str, description: str) -> dict[str, Any]:
    reference = {"$ref": REF.format(model=schema)}
    return {"description": description, "content": {"application/json": {"schema": reference}}}


def _schemas(routes: Iterable[Route]) -> dict[str, Any]:
    taken: set[tuple[Any, JsonSchemaMode]] = {
        (route.body, "validation") for route in routes if route.body
    }
    given: set[tuple[Any, JsonSchemaMode]] = {
        (route.response, "serialization") for route in routes if route.response is not FileOut
    }
    told: set[tuple[Any, JsonSchemaMode]] = {(Problem, "serialization")}
    models = sorted(taken | given | told, key=lambda one: one[0].__name__)
    _, document = models_json_schema(models, ref_template=REF)
    schemas: dict[str, Any] = document.get("$defs", {})
    for name, adapter in (
        ("Push", TypeAdapter(ServerMessage)),
        ("Said", TypeAdapter(ClientMessage)),
    ):
        schema = adapter.json_schema(ref_template=REF, mode="serialization")
        schemas.update(schema.pop("$defs", {}))
        schemas[name] = schemas.get(name, schema)
    return dict(sorted(schemas.items()))


if __name__ == "__main__":
    print(text())
