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
    Delivery,
    Mailing,
    Recipient,
    ShortMessage,
    Undelivered,
    mailing_id_of,
    moved,
    normal_phone,
    passcode_message,
)
from chalicelib.domain.passcodes import matches
from chalicelib.domain.types import SittingKind, Text
from chalicelib.retry import or_none, until_written
from chalicelib.services.core.access import actor_of
from chalicelib.services.ports import Job, NotSent, PostWorld, Send, Walk, World

PAGE = 100
AT_ONCE = 10
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a mailing is; `failures` are the first SHOWN, with their candidates."""

    mailing: Mailing | None
    counts: dict[Delivery, int]
    failures: list[tuple[Candidate, Undelivered]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which passcode is to be sent, in which language; `again` also where it failed before."""

    exam_id: str
    subject_id: str
    kind: SittingKind
    language: str
    again: bool = False


def _subject(exam: Exam, subject_id: str) -> Subject:
    subject = exam.subject(subject_id)
    if subject is None:
        raise NotFound
    return subject


def _current_id(subject: Subject, kind: SittingKind) -> str:
    return mailing_id_of(subject.subject_id, kind, subject.windows[kind].passcode_hash)


def start(world: World, staff: Staff, wanted: Wanted) -> Mailing:
    """Send a sitting's passcode to everybody of the subject who has not got it.

    Raises NotFound, and WrongState where the sitting is over or the passcode is not kept.
    """
    subject = _subject(world.registry.exam_now(wanted.exam_id), wanted.subject_id)
    _check_can_be_sent(world, subject, wanted.kind)
    mailing_id = _current_id(subject, wanted.kind)
    fresh = Mailing(
        mailing_id,
        wanted.exam_id,
        wanted.subject_id,
        wanted.kind,
        wanted.language,
        world.clock(),
        actor_of(staff),
    )

    def attempt() -> Mailing:
        known = or_none(lambda: world.mailings.mailing(mailing_id))
        mailing = replace(fresh, version=known.version + 1) if known else fresh
        world.mailings.put_mailing(mailing)
        return mailing

    mailing = until_written(attempt)
    world.jobs.add(Walk(mailing_id, again=wanted.again))
    return mailing


def _check_can_be_sent(world: World, subject: Subject, kind: SittingKind) -> None:
    window = subject.windows[kind]
    if world.clock() >= window.ends_at:
        raise WrongState(Text("该场次已经结束。", "This sitting is over."), "over")
    passcode = world.passcodes.reveal(subject.subject_id, kind)
    if passcode is None or not matches(passcode, window.passcode_hash):
        raise WrongState(
            Text("请先生成新的口令，再发送短信。", "Make a new passcode first, then send it."),
            "no_passcode",
        )


def progress(world: World, exam_id: str, subject_id: str, kind: SittingKind) -> Progress:
    """Return how far sending the sitting's present passcode is. Raises NotFound."""
    mailing_id = _current_id(_subject(world.registry.exam_now(exam_id), subject_id), kind)
    counts = dict.fromkeys(Delivery, 0)
    failed: list[Recipient] = []
    for one in world.mailings.recipients(mailing_id):
        counts[one.status] += 1
        if one.status is Delivery.FAILED and len(failed) < SHOWN:
            failed.append(one)
    failures = [
        (world.registry.candidate(one.candidate_id), one.reason or Undelivered.REFUSED)
        for one in failed
    ]
    known = or_none(lambda: world.mailings.mailing(mailing_id))
    return Progress(known, counts, failures)


def carry_out(world: PostWorld, job: Job) -> None:
    """Do one job. Raises NotSent where the queue should bring it again."""
    match job:
        case Walk():
            _walk(world, job)
        case Send():
            _send(world, job)


def _walk(world: PostWorld, job: Walk) -> None:
    mailing = world.mailings.mailing(job.mailing_id)
    page = world.registry.candidates(mailing.exam_id, after=job.after, most=PAGE)
    signed_up = [one.candidate_id for one in page.candidates if mailing.subject_id in one.rooms]
    waiting = [one for one in signed_up if _awaits(world, mailing.mailing_id, one, again=job.again)]
    world.jobs.add(*(Send(mailing.mailing_id, tuple(some)) for some in batched(waiting, AT_ONCE)))
    if page.after:
        world.jobs.add(replace(job, after=page.after))
    else:
        until_written(lambda: _walked(world, mailing.mailing_id))


