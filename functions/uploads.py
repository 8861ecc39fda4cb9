"""Parse upload events: which object, of which session, planned for when.

S3 notifies SQS, which invokes the function: a message holds an S3 event of one or more records.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, overload
from urllib.parse import unquote_plus

from aws_lambda_powertools import Logger

from chalicelib.domain.capture.captures import MAX_CLOCK_SKEW, due_at_from_id
from chalicelib.domain.identity.voice_sample import READ_ALOUD
from chalicelib.domain.recording import heard_sound
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.types import Medium, Millis, View
from chalicelib.services.ports import ReadObject
from functions.batches import process_messages

log = Logger()

_MEDIA = {
    READ_ALOUD: Medium.SOUND,
    "clips": Medium.SOUND,
    heard_sound.FOLDER: Medium.RECORDED_SOUND,
}


@dataclass(frozen=True, slots=True)
class UploadedObject:
    """An object that a browser uploaded, or the sound of a segment that one uploaded.

    `folder` is snapshots, test-pictures, identity, clips, read-aloud or heard.
    """

    key: str
    folder: str
    session_id: str
    view: View
    medium: Medium
    capture_id: str
    captured_at: Millis
    arrived_at: Millis

    def empty_observation(self, content: ReadObject) -> Observation:
        """Return an observation of what was read of this upload, without findings."""
        return Observation(
            session_id=self.session_id,
            capture_id=self.capture_id,
            view=self.view,
            medium=self.medium,
            captured_at=self.captured_at,
            arrived_at=self.arrived_at,
            key=self.key,
            etag=content.etag,
            sha256=sha256_of(content),
        )


class ObjectReader(Protocol):
    """Reads uploaded objects."""

    def read(self, key: str, max_bytes: int) -> ReadObject | None:
        """Return at most `max_bytes` + 1 bytes, or None if the object does not exist."""
        ...


class NotAnUpload(ValueError):
    """A key of the media bucket that is not a capture's."""


@overload
def sha256_of(content: ReadObject) -> str: ...
@overload
def sha256_of(content: None) -> None: ...
def sha256_of(content: ReadObject | None) -> str | None:
    """Return the SHA-256 of what was read, as lower-case hex."""
    return None if content is None else hashlib.sha256(content.data).hexdigest()


def parse_key(key: str, arrived_at: Millis) -> UploadedObject:
    """Parse an object key. Raises NotAnUpload."""
    parts = key.split("/")
    folder, view = parts[0], View.FIRST
    if parts[::2] == ["clips", READ_ALOUD]:
        folder = parts.pop(2)
    try:
        if folder in {"snapshots", "test-pictures", heard_sound.FOLDER}:
            view = View(parts.pop(2))
        _, session_id, name = parts
        capture_id, _ = name.rsplit(".", 1)
        captured_at = due_at_from_id(capture_id)
    except (ValueError, IndexError):
        raise NotAnUpload(folder) from None
    medium = _MEDIA.get(folder, Medium.PICTURE)
    return UploadedObject(
        key, folder, session_id, view, medium, capture_id, captured_at, arrived_at
    )


def objects_in(body: str) -> Iterator[tuple[str, Millis]]:
    """Return key and time of the objects in a message's body; S3's own test message has none."""
    for record in json.loads(body).get("Records", ()):
        arrived_at = int(datetime.fromisoformat(record["eventTime"]).timestamp() * 1000)
        yield unquote_plus(record["s3"]["object"]["key"]), arrived_at


def uploads_in(body: str) -> Iterator[UploadedObject]:
    """Return the captures in a message's body."""
    for key, arrived_at in objects_in(body):
        try:
            upload = parse_key(key, arrived_at)
        except NotAnUpload:
            log.warning("an object that is not a capture was ignored")
            continue
        if upload.arrived_at < upload.captured_at - MAX_CLOCK_SKEW:
            log.warning("an upload from before its planned moment was ignored")
            continue
        yield upload


def process_batch(
    event: Mapping[str, Any], process: Callable[[UploadedObject], None]
) -> dict[str, Any]:
    """Process every message of a batch; report those that failed, so that only they are retried.

    Messages are processed in the order of their captures, whatever their order in the batch.
    """

    def process_body(body: str) -> None:
        for upload in uploads_in(body):
            process(upload)

    messages = sorted(event["Records"], key=_first_captured_at)
    return process_messages(messages, process_body, log_failure)


def log_failure(message_id: str, error: Exception) -> None:
    """Log a message that failed; the exception is being handled."""
    log.error("a message failed", extra={"message_id": message_id}, exc_info=error)


def _first_captured_at(message: Mapping[str, Any]) -> Millis:
    try:
        return min((upload.captured_at for upload in uploads_in(message["body"])), default=0)
    except Exception:  # noqa: BLE001  (unreadable: it fails once it is processed)
        return 0
