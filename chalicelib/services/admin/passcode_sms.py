"""Passcodes by SMS: an administrator starts a batch, the function `sms` processes its jobs.

    start_batch → EnqueueRecipients: reads the candidates page by page, stores the recipients, adds
                  → SendToRecipients: for a few recipients, claims each, sends, records the outcome

Jobs may be delivered twice: the stored status decides whether anything is left to do.
"""

from dataclasses import dataclass, replace
from itertools import batched

from chalicelib.domain.errors import Conflict, WrongState
from chalicelib.domain.exams.exams import Candidate, Exam, Staff, Subject
from chalicelib.domain.messaging.passcode_sms import (
    DeliveryFailure,
    DeliveryStatus,
    Recipient,
    SmsBatch,
    SmsMessage,
    compose_passcode_sms,
    make_sms_batch_id,
    with_status,
)
from chalicelib.domain.normalization import normalize_phone_number
from chalicelib.domain.types import LocalizedText, SittingKind
from chalicelib.retry import find_or_none, retry_on_conflict
from chalicelib.services.core.access import audit_actor
from chalicelib.services.core.passcodes import own_passcode, stored_passcode
from chalicelib.services.core.subjects import require_subject
from chalicelib.services.ports import (
    AppContext,
    EnqueueRecipients,
    NotSent,
    Passcodes,
    SendToRecipients,
    SmsContext,
    SmsJob,
)

PAGE_SIZE = 100
RECIPIENTS_PER_JOB = 10
MAX_FAILURES_SHOWN = 100


@dataclass(frozen=True, slots=True)
class SmsProgress:
    """The progress of a batch; `failures` are the first MAX_FAILURES_SHOWN, with their candidates."""

    batch: SmsBatch | None
    counts: dict[DeliveryStatus, int]
    failures: list[tuple[Candidate, DeliveryFailure]]


@dataclass(frozen=True, slots=True)
class SmsRequest:
    """Which passcode to send, in which language; `resend` includes recipients whose SMS failed."""

    exam_id: str
    subject_id: str
    kind: SittingKind
    language: str
    resend: bool = False


def _current_batch_id(subject: Subject, kind: SittingKind) -> str:
    return make_sms_batch_id(subject.subject_id, kind, subject.windows[kind].passcode_hash)


def start_batch(context: AppContext, staff: Staff, request: SmsRequest) -> SmsBatch:
    """Start sending a sitting's passcode, or each their own, to candidates who have not received it.

    Raises NotFound, and WrongState where the sitting is over or the passcode is not stored.
    """
    subject = require_subject(context.registry.fresh_exam(request.exam_id), request.subject_id)
    require_sendable(context, subject, request.kind)
    batch_id = _current_batch_id(subject, request.kind)
    new_batch = SmsBatch(
        batch_id,
        request.exam_id,
        request.subject_id,
        request.kind,
        request.language,
        context.clock(),
        audit_actor(staff),
    )

    def attempt() -> SmsBatch:
        before = find_or_none(lambda: context.sms_batches.batch(batch_id))
        batch = replace(new_batch, version=before.version + 1) if before else new_batch
        context.sms_batches.put_batch(batch)
        return batch

    batch = retry_on_conflict(attempt)
    context.jobs.add(EnqueueRecipients(batch_id, resend=request.resend))
    return batch


def require_sendable(context: AppContext, subject: Subject, kind: SittingKind) -> None:
    """Raise WrongState where a sitting is over, or its passcode is not stored."""
    window = subject.windows[kind]
    if context.clock() >= window.ends_at:
        raise WrongState(LocalizedText("该场次已经结束。", "This sitting has ended."), "over")
    require_stored_passcode(context.passcodes, subject, kind)


def require_stored_passcode(passcodes: Passcodes, subject: Subject, kind: SittingKind) -> str:
    """Return a sitting's passcode, or the secret of its personal ones. Raises WrongState."""
    stored = stored_passcode(passcodes, subject, kind)
    if stored is None:
        raise WrongState(
            LocalizedText("请先生成新的口令。", "Generate a new passcode first."), "no_passcode"
        )
    return stored


def progress(context: AppContext, exam_id: str, subject_id: str, kind: SittingKind) -> SmsProgress:
    """Return the progress of sending a sitting's current passcode. Raises NotFound."""
    batch_id = _current_batch_id(
        require_subject(context.registry.fresh_exam(exam_id), subject_id), kind
    )
    counts = dict.fromkeys(DeliveryStatus, 0)
    failed_recipients: list[Recipient] = []
    for recipient in context.sms_batches.recipients(batch_id):
        counts[recipient.status] += 1
        if recipient.status is DeliveryStatus.FAILED:
            failed_recipients.append(recipient)
    failures = [
        (
            context.registry.candidate(recipient.candidate_id),
            recipient.reason or DeliveryFailure.REFUSED,
        )
        for recipient in failed_recipients[:MAX_FAILURES_SHOWN]
    ]
    batch = find_or_none(lambda: context.sms_batches.batch(batch_id))
    return SmsProgress(batch, counts, failures)


def run_job(context: SmsContext, job: SmsJob) -> None:
    """Process a job. Raises NotSent where the queue should deliver it again."""
    match job:
        case EnqueueRecipients():
            _enqueue_recipients(context, job)
        case SendToRecipients():
            _send_to_recipients(context, job)


