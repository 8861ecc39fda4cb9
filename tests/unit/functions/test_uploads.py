"""Parsing upload events, and which messages of a batch are retried."""

import hashlib
import json
from typing import Any

import pytest

from chalicelib.domain.types import SECOND, Medium, View
from chalicelib.services.ports import ReadObject
from functions.uploads import NotAnUpload, UploadedObject, parse_key, process_batch
from tests.support.builders import NOW
from tests.support.events import event


def process(batch: dict[str, Any]) -> tuple[list[UploadedObject], list[str]]:
    """Process a batch; return its uploads, and the ids of the messages that failed."""
    uploads: list[UploadedObject] = []
    response = process_batch(batch, uploads.append)
    return uploads, [failure["itemIdentifier"] for failure in response["batchItemFailures"]]


def message_ids(batch: dict[str, Any]) -> list[str]:
    return [message["messageId"] for message in batch["Records"]]


def test_an_upload_is_parsed() -> None:
    [upload], failures = process(event("sqs_one_upload"))
    assert failures == []
    assert upload == UploadedObject(
        key="snapshots/5e55/first/1800000003000-aaaaaaaaaa.jpg",
        folder="snapshots",
        session_id="5e55",
        view=View.FIRST,
        medium=Medium.PICTURE,
        capture_id="1800000003000-aaaaaaaaaa",
        captured_at=NOW + 3 * SECOND,
        arrived_at=NOW + 4 * SECOND + 213,
    )
    observation = upload.empty_observation(ReadObject(b"picture", "an etag"))
    assert (observation.capture_id, observation.findings, observation.error) == (
        upload.capture_id,
        (),
        None,
    )
    assert observation.etag == "an etag"
    assert observation.sha256 == hashlib.sha256(b"picture").hexdigest()


def test_several_uploads_are_processed_in_the_order_of_their_captures() -> None:
    uploads, failures = process(event("sqs_several_uploads"))
    assert failures == []
    assert [(upload.folder, upload.view, upload.medium) for upload in uploads] == [
        ("identity", "first", "picture"),
        ("snapshots", "first", "picture"),
        ("snapshots", "second", "picture"),
        ("clips", "first", "sound"),
        ("snapshots", "first", "picture"),
    ]
    assert uploads[-1].captured_at == NOW + 13 * SECOND


@pytest.mark.parametrize("name", ["sqs_s3_test_event", "sqs_unknown_keys"])
def test_events_without_uploads_are_ignored(name: str) -> None:
    assert process(event(name)) == ([], [])


@pytest.mark.parametrize(
    ("key_moment", "counts"),
    [(4_000, True), (6_000, True), (6_300, False), (60_000, False)],
)
def test_an_upload_from_before_its_planned_moment_is_ignored(key_moment: int, counts: bool) -> None:  # noqa: FBT001
    batch = event("sqs_one_upload")  # it arrived 4,213 ms after NOW
    body = json.loads(batch["Records"][0]["body"])
    name = f"{NOW + key_moment:013d}-aaaaaaaaaa.jpg"
    body["Records"][0]["s3"]["object"]["key"] = f"snapshots/5e55/first/{name}"
    batch["Records"][0]["body"] = json.dumps(body)
    uploads, failures = process(batch)
    assert (len(uploads), failures) == (int(counts), [])


def test_only_messages_that_failed_are_retried() -> None:
    batch = event("sqs_unreadable_messages")
    uploads, failures = process(batch)
    assert len(uploads) == 1
    assert sorted(failures) == message_ids(batch)[:4]


def test_a_message_with_a_failing_upload_is_retried_as_a_whole() -> None:
    batch = event("sqs_several_uploads")
    folders: list[str] = []

    def process_upload(upload: UploadedObject) -> None:
        if upload.view is View.SECOND:
            raise RuntimeError
        folders.append(upload.folder)

    response = process_batch(batch, process_upload)
    assert response == {"batchItemFailures": [{"itemIdentifier": message_ids(batch)[1]}]}
    assert folders == ["identity", "snapshots", "clips", "snapshots"]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/",
        "snapshots",
        "snapshots/5e55",
        "snapshots/5e55/first",
        "snapshots/5e55/first/",
        "snapshots/5e55/first/1800000003000-a",
        "snapshots/5e55/third/1800000003000-a.jpg",
        "snapshots/5e55/first/soon-a.jpg",
        "snapshots/5e55/first/more/1800000003000-a.jpg",
        "identity/5e55/first/1800000003000-a.jpg",
        "registration/candidate-one.jpg",
    ],
)
def test_a_key_that_is_not_a_captures_is_rejected(key: str) -> None:
    with pytest.raises(NotAnUpload):
        parse_key(key, NOW)


def test_a_percent_encoded_key_is_decoded() -> None:
    batch = event("sqs_one_upload")
    body = json.loads(batch["Records"][0]["body"])
    body["Records"][0]["s3"]["object"]["key"] = "snapshots%2F5e55%2Ffirst%2F1800000003000-a.jpg"
    batch["Records"][0]["body"] = json.dumps(body)
    [upload], _ = process(batch)
    assert upload.key == "snapshots/5e55/first/1800000003000-a.jpg"
