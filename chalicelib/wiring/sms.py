"""The world of sending passcodes: light on requirements, for the function's package."""

from typing import TYPE_CHECKING

import boto3

from chalicelib.adapters.job_queue import SqsJobs
from chalicelib.adapters.passcode_store import SsmPasscodes
from chalicelib.adapters.sms import GatewaySms, NoSms, SnsSms
from chalicelib.services.ports import PostWorld, Sms
from chalicelib.store.registry import DynamoRegistry
from chalicelib.store.sms_batches import DynamoMailings
from chalicelib.wiring.settings import Settings, now, settings

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def build_post_world() -> PostWorld:
    """Build what sending passcodes needs."""
    known = settings()
    return PostWorld(
        registry=DynamoRegistry(known.registry_table, now),
        mailings=DynamoMailings(known.registry_table),
        passcodes=SsmPasscodes(known.stage),
        jobs=SqsJobs(known.sms_queue),
        sms=sms_of(known),
        clock=now,
    )


def sms_of(known: Settings) -> Sms:
    """Return what sends: the gateway at an address, «sns», or nothing where none was named."""
    if known.sms_gateway == "sns":
        return SnsSms()
    if known.sms_gateway:
        return GatewaySms(known.sms_gateway, lambda: _secret(known.sms_secret), now)
    return NoSms()


def _secret(name: str) -> str:
    client: SecretsManagerClient = boto3.client("secretsmanager")
    return client.get_secret_value(SecretId=name)["SecretString"]
