"""The world of what people trigger: everything."""

import secrets
import string
from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING

import boto3
from pydantic import TypeAdapter

from chalicelib.adapters.evidence_bucket import S3EvidenceStore
from chalicelib.adapters.job_queue import SqsSmsQueue
from chalicelib.adapters.passcode_store import SsmPasscodes
from chalicelib.adapters.passwords import Argon2Passwords
from chalicelib.adapters.tokens import JwtTokens
from chalicelib.adapters.totp import TotpCodes
from chalicelib.domain.messaging.ice import IceConfig
from chalicelib.domain.types import MINUTE
from chalicelib.services.ports import AppContext, FunctionContext
from chalicelib.store.registry import DynamoExamRegistry
from chalicelib.store.sms_batches import DynamoSmsBatches
from chalicelib.wiring.functions import build_function_context, media
from chalicelib.wiring.settings import now, settings

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

# Codes are read from one screen and typed at another: nothing that is taken for something else.
ALPHABET = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("01ilo")))


def new_id() -> str:
    """Return 10 random characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def build_app_context() -> AppContext:
    """Build everything the use cases need. Nothing is called until it is used."""
    known = settings()
    data = build_function_context()
    return AppContext(
        **{field.name: getattr(data, field.name) for field in fields(FunctionContext)},
        registry=DynamoExamRegistry(known.registry_table, now),
        tokens=JwtTokens(lambda: _secret(known.token_secret)),
        passwords=Argon2Passwords(),
        one_time_codes=TotpCodes(),
        evidence_store=S3EvidenceStore(known.evidence_bucket, media()),
        passcodes=SsmPasscodes(known.stage),
        sms_batches=DynamoSmsBatches(known.registry_table),
        jobs=SqsSmsQueue(known.sms_queue),
        randbelow=secrets.randbelow,
        pages_url=known.pages_url,
        new_id=new_id,
        ice=lambda: _ice(known.ice_secret, now() // MINUTE),
    )


@lru_cache(1)
def _ice(name: str, _minute: int) -> IceConfig:
    """Read the ICE servers at most once a minute: a changed secret needs no new deployment."""
    return TypeAdapter(IceConfig).validate_json(_secret(name))


def _secret(name: str) -> str:
    client: SecretsManagerClient = boto3.client("secretsmanager")
    return client.get_secret_value(SecretId=name)["SecretString"]
