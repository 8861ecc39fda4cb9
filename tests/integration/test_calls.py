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
from chalicelib.services.sitting.answers import AnswerInput, save_answer
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
def dynamodb_calls(deployed: DeployedExam) -> Iterator[list[str]]:
    """The requests that leave for DynamoDB, retries included."""
    made: list[str] = []

    def note(request: Any, **_: Any) -> None:
        made.append(request.headers["X-Amz-Target"].decode().split(".")[1])

    events = [connection.client.meta.events for connection in connections(deployed)]
    for hooks in events:
        hooks.register("before-send.dynamodb.*", note)
    yield made
    for hooks in events:
        hooks.unregister("before-send.dynamodb.*", note)


def connections(deployed: DeployedExam) -> list[Connection]:
    """Every connection that the stores of this world have."""
    found: list[Connection] = []
    for store in (deployed.context.sessions, deployed.context.registry):
        assert isinstance(store, DynamoSessionStore | DynamoExamRegistry)
        found += [store._connection, store._table._get_connection().connection]
    return found


def test_signing_in(deployed: DeployedExam, calls: list[str]) -> None:
    candidate = deployed.candidate()
    credentials = CandidateCredentials(
        deployed.exam_id, deployed.subject_id, candidate.id_number, build.OFFICIAL, "203.0.113.7"
    )
    for device in ("one", "one", "other"):
        deployed.context.registry.exam(deployed.exam_id)
        calls.clear()
        sign_in(deployed.context, replace(credentials, browser_id=device))
        assert 0 < len(calls) <= 4, calls


def test_saving_an_answer(deployed: DeployedExam, calls: list[str]) -> None:
    person, sitting = (
        deployed.candidate_client(),
        ClaimedSitting(deployed.subject_id, SittingKind.OFFICIAL),
    )
    who = Claims(Role.CANDIDATE, person.session_id, deployed.context.clock() + MINUTE, sitting)
    deployed.context.registry.paper(deployed.subject_id, SittingKind.OFFICIAL)
    for sequence in (1, 2):
        calls.clear()
        save_answer(deployed.context, who, "q1", AnswerInput(sequence, ["A"]))
        assert calls == ["TransactWriteItems"]


def test_looking_at_ones_session(deployed: DeployedExam, calls: list[str]) -> None:
    person = deployed.candidate_client()
    calls.clear()
    bring_up_to_date(deployed.context, person.session_id, generation=1)
    assert calls == ["BatchGetItem"]


def test_a_snapshot(
    deployed: DeployedExam, calls: list[str], person_a: bytes, empty: bytes
) -> None:
    person, start, pipeline = (
        deployed.candidate_client(),
        deployed.context.clock(),
        VisionPipeline.load(),
    )
    bucket = S3MediaStore(settings().media_bucket)
    for number, picture in enumerate((person_a, empty, empty, person_a, person_a)):
        key = snapshot_key(person.session_id, f"{start + number * 5_000:013d}-0123456789")
        # The picture stands under a key of which no function is told.
        deployed.put_object(f"counted/{key}", picture)
        upload = parse_key(key, start)
        calls.clear()
        process_upload(deployed.context, PrefixedBucket(bucket), pipeline, upload)
        assert 0 < len(calls) <= 3, calls
    assert [flag.kind for flag in deployed.context.sessions.flags(person.session_id)] == ["absent"]


class PrefixedBucket:
    """The bucket, in which the pictures to be counted stand apart."""

    def __init__(self, bucket: S3MediaStore) -> None:
        self._bucket = bucket

    def read(self, key: str, largest: int) -> bytes | None:
        return self._bucket.read(f"counted/{key}", largest)
