"""Passcodes by text message: an admin starts it, data's part carries it out.

    start → Walk: reads the candidates page by page, writes down who is to get it, queues
                  → Send: a few recipients; claims each, sends, notes how it went

Each job may come twice: what is written down decides whether anything is still to do.
"""

from dataclasses import dataclass, replace
from itertools import batched

from chalicelib.domain.errors import Conflict, NotFound, WrongState
from chalicelib.domain.exams.exams import Candidate, Exam, Staff, Subject
from chalicelib.domain.messaging.passcode_sms import (
    DeliveryFailure,
    DeliveryStatus,
    Recipient,
    SmsBatch,
    SmsMessage,
    compose_passcode_sms,
    make_sms_batch_id,
    normalize_phone_number,
    with_status,
)
from chalicelib.domain.passcodes import verify_passcode
from chalicelib.domain.types import LocalizedText, SittingKind
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.core.access import audit_actor
from chalicelib.services.ports import (
    AppContext,
    EnqueueRecipients,
    NotSent,
    SendToRecipients,
    SmsContext,
    SmsJob,
)

PAGE_SIZE = 100
RECIPIENTS_PER_JOB = 10
MAX_FAILURES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class SmsProgress:
    """How far a mailing is; `failures` are the first SHOWN, with their candidates."""

    batch: SmsBatch | None
    counts: dict[DeliveryStatus, int]
    failures: list[tuple[Candidate, DeliveryFailure]]


@dataclass(frozen=True, slots=True)
class SmsRequest:
    """Which passcode is to be sent, in which language; `again` also where it failed before."""

    exam_id: str
    subject_id: str
    kind: SittingKind
    language: str
    resend: bool = False


def _subject(exam: Exam, subject_id: str) -> Subject:
    subject = exam.subject(subject_id)
    if subject is None:
        raise NotFound
    return subject


def _current_batch_id(subject: Subject, kind: SittingKind) -> str:
    return make_sms_batch_id(subject.subject_id, kind, subject.windows[kind].passcode_hash)


def start_batch(context: AppContext, staff: Staff, request: SmsRequest) -> SmsBatch:
    """Send a sitting's passcode to everybody of the subject who has not got it.

    Raises NotFound, and WrongState where the sitting is over or the passcode is not kept.
    """
    subject = _subject(context.registry.fresh_exam(request.exam_id), request.subject_id)
    _require_sendable(context, subject, request.kind)
    mailing_id = _current_batch_id(subject, request.kind)
    fresh = SmsBatch(
        mailing_id,
        request.exam_id,
        request.subject_id,
        request.kind,
        request.language,
        context.clock(),
        audit_actor(staff),
    )

    def attempt() -> SmsBatch:
        known = find_or_none(lambda: context.sms_batches.batch(mailing_id))
        batch = replace(fresh, version=known.version + 1) if known else fresh
        context.sms_batches.put_batch(batch)
        return batch

    batch = retry_on_conflict(attempt)
    context.jobs.add(EnqueueRecipients(mailing_id, again=request.resend))
    return batch


def _require_sendable(context: AppContext, subject: Subject, kind: SittingKind) -> None:
    window = subject.windows[kind]
    if context.clock() >= window.ends_at:
        raise WrongState(LocalizedText("该场次已经结束。", "This sitting is over."), "over")
    passcode = context.passcodes.reveal(subject.subject_id, kind)
    if passcode is None or not verify_passcode(passcode, window.passcode_hash):
        raise WrongState(
            LocalizedText(
                "请先生成新的口令，再发送短信。", "Make a new passcode first, then send it."
            ),
            "no_passcode",
        )


def progress(context: AppContext, exam_id: str, subject_id: str, kind: SittingKind) -> SmsProgress:
    """Return how far sending the sitting's present passcode is. Raises NotFound."""
    mailing_id = _current_batch_id(_subject(context.registry.fresh_exam(exam_id), subject_id), kind)
    counts = dict.fromkeys(DeliveryStatus, 0)
    failed: list[Recipient] = []
    for recipient in context.sms_batches.recipients(mailing_id):
        counts[recipient.status] += 1
        if recipient.status is DeliveryStatus.FAILED and len(failed) < MAX_FAILURES_SHOWN:
            failed.append(recipient)
    failures = [
        (
            context.registry.candidate(recipient.candidate_id),
            recipient.reason or DeliveryFailure.REFUSED,
        )
        for recipient in failed
    ]
    known = find_or_none(lambda: context.sms_batches.batch(mailing_id))
    return SmsProgress(known, counts, failures)


def run_job(context: SmsContext, job: SmsJob) -> None:
    """Do one job. Raises NotSent where the queue should bring it again."""
    match job:
        case EnqueueRecipients():
            _enqueue_recipients(context, job)
        case SendToRecipients():
            _send_to_recipients(context, job)


