"""The context of sending passcodes, with few dependencies: it is packaged with a function."""

from chalicelib.adapters.job_queue import SqsSmsQueue
from chalicelib.adapters.passcode_store import SsmPasscodes
from chalicelib.adapters.sms import GatewaySms, NoSms, SnsSms
from chalicelib.services.ports import SmsContext, SmsSender
from chalicelib.store.registry import DynamoExamRegistry
from chalicelib.store.sms_batches import DynamoSmsBatches
from chalicelib.wiring.settings import Settings, now, secret, settings


def build_sms_context() -> SmsContext:
    """Build the context of sending passcodes."""
    config = settings()
    return SmsContext(
        registry=DynamoExamRegistry(config.registry_table, now),
        sms_batches=DynamoSmsBatches(config.registry_table),
        passcodes=SsmPasscodes(config.stage, now),
        jobs=SqsSmsQueue(config.sms_queue),
        sms=make_sms_sender(config),
        clock=now,
    )


def make_sms_sender(config: Settings) -> SmsSender:
    """Return the sender that is configured: a gateway's address, «sns», or none."""
    if config.sms_gateway == "sns":
        return SnsSms()
    if config.sms_gateway:
        return GatewaySms(config.sms_gateway, lambda: secret(config.sms_secret), now)
    return NoSms()
