"""`rotate-key`: a new key signs tokens from now on."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from chalicelib.adapters.tokens import KEYS_TTL
from chalicelib.domain.types import MINUTE
from infra.aws import Aws
from infra.deployments import Deployment
from infra.errors import InfraError
from infra.progress import Progress

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

KEY_BYTES = 32
MINUTES = KEYS_TTL // MINUTE


def rotate_key(deployment: Deployment, progress: Progress, *, sign_everybody_out: bool) -> None:
    """Make a new key current; the one before verifies sign-ins until they expire.

    To sign everybody out, both places are filled with new keys. Raises InfraError where the stage
    has no key.
    """
    with progress.step("Token key") as step:
        secret = f"invigil/{deployment.stage}/token-key"
        put_new_keys(Aws(deployment).secrets, secret, 2 if sign_everybody_out else 1)
        step.update(
            f"everybody is signed out within {MINUTES} minutes"
            if sign_everybody_out
            else f"used within {MINUTES} minutes; present sign-ins stay valid until they expire"
        )


def put_new_keys(client: SecretsManagerClient, secret: str, count: int) -> None:
    """Put so many new keys, one after the other, into a secret. Raises InfraError without one."""
    try:
        for _ in range(count):
            client.put_secret_value(SecretId=secret, SecretString=secrets.token_hex(KEY_BYTES))
    except client.exceptions.ResourceNotFoundException:
        raise InfraError(f"There is no secret {secret}: deploy the stage first.") from None
