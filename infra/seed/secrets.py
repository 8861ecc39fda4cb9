"""The demonstration's passcodes and passwords, derived from the stage's token key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3

from chalicelib.domain.passcodes import PasscodeMode, make_stored_passcode
from chalicelib.wiring.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient


@dataclass(frozen=True, slots=True)
class Secrets:
    """Derives a secret for a purpose: always the same within a stage, different between stages."""

    key: bytes

    @staticmethod
    def of_stage() -> Secrets:
        """Return the secrets of the stage that the environment selects."""
        client: SecretsManagerClient = boto3.client("secretsmanager")
        text = client.get_secret_value(SecretId=settings().token_secret)["SecretString"]
        return Secrets(text.encode())

    def passcode(self, subject_id: str, kind: str, mode: PasscodeMode) -> str:
        """Return the passcode of a sitting, or the secret of its personal ones."""
        number = int.from_bytes(self._digest(f"passcode/{subject_id}/{kind}/{mode}"))

        def randbelow(below: int) -> int:
            nonlocal number
            number, value = divmod(number, below)
            return value

        return make_stored_passcode(mode, randbelow)

    def password(self, username: str) -> str:
        """Return a staff member's password: 16 characters."""
        return self._characters(f"password/{username}", 16)

    def salt(self, purpose: str) -> bytes:
        """Return 16 bytes."""
        return self._digest(f"salt/{purpose}")[:16]

    def _characters(self, purpose: str, count: int) -> str:
        # Base32 has neither 0 nor 1, which are easily mistaken for O and I.
        return base64.b32encode(self._digest(purpose)).decode()[:count]

    def _digest(self, purpose: str) -> bytes:
        return hmac.new(self.key, f"demonstration/{purpose}".encode(), hashlib.sha256).digest()
