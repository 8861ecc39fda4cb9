"""Deletion on its day in the deployed product: sessions that signed in weeks ago."""

import hashlib
from dataclasses import replace

import pytest

from chalicelib.domain.capture.captures import make_capture_id
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.recording.segments import slot_from
from chalicelib.domain.review.reviews import ReviewStatus
from chalicelib.domain.rules.retention import KeptKind, RetentionRule
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import DAY, MINUTE, SECOND, Millis
from chalicelib.services.ports import DeleteDueFiles
from chalicelib.wiring.settings import settings
from infra.record_export import verify_session
from tests.data import scenes
from tests.support import builders as build
from tests.support.deployed_exam import ApiClient, DeployedExam, jpeg, snapshot_key
from tests.support.polling import wait_for
from tests.support.segment_files import make_segment

pytestmark = pytest.mark.integration

RULE = RetentionRule(snapshots=10, clips=10, identity=10, evidence=365, recordings=10)


def _weeks_ago(deployed: DeployedExam) -> ApiClient:
    """Signed in forty days ago: two pictures, a verification picture, a segment of a recording."""
    then = deployed.context.clock() - 40 * DAY
    person = deployed.candidate_client(
        State.SUBMITTED, created_at=then, started_at=then, ends_at=then + MINUTE, retention=RULE
    )
    for number in range(2):
        deployed.upload_snapshot(person, then + number * MINUTE, jpeg(scenes.empty()))
    deployed.put_object(f"turned/{person.session_id}/{then}-a.jpg", b"turned")
    _upload_segment(deployed, person, slot_from(person.session_id, then))
    wait_for(
        lambda: deployed.context.sessions.segments(person.session_id, limit=1),
        "the segment inspected",
    )
    return person


def _upload_segment(deployed: DeployedExam, person: ApiClient, begins_at: Millis) -> None:
    """Upload a segment of two seconds, as its device announces it."""
    segment, data = build.segment(person.session_id, Track.FIRST, begins_at), make_segment()
    deployed.s3.put_object(
        Bucket=settings().media_bucket,
        Key=segment.key,
        Body=data,
        ContentType="video/webm",
        Metadata={
            "sha256": hashlib.sha256(data).hexdigest(),
            "began-at": str(begins_at),
            "ended-at": str(begins_at + 2 * SECOND),
        },
    )


def _left(deployed: DeployedExam, person: ApiClient) -> list[str]:
    return [
        stored.key
        for folder in ("snapshots", "turned", "recordings")
        for stored in deployed.context.media.uploads(
            f"{folder}/{person.session_id}/", after="", most=9
        )
    ]


def test_gone_on_its_day_with_a_receipt_and_kept_while_a_case_is_open(
    deployed: DeployedExam,
) -> None:
    due, disputed = _weeks_ago(deployed), _weeks_ago(deployed)
    review = build.review(disputed.session_id, status=ReviewStatus.AWAITING_SECOND)
    deployed.context.sessions.commit(replace(review, room_id=deployed.room_id))
    for person in (disputed, due):
        deployed.context.deletions.add(DeleteDueFiles(person.session_id))
    wait_for(lambda: not _left(deployed, due), "nothing left", seconds=90)
    plans = deployed.context.sessions
    wait_for(
        lambda: (
            set(plans.retention_plan(due.session_id).done) == set(KeptKind) - {KeptKind.EVIDENCE}
        ),
        "the plan carried out",
        seconds=90,
    )
    assert plans.observations(due.session_id, limit=9) == []
    assert {receipt.kind for receipt in plans.deletion_receipts(due.session_id)} == {
        KeptKind.SNAPSHOTS,
        KeptKind.IDENTITY,
        KeptKind.RECORDINGS,
    }
    assert plans.segments(due.session_id, limit=9) == []
    assert len(plans.segment_entries(due.session_id)) == 1, "the chain stays"
    assert verify_session(deployed.product.deployment, due.session_id) == []
    shown = deployed.proctor_client.get(f"/proctor/sessions/{due.session_id}/retention")
    assert [receipt["files"] for receipt in shown["receipts"]] == [2, 1, 1]
    assert list(shown["due_at"]) == ["evidence"]
    # An open case keeps everything, until its last decision.
    wait_for(
        lambda: (plans.retention_plan(disputed.session_id).wake_at or 0) > deployed.context.clock(),
        "the disputed session looked at",
        seconds=90,
    )
    assert len(_left(deployed, disputed)) == 4
    assert plans.deletion_receipts(disputed.session_id) == []


def test_deleted_without_a_receipt_is_missing(deployed: DeployedExam) -> None:
    person, at = deployed.candidate_client(), deployed.context.clock() - MINUTE
    capture_id = make_capture_id(at, "0123456789")
    key = snapshot_key(person.session_id, capture_id)
    deployed.put_object(key, jpeg(scenes.one_person("person_a.jpg")))
    deployed.wait_for_observation(person, capture_id)
    deployed.context.media.delete(key)
    faults = verify_session(deployed.product.deployment, person.session_id)
    assert [(fault.where, fault.what) for fault in faults] == [(key, "is missing")]
