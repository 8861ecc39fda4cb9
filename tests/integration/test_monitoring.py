"""Snapshots on their way through S3, SQS, the models, the tables and the stream to the console."""

import base64
import json
import uuid
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest

from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.monitoring.monitor_state import Flag
from chalicelib.domain.types import MINUTE, SECOND, Role
from chalicelib.services.ports import Connection
from chalicelib.wiring.settings import settings
from tests.support.deployed_exam import ApiClient, DeployedExam, snapshot_key
from tests.support.events import event
from tests.support.moved_clock import let_pass, run_scheduler
from tests.support.polling import wait_for
from tests.support.sockets import Socket
from tests.unit.vision.malformed import claiming

pytestmark = pytest.mark.integration


def flags(deployed: DeployedExam, person: ApiClient) -> list[Flag]:
    return deployed.context.sessions.flags(person.session_id)


def test_empty_chair_opens_a_flag_until_the_candidate_returns(
    deployed: DeployedExam, console: Socket, person_a: bytes, empty: bytes
) -> None:
    # A minute ago, because snapshots before their due time are ignored.
    person, start = deployed.candidate_client(), deployed.context.clock() - MINUTE
    moments = [start + second * SECOND for second in range(0, 45, 5)]
    for at in moments[:3]:
        deployed.upload_snapshot(person, at, person_a)
    assert flags(deployed, person) == []

    for at in moments[3:5]:
        deployed.upload_snapshot(person, at, empty)
    opened = console.wait_for_message(
        "flag", lambda message: message["flag"]["session_id"] == person.session_id
    )
    assert (opened["flag"]["kind"], opened["flag"]["ended_at"]) == ("absent", None)
    [flag] = flags(deployed, person)
    assert flag.began_at == moments[3]

    for at in moments[5:7]:
        deployed.upload_snapshot(person, at, person_a)
    closed = console.wait_for_message(
        "flag", lambda message: message["flag"]["ended_at"] is not None
    )
    assert closed["flag"]["ended_at"] == moments[5]

    assert_redelivery_is_idempotent(deployed, person, empty)
    detail = deployed.proctor_client.get(f"/proctor/sessions/{person.session_id}")
    assert detail["audit_whole"] is True
    assert {cause["capture_id"] for cause in detail["causes"]} == {*detail["flags"][0]["captures"]}


def assert_redelivery_is_idempotent(
    deployed: DeployedExam, person: ApiClient, empty: bytes
) -> None:
    """Deliver messages again, upload late snapshots, and deliver a stream record twice."""
    before = deployed.stored_state(person)
    for observation in before["observations"]:
        redeliver(deployed, observation.key)
    deployed.wait_for_empty_queues()
    assert deployed.stored_state(person) == before

    late = before["observations"][-1].captured_at + 1
    for at in (late, late + 1):
        deployed.upload_snapshot(person, at, empty)
    after = deployed.stored_state(person)
    assert (after["flags"], after["audit"]) == (before["flags"], before["audit"])
    latest = [state["bundle"].monitor.latest for state in (before, after)]
    assert latest[0] == latest[1]
    assert len(after["observations"]) == len(before["observations"]) + 2

    result = deployed.invoke("notify", {"Records": [record(deployed, person, sk="MONITOR")] * 2})
    assert result == {"batchItemFailures": []}
    assert deployed.stored_state(person) == after


def redeliver(deployed: DeployedExam, key: str) -> None:
    """Send S3's message about an upload again."""
    body = json.loads(event("sqs_one_upload")["Records"][0]["body"])
    body["Records"][0]["s3"]["object"]["key"] = key
    body["Records"][0]["eventTime"] = datetime.now(UTC).isoformat()
    deployed.sqs.send_message(QueueUrl=deployed.queue_url("vision"), MessageBody=json.dumps(body))


def record(deployed: DeployedExam, person: ApiClient, sk: str) -> dict[str, Any]:
    """Return a stream record of an item as stored in the table."""
    key = {"pk": {"S": person.session_id}, "sk": {"S": sk}}
    table = boto3.client("dynamodb")
    item = table.get_item(TableName=settings().sessions_table, Key=key)["Item"]
    image = {name: _as_streamed(value) for name, value in item.items()}
    stream_record: dict[str, Any] = event("stream_every_kind")["Records"][0]
    stream_record["dynamodb"] |= {"Keys": key, "NewImage": image}
    assert deployed.context
    return stream_record


