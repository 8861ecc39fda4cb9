"""Passcodes in clear, encrypted at rest: one SecureString parameter per sitting."""

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

import boto3

from chalicelib.domain.types import SittingKind

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


class SsmPasscodes:
    """Implements the port `Passcodes`."""

    def __init__(self, stage: str) -> None:
        self._stage = stage

    @cached_property
    def _client(self) -> "SSMClient":
        client: SSMClient = boto3.client("ssm")
        return client

    def keep(self, subject_id: str, kind: SittingKind, passcode: str) -> None:
        self._client.put_parameter(
            Name=self._name(subject_id, kind), Value=passcode, Type="SecureString", Overwrite=True
        )

    def reveal(self, subject_id: str, kind: SittingKind) -> str | None:
        client = self._client
        try:
            response = client.get_parameter(Name=self._name(subject_id, kind), WithDecryption=True)
        except client.exceptions.ParameterNotFound:
            return None
        return response["Parameter"]["Value"]

    def _name(self, subject_id: str, kind: SittingKind) -> str:
        # A parameter's name allows fewer characters than a subject's id, hence the digest.
        digest = hashlib.sha256(subject_id.encode()).hexdigest()[:32]
        return f"/invigil/{self._stage}/passcodes/{digest}/{kind}"
