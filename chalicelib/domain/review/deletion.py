"""Deletion on its day: a session's plan, holds that preserve it, and receipts of what was deleted.

    planned ── its day ──► receipt written, named in the audit chain ──► files deleted ──► done
       └ a hold, or a review without its last decision: looked at again a day later

A receipt is written before its files are deleted, so that nothing disappears without one; whoever
finds a pending receipt deletes its files again.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from chalicelib.domain.errors import WrongState
from chalicelib.domain.review.deletion_receipts import hash_list
from chalicelib.domain.review.reviews import FINAL_STATUSES, Review
from chalicelib.domain.rules.retention import KeptKind, RetentionRule
from chalicelib.domain.types import DAY, MINUTE, LocalizedText, Millis

SPREAD: Millis = 6 * 60 * MINUTE
"""A sitting's sessions come due over so many hours, not all at once."""


@dataclass(frozen=True, slots=True)
class RetentionHold:
    """A person's decision to preserve a session's files: by whom, when and why."""

    by: str
    at: Millis
    reason: str


@dataclass(frozen=True, slots=True)
class RetentionPlan:
    """What of a session is still to be deleted, and when it is looked at next.

    `pending` is the number of the last receipt while its files may still be there.
    """

    session_id: str
    version: int
    signed_in_at: Millis
    wake_at: Millis | None
    done: tuple[KeptKind, ...] = ()
    receipts: int = 0
    pending: int | None = None
    hold: RetentionHold | None = None


@dataclass(frozen=True, slots=True)
class DeletedFile:
    """One deleted file; its SHA-256 where it is known from its analysis or its keeping."""

    key: str
    size: int
    uploaded_at: Millis
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class DeletionReceipt:
    """What was deleted of a session at once; the audit chain holds `sha256`, that of the list."""

    session_id: str
    number: int
    kind: KeptKind
    at: Millis
    files: tuple[DeletedFile, ...]
    sha256: str


def make_plan(session_id: str, signed_in_at: Millis, rule: RetentionRule) -> RetentionPlan:
    """Return the plan of a session that opens."""
    plan = RetentionPlan(session_id, 1, signed_in_at, None)
    return replace(plan, wake_at=_next_wake(plan, rule))


def due_kinds(plan: RetentionPlan, rule: RetentionRule, now: Millis) -> list[KeptKind]:
    """Return the kinds whose day has come and that are not deleted yet."""
    return [
        kind
        for kind in KeptKind
        if kind not in plan.done and rule.due_at(kind, plan.signed_in_at) <= now
    ]


def is_preserved(plan: RetentionPlan, reviews: Iterable[Review]) -> bool:
    """Tell whether a hold, or a review without its last decision, keeps a session's files."""
    return plan.hold is not None or any(review.status not in FINAL_STATUSES for review in reviews)


def postpone(plan: RetentionPlan, now: Millis) -> RetentionPlan:
    """Return a plan that is looked at again in a day."""
    return replace(plan, version=plan.version + 1, wake_at=now + DAY)


def with_receipt(plan: RetentionPlan) -> RetentionPlan:
    """Return a plan with one more receipt, whose files are to be deleted now."""
    number = plan.receipts + 1
    return replace(plan, version=plan.version + 1, receipts=number, pending=number)


def with_files_deleted(plan: RetentionPlan) -> RetentionPlan:
    """Return a plan whose last receipt is carried out."""
    return replace(plan, version=plan.version + 1, pending=None)


def with_kind_done(plan: RetentionPlan, kind: KeptKind, rule: RetentionRule) -> RetentionPlan:
    """Return a plan with nothing left of a kind."""
    done = replace(plan, version=plan.version + 1, done=(*plan.done, kind))
    return replace(done, wake_at=_next_wake(done, rule))


def hold(plan: RetentionPlan, by: str, now: Millis, reason: str) -> RetentionPlan:
    """Return a plan under hold. Raises WrongState where it is held already."""
    if plan.hold is not None:
        raise WrongState(LocalizedText("已经有人要求保留。", "It is being preserved already."))
    return replace(plan, version=plan.version + 1, hold=RetentionHold(by, now, reason))


def release(plan: RetentionPlan) -> RetentionPlan:
    """Return a plan without its hold. Raises WrongState where there is none."""
    if plan.hold is None:
        raise WrongState(LocalizedText("没有需要解除的保留。", "There is no hold to release."))
    return replace(plan, version=plan.version + 1, hold=None)


def make_receipt(
    plan: RetentionPlan, kind: KeptKind, now: Millis, files: Iterable[DeletedFile]
) -> DeletionReceipt:
    """Return the plan's next receipt."""
    listed = tuple(files)
    digest = hash_list([asdict(file) for file in listed])
    return DeletionReceipt(plan.session_id, plan.receipts + 1, kind, now, listed, digest)


def _next_wake(plan: RetentionPlan, rule: RetentionRule) -> Millis | None:
    days = [rule.due_at(kind, plan.signed_in_at) for kind in KeptKind if kind not in plan.done]
    if not days:
        return None
    digest = hashlib.sha256(plan.session_id.encode()).digest()
    return min(days) + int.from_bytes(digest[:4]) % SPREAD