def _enqueue_recipients(context: SmsContext, job: EnqueueRecipients) -> None:
    batch = context.sms_batches.batch(job.batch_id)
    page = context.registry.candidates(batch.exam_id, after=job.after, limit=PAGE_SIZE)
    signed_up = [
        candidate.candidate_id
        for candidate in page.candidates
        if batch.subject_id in candidate.rooms
    ]
    waiting = [
        one for one in signed_up if _ensure_recipient(context, batch.batch_id, one, again=job.again)
    ]
    context.jobs.add(
        *(
            SendToRecipients(batch.batch_id, tuple(some))
            for some in batched(waiting, RECIPIENTS_PER_JOB)
        )
    )
    if page.after:
        context.jobs.add(replace(job, after=page.after))
    else:
        retry_on_conflict(lambda: _mark_enqueued(context, batch.batch_id))


def _mark_enqueued(context: SmsContext, mailing_id: str) -> None:
    known = context.sms_batches.batch(mailing_id)
    context.sms_batches.put_batch(
        replace(known, enqueued_at=context.clock(), version=known.version + 1)
    )


def _ensure_recipient(
    context: SmsContext, mailing_id: str, candidate_id: str, *, again: bool
) -> bool:
    """Write a recipient down, and tell whether the message is still to be sent."""
    try:
        context.sms_batches.put_recipient(Recipient(mailing_id, candidate_id))
    except Conflict:
        pass
    else:
        return True
    known = context.sms_batches.recipient(mailing_id, candidate_id)
    if known.status is DeliveryStatus.FAILED and again:
        return _set_status(context, known, DeliveryStatus.WAITING)
    return known.status is DeliveryStatus.WAITING


def _set_status(
    context: SmsContext,
    known: Recipient,
    status: DeliveryStatus,
    reason: DeliveryFailure | None = None,
) -> bool:
    """Move a recipient on; False where somebody else did meanwhile."""
    try:
        context.sms_batches.put_recipient(with_status(known, status, reason))
    except Conflict:
        return False
    return True


def _send_to_recipients(context: SmsContext, job: SendToRecipients) -> None:
    batch = context.sms_batches.batch(job.batch_id)
    exam = context.registry.fresh_exam(batch.exam_id)
    subject = exam.subject(batch.subject_id)
    passcode = _passcode(context, batch, subject)
    for candidate_id in job.candidate_ids:
        known = context.sms_batches.recipient(batch.batch_id, candidate_id)
        if known.status is DeliveryStatus.SENDING:
            _set_status(context, known, DeliveryStatus.FAILED, DeliveryFailure.UNCLEAR)
        if known.status is not DeliveryStatus.WAITING:
            continue
        if subject is None or passcode is None:
            _set_status(context, known, DeliveryStatus.FAILED, DeliveryFailure.PASSCODE_CHANGED)
            continue
        message = _message(context, exam, subject, batch, candidate_id, passcode)
        if isinstance(message, DeliveryFailure):
            _set_status(context, known, DeliveryStatus.FAILED, message)
        elif _set_status(context, known, DeliveryStatus.SENDING):
            _deliver(context, known, message)


def _passcode(context: SmsContext, batch: SmsBatch, subject: Subject | None) -> str | None:
    """Return the mailing's passcode, or None where there is a newer one."""
    if subject is None or _current_batch_id(subject, batch.kind) != batch.batch_id:
        return None
    kept = context.passcodes.reveal(batch.subject_id, batch.kind)
    stored = subject.windows[batch.kind].passcode_hash
    return kept if kept is not None and verify_passcode(kept, stored) else None


def _message(
    context: SmsContext,
    exam: Exam,
    subject: Subject,
    batch: SmsBatch,
    candidate_id: str,
    passcode: str,
) -> SmsMessage | DeliveryFailure:
    candidate = context.registry.candidate(candidate_id)
    if subject.subject_id not in candidate.rooms:
        return DeliveryFailure.NOT_ENROLLED
    phone = normalize_phone_number(candidate.phone_number)
    if phone is None:
        return DeliveryFailure.BAD_NUMBER
    return compose_passcode_sms(exam, subject, candidate, passcode, batch, phone)


def _deliver(context: SmsContext, known: Recipient, message: SmsMessage) -> None:
    try:
        context.sms.send(message)
    except NotSent as error:
        _record_outcome(
            context,
            known,
            DeliveryStatus.WAITING if error.retryable else DeliveryStatus.FAILED,
            error.reason,
        )
        if error.retryable:
            raise
    else:
        _record_outcome(context, known, DeliveryStatus.SENT)


def _record_outcome(
    context: SmsContext,
    known: Recipient,
    status: DeliveryStatus,
    reason: DeliveryFailure | None = None,
) -> None:
    """Note how sending went: whoever sent knows better than whoever found it under way."""

    def attempt() -> None:
        now = context.sms_batches.recipient(known.batch_id, known.candidate_id)
        context.sms_batches.put_recipient(
            with_status(now, status, reason if status is DeliveryStatus.FAILED else None)
        )

    retry_on_conflict(attempt)
