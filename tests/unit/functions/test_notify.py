"""From a changed record to the sockets of those it concerns."""

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter

from chalicelib.domain.capture.cameras import (
    CameraStatus,
    PhoneStatus,
    apply_camera_test,
    apply_heartbeat,
    mark_disconnected,
    request_camera_test,
)
from chalicelib.domain.errors import NotFound
from chalicelib.domain.monitoring.monitor_state import LatestCapture, MonitorState
from chalicelib.domain.rules.findings import Finding, FindingKind
from chalicelib.domain.types import MINUTE, Role, View
from chalicelib.schemas.push import ServerMessage
from chalicelib.services.ports import Connection
from chalicelib.store.models import dump
from functions.notify.handler import publish_batch
from functions.notify.messages import messages_of
from tests.support.builders import EMBEDDING, NOW
from tests.support.events import event
from tests.support.fake_context import FakeContext, fake_context
from tests.support.fakes import FakeConnections, FakePush

PUSH: TypeAdapter[object] = TypeAdapter(ServerMessage)


@pytest.fixture
def context() -> FakeContext:
    """A world with two consoles on the room, one on another room, and the candidate's page."""
    context = fake_context()
    for name, topic in (
        ("console-1", "room:room-1"),
        ("console-2", "room:room-1"),
        ("console-3", "room:room-2"),
        ("page", "session:5e55"),
    ):
        connection = Connection(name, Role.PROCTOR, name, "http://socket.test")
        context.connections.add(connection, NOW + MINUTE)
        context.connections.follow(connection, topic, NOW + MINUTE)
    return context


def told(push: FakePush, to: str) -> list[dict[str, Any]]:
    return [json.loads(text) for name, text in push.sent if name == to]


def test_every_kind_of_item_is_told_to_those_it_concerns(context: FakeContext) -> None:
    push = FakePush()
    assert publish_batch(context, push, event("stream_every_kind")) == {"batchItemFailures": []}
    kinds = ["session", "sheet", "watch", "flag", "identity"]
    for console in ("console-1", "console-2"):
        assert [one["type"] for one in told(push, console)] == kinds
    assert told(push, "console-3") == []
    assert told(push, "page") == [
        {"type": "changed", "session_id": "5e55", "state": "answering"},
        {"type": "changed", "session_id": "5e55", "state": None},
    ]
    for _, text in push.sent:
        PUSH.validate_json(text)


def test_the_candidate_hears_of_cameras_what_is_news_and_the_room_everything() -> None:
    asked, camera_test = request_camera_test(
        CameraStatus("5e55", "room-1"), View.FIRST, NOW, "tail"
    )
    seen = apply_camera_test(asked, View.FIRST, camera_test.capture_id, None, NOW + 1)
    joined = apply_heartbeat(seen, None, NOW + 2)
    heard = apply_heartbeat(joined, PhoneStatus(0.5), NOW + 3)
    low = apply_heartbeat(heard, PhoneStatus(0.1), NOW + 4)
    gone = mark_disconnected(low, NOW + 5)
    sent = [
        [
            message.topic
            for message in messages_of(image_of(new), image_of(old) if old else None, str)
        ]
        for new, old in (
            (asked, None),
            (seen, asked),
            (joined, seen),
            (heard, joined),
            (low, heard),
            (gone, low),
        )
    ]
    room, both = ["room:room-1"], ["room:room-1", "session:5e55"]
    assert sent == [room, both, both, room, both, both]


def image_of(cameras: CameraStatus) -> dict[str, Any]:
    """A stream's image of an item, as far as it is read."""
    return {"sk": {"S": "DEVICES"}, "body": {"S": dump(cameras)}}


def test_versions_are_the_items_own(context: FakeContext) -> None:
    push = FakePush()
    publish_batch(context, push, event("stream_every_kind"))
    session, sheet, watch, flag, identity = told(push, "console-1")
    assert (session["session"]["version"], watch["watch"]["version"]) == (7, 12)
    assert identity["identity"]["version"] == 3
    # Saving an answer counts in place: the item's attributes are true, not its first JSON.
    assert sheet["sheet"] == {
        "session_id": "5e55", "version": 4, "answered": 3, "saved_at": NOW + 4000,
    }  # fmt: skip
    assert flag["flag"]["ended_at"] is None


