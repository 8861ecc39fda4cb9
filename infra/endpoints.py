"""URLs of a deployment: the API, the WebSocket API and the pages."""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from infra.aws import Aws
from infra.buckets import bucket_name
from infra.deployments import Deployment
from infra.errors import InfraError

PAGES = ("exam", "phone", "console")


@dataclass(frozen=True)
class Endpoints:
    """The URLs of one deployment, without a trailing slash."""

    api_url: str
    ws_url: str
    pages_url: str

    def page(self, name: str) -> str:
        """Return the URL of a page: `exam`, `phone`, `console`, `api-docs`."""
        return f"{self.pages_url}/{name}/index.html"


def endpoints_of(deployment: Deployment, aws: Aws) -> Endpoints:
    """Return the URLs from Chalice's deployment record. Raises InfraError before a deployment."""
    if not deployment.deployed_file.is_file():
        raise InfraError(
            f"The application is not deployed: run `python -m infra deploy --stage {deployment.stage}`."
        )
    resources = json.loads(deployment.deployed_file.read_text(encoding="utf-8"))["resources"]
    by_type = {resource["resource_type"]: resource for resource in resources}
    return Endpoints(
        api_url=_api_url(deployment, by_type["rest_api"]),
        ws_url=_ws_url(deployment, by_type["websocket_api"]),
        pages_url=pages_url(deployment, aws),
    )


def pages_url(deployment: Deployment, aws: Aws) -> str:
    """Return the URL under which browsers reach the web bucket."""
    bucket = bucket_name(deployment, aws, "web")
    if deployment.endpoint:
        return f"{deployment.public_endpoint}/{bucket}"
    return f"https://{bucket}.s3.{aws.region}.{aws.url_suffix}"


def _api_url(deployment: Deployment, resource: dict[str, str]) -> str:
    url = resource["rest_api_url"].rstrip("/")
    if not deployment.endpoint:
        return url
    return f"{deployment.public_endpoint}{_local_path(resource['rest_api_id'], url)}"


def _ws_url(deployment: Deployment, resource: dict[str, str]) -> str:
    url = resource["websocket_api_url"].rstrip("/")
    if not deployment.endpoint:
        return url
    host = urlsplit(deployment.public_endpoint).netloc
    return f"ws://{host}{_local_path(resource['websocket_api_id'], url)}"


def _local_path(api_id: str, url: str) -> str:
    return f"/_aws/execute-api/{api_id}{urlsplit(url).path}"
