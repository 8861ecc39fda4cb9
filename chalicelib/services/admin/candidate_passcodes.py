"""A candidate's own passcode: shown, sent again, replaced, or exported for printing; on record."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from chalicelib.domain.audit import append
from chalicelib.domain.errors import Conflict, NotFound, WrongState
from chalicelib.domain.exams.exams import (
    Candidate,
    Staff,
    Subject,
    with_new_passcode,
)
from chalicelib.domain.messaging.passcode_sms import (
    DeliveryStatus,
    Recipient,
    SmsBatch,
    make_sms_batch_id,
    with_status,
)
from chalicelib.domain.passcodes import PasscodeMode
from chalicelib.domain.types import MINUTE, LocalizedText, Millis, SittingKind
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.admin.passcode_sms import require_sendable, require_stored_passcode
from chalicelib.services.core.access import audit_actor
from chalicelib.services.core.passcodes import own_passcode
from chalicelib.services.core.subjects import require_subject
from chalicelib.services.ports import AppContext, SendToRecipients

EXPORT_PAGE = 200
RESENT = "passcode_resent"
REPLACED = "passcode_replaced"
REPEAT_PAUSE: Millis = MINUTE


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
    return own_passcode(subject, sitting.kind, stored, candidate)


def replace_passcode(context: AppContext, staff: Staff, sitting: CandidateSitting) -> str:
    """Make one candidate a new passcode and return it; the one before ends at once.

    Nobody else's changes, and nothing is sent. Idempotent within REPEAT_PAUSE: a request that is
    sent again returns the same. Raises NotFound, and WrongState where all of the sitting's
    candidates share one, or none was made.
    """
    subject = _subject(context, sitting)
    if subject.windows[sitting.kind].passcode_mode is PasscodeMode.SHARED:
        raise WrongState(
            LocalizedText(
                "本场次的考生共用一个口令，不能只更换一人的口令。",
                "The candidates of this sitting share one passcode: it cannot be replaced for one "
                "person alone.",
            ),
            "shared_passcode",
        )
    stored = require_stored_passcode(context.passcodes, subject, sitting.kind)
    candidate = retry_on_conflict(lambda: _replace(context, staff, sitting))
    return own_passcode(subject, sitting.kind, stored, candidate)


def resend_passcode(
    context: AppContext, staff: Staff, sitting: CandidateSitting, language: str
) -> None:
    """Send a candidate the passcode by SMS once more, whether or not an earlier SMS arrived.

    Idempotent within REPEAT_PAUSE: a request that is sent again costs no second message. Raises
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
    subject = require_subject(exam, subject_id)
    stored = require_stored_passcode(context.passcodes, subject, kind)
    page = context.registry.candidates(exam_id, after=after, limit=EXPORT_PAGE)
    candidates = [candidate for candidate in page.candidates if subject_id in candidate.rooms]
    retry_on_conflict(
        lambda: _record_export(context, staff, exam_id, subject_id, kind, len(candidates))
    )
    return PasscodePage(
        tuple(
            CandidatePasscode(candidate, own_passcode(subject, kind, stored, candidate))
            for candidate in candidates
        ),
        page.after,
    )


def _subject(context: AppContext, sitting: CandidateSitting) -> Subject:
    return require_subject(context.registry.fresh_exam(sitting.exam_id), sitting.subject_id)


def _record(
    context: AppContext,
    staff: Staff,
    sitting: CandidateSitting,
    action: str,
    change: Callable[[Candidate], Candidate] = lambda candidate: candidate,
) -> Candidate:
    """Write a candidate with an entry of its audit chain. Raises NotFound for another exam's."""
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
    changed = replace(change(candidate), head=head, version=candidate.version + 1)
    context.registry.put_candidate(changed, entry)
    return changed


def _record_resend(context: AppContext, staff: Staff, sitting: CandidateSitting) -> bool:
    """Write an entry for a message sent again, unless one went out just now; return whether."""
    just_now = _just_now(context, sitting)
    # A passcode that was replaced since is another message.
    was_sent = bool(just_now) and just_now[-1] == RESENT
    if not was_sent:
        _record(context, staff, sitting, RESENT)
    return not was_sent


def _replace(context: AppContext, staff: Staff, sitting: CandidateSitting) -> Candidate:
    """Return a candidate with a new passcode, or with that of a moment ago."""
    if REPLACED in _just_now(context, sitting):
        return context.registry.candidate(sitting.candidate_id)
    return _record(
        context,
        staff,
        sitting,
        REPLACED,
        lambda before: with_new_passcode(before, sitting.subject_id, sitting.kind),
    )


def _just_now(context: AppContext, sitting: CandidateSitting) -> list[str]:
    """Return what was done of a candidate's passcode within REPEAT_PAUSE, the earliest first."""
    since = context.clock() - REPEAT_PAUSE
    place = sitting.subject_id, sitting.kind
    return [
        entry.action
        for entry in context.registry.audit(sitting.candidate_id)
        if entry.at > since
        and entry.action in {RESENT, REPLACED}
        and (entry.detail["subject"], entry.detail["kind"]) == place
    ]


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
