"""The routes over a world in memory, called as API Gateway calls them."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from chalice.test import Client, HTTPResponse

import app
from chalicelib.api.routing import set_context
from tests.support.fake_context import FakeContext, fake_context


class Api:
    """Sends requests as JSON."""

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
    ) -> HTTPResponse:
        """Send `body` as JSON, or `raw` as it is."""
        headers = {"Content-Type": "application/json", "Accept-Language": language}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        data = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        return self._client.http.request(method, path, headers=headers, body=data)


@pytest.fixture(scope="session")
def api() -> Api:
    return Api()


@pytest.fixture
def context() -> Iterator[FakeContext]:
    made = fake_context()
    set_context(made)
    yield made
    set_context(None)
