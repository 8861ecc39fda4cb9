"""A candidate's own passcode: shown, sent again, or exported for printing; each on record."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.domain.audit import append
from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.exams.exams import Candidate, Exam, Staff, Subject
from chalicelib.domain.messaging.passcode_sms import (
    DeliveryStatus,
    Recipient,
    SmsBatch,
    make_sms_batch_id,
    with_status,
)
from chalicelib.domain.passcodes import passcode_for
from chalicelib.domain.types import MINUTE, Millis, SittingKind
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.admin.passcode_sms import require_sendable, require_stored_passcode
from chalicelib.services.core.access import audit_actor
from chalicelib.services.ports import AppContext, SendToRecipients

EXPORT_PAGE = 200
RESENT = "passcode_resent"
RESEND_PAUSE: Millis = MINUTE


@dataclass(frozen=True, slots=True)
class CandidateSitting:
    """One sitting of one candidate of an exam."""

    exam_id: str
    candidate_id: str
    subject_id: str
    kind: SittingKind


@dataclass(frozen=True, slots=True)
class CandidatePasscode:
    """A candidate and the passcode to sign in with."""

    candidate: Candidate
    passcode: str


@dataclass(frozen=True, slots=True)
class PasscodePage:
    """One page of a subject's passcodes; the next begins after `after`, empty on the last."""

    passcodes: tuple[CandidatePasscode, ...]
    after: str


def show_passcode(context: AppContext, staff: Staff, sitting: CandidateSitting) -> str:
    """Return a candidate's passcode. Raises NotFound, and WrongState where none was made."""
    subject = _subject(context, sitting)
    stored = require_stored_passcode(context.passcodes, subject, sitting.kind)
    candidate = retry_on_conflict(lambda: _record(context, staff, sitting, "passcode_shown"))
    return passcode_for(subject.windows[sitting.kind].passcode_mode, stored, candidate.candidate_id)


def resend_passcode(
    context: AppContext, staff: Staff, sitting: CandidateSitting, language: str
) -> None:
    """Send a candidate the passcode by SMS once more, whether or not an earlier SMS arrived.

    Idempotent within RESEND_PAUSE: a request that is sent again costs no second message. Raises
    NotFound, and WrongState where the sitting is over or no passcode was made.
    """
    subject = _subject(context, sitting)
    require_sendable(context, subject, sitting.kind)
    if not retry_on_conflict(lambda: _record_resend(context, staff, sitting)):
        return
    passcode_hash = subject.windows[sitting.kind].passcode_hash
    batch = SmsBatch(
        make_sms_batch_id(subject.subject_id, sitting.kind, passcode_hash),
        sitting.exam_id,
        sitting.subject_id,
        sitting.kind,
        language,
        context.clock(),
        audit_actor(staff),
        enqueued_at=context.clock(),
    )
    if find_or_none(lambda: context.sms_batches.batch(batch.batch_id)) is None:
        _unless_written_meanwhile(lambda: context.sms_batches.put_batch(batch))
    retry_on_conflict(lambda: _set_waiting(context, batch.batch_id, sitting.candidate_id))
    context.jobs.add(SendToRecipients(batch.batch_id, (sitting.candidate_id,)))


def _unless_written_meanwhile(write: Callable[[], None]) -> None:
    try:
        write()
    except Conflict:
        return


def _set_waiting(context: AppContext, batch_id: str, candidate_id: str) -> None:
    stored = find_or_none(lambda: context.sms_batches.recipient(batch_id, candidate_id))
    waiting = (
        with_status(stored, DeliveryStatus.WAITING) if stored else Recipient(batch_id, candidate_id)
    )
    context.sms_batches.put_recipient(waiting)


def export_passcodes(
    context: AppContext,
    staff: Staff,
    exam_id: str,
    subject_id: str,
    kind: SittingKind,
    after: str,
) -> PasscodePage:
    """Return a page of the passcodes of a subject's candidates, in the order of their numbers.

    Every page is in the exam's audit chain. Raises NotFound, WrongState.
    """
    exam = context.registry.fresh_exam(exam_id)
    subject = _require_subject(exam, subject_id)
    stored = require_stored_passcode(context.passcodes, subject, kind)
    page = context.registry.candidates(exam_id, after=after, limit=EXPORT_PAGE)
    candidates = [candidate for candidate in page.candidates if subject_id in candidate.rooms]
    mode = subject.windows[kind].passcode_mode
    retry_on_conflict(
        lambda: _record_export(context, staff, exam_id, subject_id, kind, len(candidates))
    )
    return PasscodePage(
        tuple(
            CandidatePasscode(candidate, passcode_for(mode, stored, candidate.candidate_id))
            for candidate in candidates
        ),
        page.after,
    )


def _require_subject(exam: Exam, subject_id: str) -> Subject:
    subject = exam.subject(subject_id)
    if subject is None:
        raise NotFound
    return subject


def _subject(context: AppContext, sitting: CandidateSitting) -> Subject:
    return _require_subject(context.registry.fresh_exam(sitting.exam_id), sitting.subject_id)


def _record(context: AppContext, staff: Staff, sitting: CandidateSitting, action: str) -> Candidate:
    """Write an entry in the candidate's audit chain. Raises NotFound where it is another exam's."""
    candidate = context.registry.candidate(sitting.candidate_id)
    if candidate.exam_id != sitting.exam_id or sitting.subject_id not in candidate.rooms:
        raise NotFound
    entry, head = append(
        candidate.head,
        candidate.candidate_id,
        context.clock(),
        audit_actor(staff),
        action,
        subject=sitting.subject_id,
        kind=sitting.kind,
    )
    changed = replace(candidate, head=head, version=candidate.version + 1)
    context.registry.put_candidate(changed, entry)
    return changed


def _record_resend(context: AppContext, staff: Staff, sitting: CandidateSitting) -> bool:
    """Write an entry for a message sent again, unless one went out just now; return whether."""
    since = context.clock() - RESEND_PAUSE
    was_sent = any(
        entry.action == RESENT
        and entry.at > since
        and (entry.detail["subject"], entry.detail["kind"]) == (sitting.subject_id, sitting.kind)
        for entry in context.registry.audit(sitting.candidate_id)
    )
    if not was_sent:
        _record(context, staff, sitting, RESENT)
    return not was_sent


def _record_export(
    context: AppContext,
    staff: Staff,
    exam_id: str,
    subject_id: str,
    kind: SittingKind,
    count: int,
) -> None:
    exam = context.registry.fresh_exam(exam_id)
    entry, head = append(
        exam.head,
        exam_id,
        context.clock(),
        audit_actor(staff),
        "passcodes_exported",
        subject=subject_id,
        kind=kind,
        candidates=count,
    )
    context.registry.put_exam(replace(exam, head=head, version=exam.version + 1), entry)
