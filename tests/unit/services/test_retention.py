"""Deletion on its day: what is gone, what is preserved, and receipts that verify."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.domain.errors import BadInput, WrongState
from chalicelib.domain.recording.recording_rule import Track
from chalicelib.domain.review.deletion import SPREAD
from chalicelib.domain.review.record_integrity import verify_record
from chalicelib.domain.review.reviews import ReviewStatus
from chalicelib.domain.rules.findings import Observation
from chalicelib.domain.rules.retention import KeptKind, RetentionRule, require_within
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import DAY, MINUTE, SECOND, Medium, Millis
from chalicelib.services.ports import DeleteDueFiles, RetentionContext
from chalicelib.services.review import evidence, retention, retention_holds
from chalicelib.services.review.record_export import export_record
from functions.retention.handler import run_batch
from infra.record_export import verify_file, write_archive
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, act_by, add_session, fake_context
from tests.support.fakes import FakeMediaStore

RULE = RetentionRule(snapshots=10, clips=20, identity=5, evidence=90)
SID = "5e55"


@pytest.fixture
def context() -> FakeContext:
    """A session with pictures, clips, verification pictures and evidence."""
    context = fake_context()
    add_session(context, retention=RULE, created_at=NOW, state=State.WAITING)
    for number in range(3):
        at = NOW + number * 5 * SECOND
        _capture(context, at, Medium.PICTURE)
        _capture(context, at, Medium.SOUND)
    for folder in ("identity", "turned"):
        context.media.put(f"{folder}/{SID}/{NOW}-a.jpg", b"face", NOW)
    exhibit = build.evidence()
    context.sessions.commit(exhibit)
    context.evidence_store.objects[exhibit.exhibits[0].key] = b"kept"
    return context


def _capture(context: FakeContext, at: Millis, medium: Medium) -> Observation:
    observation = build.observation(SID, at, medium=medium)
    folder, ending = ("clips", "wav") if medium is Medium.SOUND else ("snapshots", "jpg")
    view = "" if medium is Medium.SOUND else "first/"
    capture_id = f"{observation.capture_id}{medium[0]}"
    key = f"{folder}/{SID}/{view}{capture_id}.{ending}"
    content = key.encode()
    sha256 = hashlib.sha256(content).hexdigest()
    stored = replace(observation, capture_id=capture_id, key=key, sha256=sha256)
    context.media.put(key, content, at)
    context.sessions.commit(stored)
    return stored


def _function(context: FakeContext) -> RetentionContext:
    """The ports that the function gets."""
    return RetentionContext(
        sessions=context.sessions,
        media=context.media,
        evidence_store=context.evidence_store,
        deletions=context.deletions,
        clock=context.clock,
    )


def _run(context: FakeContext) -> int:
    """Let the schedule visit each shard once, and the function process all jobs."""
    for _ in range(retention.SHARDS):
        retention.start_due(context)
        context.clock.now += MINUTE
    count = 0
    while context.deletions.waiting:
        job = context.deletions.waiting.pop(0)
        assert run_batch(_function(context), _event(job)) == {"batchItemFailures": []}
        count += 1
    return count


def _event(job: DeleteDueFiles) -> dict[str, list[dict[str, str]]]:
    return {"Records": [{"messageId": "m", "body": job.session_id}]}


def _pass_days(context: FakeContext, days: int) -> None:
    context.clock.now = NOW + days * DAY + SPREAD


def _keys(context: FakeContext, folder: str) -> list[str]:
    return [key for key in context.media.objects if key.startswith(folder)]


def _faults(context: FakeContext, *, media: bool = True) -> list[str]:
    record = json.loads(
        json.dumps(export_record(context, SID, "command", captures=True, answers=True))
    )
    keys = dict.fromkeys(context.media.objects, NOW) if media else None
    record["evidence"] = []  # the builder's evidence is in no audit chain
    return [fault.where for fault in verify_record(record, context.evidence_store.read, keys)]


def test_nothing_is_deleted_before_its_day(context: FakeContext) -> None:
    _pass_days(context, 4)
    assert _run(context) == 0
    assert len(context.media.objects) == 8


def test_each_kind_is_deleted_on_its_day_with_a_receipt_that_verifies(
    context: FakeContext,
) -> None:
    for days, gone, left in (
        (6, "identity/", 6),
        (11, "snapshots/", 3),
        (21, "clips/", 0),
    ):
        _pass_days(context, days)
        assert _run(context) > 0
        assert _keys(context, gone) == []
        assert len(context.media.objects) == left
    assert context.evidence_store.objects
    assert context.sessions.observations(SID, limit=100) == []
    receipts = context.sessions.deletion_receipts(SID)
    assert [(receipt.kind, len(receipt.files)) for receipt in receipts] == [
        (KeptKind.IDENTITY, 2),
        (KeptKind.SNAPSHOTS, 3),
        (KeptKind.CLIPS, 3),
    ]
    assert all(
        file.sha256 == hashlib.sha256(file.key.encode()).hexdigest() for file in receipts[1].files
    )
    assert _faults(context) == []
    _pass_days(context, 91)
    _run(context)
    assert context.evidence_store.objects == {}
    assert context.sessions.retention_plan(SID).wake_at is None
    assert _faults(context) == []


def test_an_open_case_preserves_and_its_last_decision_lets_go(context: FakeContext) -> None:
    review = build.review(SID, status=ReviewStatus.AWAITING_SECOND)
    context.sessions.commit(review)
    _pass_days(context, 30)
    _run(context)
    assert len(context.media.objects) == 8
    assert context.sessions.deletion_receipts(SID) == []
    context.sessions.commit(
        replace(review, version=review.version + 1, status=ReviewStatus.CONFIRMED)
    )
    _pass_days(context, 32)
    _run(context)
    assert context.media.objects == {}


def test_a_hold_preserves_until_it_is_released_and_both_are_on_record(
    context: FakeContext,
) -> None:
    admin = context.registry.staff("admin")
    by = act_by(admin, SID)
    retention_holds.hold_session(context, by, "申诉")
    retention_holds.hold_session(context, by, "申诉")  # sent twice
    with pytest.raises(WrongState):
        retention_holds.hold_session(context, act_by(admin, SID), "再次")
    _pass_days(context, 30)
    _run(context)
    assert len(context.media.objects) == 8
    retention_holds.release_session(context, act_by(admin, SID), "已结案")
    with pytest.raises(WrongState):
        retention_holds.release_session(context, act_by(admin, SID), "再次")
    _pass_days(context, 32)
    _run(context)
    assert context.media.objects == {}
    actions = [(entry.action, entry.detail.get("reason")) for entry in context.sessions.audit(SID)]
    assert actions[1:3] == [("retention_held", "申诉"), ("retention_released", "已结案")]


class RefusingMedia(FakeMediaStore):
    """A bucket that lists and refuses to delete."""

    def delete_all(self, keys: Sequence[str]) -> None:
        raise TimeoutError(keys)


def test_a_job_that_failed_in_the_middle_carries_its_receipt_out(context: FakeContext) -> None:
    _pass_days(context, 6)
    job = _event(DeleteDueFiles(SID))
    refusing = replace(context, media=RefusingMedia(context.media.objects))
    assert run_batch(_function(refusing), job)["batchItemFailures"]
    assert len(_keys(context, "identity/")) == 1
    for _ in range(4):
        run_batch(_function(context), job)
    assert _keys(context, "identity/") == []
    assert len(context.sessions.deletion_receipts(SID)) == 1
    assert _faults(context) == []


def test_a_picture_deleted_without_a_receipt_is_missing(context: FakeContext) -> None:
    first, *_ = _keys(context, "snapshots/")
    context.media.delete(first)
    assert _faults(context) == [first]
    assert _faults(context, media=False) == []


def test_a_receipt_is_not_forged_shortened_or_early(context: FakeContext) -> None:
    _pass_days(context, 21)
    _run(context)
    record = json.loads(
        json.dumps(export_record(context, SID, "command", captures=True, answers=True))
    )
    record["evidence"] = []

    def faults() -> list[str]:
        found = verify_record(record, lambda _: None, {})
        return [f"{fault.where} {fault.what}" for fault in found]

    assert faults() == []
    file = record["deletions"][1]["files"].pop()
    assert faults() == ["receipt 2 differs from the audit chain"]
    record["deletions"][1]["files"].append({**file, "key": "snapshots/5e55/first/other.jpg"})
    assert faults() == ["receipt 2 differs from the audit chain"]
    record["deletions"][1]["files"][-1] = file
    del record["deletions"][0]
    assert faults() == ["receipt 1 is missing"]


def test_an_archive_tells_deleted_evidence_from_lost(tmp_path: Path) -> None:
    context = fake_context()
    add_session(context, retention=RULE, created_at=NOW, state=State.WAITING)
    capture = _capture(context, NOW, Medium.PICTURE)
    proctor = context.registry.staff("proctor")
    kept = evidence.keep_capture(context, proctor, SID, capture.capture_id, "")
    key = kept.exhibits[0].key
    archive = tmp_path / "record.zip"

    def faults() -> list[str]:
        record = export_record(context, SID, "command", captures=True, answers=True)
        write_archive(archive, record, context.evidence_store.read)
        return [f"{fault.where} {fault.what}" for fault in verify_file(archive)]

    assert faults() == []
    content = context.evidence_store.objects.pop(key)
    assert faults() == [f"{key} is missing"]
    context.evidence_store.objects[key] = content
    _pass_days(context, 91)
    _run(context)
    assert key not in context.evidence_store.objects
    assert faults() == []


def test_a_deletion_before_its_day_is_told(context: FakeContext) -> None:
    plan = context.sessions.retention_plan(SID)
    early = replace(plan, version=2, signed_in_at=NOW - 30 * DAY, wake_at=NOW)
    context.sessions.commit(early)
    _run(context)
    assert _faults(context) == [f"receipt {number}" for number in (1, 2, 3)]


def test_a_rule_is_bounded_by_a_day_and_by_the_stage() -> None:
    for values in ({"snapshots": 0}, {"evidence": 366}):
        with pytest.raises(BadInput):
            RetentionRule(**values)
    require_within(RetentionRule(snapshots=180), 180)
    with pytest.raises(BadInput):
        require_within(RetentionRule(clips=181), 180)


def test_recordings_go_with_their_records_under_a_receipt(context: FakeContext) -> None:
    segments = [build.segment(SID, Track.FIRST, NOW + at * 10 * SECOND) for at in range(3)]
    for segment in segments:
        context.media.put(segment.key, b"a segment", NOW)
        context.sessions.commit(segment)
    unread = f"recordings/{SID}/first/{NOW:013d}-0badc0de.webm"
    context.media.put(unread, b"not inspected yet", NOW)
    rule_days = context.sessions.session(SID).retention.recordings
    context.clock.now = NOW + (rule_days - 1) * DAY
    _run(context)
    assert len(context.sessions.segments(SID, limit=9)) == 3
    context.clock.now = NOW + rule_days * DAY + SPREAD
    _run(context)
    assert not [key for key in context.media.objects if key.startswith("recordings/")]
    assert context.sessions.segments(SID, limit=9) == []
    receipts = context.sessions.deletion_receipts(SID)
    [receipt] = [receipt for receipt in receipts if receipt.kind is KeptKind.RECORDINGS]
    hashes = {file.key: file.sha256 for file in receipt.files}
    assert hashes == {**{segment.key: segment.sha256 for segment in segments}, unread: None}
