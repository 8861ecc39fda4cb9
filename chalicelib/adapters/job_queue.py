"""The queue of jobs that take longer than a request may."""

from collections.abc import Iterator
from functools import cached_property
from itertools import batched
from typing import TYPE_CHECKING

import boto3
from pydantic import TypeAdapter

from chalicelib.services.ports import EnqueueRecipients, SendToRecipients, SmsJob

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

BATCH = 10
_JOB: TypeAdapter[SmsJob] = TypeAdapter(EnqueueRecipients | SendToRecipients)


class QueueRejectedJobs(Exception):
    """The queue did not take every job; those that it took are harmless when they come again."""


def serialize_job(job: SmsJob) -> str:
    """Return a job as a message."""
    return _JOB.dump_json(job).decode()


def parse_job(message: str) -> SmsJob:
    """Return the job that a message holds."""
    return _JOB.validate_json(message)


class SqsSmsQueue:
    """Implements the port `Jobs`."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    @cached_property
    def _client(self) -> "SQSClient":
        client: SQSClient = boto3.client("sqs")
        return client

    def add(self, *jobs: SmsJob) -> None:
        for some in batched(jobs, BATCH):
            answer = self._client.send_message_batch(
                QueueUrl=self._queue_url, Entries=list(_entries(some))
            )
            if answer.get("Failed"):
                raise QueueRejectedJobs


def _entries(jobs: tuple[SmsJob, ...]) -> "Iterator[SendMessageBatchRequestEntryTypeDef]":
    for number, job in enumerate(jobs):
        yield {"Id": str(number), "MessageBody": serialize_job(job)}
