"""Mapping of records to items: distinct keys, sparse wake-up attributes, JSON round trips."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.audit import ChainHead, append
from chalicelib.domain.capture.cameras import (
    CameraStatus,
    PhoneStatus,
    apply_heartbeat,
    request_camera_test,
)
from chalicelib.domain.exams.exams import Candidate, Exam, Staff
from chalicelib.domain.exams.papers import AnswerDigest, Paper
from chalicelib.domain.monitoring.monitor_state import MonitorState, start_expecting
from chalicelib.domain.sessions.sealing import submit
from chalicelib.domain.sessions.sessions import Session, make_session_id
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import Role, SittingKind, View
from chalicelib.services.ports import Record
from chalicelib.store.item_mapping import attributes, item_for, record_from_image, shard_of
from chalicelib.store.models import SessionItem, bind_table, dump, load
from chalicelib.store.sessions import SHARDS
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.events import event

TABLE = bind_table(SessionItem, "sessions")
ENTRY, _ = append(ChainHead(), "5e55", NOW, "system", "test", score=0.5, known=None, reason="违纪")
SESSION = build.session()
RECORDS: dict[str, Record] = {
    "session": submit(SESSION, build.subject(), NOW, AnswerDigest("f" * 64, 3)).session,
    "monitor state": start_expecting(
        MonitorState("5e55", "room-1", 1, open_flags=(build.flag(),)), View, NOW
    ),
    "flag": build.flag(captures=("a", "b")),
    "observation": replace(build.observation(), measures={"level": -3.5}),
    "audit entry": ENTRY,
    "code": build.join_code(),
    "checks": build.checks(),
    "identity": build.opening_records(SESSION)[3],
    "answer progress": build.opening_records(SESSION)[1],
    "cameras": apply_heartbeat(
        request_camera_test(CameraStatus("5e55", "room-1"), View.FIRST, NOW, "tail")[0],
        PhoneStatus(0.5),
        NOW,
    ),
}


@pytest.mark.parametrize("name", RECORDS)
def test_record_survives_a_json_round_trip(name: str) -> None:
    record = RECORDS[name]
    assert load(type(record), dump(record)) == record


def test_record_types_have_distinct_keys() -> None:
    keys = [(item.pk, item.sk) for item in (item_for(TABLE, record) for record in RECORDS.values())]
    assert len(set(keys)) == len(keys)


def test_only_running_records_have_a_wakeup() -> None:
    for state in State:
        item = attributes(replace(SESSION, state=state))
        assert ("wake_at" in item) is (state is State.ANSWERING)
        assert ("wake_shard" in item) is ("wake_at" in item)


def test_every_session_is_in_a_shard_of_the_wakeup_index() -> None:
    ids = [make_session_id(str(number), "s", SittingKind.TRIAL) for number in range(400)]
    assert {shard_of(session_id) for session_id in ids} == set(SHARDS)


def test_only_published_records_are_read_from_the_stream() -> None:
    images = [
        record["dynamodb"].get("NewImage") for record in event("stream_every_kind")["Records"]
    ]
    read = [record_from_image(image) for image in images if image]
    assert [type(record).__name__ for record in read] == [
        "Session", "AnswerProgress", "MonitorState", "Flag", "IdentityCheck", *["NoneType"] * 4,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Exam, build.exam()),
        (Paper, build.paper()),
        (Candidate, build.candidate()),
        (Staff, build.staff("a", Role.ADMIN, "x")),
        (Session, SESSION),
    ],
)
def test_registry_object_survives_a_json_round_trip(kind: type[Any], value: object) -> None:
    assert load(kind, dump(value)) == value
