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
    normalize_phone_number,
    sms_batch_id,
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
    SendBatch,
    SmsContext,
    SmsJob,
)

PAGE_SIZE = 100
BATCH_SIZE = 10
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
    return sms_batch_id(subject.subject_id, kind, subject.windows[kind].passcode_hash)


def start_batch(world: AppContext, staff: Staff, wanted: SmsRequest) -> SmsBatch:
    """Send a sitting's passcode to everybody of the subject who has not got it.

    Raises NotFound, and WrongState where the sitting is over or the passcode is not kept.
    """
    subject = _subject(world.registry.fresh_exam(wanted.exam_id), wanted.subject_id)
    _require_sendable(world, subject, wanted.kind)
    mailing_id = _current_batch_id(subject, wanted.kind)
    fresh = SmsBatch(
        mailing_id,
        wanted.exam_id,
        wanted.subject_id,
        wanted.kind,
        wanted.language,
        world.clock(),
        audit_actor(staff),
    )

    def attempt() -> SmsBatch:
        known = find_or_none(lambda: world.sms_batches.batch(mailing_id))
        mailing = replace(fresh, version=known.version + 1) if known else fresh
        world.sms_batches.put_batch(mailing)
        return mailing

    mailing = retry_on_conflict(attempt)
    world.jobs.add(EnqueueRecipients(mailing_id, again=wanted.resend))
    return mailing


def _require_sendable(world: AppContext, subject: Subject, kind: SittingKind) -> None:
    window = subject.windows[kind]
    if world.clock() >= window.ends_at:
        raise WrongState(LocalizedText("该场次已经结束。", "This sitting is over."), "over")
    passcode = world.passcodes.reveal(subject.subject_id, kind)
    if passcode is None or not verify_passcode(passcode, window.passcode_hash):
        raise WrongState(
            LocalizedText(
                "请先生成新的口令，再发送短信。", "Make a new passcode first, then send it."
            ),
            "no_passcode",
        )


def progress(world: AppContext, exam_id: str, subject_id: str, kind: SittingKind) -> SmsProgress:
    """Return how far sending the sitting's present passcode is. Raises NotFound."""
    mailing_id = _current_batch_id(_subject(world.registry.fresh_exam(exam_id), subject_id), kind)
    counts = dict.fromkeys(DeliveryStatus, 0)
    failed: list[Recipient] = []
    for recipient in world.sms_batches.recipients(mailing_id):
        counts[recipient.status] += 1
        if recipient.status is DeliveryStatus.FAILED and len(failed) < MAX_FAILURES_SHOWN:
            failed.append(recipient)
    failures = [
        (
            world.registry.candidate(recipient.candidate_id),
            recipient.reason or DeliveryFailure.REFUSED,
        )
        for recipient in failed
    ]
    known = find_or_none(lambda: world.sms_batches.batch(mailing_id))
    return SmsProgress(known, counts, failures)


def run_job(world: SmsContext, job: SmsJob) -> None:
    """Do one job. Raises NotSent where the queue should bring it again."""
    match job:
        case EnqueueRecipients():
            _enqueue_recipients(world, job)
        case SendBatch():
            _send_batch(world, job)


def _enqueue_recipients(world: SmsContext, job: EnqueueRecipients) -> None:
    mailing = world.sms_batches.batch(job.batch_id)
    page = world.registry.candidates(mailing.exam_id, after=job.after, most=PAGE_SIZE)
    signed_up = [
        candidate.candidate_id
        for candidate in page.candidates
        if mailing.subject_id in candidate.rooms
    ]
    waiting = [
        one for one in signed_up if _ensure_recipient(world, mailing.batch_id, one, again=job.again)
    ]
    world.jobs.add(
        *(SendBatch(mailing.batch_id, tuple(some)) for some in batched(waiting, BATCH_SIZE))
    )
    if page.after:
        world.jobs.add(replace(job, after=page.after))
    else:
        retry_on_conflict(lambda: _mark_enqueued(world, mailing.batch_id))


def _mark_enqueued(world: SmsContext, mailing_id: str) -> None:
    known = world.sms_batches.batch(mailing_id)
    world.sms_batches.put_batch(
        replace(known, enqueued_at=world.clock(), version=known.version + 1)
    )


