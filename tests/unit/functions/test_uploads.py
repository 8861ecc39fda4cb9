"""What an upload's event says, and which messages of a batch come again."""

import json
from typing import Any

import pytest

from chalicelib.domain.types import SECOND, Medium, View
from functions.uploads import NotAnUpload, UploadedObject, parse_key, process_batch
from tests.support.builders import NOW
from tests.support.events import event


def taken(batch: dict[str, Any]) -> tuple[list[UploadedObject], list[str]]:
    """What was taken of a batch, and the messages that failed."""
    uploads: list[UploadedObject] = []
    answer = process_batch(batch, uploads.append)
    return uploads, [
        batchItemFailure["itemIdentifier"] for batchItemFailure in answer["batchItemFailures"]
    ]


def message_ids(batch: dict[str, Any]) -> list[str]:
    return [one["messageId"] for one in batch["Records"]]


def test_one_upload() -> None:
    [upload], failed = taken(event("sqs_one_upload"))
    assert failed == []
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
    observation = upload.empty_observation()
    assert (observation.capture_id, observation.findings, observation.error) == (
        upload.capture_id,
        (),
        None,
    )


def test_several_uploads_are_taken_in_the_order_of_their_moments() -> None:
    uploads, failed = taken(event("sqs_several_uploads"))
    assert failed == []
    assert [(upload.folder, upload.view, upload.medium) for upload in uploads] == [
        ("identity", "first", "picture"),
        ("snapshots", "first", "picture"),
        ("snapshots", "second", "picture"),
        ("clips", "first", "sound"),
        ("snapshots", "first", "picture"),
    ]
    assert uploads[-1].captured_at == NOW + 13 * SECOND


@pytest.mark.parametrize("name", ["sqs_s3_test_event", "sqs_unknown_keys"])
def test_what_is_no_upload_is_left_alone(name: str) -> None:
    assert taken(event(name)) == ([], [])


@pytest.mark.parametrize(
    ("key_moment", "counts"),
    [(4_000, True), (6_000, True), (6_300, False), (60_000, False)],
)
def test_what_comes_before_its_moment_does_not_count(key_moment: int, counts: bool) -> None:  # noqa: FBT001
    batch = event("sqs_one_upload")  # it arrived 4,213 ms after NOW
    body = json.loads(batch["Records"][0]["body"])
    name = f"{NOW + key_moment:013d}-aaaaaaaaaa.jpg"
    body["Records"][0]["s3"]["object"]["key"] = f"snapshots/5e55/first/{name}"
    batch["Records"][0]["body"] = json.dumps(body)
    uploads, failed = taken(batch)
    assert (len(uploads), failed) == (int(counts), [])


def test_only_the_messages_that_failed_come_again() -> None:
    batch = event("sqs_unreadable_messages")
    uploads, failed = taken(batch)
    assert len(uploads) == 1
    assert sorted(failed) == message_ids(batch)[:4]


def test_a_message_of_which_one_upload_fails_comes_again_whole() -> None:
    batch = event("sqs_several_uploads")
    done: list[str] = []

    def take(upload: UploadedObject) -> None:
        if upload.view is View.SECOND:
            raise RuntimeError
        done.append(upload.folder)

    answer = process_batch(batch, take)
    assert answer == {"batchItemFailures": [{"itemIdentifier": message_ids(batch)[1]}]}
    assert done == ["identity", "snapshots", "clips", "snapshots"]


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
def test_keys_that_no_capture_has(key: str) -> None:
    with pytest.raises(NotAnUpload):
        parse_key(key, NOW)


def test_a_key_is_decoded_as_s3_writes_it() -> None:
    batch = event("sqs_one_upload")
    body = json.loads(batch["Records"][0]["body"])
    body["Records"][0]["s3"]["object"]["key"] = "snapshots%2F5e55%2Ffirst%2F1800000003000-a.jpg"
    batch["Records"][0]["body"] = json.dumps(body)
    [upload], _ = taken(batch)
    assert upload.key == "snapshots/5e55/first/1800000003000-a.jpg"
