"""Writing changes of candidates: audited, several people at once, sittings kept in step.

Every change of a name, a number, a phone number, a registration unit, a room or a photo takes this
way, whether from a list, a correction or a swap.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.audit import append
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.roster.changes import NUMBERS, audit_detail, changed_fields
from chalicelib.domain.sessions.corrections import (
    SittingUnderWay,
    is_under_way,
    with_corrected_candidate,
)
from chalicelib.domain.sessions.sessions import Session, make_session_id
from chalicelib.domain.types import SittingKind
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.ports import AppContext, CandidateWrite


@dataclass(frozen=True, slots=True)
class CandidateChange:
    """A candidate as stored (None: not yet), and as it is to be; the versions are equal."""

    before: Candidate | None
    after: Candidate


def write_changes(
    context: AppContext,
    actor: str,
    action: str,
    changes: Sequence[CandidateChange],
    reason: str | None = None,
) -> list[Candidate]:
    """Write changes of candidates with their audit entries, all or none; return what is stored.

    Numbers may change hands among these candidates. Raises SittingUnderWay where a number changes
    of somebody who is answering, Conflict where a number is taken or somebody was changed meanwhile.
    """
    effective = [change for change in changes if change.before != change.after]
    _require_correctable(context, effective)
    writes = [_audited(context, actor, action, change, reason) for change in effective]
    if writes:
        context.registry.put_candidates(writes)
    for change in effective:
        _correct_sessions(context, actor, change)
    written = {write.candidate.candidate_id: write.candidate for write in writes}
    return [written.get(change.after.candidate_id, change.after) for change in changes]


def _audited(
    context: AppContext, actor: str, action: str, change: CandidateChange, reason: str | None
) -> CandidateWrite:
    detail = audit_detail(change.before, change.after)
    if reason is not None:
        detail["reason"] = reason
    entry, head = append(
        change.after.head,
        change.after.candidate_id,
        context.clock(),
        actor,
        action if change.before else "enrolled",
        **detail,
    )
    version = change.before.version + 1 if change.before else 1
    return CandidateWrite(replace(change.after, version=version, head=head), (entry,))


def candidates_under_way(context: AppContext, candidates: Iterable[Candidate]) -> frozenset[str]:
    """Return which of these candidates are answering now: their numbers stay as they are."""
    sitting_ids = [sitting for candidate in candidates for sitting in _sitting_ids(candidate)]
    sessions = context.sessions.current_sessions(sitting_ids) if sitting_ids else ()
    return frozenset(session.candidate_id for session in sessions if is_under_way(session))


def _require_correctable(context: AppContext, changes: Iterable[CandidateChange]) -> None:
    renumbered = (
        change.before
        for change in changes
        if change.before and NUMBERS & set(changed_fields(change.before, change.after))
    )
    if candidates_under_way(context, renumbered):
        raise SittingUnderWay


def _correct_sessions(context: AppContext, actor: str, change: CandidateChange) -> None:
    """Repeat name and admission number in the sessions that show them. Idempotent."""
    before, after = change.before, change.after
    if before is None or (before.name, before.admission_number) == (
        after.name,
        after.admission_number,
    ):
        return
    for sitting_id in _sitting_ids(before):
        retry_on_conflict(_correction(context, actor, after, sitting_id))


def _correction(
    context: AppContext, actor: str, candidate: Candidate, sitting_id: str
) -> Callable[[], None]:
    def attempt() -> None:
        session = find_or_none(_reader(context, sitting_id))
        if session is None:
            return
        transition = with_corrected_candidate(session, candidate, context.clock(), actor)
        if transition is not None:
            context.sessions.commit(transition.session, transition.entry)

    return attempt


def _reader(context: AppContext, sitting_id: str) -> Callable[[], Session]:
    """Return a read of the current attempt of a sitting."""
    return lambda: context.sessions.session(context.sessions.current_attempt(sitting_id).session_id)


def _sitting_ids(candidate: Candidate) -> list[str]:
    return [
        make_session_id(candidate.candidate_id, subject_id, kind)
        for subject_id in candidate.rooms
        for kind in SittingKind
    ]
