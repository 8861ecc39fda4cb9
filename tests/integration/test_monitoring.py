"""What cameras send, through S3, SQS, the models, the tables and the stream, to the console."""

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


def test_an_empty_chair_is_a_flag_until_somebody_is_back(
    deployed: DeployedExam, console: Socket, person_a: bytes, empty: bytes
) -> None:
    # A minute ago: what comes before its moment does not count.
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
    """A message that comes again, one that comes late, a stream record that comes twice."""
    before = deployed.stored_state(person)
    for seen in before["observations"]:
        redeliver(deployed, seen.key)
    deployed.wait_for_empty_queues()
    assert deployed.stored_state(person) == before

    late = before["observations"][-1].captured_at + 1
    for at in (late, late + 1):
        deployed.upload_snapshot(person, at, empty)
    after = deployed.stored_state(person)
    assert (after["flags"], after["audit"]) == (before["flags"], before["audit"])
    latest = [one["whole"].watch.latest for one in (before, after)]
    assert latest[0] == latest[1]
    assert len(after["observations"]) == len(before["observations"]) + 2

    answer = deployed.invoke("notify", {"Records": [record(deployed, person, sk="WATCH")] * 2})
    assert answer == {"batchItemFailures": []}
    assert deployed.stored_state(person) == after


def redeliver(deployed: DeployedExam, key: str) -> None:
    """Send the message that S3 sent when this was uploaded once more."""
    body = json.loads(event("sqs_one_upload")["Records"][0]["body"])
    body["Records"][0]["s3"]["object"]["key"] = key
    body["Records"][0]["eventTime"] = datetime.now(UTC).isoformat()
    deployed.sqs.send_message(QueueUrl=deployed.queue_url("vision"), MessageBody=json.dumps(body))


def record(deployed: DeployedExam, person: ApiClient, sk: str) -> dict[str, Any]:
    """A stream record of an item as it stands in the table."""
    key = {"pk": {"S": person.session_id}, "sk": {"S": sk}}
    table = boto3.client("dynamodb")
    image = table.get_item(TableName=settings().sessions_table, Key=key)["Item"]
    whole: dict[str, Any] = event("stream_every_kind")["Records"][0]
    whole["dynamodb"] |= {"Keys": key, "NewImage": image}
    assert deployed.context
    return whole


def test_a_duplicate_stream_record_says_the_same_again(
    deployed: DeployedExam, console: Socket
) -> None:
    person = deployed.candidate_client()
    first = console.wait_for_message(
        "watch", lambda message: message["watch"]["session_id"] == person.session_id
    )
    told = len(console.messages)
    deployed.invoke("notify", {"Records": [record(deployed, person, sk="WATCH")]})
    wait_for(lambda: len(console.messages) > told, "the same message again")
    again = [message for message in console.messages[told:] if message["type"] == "watch"]
    assert again == [first]


def test_a_socket_that_went_away_holds_up_nobody(deployed: DeployedExam, console: Socket) -> None:
    topic = f"room:{deployed.room_id}"
    endpoint = wait_for(lambda: deployed.context.connections.subscribers(topic), "the console")[
        0
    ].endpoint
    gone = Connection(f"gone-{uuid.uuid4().hex}", Role.PROCTOR, "somebody", endpoint)
    ends = deployed.context.clock() + MINUTE
    deployed.context.connections.add(gone, ends)
    deployed.context.connections.subscribe(gone, topic, ends)
    person = deployed.candidate_client()
    console.wait_for_message(
        "session", lambda message: message["session"]["session_id"] == person.session_id
    )
    wait_for(
        lambda: gone not in deployed.context.connections.subscribers(topic), "the socket forgotten"
    )


BAD_FILES = {
    "no bytes": (b"", "empty"),
    "text named .jpg": ("这不是图片 not a picture\n".encode() * 50, "not_an_image"),
    "a bomb": (claiming(60_000, 60_000), "too_large"),
}


def test_files_that_are_no_pictures_are_errors_and_hold_up_nothing(
    deployed: DeployedExam, person_a: bytes
) -> None:
    person, start = deployed.candidate_client(), deployed.context.clock()
    bad = {**BAD_FILES, "cut": (person_a[: len(person_a) // 2], "truncated")}
    ids = {}
    for number, (name, (data, _)) in enumerate(bad.items()):
        for twice in (0, 1):
            capture_id = make_capture_id(start + number * 10 + twice, uuid.uuid4().hex[:10])
            deployed.put_object(snapshot_key(person.session_id, capture_id), data)
            ids[capture_id] = name
    good = deployed.upload_snapshot(person, start + SECOND, person_a)
    for capture_id, name in ids.items():
        assert deployed.wait_for_observation(person, capture_id).error == bad[name][1], name
    assert (good.error, good.findings) == (None, ())
    deployed.wait_for_empty_queues()
    assert flags(deployed, person) == []
    assert deployed.context.sessions.bundle(person.session_id).monitor.open_flags == ()


def test_who_sends_nothing_is_noticed_by_the_clock(deployed: DeployedExam, console: Socket) -> None:
    person = deployed.candidate_client()
    person.post("/candidate/captures")
    # As if the plan had been made two minutes ago.
    let_pass(deployed, person, 2 * MINUTE)
    monitor = deployed.context.sessions.bundle(person.session_id).monitor
    earlier = monitor.streams["first/picture"].expected
    for _ in range(2):
        run_scheduler(deployed, person)
    told = console.wait_for_message(
        "flag", lambda message: message["flag"]["session_id"] == person.session_id
    )
    assert told["flag"]["kind"] == "no_snapshot"
    [flag] = flags(deployed, person)
    assert (flag.began_at, flag.ended_at) == (earlier[0].due_at, None)
    actions = [entry.action for entry in deployed.context.sessions.audit(person.session_id)]
    assert actions.count("flag_opened") == 1
    # The deployed clock may have looked before: what it found is the same.
    assert person.session_id not in deployed.context.sessions.due_sessions(deployed.context.clock())


def test_time_out_by_the_clock_happens_once(deployed: DeployedExam, console: Socket) -> None:
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
