"""Reviews, evidence and access logs, on the fake and on the table; and the evidence bucket."""

import hashlib
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.errors import Conflict
from chalicelib.domain.review.access_log import (
    REPEAT_INTERVAL,
    AccessedItem,
    AccessLogHead,
    log_access,
)
from chalicelib.domain.review.reviews import ReviewedFlag
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.types import DAY, SECOND, Millis
from chalicelib.services.ports import DecisionCounts, ExamRegistry, RoomReviews, SessionStore
from chalicelib.wiring.settings import settings
from tests.integration.store.conftest import BOTH
from tests.support import builders as build
from tests.support.deployed_exam import DeployedExam
from tests.support.polling import wait_for


@BOTH
class TestReviewRecords:
    def test_room_reviews_hold_flags_reviews_and_reviewed_flags(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        room = f"room-{unique_id}"
        flag = build.flag(unique_id, now, room_id=room)
        review = build.review(unique_id, room_id=room)
        reviewed_flag = ReviewedFlag(unique_id, flag.flag_id, room, review.review_id)
        sessions.commit(flag)
        sessions.commit(review, reviewed_flag)
        sessions.commit(build.flag(unique_id, now + 1, room_id=f"{room}-other"))
        wait_for(
            lambda: sessions.room_reviews(room) == RoomReviews([flag], [review], [reviewed_flag]),
            "the index of the room",
        )
        assert sessions.reviews(unique_id) == [review]

    def test_reviewed_flag_is_written_once(self, sessions: SessionStore, unique_id: str) -> None:
        sessions.commit(ReviewedFlag(unique_id, "flag", "room", "one"))
        with pytest.raises(Conflict):
            sessions.commit(ReviewedFlag(unique_id, "flag", "room", "two"))

    def test_write_requires_the_preceding_version(
        self, sessions: SessionStore, unique_id: str
    ) -> None:
        for record in (build.review(unique_id), build.evidence(unique_id)):
            sessions.commit(record)
            with pytest.raises(Conflict):
                sessions.commit(record)
            after = replace(record, version=2)
            sessions.commit(after)
            with pytest.raises(Conflict):
                sessions.commit(after)
            assert after in (*sessions.reviews(unique_id), *sessions.evidence(unique_id))

    def test_access_log_continues_its_chain(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        assert sessions.access_log_head(unique_id) == AccessLogHead(unique_id)
        for number in range(2):
            records = log_access(
                sessions.access_log_head(unique_id),
                "proctor:a",
                AccessedItem.ROOM,
                now + number * REPEAT_INTERVAL,
            )
            assert records
            sessions.commit(*records)
            with pytest.raises(Conflict):
                sessions.commit(*records)
        assert [entry.number for entry in sessions.access_entries(unique_id)] == [1, 2]
        assert (
            sessions.access_log_head(unique_id).head.hash
            == sessions.access_entries(unique_id)[-1].hash
        )

    def test_observations_are_read_by_page(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        observations = [build.observation(unique_id, now + at * SECOND) for at in range(5)]
        for observation in observations:
            sessions.commit(observation)
        newest = sessions.observations(unique_id, limit=2)
        assert newest == [observations[4], observations[3]]
        rest = sessions.observations(unique_id, limit=9, before=newest[-1].capture_id)
        assert rest == [observations[2], observations[1], observations[0]]

    def test_decisions_are_counted_by_flag_type(
        self, registry: ExamRegistry, unique_id: str
    ) -> None:
        assert registry.decision_counts(unique_id) == {}
        registry.count_decision(unique_id, [FindingKind.PHONE, FindingKind.BOOK], confirmed=True)
        registry.count_decision(unique_id, [FindingKind.PHONE], confirmed=False)
        assert registry.decision_counts(unique_id) == {
            FindingKind.PHONE: DecisionCounts(1, 1),
            FindingKind.BOOK: DecisionCounts(1, 0),
        }


@pytest.mark.integration
class TestEvidenceBucket:
    def test_evidence_cannot_be_deleted_or_lost(
        self, deployed: DeployedExam, unique_id: str
    ) -> None:
        picture = unique_id.encode()
        deployed.put_object(f"snapshots/{unique_id}/first/one.jpg", picture)
        file = deployed.context.evidence_store.keep(
            f"snapshots/{unique_id}/first/one.jpg", unique_id, deployed.context.clock() + DAY
        )
        assert file.sha256 == hashlib.sha256(picture).hexdigest()
        assert deployed.context.evidence_store.read(file.key) == picture
        bucket = settings().evidence_bucket
        version = deployed.s3.head_object(Bucket=bucket, Key=file.key)["VersionId"]
        with pytest.raises(ClientError, match="AccessDenied"):
            deployed.s3.delete_object(Bucket=bucket, Key=file.key, VersionId=version)
        again = deployed.context.evidence_store.keep(
            f"snapshots/{unique_id}/first/one.jpg", unique_id, deployed.context.clock() + DAY
        )
        assert again == file