def test_pictures_are_signed_and_faces_stay_at_home(context: FakeContext) -> None:
    push = FakePush()
    publish_batch(context, push, event("stream_every_kind"))
    _, _, watch, _, identity = told(push, "console-1")
    assert watch["watch"]["latest"][0]["url"].endswith("?signed")
    assert identity["identity"]["captured_url"].endswith("?signed")
    assert not any(EMBEDDING[:40] in text for _, text in push.sent)


def test_a_duplicate_says_the_same_again(context: FakeContext) -> None:
    push = FakePush()
    batch = event("stream_every_kind")
    publish_batch(context, push, {"Records": batch["Records"] + batch["Records"]})
    messages = told(push, "console-1")
    assert messages[:5] == messages[5:]


def test_a_socket_that_is_gone_is_forgotten_and_the_others_are_told(context: FakeContext) -> None:
    push = FakePush(gone={"console-1"})
    assert publish_batch(context, push, event("stream_every_kind")) == {"batchItemFailures": []}
    with pytest.raises(NotFound):
        context.connections.get("console-1")
    assert [
        connection.connection_id for connection in context.connections.followers("room:room-1")
    ] == ["console-2"]
    assert len(told(push, "console-2")) == 5


def test_a_socket_that_is_only_just_opening_is_kept(context: FakeContext) -> None:
    opening = Connection("opening", Role.CANDIDATE, "5e55", "http://socket.test", context.clock())
    context.connections.follow(opening, "session:5e55", NOW + MINUTE)
    publish_batch(context, FakePush(gone={"opening"}), event("stream_every_kind"))
    assert opening in context.connections.followers("session:5e55")
    context.clock.move(MINUTE)
    publish_batch(context, FakePush(gone={"opening"}), event("stream_every_kind"))
    assert opening not in context.connections.followers("session:5e55")


def test_the_batch_begins_again_at_the_change_that_failed(context: FakeContext) -> None:
    batch = event("stream_every_kind")
    broken = batch["Records"][2]["dynamodb"]
    broken["NewImage"]["body"]["S"] = "{}"
    push = FakePush()
    answer = publish_batch(context, push, batch)
    assert answer == {"batchItemFailures": [{"itemIdentifier": broken["SequenceNumber"]}]}
    assert [one["type"] for one in told(push, "console-1")] == ["session", "sheet"]


def test_a_push_that_fails_is_told_again(context: FakeContext) -> None:
    batch = event("stream_every_kind")
    answer = publish_batch(context, FakePush(broken={"page"}), batch)
    number = batch["Records"][0]["dynamodb"]["SequenceNumber"]
    assert answer == {"batchItemFailures": [{"itemIdentifier": number}]}


def test_each_topic_is_asked_for_once_in_a_batch(context: FakeContext) -> None:
    asked: list[str] = []

    class Counting(FakeConnections):
        def followers(self, topic: str) -> list[Connection]:
            asked.append(topic)
            return []

    publish_batch(replace(context, connections=Counting()), FakePush(), event("stream_every_kind"))
    assert sorted(asked) == ["room:room-1", "session:5e55"]


def watch_image(version: int, *kinds: FindingKind) -> dict[str, Any]:
    """The stream's image of a watch whose newest picture shows these kinds."""
    findings = tuple(Finding(kind, 0.9) for kind in kinds)
    latest = {View.FIRST: LatestCapture("a", NOW, "snapshots/5e55/first/a.jpg", findings)}
    monitor = MonitorState("5e55", "room-1", version, latest=latest)
    return {"sk": {"S": "WATCH"}, "body": {"S": dump(monitor)}}


@pytest.mark.parametrize(
    ("before", "after", "told_once"),
    [
        ((), (FindingKind.TOO_DARK,), True),
        ((FindingKind.TOO_DARK,), (FindingKind.TOO_DARK, FindingKind.PHONE), False),
        ((FindingKind.TOO_DARK,), (), True),
        ((), (FindingKind.PHONE,), False),
    ],
)
def test_the_candidate_is_told_what_to_mend_when_that_changes(
    context: FakeContext,
    before: tuple[FindingKind, ...],
    after: tuple[FindingKind, ...],
    told_once: bool,  # noqa: FBT001
) -> None:
    push = FakePush()
    change = {"OldImage": watch_image(1, *before), "NewImage": watch_image(2, *after)}
    publish_batch(context, push, {"Records": [{"dynamodb": change}]})
    assert [one["type"] for one in told(push, "page")] == ["changed"] * told_once
