"""From a changed record to the push messages on subscribed sockets."""

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
from chalicelib.services.ports import Connection, EndedSockets
from chalicelib.store.models import dump
from functions.notify.handler import publish_batch
from functions.notify.messages import messages_of
from tests.support import builders as build
from tests.support.builders import EMBEDDING, NOW
from tests.support.events import event
from tests.support.fake_context import FakeContext, fake_context
from tests.support.fakes import FakeConnections, FakePush

PUSH: TypeAdapter[object] = TypeAdapter(ServerMessage)


@pytest.fixture
def context() -> FakeContext:
    """Return a context with two consoles on a room, one on another, and the candidate's page."""
    context = fake_context()
    for name, topic in (
        ("console-1", "room:room-1"),
        ("console-2", "room:room-1"),
        ("console-3", "room:room-2"),
        ("page", "session:5e55"),
    ):
        connection = Connection(name, Role.PROCTOR, name, "http://socket.test")
        context.connections.add(connection, NOW + MINUTE)
        context.connections.subscribe(connection, topic, NOW + MINUTE)
    return context


def messages_to(push: FakePush, connection_id: str) -> list[dict[str, Any]]:
    return [json.loads(text) for recipient, text in push.sent if recipient == connection_id]


def test_a_change_of_every_kind_is_published_on_its_topics(context: FakeContext) -> None:
    push = FakePush()
    assert publish_batch(context, push, event("stream_every_kind")) == {"batchItemFailures": []}
    kinds = ["session", "sheet", "watch", "flag", "identity"]
    for console in ("console-1", "console-2"):
        assert [message["type"] for message in messages_to(push, console)] == kinds
    assert messages_to(push, "console-3") == []
    assert messages_to(push, "page") == [
        {"type": "changed", "session_id": "5e55", "state": "answering"},
        {"type": "changed", "session_id": "5e55", "state": None},
    ]
    for _, text in push.sent:
        PUSH.validate_json(text)


def test_camera_changes_go_to_the_room_and_only_visible_ones_to_the_candidate() -> None:
    test_requested, camera_test = request_camera_test(
        CameraStatus("5e55", "room-1"), View.FIRST, NOW, "tail"
    )
    test_analyzed = apply_camera_test(
        test_requested, View.FIRST, camera_test.capture_id, None, NOW + 1
    )
    phone_joined = apply_heartbeat(test_analyzed, None, NOW + 2)
    heartbeat = apply_heartbeat(phone_joined, PhoneStatus(0.5), NOW + 3)
    battery_low = apply_heartbeat(heartbeat, PhoneStatus(0.1), NOW + 4)
    disconnected = mark_disconnected(battery_low, NOW + 5)
    topics = [
        [
            message.topic
            for message in messages_of(image_of(new), image_of(old) if old else None, str)
        ]
        for new, old in (
            (test_requested, None),
            (test_analyzed, test_requested),
            (phone_joined, test_analyzed),
            (heartbeat, phone_joined),
            (battery_low, heartbeat),
            (disconnected, battery_low),
        )
    ]
    room, both = ["room:room-1"], ["room:room-1", "session:5e55"]
    assert topics == [room, both, both, room, both, both]


def image_of(cameras: CameraStatus) -> dict[str, Any]:
    """Return the attributes of a stream image that are read."""
    return {"sk": {"S": "CAMERAS"}, "body": {"S": dump(cameras)}}


def test_messages_have_the_versions_of_their_items(context: FakeContext) -> None:
    push = FakePush()
    publish_batch(context, push, event("stream_every_kind"))
    session, progress, monitor, flag, identity = messages_to(push, "console-1")
    assert (session["session"]["version"], monitor["watch"]["version"]) == (7, 12)
    assert identity["identity"]["version"] == 3
    # Saving an answer increments the item's attributes in place; its JSON body stays as it was.
    assert progress["sheet"] == {
        "session_id": "5e55", "version": 4, "answered": 3, "saved_at": NOW + 4000,
    }  # fmt: skip
    assert flag["flag"]["ended_at"] is None


