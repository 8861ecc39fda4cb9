"""Reviews, marks, evidence and looks, on the fake and on the table alike; and the real vault."""

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
from chalicelib.domain.types import SECOND, Millis
from chalicelib.services.ports import DecisionCounts, ExamRegistry, RoomReviews, SessionStore
from chalicelib.wiring.settings import settings
from tests.integration.store.conftest import BOTH
from tests.support import builders as build
from tests.support.deployed_exam import DeployedExam
from tests.support.polling import wait_for


@BOTH
class TestReviewRecords:
    def test_room_reviews_hold_flags_reviews_and_reviewed_flags(
        self, sessions: SessionStore, fresh: str, now: Millis
    ) -> None:
        room = f"room-{fresh}"
        flag = build.flag(fresh, now, room_id=room)
        review = build.review(fresh, room_id=room)
        mark = ReviewedFlag(fresh, flag.flag_id, room, review.review_id)
        sessions.commit(flag)
        sessions.commit(review, mark)
        sessions.commit(build.flag(fresh, now + 1, room_id=f"{room}-other"))
        wait_for(
            lambda: sessions.room_reviews(room) == RoomReviews([flag], [review], [mark]),
            "the index of the room",
        )
        assert sessions.reviews(fresh) == [review]

    def test_reviewed_flag_is_written_once(self, sessions: SessionStore, fresh: str) -> None:
        sessions.commit(ReviewedFlag(fresh, "flag", "room", "one"))
        with pytest.raises(Conflict):
            sessions.commit(ReviewedFlag(fresh, "flag", "room", "two"))

    def test_write_requires_the_preceding_version(self, sessions: SessionStore, fresh: str) -> None:
        for made in (build.review(fresh), build.evidence(fresh)):
            sessions.commit(made)
            with pytest.raises(Conflict):
                sessions.commit(made)
            after = replace(made, version=2)
            sessions.commit(after)
            with pytest.raises(Conflict):
                sessions.commit(after)
            assert after in (*sessions.reviews(fresh), *sessions.evidence(fresh))

    def test_access_log_continues_its_chain(
        self, sessions: SessionStore, fresh: str, now: Millis
    ) -> None:
        assert sessions.access_log_head(fresh) == AccessLogHead(fresh)
        for number in range(2):
            looked = log_access(
                sessions.access_log_head(fresh),
                "proctor:a",
                AccessedItem.ROOM,
                now + number * REPEAT_INTERVAL,
            )
            assert looked
            sessions.commit(*looked)
            with pytest.raises(Conflict):
                sessions.commit(*looked)
        assert [entry.number for entry in sessions.access_entries(fresh)] == [1, 2]
        assert sessions.access_log_head(fresh).head.hash == sessions.access_entries(fresh)[-1].hash

    def test_observations_are_read_by_page(
        self, sessions: SessionStore, fresh: str, now: Millis
    ) -> None:
        seen = [build.observation(fresh, now + at * SECOND) for at in range(5)]
        for observation in seen:
            sessions.commit(observation)
        newest = sessions.observations(fresh, limit=2)
        assert newest == [seen[4], seen[3]]
        rest = sessions.observations(fresh, limit=9, before=newest[-1].capture_id)
        assert rest == [seen[2], seen[1], seen[0]]

    def test_decisions_are_counted_by_flag_type(self, registry: ExamRegistry, fresh: str) -> None:
        assert registry.decision_counts(fresh) == {}
        registry.count_decision(fresh, [FindingKind.PHONE, FindingKind.BOOK], confirmed=True)
        registry.count_decision(fresh, [FindingKind.PHONE], confirmed=False)
        assert registry.decision_counts(fresh) == {
            FindingKind.PHONE: DecisionCounts(1, 1),
            FindingKind.BOOK: DecisionCounts(1, 0),
        }


@pytest.mark.integration
class TestEvidenceBucket:
    def test_evidence_cannot_be_deleted_or_lost(self, deployed: DeployedExam, fresh: str) -> None:
        picture = fresh.encode()
        deployed.put_object(f"snapshots/{fresh}/first/one.jpg", picture)
        kept = deployed.context.evidence_store.keep(f"snapshots/{fresh}/first/one.jpg", fresh)
        assert kept.sha256 == hashlib.sha256(picture).hexdigest()
        assert deployed.context.evidence_store.read(kept.key) == picture
        bucket = settings().evidence_bucket
        version = deployed.s3.head_object(Bucket=bucket, Key=kept.key)["VersionId"]
        with pytest.raises(ClientError, match="AccessDenied"):
            deployed.s3.delete_object(Bucket=bucket, Key=kept.key, VersionId=version)
        again = deployed.context.evidence_store.keep(f"snapshots/{fresh}/first/one.jpg", fresh)
        assert again == kept
