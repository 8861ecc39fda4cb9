"""Passcodes in clear, encrypted at rest: one SecureString parameter per passcode hash.

A parameter's name holds the hash that the exam stores, so that what it keeps never changes: a
worker that has read it once need not ask again, and never uses a passcode that was replaced.
"""

import hashlib
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

import boto3

from chalicelib.domain.types import MINUTE, Millis, SittingKind

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient

RETRY_MISSING: Millis = MINUTE
"""How long a missing passcode is not asked for again: sign-in attempts cannot flood the service."""


class SsmPasscodes:
    """Implements the port `Passcodes`."""

    def __init__(self, stage: str, clock: Callable[[], Millis]) -> None:
        self._stage = stage
        self._clock = clock
        self._known: dict[str, str] = {}
        self._missing: dict[str, Millis] = {}

    @cached_property
    def _client(self) -> "SSMClient":
        client: SSMClient = boto3.client("ssm")
        return client

    def keep(self, subject_id: str, kind: SittingKind, passcode_hash: str, passcode: str) -> None:
        name = self._name(subject_id, kind, passcode_hash)
        self._client.put_parameter(Name=name, Value=passcode, Type="SecureString", Overwrite=True)
        self._known[name] = passcode

    def reveal(self, subject_id: str, kind: SittingKind, passcode_hash: str) -> str | None:
        name = self._name(subject_id, kind, passcode_hash)
        if name not in self._known and self._clock() >= self._missing.get(name, 0):
            self._read(name)
        return self._known.get(name)

    def forget(self, subject_id: str, kind: SittingKind, passcode_hash: str) -> None:
        name = self._name(subject_id, kind, passcode_hash)
        self._known.pop(name, None)
        try:
            self._client.delete_parameter(Name=name)
        except self._client.exceptions.ParameterNotFound:
            return

    def _read(self, name: str) -> None:
        try:
            response = self._client.get_parameter(Name=name, WithDecryption=True)
        except self._client.exceptions.ParameterNotFound:
            self._missing[name] = self._clock() + RETRY_MISSING
        else:
            self._known[name] = response["Parameter"]["Value"]

    def _name(self, subject_id: str, kind: SittingKind, passcode_hash: str) -> str:
        # A parameter's name allows fewer characters than these do, hence the digests.
        subject = hashlib.sha256(subject_id.encode()).hexdigest()[:32]
        version = hashlib.sha256(passcode_hash.encode()).hexdigest()[:32]
        return f"/invigil/{self._stage}/passcodes/{subject}/{kind}/{version}"
