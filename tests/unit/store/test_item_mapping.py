"""What is written for each record: keys that spread, alarms that are sparse, JSON that comes back."""

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
KINDS: dict[str, Record] = {
    "session": submit(SESSION, build.subject(), NOW, AnswerDigest("f" * 64, 3)).session,
    "watch": start_expecting(
        MonitorState("5e55", "room-1", 1, open_flags=(build.flag(),)), View, NOW
    ),
    "flag": build.flag(captures=("a", "b")),
    "observation": replace(build.observation(), measures={"level": -3.5}),
    "audit entry": ENTRY,
    "code": build.join_code(),
    "checks": build.checks(),
    "identity": build.opening_records(SESSION)[3],
    "sheet": build.opening_records(SESSION)[1],
    "devices": apply_heartbeat(
        request_camera_test(CameraStatus("5e55", "room-1"), View.FIRST, NOW, "tail")[0],
        PhoneStatus(0.5),
        NOW,
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_json_comes_back_as_it_was(name: str) -> None:
    record = KINDS[name]
    assert load(type(record), dump(record)) == record


def test_no_two_kinds_stand_in_one_place() -> None:
    places = [(item.pk, item.sk) for item in (item_for(TABLE, record) for record in KINDS.values())]
    assert len(set(places)) == len(places)


def test_only_what_runs_has_an_alarm() -> None:
    for state in State:
        found = attributes(replace(SESSION, state=state))
        assert ("wake_at" in found) is (state is State.ANSWERING)
        assert ("wake_shard" in found) is ("wake_at" in found)


def test_every_session_is_in_one_of_the_parts_that_the_clock_reads() -> None:
    ids = [make_session_id(str(number), "s", SittingKind.TRIAL) for number in range(400)]
    assert {shard_of(id_) for id_ in ids} == set(SHARDS)


def test_of_the_stream_only_what_somebody_is_told_of_is_read() -> None:
    images = [one["dynamodb"].get("NewImage") for one in event("stream_every_kind")["Records"]]
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
def test_what_admins_set_up_comes_back_as_it_was(kind: type[Any], value: object) -> None:
    assert load(kind, dump(value)) == value
