"""The context of the API: everything that the use cases need."""

import secrets
import string
from functools import lru_cache

from pydantic import TypeAdapter

from chalicelib.adapters.evidence_bucket import S3EvidenceStore
from chalicelib.adapters.job_queue import SqsRetentionQueue, SqsSmsQueue
from chalicelib.adapters.passcode_store import SsmPasscodes
from chalicelib.adapters.passwords import Argon2Passwords
from chalicelib.adapters.tokens import JwtTokens
from chalicelib.adapters.totp import TotpCodes
from chalicelib.domain.messaging.ice import IceConfig
from chalicelib.domain.types import MINUTE
from chalicelib.services.ports import AppContext
from chalicelib.store.registry import DynamoExamRegistry
from chalicelib.store.sms_batches import DynamoSmsBatches
from chalicelib.wiring.functions import build_function_context, media
from chalicelib.wiring.settings import now, secret, settings
from chalicelib.wiring.signing_keys import signing_keys

LIFECYCLE_MARGIN_DAYS = 10
"""So many days a job may be late before the bucket deletes without a receipt."""

# Codes are read on one screen and typed on another: no characters that look alike.
ALPHABET = "".join(sorted(set(string.ascii_lowercase + string.digits) - set("01ilo")))


def new_id() -> str:
    """Return 10 random characters."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))


def build_app_context() -> AppContext:
    """Build the context of the API. No service is called until it is used."""
    config = settings()
    functions = build_function_context()
    return AppContext(
        sessions=functions.sessions,
        messages=functions.messages,
        connections=functions.connections,
        media=functions.media,
        clock=functions.clock,
        registry=DynamoExamRegistry(config.registry_table, now),
        tokens=JwtTokens(lambda: signing_keys(config.token_secret), now),
        passwords=Argon2Passwords(),
        one_time_codes=TotpCodes(),
        evidence_store=S3EvidenceStore(config.evidence_bucket, media()),
        passcodes=SsmPasscodes(config.stage, now),
        sms_batches=DynamoSmsBatches(config.registry_table),
        jobs=SqsSmsQueue(config.sms_queue),
        deletions=SqsRetentionQueue(config.retention_queue),
        retention_days=config.lifecycle_days - LIFECYCLE_MARGIN_DAYS,
        randbelow=secrets.randbelow,
        pages_url=config.pages_url,
        new_id=new_id,
        ice=lambda: _ice(config.ice_secret, now() // MINUTE),
    )


@lru_cache(1)
def _ice(name: str, _minute: int) -> IceConfig:
    """Read the ICE servers at most once a minute: a changed secret needs no new deployment."""
    return TypeAdapter(IceConfig).validate_json(secret(name))
