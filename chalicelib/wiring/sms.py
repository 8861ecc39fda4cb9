"""The world of sending passcodes: light on requirements, for the function's package."""

from typing import TYPE_CHECKING

import boto3

from chalicelib.adapters.job_queue import SqsSmsQueue
from chalicelib.adapters.passcode_store import SsmPasscodes
from chalicelib.adapters.sms import GatewaySms, NoSms, SnsSms
from chalicelib.services.ports import SmsContext, SmsSender
from chalicelib.store.registry import DynamoExamRegistry
from chalicelib.store.sms_batches import DynamoSmsBatches
from chalicelib.wiring.settings import Settings, now, settings

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def build_sms_context() -> SmsContext:
    """Build what sending passcodes needs."""
    known = settings()
    return SmsContext(
        registry=DynamoExamRegistry(known.registry_table, now),
        sms_batches=DynamoSmsBatches(known.registry_table),
        passcodes=SsmPasscodes(known.stage),
        jobs=SqsSmsQueue(known.sms_queue),
        sms=make_sms_sender(known),
        clock=now,
    )


def make_sms_sender(known: Settings) -> SmsSender:
    """Return what sends: the gateway at an address, «sns», or nothing where none was named."""
    if known.sms_gateway == "sns":
        return SnsSms()
    if known.sms_gateway:
        return GatewaySms(known.sms_gateway, lambda: _secret(known.sms_secret), now)
    return NoSms()


def _secret(name: str) -> str:
    client: SecretsManagerClient = boto3.client("secretsmanager")
    return client.get_secret_value(SecretId=name)["SecretString"]