def _ensure_recipient(
    world: SmsContext, mailing_id: str, candidate_id: str, *, again: bool
) -> bool:
    """Write a recipient down, and tell whether the message is still to be sent."""
    try:
        world.sms_batches.put_recipient(Recipient(mailing_id, candidate_id))
    except Conflict:
        pass
    else:
        return True
    known = world.sms_batches.recipient(mailing_id, candidate_id)
    if known.status is DeliveryStatus.FAILED and again:
        return _set_status(world, known, DeliveryStatus.WAITING)
    return known.status is DeliveryStatus.WAITING


def _set_status(
    world: SmsContext,
    known: Recipient,
    status: DeliveryStatus,
    reason: DeliveryFailure | None = None,
) -> bool:
    """Move a recipient on; False where somebody else did meanwhile."""
    try:
        world.sms_batches.put_recipient(with_status(known, status, reason))
    except Conflict:
        return False
    return True


def _send_batch(world: SmsContext, job: SendBatch) -> None:
    mailing = world.sms_batches.batch(job.batch_id)
    exam = world.registry.fresh_exam(mailing.exam_id)
    subject = exam.subject(mailing.subject_id)
    passcode = _passcode(world, mailing, subject)
    for candidate_id in job.candidate_ids:
        known = world.sms_batches.recipient(mailing.batch_id, candidate_id)
        if known.status is DeliveryStatus.SENDING:
            _set_status(world, known, DeliveryStatus.FAILED, DeliveryFailure.UNCLEAR)
        if known.status is not DeliveryStatus.WAITING:
            continue
        if subject is None or passcode is None:
            _set_status(world, known, DeliveryStatus.FAILED, DeliveryFailure.PASSCODE_CHANGED)
            continue
        message = _message(world, exam, subject, mailing, candidate_id, passcode)
        if isinstance(message, DeliveryFailure):
            _set_status(world, known, DeliveryStatus.FAILED, message)
        elif _set_status(world, known, DeliveryStatus.SENDING):
            _deliver(world, known, message)


def _passcode(world: SmsContext, mailing: SmsBatch, subject: Subject | None) -> str | None:
    """Return the mailing's passcode, or None where there is a newer one."""
    if subject is None or _current_batch_id(subject, mailing.kind) != mailing.batch_id:
        return None
    kept = world.passcodes.reveal(mailing.subject_id, mailing.kind)
    stored = subject.windows[mailing.kind].passcode_hash
    return kept if kept is not None and verify_passcode(kept, stored) else None


def _message(
    world: SmsContext,
    exam: Exam,
    subject: Subject,
    mailing: SmsBatch,
    candidate_id: str,
    passcode: str,
) -> SmsMessage | DeliveryFailure:
    candidate = world.registry.candidate(candidate_id)
    if subject.subject_id not in candidate.rooms:
        return DeliveryFailure.NOT_ENROLLED
    phone = normalize_phone_number(candidate.phone_number)
    if phone is None:
        return DeliveryFailure.BAD_NUMBER
    return compose_passcode_sms(exam, subject, candidate, passcode, mailing, phone)


def _deliver(world: SmsContext, known: Recipient, message: SmsMessage) -> None:
    try:
        world.sms.send(message)
    except NotSent as error:
        _record_outcome(
            world,
            known,
            DeliveryStatus.WAITING if error.passing else DeliveryStatus.FAILED,
            error.reason,
        )
        if error.passing:
            raise
    else:
        _record_outcome(world, known, DeliveryStatus.SENT)


def _record_outcome(
    world: SmsContext,
    known: Recipient,
    status: DeliveryStatus,
    reason: DeliveryFailure | None = None,
) -> None:
    """Note how sending went: whoever sent knows better than whoever found it under way."""

    def attempt() -> None:
        now = world.sms_batches.recipient(known.batch_id, known.candidate_id)
        world.sms_batches.put_recipient(
            with_status(now, status, reason if status is DeliveryStatus.FAILED else None)
        )

    retry_on_conflict(attempt)
