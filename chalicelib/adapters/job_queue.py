"""The SQS queue of jobs that take longer than a request may."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import batched
from typing import TYPE_CHECKING

import boto3
from pydantic import TypeAdapter

from chalicelib.services.ports import DeleteDueFiles, EnqueueRecipients, SendToRecipients, SmsJob

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

BATCH_SIZE = 10
_JOB: TypeAdapter[SmsJob] = TypeAdapter(EnqueueRecipients | SendToRecipients)


class QueueRejectedJobs(Exception):
    """SQS rejected some jobs. Jobs are idempotent, so all of them may be added again."""


def serialize_job(job: SmsJob) -> str:
    """Return the body of a job's message."""
    return _JOB.dump_json(job).decode()


def parse_job(message: str) -> SmsJob:
    """Return the job in a message's body."""
    return _JOB.validate_json(message)


class _SqsQueue:
    """A queue of messages, sent ten at a time."""

    def __init__(self, queue_url: str) -> None:
        self._queue_url = queue_url

    @cached_property
    def _client(self) -> "SQSClient":
        client: SQSClient = boto3.client("sqs")
        return client

    def _send(self, bodies: Iterable[str]) -> None:
        for batch in batched(bodies, BATCH_SIZE):
            response = self._client.send_message_batch(
                QueueUrl=self._queue_url, Entries=list(_entries(batch))
            )
            if response.get("Failed"):
                raise QueueRejectedJobs


class SqsSmsQueue(_SqsQueue):
    """Implements the port `SmsQueue`."""

    def add(self, *jobs: SmsJob) -> None:
        self._send(map(serialize_job, jobs))


class SqsRetentionQueue(_SqsQueue):
    """Implements the port `RetentionQueue`; a message's body is the session's id."""

    def add(self, *jobs: DeleteDueFiles) -> None:
        self._send(job.session_id for job in jobs)


def _entries(bodies: Iterable[str]) -> "Iterator[SendMessageBatchRequestEntryTypeDef]":
    for number, body in enumerate(bodies):
        yield {"Id": str(number), "MessageBody": body}
