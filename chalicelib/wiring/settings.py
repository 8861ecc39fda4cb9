"""Settings and secrets of the stage, read once into typed objects, and the clock."""

import json
import os
import time
from dataclasses import dataclass, fields
from functools import cache
from typing import TYPE_CHECKING

import boto3

from chalicelib.domain.types import Millis

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient


@dataclass(frozen=True, slots=True)
class Settings:
    """Resource names and addresses that the template publishes, in one parameter per stage."""

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
    retention_queue: str
    lifecycle_days: int
    """After which the buckets delete media whatever an exam says."""


@cache
def settings() -> Settings:
    """Read the settings of the stage that INVIGIL_STAGE names, once."""
    name = f"/invigil/{os.environ['INVIGIL_STAGE']}/settings"
    client: SSMClient = boto3.client("ssm")
    values = json.loads(client.get_parameter(Name=name)["Parameter"]["Value"])
    return Settings(**{field.name: values[field.name] for field in fields(Settings)})


def secret(name: str) -> str:
    """Read a secret from Secrets Manager."""
    client: SecretsManagerClient = boto3.client("secretsmanager")
    return client.get_secret_value(SecretId=name)["SecretString"]


def now() -> Millis:
    """Return the server's time, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
