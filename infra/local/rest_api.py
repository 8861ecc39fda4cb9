"""ImportRestApi and PutRestApi for the local AWS.

`chalice deploy` creates and updates its REST API with these two calls, which MiniStack lacks. This
ASGI middleware implements them with in-process calls that MiniStack supports, signed with the
local AWS's own key so that they also pass with authentication on. All other requests pass through.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from infra.local.swagger import BINARY, Json, method_calls, paths

type Scope = MutableMapping[str, Any]
type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Awaitable[None]]

API_PATH = re.compile(r"/restapis/(?P<id>[^/]+)")
REGION_OF = re.compile(r"Credential=[^/]+/\d+/(?P<region>[^/]+)/")


class GatewayError(Exception):
    """A call during an import failed; carries the response to return."""

    def __init__(self, status: int, body: bytes) -> None:
        super().__init__(body.decode(errors="replace"))
        self.status = status
        self.body = body


class RestApiImport:
    """ASGI middleware around MiniStack."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle the two calls; pass all other requests to MiniStack."""
        api_id = _api_to_import(scope)
        if api_id is None:
            await self._app(scope, receive, send)
            return
        document = json.loads(await _body(receive))
        gateway = Gateway(self._app, _region(scope))
        try:
            api = await import_document(gateway, api_id, document, _endpoint_type(scope))
            await _respond(send, 200 if api_id else 201, json.dumps(api).encode())
        except GatewayError as error:
            await _respond(send, error.status, error.body)


class Gateway:
    """Calls API Gateway's REST API in process."""

    def __init__(self, app: App, region: str) -> None:
        self._app = app
        self._region = region

    async def call(self, method: str, target: str, body: Json | None = None) -> Json:
        """Send a request and return the response body. Raises GatewayError on 4xx and 5xx."""
        content = json.dumps(body).encode() if body is not None else b""
        messages: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message: Message) -> None:
            messages.append(message)

        await self._app(self._scope(method, target, content), receive, send)
        response = b"".join(message.get("body", b"") for message in messages[1:])
        if messages[0]["status"] >= 400:
            raise GatewayError(messages[0]["status"], response)
        return json.loads(response) if response else {}

    def _scope(self, method: str, target: str, content: bytes) -> Scope:
        headers = self._signed_headers(method, target, content)
        path, _, query = target.partition("?")
        return {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(k.lower().encode(), v.encode()) for k, v in headers.items()],
            "client": ("127.0.0.1", 0),
        }

    def _signed_headers(self, method: str, target: str, content: bytes) -> dict[str, str]:
        host = f"apigateway.{self._region}.localhost"
        headers = {"host": host, "content-type": "application/json"}
        request = AWSRequest(method, f"http://{host}{target}", headers, content)
        keys = (
            os.environ.get(f"AWS_{name}", "test") for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY")
        )
        SigV4Auth(Credentials(*keys), "apigateway", self._region).add_auth(request)
        return {**dict(request.headers.items()), "content-length": str(len(content))}


async def import_document(gateway: Gateway, api_id: str, document: Json, endpoint: str) -> Json:
    """Create a REST API from `document`, or replace the API `api_id`; return the API."""
    if not api_id:
        api_id = (await gateway.call("POST", "/restapis", _api(document, endpoint)))["id"]
    root = await _clear(gateway, api_id)
    ids = {"/": root}
    for path in paths(document):
        parent, _, part = path.rpartition("/")
        resource = await gateway.call(
            "POST", f"/restapis/{api_id}/resources/{ids[parent or '/']}", {"pathPart": part}
        )
        ids[path] = resource["id"]
    for path, operations in document.get("paths", {}).items():
        for call in method_calls(operations):
            target = f"/restapis/{api_id}/resources/{ids['/' + path.strip('/')]}{call.tail}"
            await gateway.call("PUT", target, call.body)
    return await gateway.call("GET", f"/restapis/{api_id}")


async def _clear(gateway: Gateway, api_id: str) -> str:
    """Delete all resources and the methods of the root; return the root's id."""
    target = f"/restapis/{api_id}/resources"
    while children := [item for item in await _list(gateway, target) if item["path"] != "/"]:
        for child in children:
            await gateway.call("DELETE", f"{target}/{child['id']}")
    (root,) = await _list(gateway, target)
    for method in root.get("resourceMethods", {}):
        await gateway.call("DELETE", f"{target}/{root['id']}/methods/{method}")
    return str(root["id"])


async def _list(gateway: Gateway, target: str) -> list[Json]:
    """Return the first page of resources, up to 500."""
    resources: list[Json] = (await gateway.call("GET", f"{target}?limit=500"))["item"]
    return resources


def _api(document: Json, endpoint: str) -> Json:
    return {
        "name": document["info"]["title"],
        "binaryMediaTypes": document.get(BINARY, []),
        "endpointConfiguration": {"types": [endpoint]},
    }


def _api_to_import(scope: Scope) -> str | None:
    """Return the id of the API to replace, "" for a new API, None for any other request."""
    if scope["type"] != "http":
        return None
    if scope["method"] == "POST" and scope["path"].rstrip("/") == "/restapis":
        return "" if _query(scope).get("mode") == ["import"] else None
    if scope["method"] == "PUT" and (match := API_PATH.fullmatch(scope["path"])):
        return match["id"]
    return None


def _query(scope: Scope) -> dict[str, list[str]]:
    return parse_qs(scope.get("query_string", b"").decode())


def _endpoint_type(scope: Scope) -> str:
    return _query(scope).get("endpointConfigurationTypes", ["REGIONAL"])[0]


def _region(scope: Scope) -> str:
    authorization = dict(scope.get("headers", [])).get(b"authorization", b"").decode()
    match = REGION_OF.search(authorization)
    return match["region"] if match else os.environ.get("MINISTACK_REGION", "us-east-1")


async def _body(receive: Receive) -> bytes:
    content: bytes = b""
    while True:
        message = await receive()
        content += message.get("body", b"")
        if not message.get("more_body"):
            return content


async def _respond(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
