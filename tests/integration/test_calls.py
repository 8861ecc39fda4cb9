"""How many calls the hot paths make to DynamoDB, counted where they leave for the network."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.domain.types import MINUTE, Role, SittingKind
from chalicelib.services.monitoring.scheduler import bring_up_to_date
from chalicelib.services.ports import ClaimedSitting, Claims
from chalicelib.services.sign_in.candidate import CandidateCredentials, sign_in
from chalicelib.services.sitting.answers import save_answer
from chalicelib.store.registry import DynamoExamRegistry
from chalicelib.store.sessions import DynamoSessionStore
from chalicelib.wiring.settings import settings
from functions.uploads import parse_key
from functions.vision.handler import process_upload
from functions.vision.pipeline import VisionPipeline
from tests.support import builders as build
from tests.support.deployed_exam import DeployedExam, snapshot_key

pytestmark = pytest.mark.integration


@pytest.fixture
def calls(hall: DeployedExam) -> Iterator[list[str]]:
    """The requests that leave for DynamoDB, retries included."""
    made: list[str] = []

    def note(request: Any, **_: Any) -> None:
        made.append(request.headers["X-Amz-Target"].decode().split(".")[1])

    events = [connection.client.meta.events for connection in connections(hall)]
    for hooks in events:
        hooks.register("before-send.dynamodb.*", note)
    yield made
    for hooks in events:
        hooks.unregister("before-send.dynamodb.*", note)


def connections(hall: DeployedExam) -> list[Connection]:
    """Every connection that the stores of this world have."""
    found: list[Connection] = []
    for store in (hall.world.sessions, hall.world.registry):
        assert isinstance(store, DynamoSessionStore | DynamoExamRegistry)
        found += [store._connection, store._table._get_connection().connection]
    return found


def test_signing_in(hall: DeployedExam, calls: list[str]) -> None:
    candidate = hall.candidate()
    given = CandidateCredentials(
        hall.exam_id, hall.subject_id, candidate.id_number, build.OFFICIAL, "203.0.113.7"
    )
    for device in ("one", "one", "other"):
        hall.world.registry.exam(hall.exam_id)
        calls.clear()
        sign_in(hall.world, replace(given, browser_id=device))
        assert 0 < len(calls) <= 4, calls


def test_saving_an_answer(hall: DeployedExam, calls: list[str]) -> None:
    person, sitting = hall.sitting(), ClaimedSitting(hall.subject_id, SittingKind.OFFICIAL)
    who = Claims(Role.CANDIDATE, person.session_id, hall.world.clock() + MINUTE, sitting)
    hall.world.registry.paper(hall.subject_id, SittingKind.OFFICIAL)
    for sequence in (1, 2):
        calls.clear()
        save_answer(hall.world, who, "q1", (sequence, ["A"]))
        assert calls == ["TransactWriteItems"]


def test_looking_at_ones_session(hall: DeployedExam, calls: list[str]) -> None:
    person = hall.sitting()
    calls.clear()
    bring_up_to_date(hall.world, person.session_id, generation=1)
    assert calls == ["BatchGetItem"]


def test_a_snapshot(hall: DeployedExam, calls: list[str], person_a: bytes, empty: bytes) -> None:
    person, start, eyes = hall.sitting(), hall.world.clock(), VisionPipeline.load()
    bucket = S3MediaStore(settings().media_bucket)
    for number, picture in enumerate((person_a, empty, empty, person_a, person_a)):
        key = snapshot_key(person.session_id, f"{start + number * 5_000:013d}-0123456789")
        # The picture stands under a key of which no function is told.
        hall.put(f"counted/{key}", picture)
        upload = parse_key(key, start)
        calls.clear()
        process_upload(hall.world, Renamed(bucket), eyes, upload)
        assert 0 < len(calls) <= 3, calls
    assert [flag.kind for flag in hall.world.sessions.flags(person.session_id)] == ["absent"]


class Renamed:
    """The bucket, in which the pictures to be counted stand apart."""

    def __init__(self, bucket: S3MediaStore) -> None:
        self._bucket = bucket

    def read(self, key: str, largest: int) -> bytes | None:
        return self._bucket.read(f"counted/{key}", largest)