def _enqueue_recipients(context: SmsContext, job: EnqueueRecipients) -> None:
    batch = context.sms_batches.batch(job.batch_id)
    page = context.registry.candidates(batch.exam_id, after=job.after, limit=PAGE_SIZE)
    candidate_ids = [
        candidate.candidate_id
        for candidate in page.candidates
        if batch.subject_id in candidate.rooms
    ]
    waiting_ids = [
        candidate_id
        for candidate_id in candidate_ids
        if _ensure_recipient(context, batch.batch_id, candidate_id, resend=job.resend)
    ]
    context.jobs.add(
        *(
            SendToRecipients(batch.batch_id, job_ids)
            for job_ids in batched(waiting_ids, RECIPIENTS_PER_JOB)
        )
    )
    if page.after:
        context.jobs.add(replace(job, after=page.after))
    else:
        retry_on_conflict(lambda: _mark_enqueued(context, batch.batch_id))


def _mark_enqueued(context: SmsContext, batch_id: str) -> None:
    batch = context.sms_batches.batch(batch_id)
    context.sms_batches.put_batch(
        replace(batch, enqueued_at=context.clock(), version=batch.version + 1)
    )


def _ensure_recipient(
    context: SmsContext, batch_id: str, candidate_id: str, *, resend: bool
) -> bool:
    """Store a recipient, and return whether the message is still to be sent."""
    try:
        context.sms_batches.put_recipient(Recipient(batch_id, candidate_id))
    except Conflict:
        pass
    else:
        return True
    recipient = context.sms_batches.recipient(batch_id, candidate_id)
    if recipient.status is DeliveryStatus.FAILED and resend:
        return _set_status(context, recipient, DeliveryStatus.WAITING)
    return recipient.status is DeliveryStatus.WAITING


def _set_status(
    context: SmsContext,
    recipient: Recipient,
    status: DeliveryStatus,
    reason: DeliveryFailure | None = None,
) -> bool:
    """Change a recipient's status. Returns False where another job did so meanwhile."""
    try:
        context.sms_batches.put_recipient(with_status(recipient, status, reason))
    except Conflict:
        return False
    return True


def _send_to_recipients(context: SmsContext, job: SendToRecipients) -> None:
    batch = context.sms_batches.batch(job.batch_id)
    exam = context.registry.fresh_exam(batch.exam_id)
    subject = exam.subject(batch.subject_id)
    stored = _stored_passcode(context, batch, subject)
    for candidate_id in job.candidate_ids:
        recipient = context.sms_batches.recipient(batch.batch_id, candidate_id)
        if recipient.status is DeliveryStatus.SENDING:
            _set_status(context, recipient, DeliveryStatus.FAILED, DeliveryFailure.UNCLEAR)
        if recipient.status is not DeliveryStatus.WAITING:
            continue
        if subject is None or stored is None:
            _set_status(context, recipient, DeliveryStatus.FAILED, DeliveryFailure.PASSCODE_CHANGED)
            continue
        message = _message(context, exam, subject, batch, candidate_id, stored)
        if isinstance(message, DeliveryFailure):
            _set_status(context, recipient, DeliveryStatus.FAILED, message)
        elif _set_status(context, recipient, DeliveryStatus.SENDING):
            _deliver(context, recipient, message)


def _stored_passcode(context: SmsContext, batch: SmsBatch, subject: Subject | None) -> str | None:
    """Return what the batch's passcodes are made of, or None where there is something newer."""
    if subject is None or _current_batch_id(subject, batch.kind) != batch.batch_id:
        return None
    return stored_passcode(context.passcodes, subject, batch.kind)


def _message(
    context: SmsContext,
    exam: Exam,
    subject: Subject,
    batch: SmsBatch,
    candidate_id: str,
    stored: str,
) -> SmsMessage | DeliveryFailure:
    candidate = context.registry.candidate(candidate_id)
    if subject.subject_id not in candidate.rooms:
        return DeliveryFailure.NOT_ENROLLED
    phone_number = normalize_phone_number(candidate.phone_number)
    if phone_number is None:
        return DeliveryFailure.BAD_NUMBER
    passcode = own_passcode(subject, batch.kind, stored, candidate)
    return compose_passcode_sms(exam, subject, candidate, passcode, batch, phone_number)


def _deliver(context: SmsContext, recipient: Recipient, message: SmsMessage) -> None:
    try:
        context.sms.send(message)
    except NotSent as error:
        _record_outcome(
            context,
            recipient,
            DeliveryStatus.WAITING if error.retryable else DeliveryStatus.FAILED,
            error.reason,
        )
        if error.retryable:
            raise
    else:
        _record_outcome(context, recipient, DeliveryStatus.SENT)


def _record_outcome(
    context: SmsContext,
    recipient: Recipient,
    status: DeliveryStatus,
    reason: DeliveryFailure | None = None,
) -> None:
    """Record the outcome of sending, also over the status that a redelivered job has set meanwhile."""

    def attempt() -> None:
        stored = context.sms_batches.recipient(recipient.batch_id, recipient.candidate_id)
        context.sms_batches.put_recipient(
            with_status(stored, status, reason if status is DeliveryStatus.FAILED else None)
        )

    retry_on_conflict(attempt)
