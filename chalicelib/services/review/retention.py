"""Deletion on its day: the schedule finds sessions that are due, the function `retention` deletes.

    start_due → DeleteDueFiles: a page of one kind: receipt and audit entry, then the files, then
                the next job; until nothing of the session is due

Jobs may be delivered twice: receipt and plan are written under the plan's version, and a receipt
that was not carried out is carried out first.
"""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.identity.verification import IdentityCheck, with_voice
from chalicelib.domain.review.deletion import (
    DeletedFile,
    DeletionReceipt,
    RetentionPlan,
    due_kinds,
    is_preserved,
    make_receipt,
    postpone,
    with_files_deleted,
    with_kind_done,
    with_receipt,
)
from chalicelib.domain.review.deletion_receipts import DELETED
from chalicelib.domain.rules.retention import KeptKind
from chalicelib.domain.sessions.sessions import Session, with_audit
from chalicelib.domain.types import MINUTE
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.ports import (
    AppContext,
    DeleteDueFiles,
    RetentionContext,
    StoredObject,
)

SHARDS = 16
SESSIONS_PER_TICK = 100
"""One of the 16 shards each minute: 10,000 sessions in less than two hours."""
FILES_PER_RECEIPT = 250
"""So many keep a receipt well within the size of an item."""


def start_due(context: AppContext) -> int:
    """Enqueue sessions whose retention plan is due, of one shard. Returns how many."""
    now = context.clock()
    shard = now // MINUTE % SHARDS
    session_ids = context.sessions.due_retention(shard, now, SESSIONS_PER_TICK)
    context.deletions.add(*map(DeleteDueFiles, session_ids))
    return len(session_ids)


def run_job(context: RetentionContext, job: DeleteDueFiles) -> None:
    """Delete the next files of a session that are due. Idempotent."""
    more = retry_on_conflict(lambda: _delete_page(context, job.session_id))
    if more:
        context.deletions.add(job)


def _delete_page(context: RetentionContext, session_id: str) -> bool:
    """Delete a page of files. Returns whether anything may be left to delete."""
    plan = find_or_none(lambda: context.sessions.retention_plan(session_id))
    if plan is None:
        return False
    if plan.pending is not None:
        _carry_out(context, plan, _receipt(context, plan))
        return True
    now, session = context.clock(), context.sessions.session(session_id)
    kinds = due_kinds(plan, session.retention, now)
    if not kinds:
        return False
    if is_preserved(plan, context.sessions.reviews(session_id)):
        context.sessions.commit(postpone(plan, now))
        return False
    files = _files_of(context, session, kinds[0])
    if not files:
        context.sessions.commit(
            with_kind_done(plan, kinds[0], session.retention),
            *_without_embedding(context, session_id, kinds[0]),
        )
        return True
    _begin(context, session, plan, make_receipt(plan, kinds[0], now, files))
    return True


def _begin(
    context: RetentionContext, session: Session, plan: RetentionPlan, receipt: DeletionReceipt
) -> None:
    """Write a receipt, named in the audit chain, and delete its files."""
    transition = with_audit(
        session,
        receipt.at,
        "system",
        DELETED,
        kind=receipt.kind.value,
        receipt=receipt.number,
        files=len(receipt.files),
        sha256=receipt.sha256,
    )
    pending = with_receipt(plan)
    context.sessions.commit(transition.session, transition.entry, pending, receipt)
    _carry_out(context, pending, receipt)


def _carry_out(context: RetentionContext, plan: RetentionPlan, receipt: DeletionReceipt) -> None:
    keys = [file.key for file in receipt.files]
    if receipt.kind is KeptKind.EVIDENCE:
        for key in keys:
            context.evidence_store.delete(key)
    else:
        context.media.delete_all(keys)
    if receipt.kind in {KeptKind.SNAPSHOTS, KeptKind.CLIPS, KeptKind.RECORDINGS}:
        context.sessions.delete_observations(plan.session_id, map(_capture_id, keys))
    if receipt.kind is KeptKind.RECORDINGS:
        context.sessions.delete_segments(plan.session_id, map(_capture_id, keys))
    context.sessions.commit(with_files_deleted(plan))


def _receipt(context: RetentionContext, plan: RetentionPlan) -> DeletionReceipt:
    receipts = context.sessions.deletion_receipts(plan.session_id)
    return next(receipt for receipt in receipts if receipt.number == plan.pending)


def _files_of(context: RetentionContext, session: Session, kind: KeptKind) -> list[DeletedFile]:
    """Return the next files of a kind, with the hash of those that were looked at or kept."""
    if kind is KeptKind.EVIDENCE:
        return _evidence_files(context, session.session_id)
    folders = {
        KeptKind.SNAPSHOTS: ("snapshots",),
        KeptKind.CLIPS: ("clips",),
        KeptKind.IDENTITY: ("identity", "turned"),
        KeptKind.RECORDINGS: ("recordings",),
    }[kind]
    found = [
        stored
        for folder in folders
        for stored in context.media.uploads(
            f"{folder}/{session.session_id}/", after="", most=FILES_PER_RECEIPT
        )
    ][:FILES_PER_RECEIPT]
    hashes = _known_hashes(context, session.session_id, kind, found)
    return [
        DeletedFile(stored.key, stored.size, stored.uploaded_at, hashes.get(stored.key))
        for stored in found
    ]


def _known_hashes(
    context: RetentionContext, session_id: str, kind: KeptKind, found: Iterable[StoredObject]
) -> dict[str, str | None]:
    """Return the hashes of the files that were looked at, by key."""
    ids = {_capture_id(stored.key) for stored in found}
    if kind is KeptKind.RECORDINGS:
        return {
            segment.key: segment.sha256 for segment in context.sessions.segments_of(session_id, ids)
        }
    observed = context.sessions.observations_of(session_id, ids)
    return {observation.key: observation.sha256 for observation in observed}


def _evidence_files(context: RetentionContext, session_id: str) -> list[DeletedFile]:
    deleted = {
        file.key
        for receipt in context.sessions.deletion_receipts(session_id)
        for file in receipt.files
    }
    exhibits = {
        exhibit.key: DeletedFile(exhibit.key, exhibit.size, piece.taken_at, exhibit.sha256)
        for piece in context.sessions.evidence(session_id)
        for exhibit in piece.exhibits
        if exhibit.key not in deleted
    }
    return [exhibits[key] for key in sorted(exhibits)][:FILES_PER_RECEIPT]


def _without_embedding(
    context: RetentionContext, session_id: str, kind: KeptKind
) -> tuple[IdentityCheck, ...]:
    """Return the verification without the embeddings of face and voice, which go with its pictures."""
    if kind is not KeptKind.IDENTITY:
        return ()
    identity = context.sessions.bundle(session_id).identity
    if identity.embedding is None and identity.voice is None:
        return ()
    return (replace(with_voice(identity, None), embedding=None),)


def _capture_id(key: str) -> str:
    return key.rpartition("/")[2].partition(".")[0]
