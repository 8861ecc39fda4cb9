"""The addresses of a deployed copy: the API, its socket and the pages."""

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
    """Where people and pages find this copy; no address ends in a slash."""

    api_url: str
    ws_url: str
    pages_url: str

    def page(self, name: str) -> str:
        """The address of one page: exam, phone or console."""
        return f"{self.pages_url}/{name}/index.html"


def endpoints_of(deployment: Deployment, aws: Aws) -> Endpoints:
    """Read what Chalice deployed. Raises InfraError where it deployed nothing yet."""
    if not deployment.deployed_file.is_file():
        raise InfraError(
            f"The application is not deployed: run `chalice deploy --stage {deployment.stage}` first."
        )
    resources = json.loads(deployment.deployed_file.read_text(encoding="utf-8"))["resources"]
    by_type = {resource["resource_type"]: resource for resource in resources}
    return Endpoints(
        api_url=_api_url(deployment, by_type["rest_api"]),
        ws_url=_ws_url(deployment, by_type["websocket_api"]),
        pages_url=pages_url(deployment, aws),
    )


def pages_url(deployment: Deployment, aws: Aws) -> str:
    """Where the web bucket answers browsers."""
    bucket = bucket_name(deployment, aws, "web")
    if deployment.endpoint:
        return f"{deployment.public_endpoint}/{bucket}"
    return f"https://{bucket}.s3.{aws.region}.{aws.url_suffix}"


def _api_url(deployment: Deployment, resource: dict[str, str]) -> str:
    given = resource["rest_api_url"].rstrip("/")
    if not deployment.endpoint:
        return given
    return f"{deployment.public_endpoint}{_local_path(resource['rest_api_id'], given)}"


def _ws_url(deployment: Deployment, resource: dict[str, str]) -> str:
    given = resource["websocket_api_url"].rstrip("/")
    if not deployment.endpoint:
        return given
    host = urlsplit(deployment.public_endpoint).netloc
    return f"ws://{host}{_local_path(resource['websocket_api_id'], given)}"


def _local_path(api_id: str, given: str) -> str:
    return f"/_aws/execute-api/{api_id}{urlsplit(given).path}"
