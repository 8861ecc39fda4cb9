"""Reviews, marks, evidence and looks, on the fake and on the table alike; and the real vault."""

import hashlib
from dataclasses import replace

import pytest
from botocore.exceptions import ClientError

from chalicelib.domain.errors import Conflict
from chalicelib.domain.review.access_log import AGAIN, Looks, Shown, look
from chalicelib.domain.review.reviews import Mark
from chalicelib.domain.rules.findings import Kind
from chalicelib.domain.types import SECOND, Millis
from chalicelib.services.ports import Decided, Registry, Sessions
from chalicelib.wiring.settings import settings
from tests.integration.store.conftest import BOTH
from tests.support import builders as build
from tests.support.deployed_exam import Hall
from tests.support.polling import wait_for


@BOTH
class TestRecords:
    def test_a_room_shows_its_flags_and_what_was_decided(
        self, sessions: Sessions, fresh: str, now: Millis
    ) -> None:
        room = f"room-{fresh}"
        flag = build.flag(fresh, now, room_id=room)
        review = build.review(fresh, room_id=room)
        mark = Mark(fresh, flag.flag_id, room, review.review_id)
        sessions.commit(flag)
        sessions.commit(review, mark)
        sessions.commit(build.flag(fresh, now + 1, room_id=f"{room}-other"))
        wait_for(
            lambda: sessions.to_review(room) == ([flag], [review], [mark]), "the index of the room"
        )
        assert sessions.reviews(fresh) == [review]

    def test_a_mark_is_made_once(self, sessions: Sessions, fresh: str) -> None:
        sessions.commit(Mark(fresh, "flag", "room", "one"))
        with pytest.raises(Conflict):
            sessions.commit(Mark(fresh, "flag", "room", "two"))

    def test_reviews_and_evidence_have_versions(self, sessions: Sessions, fresh: str) -> None:
        for made in (build.review(fresh), build.evidence(fresh)):
            sessions.commit(made)
            with pytest.raises(Conflict):
                sessions.commit(made)
            after = replace(made, version=2)
            sessions.commit(after)
            with pytest.raises(Conflict):
                sessions.commit(after)
            assert after in (*sessions.reviews(fresh), *sessions.evidence(fresh))

    def test_looks_go_on_where_they_ended(
        self, sessions: Sessions, fresh: str, now: Millis
    ) -> None:
        assert sessions.looks(fresh) == Looks(fresh)
        for number in range(2):
            looked = look(sessions.looks(fresh), "proctor:a", Shown.ROOM, now + number * AGAIN)
            assert looked
            sessions.commit(*looked)
            with pytest.raises(Conflict):
                sessions.commit(*looked)
        assert [one.number for one in sessions.look_entries(fresh)] == [1, 2]
        assert sessions.looks(fresh).head.hash == sessions.look_entries(fresh)[-1].hash

    def test_captures_come_a_page_at_a_time(
        self, sessions: Sessions, fresh: str, now: Millis
    ) -> None:
        seen = [build.observation(fresh, now + at * SECOND) for at in range(5)]
        for one in seen:
            sessions.commit(one)
        newest = sessions.observations(fresh, most=2)
        assert newest == [seen[4], seen[3]]
        rest = sessions.observations(fresh, most=9, before=newest[-1].capture_id)
        assert rest == [seen[2], seen[1], seen[0]]

    def test_decisions_are_counted_by_kind(self, registry: Registry, fresh: str) -> None:
        assert registry.decided(fresh) == {}
        registry.count_decided(fresh, [Kind.PHONE, Kind.BOOK], confirmed=True)
        registry.count_decided(fresh, [Kind.PHONE], confirmed=False)
        assert registry.decided(fresh) == {Kind.PHONE: Decided(1, 1), Kind.BOOK: Decided(1, 0)}


@pytest.mark.integration
class TestVault:
    def test_what_is_kept_cannot_be_deleted_or_lost(self, hall: Hall, fresh: str) -> None:
        picture = fresh.encode()
        hall.put(f"snapshots/{fresh}/first/one.jpg", picture)
        kept = hall.world.vault.keep(f"snapshots/{fresh}/first/one.jpg", fresh)
        assert kept.sha256 == hashlib.sha256(picture).hexdigest()
        assert hall.world.vault.read(kept.key) == picture
        bucket = settings().evidence_bucket
        version = hall.s3.head_object(Bucket=bucket, Key=kept.key)["VersionId"]
        with pytest.raises(ClientError, match="AccessDenied"):
            hall.s3.delete_object(Bucket=bucket, Key=kept.key, VersionId=version)
        again = hall.world.vault.keep(f"snapshots/{fresh}/first/one.jpg", fresh)
        assert again == kept
