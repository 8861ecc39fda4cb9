"""What an upload's event says: which object, of which session, planned for when.

S3 tells SQS, SQS tells the function: a message holds S3's event, which holds one record or more.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import unquote_plus

from aws_lambda_powertools import Logger

from chalicelib.domain.capture.captures import due_at_from_id
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.types import SECOND, Medium, Millis, View

log = Logger()

MAX_CLOCK_SKEW: Millis = 2 * SECOND
"""How far a device's idea of the server's time may be off.

What comes sooner was taken before its moment: a whole plan sent at once would show nobody for a
minute. It does not count as arrived, and is missed.
"""


@dataclass(frozen=True, slots=True)
class UploadedObject:
    """One object that a browser uploaded. `folder` is snapshots, shots, identity or clips."""

    key: str
    folder: str
    session_id: str
    view: View
    medium: Medium
    capture_id: str
    captured_at: Millis
    arrived_at: Millis

    def empty_observation(self) -> Observation:
        """Return the observation of this upload before anything was found in it."""
        return Observation(
            session_id=self.session_id,
            capture_id=self.capture_id,
            view=self.view,
            medium=self.medium,
            captured_at=self.captured_at,
            arrived_at=self.arrived_at,
            key=self.key,
        )


class ObjectReader(Protocol):
    """Where uploads are read from."""

    def read(self, key: str, largest: int) -> bytes | None:
        """Return at most `largest` + 1 bytes, or None where there is no such object."""
        ...


class NotAnUpload(ValueError):
    """A key of the media bucket that no capture has."""


def parse_key(key: str, arrived_at: Millis) -> UploadedObject:
    """Return what a key says. Raises NotAnUpload."""
    parts = key.split("/")
    folder, view = parts[0], View.FIRST
    try:
        if folder in {"snapshots", "shots"}:
            view = View(parts.pop(2))
        _, session_id, name = parts
        capture_id, _ = name.rsplit(".", 1)
        captured_at = due_at_from_id(capture_id)
    except (ValueError, IndexError):
        raise NotAnUpload(folder) from None
    medium = Medium.SOUND if folder == "clips" else Medium.PICTURE
    return UploadedObject(
        key, folder, session_id, view, medium, capture_id, captured_at, arrived_at
    )


def uploads_in(body: str) -> Iterator[UploadedObject]:
    """Return the uploads that one message tells of; S3's own test message tells of none."""
    for record in json.loads(body).get("Records", ()):
        key = unquote_plus(record["s3"]["object"]["key"])
        arrived_at = int(datetime.fromisoformat(record["eventTime"]).timestamp() * 1000)
        try:
            upload = parse_key(key, arrived_at)
        except NotAnUpload:
            log.warning("an object that is no capture was left alone")
            continue
        if upload.arrived_at < upload.captured_at - MAX_CLOCK_SKEW:
            log.warning("a picture from before its moment was left alone")
            continue
        yield upload


def process_batch(
    event: Mapping[str, Any], process: Callable[[UploadedObject], None]
) -> dict[str, Any]:
    """Take every message of a batch; name those that failed, so that only they come again.

    Messages are taken in the order of their captures: within a batch, none overtakes another.
    """
    failed = []
    for message in sorted(event["Records"], key=_moment):
        try:
            for upload in uploads_in(message["body"]):
                process(upload)
        except Exception:  # one message must not hold up the others
            log.exception("a message failed", extra={"message_id": message["messageId"]})
            failed.append({"itemIdentifier": message["messageId"]})
    return {"batchItemFailures": failed}


def _moment(message: Mapping[str, Any]) -> Millis:
    try:
        return min((upload.captured_at for upload in uploads_in(message["body"])), default=0)
    except Exception:  # noqa: BLE001  (not readable here, so it fails when it is taken)
        return 0
