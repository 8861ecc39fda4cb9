"""The keys that sign tokens; only the API's package has the library that needs them."""

from typing import TYPE_CHECKING

import boto3

from chalicelib.adapters.tokens import SigningKey

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


def signing_keys(name: str) -> list[SigningKey]:
    """Read the keys that a secret holds: its current version, and the one before it if any."""
    client: SecretsManagerClient = boto3.client("secretsmanager")
    keys = []
    for stage in ("AWSCURRENT", "AWSPREVIOUS"):
        try:
            version = client.get_secret_value(SecretId=name, VersionStage=stage)
        except client.exceptions.ResourceNotFoundException:
            continue  # never rotated
        keys.append(SigningKey(version["VersionId"], version["SecretString"]))
    return keys