def _as_streamed(value: dict[str, Any]) -> dict[str, Any]:
    """Return an attribute as a stream's event has it: bytes as Base64."""
    return {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value


def test_duplicate_stream_record_repeats_the_push(deployed: DeployedExam, console: Socket) -> None:
    person = deployed.candidate_client()
    first = console.wait_for_message(
        "watch", lambda message: message["watch"]["session_id"] == person.session_id
    )
    received = len(console.messages)
    deployed.invoke("notify", {"Records": [record(deployed, person, sk="MONITOR")]})
    wait_for(lambda: len(console.messages) > received, "the repeated message")
    repeated = [message for message in console.messages[received:] if message["type"] == "watch"]
    assert repeated == [first]


def test_closed_socket_is_removed_and_does_not_delay_pushes(
    deployed: DeployedExam, console: Socket
) -> None:
    topic = f"room:{deployed.room_id}"
    endpoint = wait_for(lambda: deployed.context.connections.subscribers(topic), "the console")[
        0
    ].endpoint
    closed = Connection(f"closed-{uuid.uuid4().hex}", Role.PROCTOR, "somebody", endpoint)
    expires_at = deployed.context.clock() + MINUTE
    deployed.context.connections.add(closed, expires_at)
    deployed.context.connections.subscribe(closed, topic, expires_at)
    person = deployed.candidate_client()
    console.wait_for_message(
        "session", lambda message: message["session"]["session_id"] == person.session_id
    )
    wait_for(
        lambda: closed not in deployed.context.connections.subscribers(topic),
        "the removal of the closed socket",
    )


BAD_FILES = {
    "empty file": (b"", "empty"),
    "text named .jpg": ("这不是图片 not a picture\n".encode() * 50, "not_an_image"),
    "decompression bomb": (claiming(60_000, 60_000), "too_large"),
}


def test_invalid_pictures_are_recorded_as_errors(deployed: DeployedExam, person_a: bytes) -> None:
    person, start = deployed.candidate_client(), deployed.context.clock()
    files = {**BAD_FILES, "truncated": (person_a[: len(person_a) // 2], "truncated")}
    ids = {}
    for number, (name, (data, _)) in enumerate(files.items()):
        for repetition in (0, 1):
            capture_id = make_capture_id(start + number * 10 + repetition, uuid.uuid4().hex[:10])
            deployed.put_object(snapshot_key(person.session_id, capture_id), data)
            ids[capture_id] = name
    valid = deployed.upload_snapshot(person, start + SECOND, person_a)
    for capture_id, name in ids.items():
        assert deployed.wait_for_observation(person, capture_id).error == files[name][1], name
    assert (valid.error, valid.findings) == (None, ())
    deployed.wait_for_empty_queues()
    assert flags(deployed, person) == []
    assert deployed.context.sessions.bundle(person.session_id).monitor.open_flags == ()


def test_missing_snapshots_are_flagged_by_the_schedule(
    deployed: DeployedExam, console: Socket
) -> None:
    person = deployed.candidate_client()
    person.post("/candidate/captures")
    # Backdate the capture plan by two minutes.
    let_pass(deployed, person, 2 * MINUTE)
    monitor = deployed.context.sessions.bundle(person.session_id).monitor
    expected = monitor.streams["first/picture"].expected
    for _ in range(2):
        run_scheduler(deployed, person)
    push = console.wait_for_message(
        "flag", lambda message: message["flag"]["session_id"] == person.session_id
    )
    assert push["flag"]["kind"] == "no_snapshot"
    [flag] = flags(deployed, person)
    assert (flag.began_at, flag.ended_at) == (expected[0].due_at, None)
    actions = [entry.action for entry in deployed.context.sessions.audit(person.session_id)]
    assert actions.count("flag_opened") == 1
    # The deployed schedule may have run before, with the same result.
    assert person.session_id not in deployed.context.sessions.due_sessions(deployed.context.clock())


def test_schedule_times_a_session_out_once(deployed: DeployedExam, console: Socket) -> None:
    person = deployed.candidate_client(ends_at=deployed.context.clock() - 1)
    for _ in range(2):
        deployed.invoke("tick", event("schedule"))
    console.wait_for_message(
        "session",
        lambda message: (
            message["session"]["session_id"] == person.session_id
            and message["session"]["state"] == "timed_out"
        ),
    )
    actions = [entry.action for entry in deployed.context.sessions.audit(person.session_id)]
    assert actions == ["signed_in", "time_out"]
    person.save_answer("q1", 1, "A", status=409)
