"""openapi.json: complete, sound, and the one in the repository."""

import json
import re
from pathlib import Path
from typing import Any

import app
from chalicelib.api.openapi import document, text
from chalicelib.api.route_modules import all_routes
from tests.unit.api.conftest import Api

DOCUMENT = document()
KEPT = Path(__file__).parents[3] / "docs" / "openapi.json"


def references(part: Any) -> set[str]:
    """Every schema that is referred to below a part of the document."""
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(one) for one in part.values()))
    if isinstance(part, list):
        return set().union(*(references(one) for one in part))
    return set()


def test_the_one_in_the_repository_is_the_generated_one() -> None:
    kept = KEPT.read_text(encoding="utf-8")
    assert json.loads(kept) == DOCUMENT, (
        "write it anew: python -m chalicelib.api.openapi > docs/openapi.json"
    )
    assert kept.strip() == text()


def test_it_is_served_to_everybody(api: Api) -> None:
    answer = api.call("GET", "/openapi.json")
    assert answer.status_code == 200
    assert answer.json_body == DOCUMENT


def test_every_route_of_the_app_is_in_it() -> None:
    served = {
        (method, path)
        for path, methods in app.app.routes.items()
        for method in methods
        if path != "/openapi.json"
    }
    described = {
        (method.upper(), path) for path, one in DOCUMENT["paths"].items() for method in one
    }
    assert described == served == {(route.method, route.path) for route in all_routes()}


def test_every_reference_leads_somewhere() -> None:
    whole = DOCUMENT
    known = {f"#/components/schemas/{name}" for name in whole["components"]["schemas"]}
    assert references(whole) <= known


def test_every_schema_is_referred_to() -> None:
    whole = DOCUMENT
    told = {"Push", "Said", "WatchRoom", "WatchChats", "SaySignal", "Ping"}
    names = {reference.rsplit("/", 1)[1] for reference in references(whole)}
    pushes = {name for name in whole["components"]["schemas"] if name.endswith("Push")}
    assert whole["components"]["schemas"].keys() <= names | told | pushes


def test_operations_are_named_once_and_described() -> None:
    operations = [one for path in DOCUMENT["paths"].values() for one in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(operation["summary"].endswith(".") for operation in operations)


def test_parameters_are_those_of_the_path() -> None:
    for path, methods in DOCUMENT["paths"].items():
        for operation in methods.values():
            named = [parameter["name"] for parameter in operation["parameters"]]
            assert named == re.findall(r"{(\w+)}", path)


def test_who_may_call_stands_in_it() -> None:
    for route in all_routes():
        operation = DOCUMENT["paths"][route.path][route.method.lower()]
        roles = [one["token"] for one in operation.get("security", [])]
        assert roles == ([sorted(route.roles)] if route.roles else [])