def _walked(world: PostWorld, mailing_id: str) -> None:
    known = world.mailings.mailing(mailing_id)
    world.mailings.put_mailing(replace(known, walked_at=world.clock(), version=known.version + 1))


def _awaits(world: PostWorld, mailing_id: str, candidate_id: str, *, again: bool) -> bool:
    """Write a recipient down, and tell whether the message is still to be sent."""
    try:
        world.mailings.put_recipient(Recipient(mailing_id, candidate_id))
    except Conflict:
        pass
    else:
        return True
    known = world.mailings.recipient(mailing_id, candidate_id)
    if known.status is Delivery.FAILED and again:
        return _moves(world, known, Delivery.WAITING)
    return known.status is Delivery.WAITING


def _moves(
    world: PostWorld, known: Recipient, status: Delivery, reason: Undelivered | None = None
) -> bool:
    """Move a recipient on; False where somebody else did meanwhile."""
    try:
        world.mailings.put_recipient(moved(known, status, reason))
    except Conflict:
        return False
    return True


def _send(world: PostWorld, job: Send) -> None:
    mailing = world.mailings.mailing(job.mailing_id)
    exam = world.registry.exam_now(mailing.exam_id)
    subject = exam.subject(mailing.subject_id)
    passcode = _passcode(world, mailing, subject)
    for candidate_id in job.candidate_ids:
        known = world.mailings.recipient(mailing.mailing_id, candidate_id)
        if known.status is Delivery.SENDING:
            _moves(world, known, Delivery.FAILED, Undelivered.UNCLEAR)
        if known.status is not Delivery.WAITING:
            continue
        if subject is None or passcode is None:
            _moves(world, known, Delivery.FAILED, Undelivered.PASSCODE_CHANGED)
            continue
        message = _message(world, exam, subject, mailing, candidate_id, passcode)
        if isinstance(message, Undelivered):
            _moves(world, known, Delivery.FAILED, message)
        elif _moves(world, known, Delivery.SENDING):
            _deliver(world, known, message)


def _passcode(world: PostWorld, mailing: Mailing, subject: Subject | None) -> str | None:
    """Return the mailing's passcode, or None where there is a newer one."""
    if subject is None or _current_id(subject, mailing.kind) != mailing.mailing_id:
        return None
    kept = world.passcodes.reveal(mailing.subject_id, mailing.kind)
    stored = subject.windows[mailing.kind].passcode_hash
    return kept if kept is not None and matches(kept, stored) else None


def _message(
    world: PostWorld,
    exam: Exam,
    subject: Subject,
    mailing: Mailing,
    candidate_id: str,
    passcode: str,
) -> ShortMessage | Undelivered:
    candidate = world.registry.candidate(candidate_id)
    if subject.subject_id not in candidate.rooms:
        return Undelivered.NOT_ENROLLED
    phone = normal_phone(candidate.phone)
    if phone is None:
        return Undelivered.BAD_NUMBER
    return passcode_message(exam, subject, candidate, passcode, mailing, phone)


def _deliver(world: PostWorld, known: Recipient, message: ShortMessage) -> None:
    try:
        world.sms.send(message)
    except NotSent as error:
        _settle(world, known, Delivery.WAITING if error.passing else Delivery.FAILED, error.reason)
        if error.passing:
            raise
    else:
        _settle(world, known, Delivery.SENT)


def _settle(
    world: PostWorld, known: Recipient, status: Delivery, reason: Undelivered | None = None
) -> None:
    """Note how sending went: whoever sent knows better than whoever found it under way."""

    def attempt() -> None:
        now = world.mailings.recipient(known.mailing_id, known.candidate_id)
        world.mailings.put_recipient(
            moved(now, status, reason if status is Delivery.FAILED else None)
        )

    until_written(attempt)
