"""Translates the Swagger document that Chalice imports into calls that create the same REST API.

Without I/O: `rest_api` sends the calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

METHODS = (
    "get",
    "post",
    "put",
    "delete",
    "patch",
    "head",
    "options",
    "x-amazon-apigateway-any-method",
)
INTEGRATION = "x-amazon-apigateway-integration"
BINARY = "x-amazon-apigateway-binary-media-types"

type Json = dict[str, Any]


@dataclass(frozen=True)
class PutCall:
    """A PUT below a resource: `tail` follows `/restapis/<id>/resources/<resource id>`."""

    tail: str
    body: Json = field(default_factory=dict)


def paths(document: Json) -> list[str]:
    """Return all resource paths except the root, parents before children."""
    resources = {
        "/" + "/".join(parts[: n + 1]) for parts in _split(document) for n in range(len(parts))
    }
    return sorted(resources, key=lambda path: (path.count("/"), path))


def _split(document: Json) -> Iterator[list[str]]:
    for path in document.get("paths", {}):
        yield [part for part in path.split("/") if part]


def method_calls(operations: Json) -> list[PutCall]:
    """Return the calls that create the methods of one path, in the required order."""
    return [
        call
        for name, operation in operations.items()
        if name in METHODS
        for call in _calls_of_method("ANY" if name.startswith("x-") else name.upper(), operation)
    ]


def _calls_of_method(method: str, operation: Json) -> Iterator[PutCall]:
    base = f"/methods/{method}"
    yield PutCall(base, {"authorizationType": "NONE", "requestParameters": _parameters(operation)})
    for status, response in operation.get("responses", {}).items():
        yield PutCall(f"{base}/responses/{status}", {"responseParameters": _headers(response)})
    integration = operation.get(INTEGRATION)
    if integration:
        yield from _integration_calls(f"{base}/integration", integration)


def _integration_calls(base: str, integration: Json) -> Iterator[PutCall]:
    body = {k: v for k, v in integration.items() if k not in {"type", "responses"}}
    body["passthroughBehavior"] = body.get("passthroughBehavior", "when_no_match").upper()
    yield PutCall(base, {"type": integration["type"].upper(), **body})
    for pattern, response in integration.get("responses", {}).items():
        yield PutCall(
            f"{base}/responses/{response['statusCode']}",
            {
                "selectionPattern": "" if pattern == "default" else pattern,
                "responseParameters": response.get("responseParameters", {}),
                "responseTemplates": response.get("responseTemplates", {}),
            },
        )


def _parameters(operation: Json) -> dict[str, bool]:
    places = {"path": "path", "query": "querystring", "header": "header"}
    return {
        f"method.request.{places[p['in']]}.{p['name']}": bool(p.get("required"))
        for p in operation.get("parameters", [])
        if p.get("in") in places
    }


def _headers(response: Json) -> dict[str, bool]:
    return {f"method.response.header.{name}": False for name in response.get("headers", {})}
