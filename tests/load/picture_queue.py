"""Pictures by a queue into the vision function, as often as it delivers them, in this process."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.domain.capture.captures import due_at_from_id
from chalicelib.services.ports import FunctionContext
from chalicelib.wiring.settings import settings
from functions.uploads import UploadedObject, parse_key, process_batch
from functions.vision.handler import process_upload
from functions.vision.pipeline import VisionPipeline
from tests.integration.counted_uploads import PrefixedBucket
from tests.support.jpegs import taken_anew

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

REFUSED = (BotoCoreError, ClientError)
MAX_ROUNDS = 500


class PictureQueue:
    """Uploads pictures under a prefix that no function watches, and processes their events."""

    def __init__(self, context: FunctionContext, queue_url: str, picture: bytes) -> None:
        self._context, self._queue_url, self._picture = context, queue_url, picture
        self._s3: S3Client = boto3.client("s3")
        self._sqs: SQSClient = boto3.client("sqs")
        self._bucket = PrefixedBucket(S3MediaStore(settings().media_bucket))
        self.deliveries = self.failures = 0

    @cached_property
    def _pipeline(self) -> VisionPipeline:
        return VisionPipeline.load()

    def upload(self, key: str) -> None:
        """Upload a picture, and send its event, until both are taken; some are taken twice."""
        data = taken_anew(self._picture, key)
        bucket = settings().media_bucket
        _until_taken(
            lambda: self._s3.put_object(
                Bucket=bucket, Key=f"counted/{key}", Body=data, ContentType="image/jpeg"
            )
        )
        body = event_of(key)
        _until_taken(lambda: self._sqs.send_message(QueueUrl=self._queue_url, MessageBody=body))

    def process(self, keys: dict[str, list[str]]) -> None:
        """Process what the queue delivers until these captures of sessions are all observed."""
        waiting = {session_id: [*theirs] for session_id, theirs in keys.items() if theirs}
        for _ in range(MAX_ROUNDS):
            if not waiting:
                return
            self._process_messages()
            for session_id in [*waiting]:
                if self._is_observed(session_id, waiting[session_id]):
                    del waiting[session_id]
        raise AssertionError(f"{len(waiting)} sessions have pictures that nothing saw")

    def _process_messages(self) -> None:
        try:
            messages = self._sqs.receive_message(
                QueueUrl=self._queue_url, MaxNumberOfMessages=10, WaitTimeSeconds=1
            ).get("Messages", [])
        except REFUSED:
            return  # what was received and lost is delivered again
        records = [
            {"messageId": message["MessageId"], "body": message["Body"]} for message in messages
        ]
        result = process_batch({"Records": records}, self._look)
        failed = {failure["itemIdentifier"] for failure in result["batchItemFailures"]}
        self.deliveries += len(records)
        self.failures += len(failed)
        for message in messages:
            if message["MessageId"] not in failed:
                self._delete(message["ReceiptHandle"])

    def _look(self, upload: UploadedObject) -> None:
        process_upload(self._context, self._bucket, self._pipeline, upload)

    def _delete(self, receipt_handle: str) -> None:
        try:
            self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=receipt_handle)
        except REFUSED:
            return  # delivered again, and found to be known

    def _is_observed(self, session_id: str, keys: list[str]) -> bool:
        ids = {parse_key(key, 0).capture_id for key in keys}
        try:
            return len(self._context.sessions.observations_of(session_id, ids)) == len(ids)
        except Exception:  # noqa: BLE001  (whatever PynamoDB says of a call that failed)
            return False


def event_of(key: str) -> str:
    """Return S3's event of an upload a second after it was due."""
    due_at = due_at_from_id(parse_key(key, 0).capture_id)
    at = datetime.fromtimestamp(due_at / 1000 + 1, UTC).isoformat()
    return json.dumps({"Records": [{"eventTime": at, "s3": {"object": {"key": key}}}]})


def _until_taken(call: Callable[[], object]) -> None:
    for _ in range(50):
        try:
            call()
        except REFUSED:
            continue
        return
    raise AssertionError("a call was never taken")
