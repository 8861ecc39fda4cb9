"""What the environment says, read once into typed objects."""

import json
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

from chalicelib.domain.types import Millis

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


@dataclass(frozen=True, slots=True)
class Settings:
    """What the template says of itself, in one parameter per stage."""

    stage: str
    media_bucket: str
    web_bucket: str
    registry_table: str
    sessions_table: str
    connections_table: str
    token_secret: str
    sms_queue: str
    sms_gateway: str
    sms_secret: str
    ice_secret: str
    evidence_bucket: str
    pages_url: str


@cache
def settings() -> Settings:
    """Read the settings of the stage that INVIGIL_STAGE names, once."""
    name = f"/invigil/{os.environ['INVIGIL_STAGE']}/settings"
    client: SSMClient = boto3.client("ssm")
    known = json.loads(client.get_parameter(Name=name)["Parameter"]["Value"])
    return Settings(**{field.name: known[field.name] for field in fields(Settings)})


def now() -> Millis:
    """Return the server's time."""
    return time.time_ns() // 1_000_000


def socket_endpoint(request_context: Mapping[str, Any]) -> str:
    """Return where a socket can be written to, from its own event.

    On AWS it is the API's host; elsewhere the one endpoint of everything.
    """
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        return f"{endpoint}/_aws/execute-api/{request_context['apiId']}/{request_context['stage']}"
    return f"https://{request_context['domainName']}/{request_context['stage']}"


def request_url(request_context: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """Return a request's whole address without its query, as the caller's browser knows it.

    On AWS the host is API Gateway's word; elsewhere it is the one endpoint of everything, under
    the name by which it was called.
    """
    if os.environ.get("AWS_ENDPOINT_URL"):
        place = f"_aws/execute-api/{request_context.get('apiId')}"
        return f"http://{headers.get('host')}/{place}{request_context.get('path')}"
    return f"https://{request_context.get('domainName')}{request_context.get('path')}"