def test_pictures_are_presigned_and_embeddings_are_not_sent(context: FakeContext) -> None:
    push = FakePush()
    publish_batch(context, push, event("stream_every_kind"))
    _, _, monitor, _, identity = messages_to(push, "console-1")
    assert monitor["watch"]["latest"][0]["url"].endswith("?signed")
    assert identity["identity"]["captured_url"].endswith("?signed")
    assert not any(EMBEDDING[:40] in text for _, text in push.sent)


def test_a_duplicate_record_gives_equal_messages(context: FakeContext) -> None:
    push = FakePush()
    batch = event("stream_every_kind")
    publish_batch(context, push, {"Records": batch["Records"] + batch["Records"]})
    messages = messages_to(push, "console-1")
    assert messages[:5] == messages[5:]


def test_a_closed_connection_is_removed_and_others_get_the_message(context: FakeContext) -> None:
    push = FakePush(closed={"console-1"})
    assert publish_batch(context, push, event("stream_every_kind")) == {"batchItemFailures": []}
    with pytest.raises(NotFound):
        context.connections.get("console-1")
    assert [
        connection.connection_id for connection in context.connections.subscribers("room:room-1")
    ] == ["console-2"]
    assert len(messages_to(push, "console-2")) == 5


def test_a_connection_that_is_still_opening_is_kept(context: FakeContext) -> None:
    opening = Connection("opening", Role.CANDIDATE, "5e55", "http://socket.test", context.clock())
    context.connections.subscribe(opening, "session:5e55", NOW + MINUTE)
    publish_batch(context, FakePush(closed={"opening"}), event("stream_every_kind"))
    assert opening in context.connections.subscribers("session:5e55")
    context.clock.advance(MINUTE)
    publish_batch(context, FakePush(closed={"opening"}), event("stream_every_kind"))
    assert opening not in context.connections.subscribers("session:5e55")


def session_record(generation: int, phone_generation: int) -> dict[str, Any]:
    """A stream record of a session that another computer, or another phone, has taken over."""
    session = replace(
        build.session("5e55"), generation=generation, phone_generation=phone_generation
    )
    image = {"sk": {"S": "SESSION"}, "body": {"S": dump(session)}}
    return {"dynamodb": {"SequenceNumber": "1", "NewImage": image}}


def subscribe(context: FakeContext, name: str, role: Role, generation: int) -> Connection:
    connection = Connection(name, role, "5e55", "http://socket.test", NOW, generation)
    context.connections.add(connection, NOW + MINUTE)
    for topic in ("session:5e55", f"own:{name}"):
        context.connections.subscribe(connection, topic, NOW + MINUTE)
    return connection


@pytest.mark.parametrize(
    ("generation", "phone_generation", "closed"),
    [
        (1, 1, []),
        (2, 1, ["old-page"]),
        (1, 2, ["old-phone"]),
        (2, 2, ["old-page", "old-phone"]),
    ],
)
def test_sockets_of_a_replaced_device_are_told_why_and_closed(
    context: FakeContext, generation: int, phone_generation: int, closed: list[str]
) -> None:
    """A computer's takeover ends no phone, the current devices stay, and so does staff."""
    sockets = [
        subscribe(context, "old-page", Role.CANDIDATE, 1),
        subscribe(context, "new-page", Role.CANDIDATE, generation),
        subscribe(context, "old-phone", Role.PHONE, 1),
        subscribe(context, "new-phone", Role.PHONE, phone_generation),
        subscribe(context, "proctor", Role.PROCTOR, 0),
    ]
    push = FakePush()
    record = session_record(generation, phone_generation)
    assert publish_batch(context, push, {"Records": [record, record]}) == {"batchItemFailures": []}
    assert sorted(push.closed) == closed
    for name in closed:
        assert [message["type"] for message in messages_to(push, name)] == ["changed"], "told once"
        with pytest.raises(NotFound):
            context.connections.get(name)
        assert context.connections.subscribers(f"own:{name}") == []
    staying = [socket for socket in sockets if socket.connection_id not in closed]
    subscribed = context.connections.subscribers("session:5e55")
    assert {socket for socket in subscribed if socket.subject == "5e55"} == set(staying)
    assert all(len(messages_to(push, socket.connection_id)) == 2 for socket in staying)


