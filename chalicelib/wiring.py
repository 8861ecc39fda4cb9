"""The one place that reads the environment and builds the world from it."""

import json
import os
import secrets
import string
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3

from chalicelib.adapters.media import S3Media
from chalicelib.adapters.passwords import Argon2Passwords
from chalicelib.adapters.tokens import JwtTokens
from chalicelib.exam.words import Millis
from chalicelib.services.ports import World
from chalicelib.store.connections import DynamoConnections
from chalicelib.store.registry import DynamoRegistry
from chalicelib.store.sessions import DynamoSessions

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient

ALPHABET = string.ascii_lowercase + string.digits


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


@cache
def settings() -> Settings:
    """Read the settings of the stage that INVIGIL_STAGE names, once."""
    name = f"/invigil/{os.environ['INVIGIL_STAGE']}/settings"
    client: SSMClient = boto3.client("ssm")
    known = json.loads(client.get_parameter(Name=name)["Parameter"]["Value"])
    return Settings(**{field: known[field] for field in Settings.__dataclass_fields__})


def now() -> Millis:
    """Return the server's time."""
    return time.time_ns() // 1_000_000


def new_id() -> str:
    """Return 10 random characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def media() -> S3Media:
    """Return the media bucket."""
    return S3Media(settings().media_bucket)


def build_world() -> World:
    """Build everything the use cases need. Nothing is called until it is used."""
    known = settings()
    return World(
        registry=DynamoRegistry(known.registry_table, now),
        sessions=DynamoSessions(known.sessions_table),
        connections=DynamoConnections(known.connections_table),
        media=media(),
        tokens=JwtTokens(lambda: _secret(known.token_secret)),
        passwords=Argon2Passwords(),
        clock=now,
        draw=secrets.randbelow,
        new_id=new_id,
    )


def _secret(name: str) -> str:
    client: SecretsManagerClient = boto3.client("secretsmanager")
    return client.get_secret_value(SecretId=name)["SecretString"]


def socket_endpoint(context: Mapping[str, Any]) -> str:
    """Return where a socket can be written to, from its own event.

    On AWS it is the API's host; elsewhere the one endpoint of everything.
    """
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        return f"{endpoint}/_aws/execute-api/{context['apiId']}/{context['stage']}"
    return f"https://{context['domainName']}/{context['stage']}"
