"""The number of DynamoDB requests on the hot paths, counted before they are sent."""

from dataclasses import replace

import pytest

from chalicelib.adapters.media_bucket import S3MediaStore
from chalicelib.domain.types import MINUTE, Role, SittingKind
from chalicelib.services.admin.enrolment import check_roster
from chalicelib.services.monitoring.scheduler import bring_up_to_date
from chalicelib.services.ports import ClaimedSitting, Claims
from chalicelib.services.sign_in.candidate import CandidateCredentials, sign_in
from chalicelib.services.sitting.answers import AnswerInput, save_answer
from chalicelib.wiring.settings import settings
from functions.uploads import parse_key
from functions.vision.handler import process_upload
from functions.vision.pipeline import VisionPipeline
from tests.integration.counted_uploads import PrefixedBucket
from tests.support import builders as build
from tests.support.deployed_exam import DeployedExam, snapshot_key
from tests.support.dynamo_meter import DynamoMeter
from tests.support.jpegs import taken_anew

pytestmark = pytest.mark.integration


@pytest.fixture
def dynamodb_calls(dynamo_meter: DynamoMeter) -> list[str]:
    """The operations of the requests sent to DynamoDB, including retries."""
    return dynamo_meter.operations


def test_sign_in_sends_at_most_three_requests(
    deployed: DeployedExam, dynamodb_calls: list[str]
) -> None:
    candidate = deployed.candidate()
    credentials = CandidateCredentials(
        deployed.exam_id, deployed.subject_id, candidate.id_number, build.OFFICIAL, "203.0.113.7"
    )
    for browser_id in ("first", "first", "second"):
        dynamodb_calls.clear()
        sign_in(deployed.context, replace(credentials, browser_id=browser_id))
        assert 0 < len(dynamodb_calls) <= 3, dynamodb_calls


def test_saving_an_answer_sends_one_transaction(
    deployed: DeployedExam, dynamodb_calls: list[str]
) -> None:
    person, sitting = (
        deployed.candidate_client(),
        ClaimedSitting(deployed.subject_id, SittingKind.OFFICIAL),
    )
    claims = Claims(Role.CANDIDATE, person.session_id, deployed.context.clock() + MINUTE, sitting)
    session = deployed.session(person)
    known = replace(session, version=session.version + 1, origins=(build.ORIGIN,))
    deployed.context.sessions.commit(known)
    deployed.context.registry.paper(deployed.subject_id, SittingKind.OFFICIAL)
    for sequence in (1, 2):
        dynamodb_calls.clear()
        save_answer(deployed.context, claims, "q1", AnswerInput(sequence, ["A"]), build.ORIGIN)
        assert dynamodb_calls == ["TransactWriteItems"]


def test_reading_a_session_sends_one_request(
    deployed: DeployedExam, dynamodb_calls: list[str]
) -> None:
    person = deployed.candidate_client()
    dynamodb_calls.clear()
    bring_up_to_date(deployed.context, person.session_id, generation=1)
    assert dynamodb_calls == ["BatchGetItem"]


NO_FLAG_CHANGES = ["BatchGetItem", "PutItem", "PutItem", "PutItem"]
"""The session; the claim of the bytes, the monitor state, the observation: half a transaction's price."""
FLAG_CHANGES = ["BatchGetItem", "PutItem", "TransactWriteItems"]


def test_processing_a_snapshot_sends_three_requests_or_four_cheaper_ones(
    deployed: DeployedExam, dynamodb_calls: list[str], person_a: bytes, empty: bytes
) -> None:
    person, start, pipeline = (
        deployed.candidate_client(),
        deployed.context.clock(),
        VisionPipeline.load(),
    )
    bucket = S3MediaStore(settings().media_bucket)
    sent: list[list[str]] = []
    for number, picture in enumerate((person_a, empty, empty, person_a, person_a)):
        key = snapshot_key(person.session_id, f"{start + number * 5_000:013d}-0123456789")
        # Stored under a prefix without event notifications, so that no function processes it.
        deployed.put_object(f"counted/{key}", taken_anew(picture, key))
        upload = parse_key(key, start)
        dynamodb_calls.clear()
        process_upload(deployed.context, PrefixedBucket(bucket), pipeline, upload)
        sent.append([*dynamodb_calls])
    assert all(calls in (NO_FLAG_CHANGES, FLAG_CHANGES) for calls in sent), sent
    assert sent.count(FLAG_CHANGES) == 2  # it opens and closes
    assert [flag.kind for flag in deployed.context.sessions.flags(person.session_id)] == ["absent"]


def test_checking_a_list_of_candidates(deployed: DeployedExam, dynamodb_calls: list[str]) -> None:
    lines = [f"n{n},ID-C{n:04d},ADM-C{n:04d},{deployed.subject_id}" for n in range(150)]
    data = "\n".join(("name,id_number,admission_number,subject", *lines)).encode()
    dynamodb_calls.clear()
    check = check_roster(deployed.context, deployed.exam_id, data, deployed.room_id)
    assert len(check.plan.groups) == 150
    assert sorted(dynamodb_calls) == ["BatchGetItem"] * 3 + ["GetItem", "Query"]