def test_the_batch_is_retried_from_the_change_that_failed(context: FakeContext) -> None:
    batch = event("stream_every_kind")
    broken = batch["Records"][2]["dynamodb"]
    broken["NewImage"]["body"]["S"] = "{}"
    push = FakePush()
    response = publish_batch(context, push, batch)
    assert response == {"batchItemFailures": [{"itemIdentifier": broken["SequenceNumber"]}]}
    assert [message["type"] for message in messages_to(push, "console-1")] == ["session", "sheet"]


def test_a_socket_that_cannot_be_reached_holds_up_no_other(context: FakeContext) -> None:
    push = FakePush(failing={"console-1"})
    assert publish_batch(context, push, event("stream_every_kind")) == {"batchItemFailures": []}
    assert len(messages_to(push, "console-2")) == 5
    assert context.connections.get("console-1")


def test_the_subscribers_of_a_topic_are_queried_once_per_batch(context: FakeContext) -> None:
    topics: list[str] = []

    class RecordingConnections(FakeConnections):
        def subscribers(self, topic: str) -> list[Connection]:
            topics.append(topic)
            return []

    connections = RecordingConnections()
    publish_batch(replace(context, connections=connections), FakePush(), event("stream_every_kind"))
    assert sorted(topics) == ["room:room-1", "session:5e55"]


def monitor_image(version: int, *kinds: FindingKind) -> dict[str, Any]:
    """Return the stream image of a monitor state whose latest picture has these findings."""
    findings = tuple(Finding(kind, 0.9) for kind in kinds)
    latest = {View.FIRST: LatestCapture("a", NOW, "snapshots/5e55/first/a.jpg", findings)}
    monitor = MonitorState("5e55", "room-1", version, latest=latest)
    return {"sk": {"S": "MONITOR"}, "body": {"S": dump(monitor)}}


@pytest.mark.parametrize(
    ("before", "after", "is_notified"),
    [
        ((), (FindingKind.TOO_DARK,), True),
        ((FindingKind.TOO_DARK,), (FindingKind.TOO_DARK, FindingKind.PHONE), False),
        ((FindingKind.TOO_DARK,), (), True),
        ((), (FindingKind.PHONE,), False),
    ],
)
def test_the_candidate_is_notified_when_the_needed_corrections_change(
    context: FakeContext,
    before: tuple[FindingKind, ...],
    after: tuple[FindingKind, ...],
    is_notified: bool,  # noqa: FBT001
) -> None:
    push = FakePush()
    change = {"OldImage": monitor_image(1, *before), "NewImage": monitor_image(2, *after)}
    publish_batch(context, push, {"Records": [{"dynamodb": change}]})
    assert [message["type"] for message in messages_to(push, "page")] == ["changed"] * is_notified


def test_sockets_of_a_sign_in_that_ended_are_closed_and_forgotten(context: FakeContext) -> None:
    ended = EndedSockets("once", (context.connections.get("console-1"),), NOW + MINUTE)
    image = {"sk": {"S": "ENDED#"}, "body": {"S": dump(ended)}}
    push = FakePush()
    batch = {"Records": [{"dynamodb": {"NewImage": image}}, *event("stream_every_kind")["Records"]]}
    assert publish_batch(context, push, batch) == {"batchItemFailures": []}
    assert push.closed == {"console-1"}
    assert messages_to(push, "console-1") == []
    assert len(messages_to(push, "console-2")) == 5
    with pytest.raises(NotFound):
        context.connections.get("console-1")
