"""The routes over a context in memory, called as API Gateway calls them."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import Client, HTTPResponse

import app
from chalicelib.api.route_modules import all_routes
from chalicelib.api.routing import Route, set_context
from tests.support.fake_context import FakeContext, fake_context


class Api:
    """Sends requests as JSON. A response with a status that its route does not declare fails."""

    def __init__(self) -> None:
        self._client = Client(app.app)

    def call(
        self,
        method: str,
        path: str,
        token: str | None = None,
        body: Any = None,
        *,
        raw: bytes | None = None,
        language: str = "zh-CN,zh;q=0.9",
        content_type: str | None = "application/json",
    ) -> HTTPResponse:
        """Send `body` as JSON, or `raw` as it is."""
        headers = {"Accept-Language": language}
        if content_type is not None:
            headers["Content-Type"] = content_type
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        response = self._client.http.request(method, path, headers=headers, body=data)
        route = route_at(method, path)
        if route is not None:
            declared = {200, 500} | {error.status for error in route.errors}
            assert response.status_code in declared, f"{route.name} does not declare it"
        return response


def route_at(method: str, path: str) -> Route | None:
    """Return the route that serves a path; one without parameters before one with them."""
    matching = [
        route
        for route in all_routes()
        if route.method == method
        and re.fullmatch(re.sub(r"{\w+}", "[^/]+", route.path), path) is not None
    ]
    return min(matching, key=lambda route: len(route.path_parameters), default=None)


@pytest.fixture(scope="session")
def api() -> Api:
    return Api()


@pytest.fixture
def context() -> Iterator[FakeContext]:
    context = fake_context()
    set_context(context)
    yield context
    set_context(None)
