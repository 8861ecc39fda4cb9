"""The port `SessionStore`: retention plans, receipts, deleted observations; fake and table."""

import pytest

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.review.deletion import DeletedFile, make_plan, make_receipt, with_receipt
from chalicelib.domain.rules.retention import KeptKind, RetentionRule
from chalicelib.domain.types import DAY, SECOND, Millis
from chalicelib.services.ports import SessionStore
from tests.integration.store.conftest import BOTH
from tests.support import builders as build

pytestmark = BOTH


def test_a_plan_is_found_when_it_is_due_and_in_its_shard(
    sessions: SessionStore, unique_id: str, now: Millis
) -> None:
    session_id = f"a{unique_id}"
    with pytest.raises(NotFound):
        sessions.retention_plan(session_id)
    plan = make_plan(session_id, now - 40 * DAY, RetentionRule())
    sessions.commit(plan)
    assert sessions.retention_plan(session_id) == plan
    assert session_id in sessions.due_retention(10, now, 1_000)
    assert session_id not in sessions.due_retention(10, now - 20 * DAY, 1_000)
    assert session_id not in sessions.due_retention(11, now, 1_000)
    assert session_id not in sessions.due_sessions(now)


def test_receipts_are_written_once_with_their_plan(
    sessions: SessionStore, unique_id: str, now: Millis
) -> None:
    plan = make_plan(unique_id, now, RetentionRule())
    sessions.commit(plan)
    files = [
        DeletedFile(f"snapshots/{unique_id}/first/{n}.jpg", 9, now, "a" * 64) for n in range(3)
    ]
    receipt = make_receipt(plan, KeptKind.SNAPSHOTS, now, files)
    sessions.commit(with_receipt(plan), receipt)
    assert sessions.deletion_receipts(unique_id) == [receipt]
    with pytest.raises(Conflict):
        sessions.commit(with_receipt(plan), receipt)


def test_observations_of_deleted_captures_go(
    sessions: SessionStore, unique_id: str, now: Millis
) -> None:
    observations = [build.observation(unique_id, now + at * SECOND) for at in range(3)]
    for observation in observations:
        sessions.commit(observation)
    gone = [observation.capture_id for observation in observations[:2]]
    sessions.delete_observations(unique_id, [*gone, "never-there"])
    assert sessions.observations(unique_id, limit=9) == observations[2:]
