"""openapi.json: complete, valid, and the same as in the repository."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest

import app
from chalicelib.api.examples import EXAMPLES
from chalicelib.api.openapi import ERROR_RESPONSES, document, text
from chalicelib.api.route_modules import all_routes
from chalicelib.api.routing import Route
from chalicelib.api.tags import Tag
from chalicelib.domain.types import Role
from chalicelib.schemas.common import Problem
from chalicelib.schemas.push import ClientMessage, ServerMessage
from tests.unit.api.conftest import Api

DOCUMENT = document()
IN_REPOSITORY = Path(__file__).parents[3] / "docs" / "openapi.json"
ROUTES = {route.name: route for route in all_routes()}
PROBLEM = {"$ref": "#/components/schemas/Problem"}
MOST_USED = {
    "sign_in", "show_session", "save_answer", "submit", "plan_captures",
    "plan_recordings",
    "staff_sign_in", "show_room", "show_candidate_detail", "warn", "review_incident",
}  # fmt: skip

every_route = pytest.mark.parametrize("route", ROUTES.values(), ids=ROUTES.keys())


def operation_of(route: Route) -> dict[str, Any]:
    operation: dict[str, Any] = DOCUMENT["paths"][route.path][route.method.lower()]
    return operation


def resolve(part: dict[str, Any]) -> dict[str, Any]:
    """Follow a reference within the document."""
    if "$ref" not in part:
        return part
    target: dict[str, Any] = DOCUMENT
    for name in part["$ref"].removeprefix("#/").split("/"):
        target = target[name]
    return target


def references(part: Any) -> set[str]:
    """Return every reference below a part of the document."""
    if isinstance(part, dict):
        own = {part["$ref"]} if isinstance(part.get("$ref"), str) else set()
        return own.union(*(references(value) for value in part.values()))
    if isinstance(part, list):
        return set().union(*(references(item) for item in part))
    return set()


def test_file_in_the_repository_is_the_generated_document() -> None:
    stored = IN_REPOSITORY.read_text(encoding="utf-8")
    assert json.loads(stored) == DOCUMENT, (
        "write it anew: python -m chalicelib.api.openapi > docs/openapi.json"
    )
    assert stored.strip() == text()


def test_document_is_served_without_sign_in(api: Api) -> None:
    response = api.call("GET", "/openapi.json")
    assert response.status_code == 200
    assert response.json_body == DOCUMENT


def test_every_route_of_the_app_is_described() -> None:
    served = {
        (method, path)
        for path, methods in app.app.routes.items()
        for method in methods
        if path != "/openapi.json"
    }
    described = {
        (method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods
    }
    assert described == served == {(route.method, route.path) for route in all_routes()}


def test_every_reference_resolves() -> None:
    targets = {
        f"#/components/{section}/{name}"
        for section in ("schemas", "responses")
        for name in DOCUMENT["components"][section]
    }
    assert references(DOCUMENT) <= targets


def test_every_schema_is_referred_to() -> None:
    messages = {"ServerMessage", "ClientMessage"}
    names = {reference.rsplit("/", 1)[1] for reference in references(DOCUMENT)}
    assert DOCUMENT["components"]["schemas"].keys() <= names | messages


def test_operation_ids_are_unique_and_summaries_are_sentences() -> None:
    operations = [
        operation for methods in DOCUMENT["paths"].values() for operation in methods.values()
    ]
    names = [operation["operationId"] for operation in operations]
    assert len(set(names)) == len(names)
    assert all(operation["summary"].endswith(".") for operation in operations)


def test_parameters_are_those_of_the_path() -> None:
    for path, methods in DOCUMENT["paths"].items():
        for operation in methods.values():
            names = [parameter["name"] for parameter in operation["parameters"]]
            assert names == re.findall(r"{(\w+)}", path)


@every_route
def test_roles_are_described(route: Route) -> None:
    operation = operation_of(route)
    roles = [requirement["token"] for requirement in operation.get("security", [])]
    assert roles == ([sorted(route.roles)] if route.roles else [])
    assert all(role in operation["description"] for role in route.roles)


@every_route
def test_operation_has_one_described_tag(route: Route) -> None:
    described = [tag["name"] for tag in DOCUMENT["tags"] if tag["description"]]
    assert described == list(Tag)
    (tag,) = operation_of(route)["tags"]
    assert tag in described


def test_every_tag_is_used() -> None:
    assert {route.tag for route in all_routes()} == set(Tag)


def expected_statuses(route: Route) -> set[int]:
    """The rule: what a route's roles, body and path imply, and the errors of its use case."""
    statuses = {error.status for error in route.declared_errors} | {500}
    if route.body is not None:
        statuses |= {400, 413, 415}
    if route.roles:
        statuses |= {401, 403}
    if "{" in route.path or route.roles & {Role.CANDIDATE, Role.PHONE}:
        statuses |= {404}
    return statuses


@every_route
def test_error_responses_follow_from_the_declaration(route: Route) -> None:
    responses = operation_of(route)["responses"]
    assert responses.keys() == {"200"} | {str(status) for status in expected_statuses(route)}


@every_route
def test_every_error_response_is_a_described_problem(route: Route) -> None:
    for status, reference in operation_of(route)["responses"].items():
        if status == "200":
            continue
        response = resolve(reference)
        assert response["description"].endswith(".")
        content = response["content"]["application/json"]
        assert content["schema"] == PROBLEM
        Problem.model_validate(content["example"])


@every_route
def test_codes_of_declared_errors_are_named(route: Route) -> None:
    description = operation_of(route)["description"]
    assert all(f"`{error.code}`" in description for error in route.errors)


def test_every_error_response_stands_under_the_status_of_its_error() -> None:
    for status, (_, error, _) in ERROR_RESPONSES.items():
        assert error.status == status


def test_most_used_operations_have_examples() -> None:
    assert EXAMPLES.keys() == MOST_USED
    for name in MOST_USED:
        operation = operation_of(ROUTES[name])
        assert "example" in operation["responses"]["200"]["content"]["application/json"]
        body = operation.get("requestBody")
        assert body is None or "example" in body["content"]["application/json"]


@pytest.mark.parametrize("name", sorted(MOST_USED))
def test_examples_match_their_schemas(name: str) -> None:
    route, operation = ROUTES[name], operation_of(ROUTES[name])
    example = operation["responses"]["200"]["content"]["application/json"]["example"]
    response = route.response.model_validate_json(json.dumps(example))
    assert response.model_dump(mode="json") == example
    if route.body is not None:
        example = operation["requestBody"]["content"]["application/json"]["example"]
        request = route.body.model_validate_json(json.dumps(example))
        assert request.model_dump(mode="json") == example


@pytest.mark.parametrize(
    ("name", "union"), [("ServerMessage", ServerMessage), ("ClientMessage", ClientMessage)]
)
def test_every_socket_message_is_described(name: str, union: Any) -> None:
    members, *_ = get_args(union.__value__)
    described = {option["$ref"] for option in DOCUMENT["components"]["schemas"][name]["oneOf"]}
    assert described == {f"#/components/schemas/{model.__name__}" for model in get_args(members)}
