"""Passcodes by SMS: one message each, whatever is repeated or interrupted."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import NotFound, WrongState
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.messaging.passcode_sms import (
    DeliveryFailure,
    DeliveryStatus,
    Recipient,
    with_status,
)
from chalicelib.domain.types import SittingKind
from chalicelib.services.admin import passcode_sms
from chalicelib.services.admin.exam_settings import EditContext, PasscodeForm, new_passcode
from chalicelib.services.admin.passcode_sms import (
    SmsProgress,
    SmsRequest,
    progress,
    run_job,
    start_batch,
)
from chalicelib.services.ports import NotSent, SendToRecipients, SmsContext, SmsJob
from tests.support import builders as build
from tests.support.builders import EXAM, OFFICIAL, SUBJECT
from tests.support.fake_context import FakeContext
from tests.support.fakes import FakeSmsSender

ADMIN = build.staff("admin")
SITTING = SittingKind.OFFICIAL
REQUEST = SmsRequest(EXAM, SUBJECT, SITTING, "zh")


@pytest.fixture
def sms() -> FakeSmsSender:
    return FakeSmsSender()


@pytest.fixture
def sms_context(context: FakeContext, sms: FakeSmsSender) -> SmsContext:
    return SmsContext(
        context.registry, context.sms_batches, context.passcodes, context.jobs, sms, context.clock
    )


def phone_of(number: int) -> str:
    return f"139{number:08d}"


def enrol_candidates(context: FakeContext, count: int) -> list[Candidate]:
    candidates = [
        build.candidate(f"p{number:04d}", phone_number=phone_of(number)) for number in range(count)
    ]
    for candidate in candidates:
        context.registry.put_candidate(candidate)
    return candidates


def run_jobs(context: FakeContext, sms_context: SmsContext, *, twice: bool = False) -> None:
    """Process all queued jobs, each of them twice if asked: a queue may redeliver."""
    while context.jobs.waiting:
        job: SmsJob = context.jobs.waiting.pop(0)
        for _ in range(2 if twice else 1):
            run_job(sms_context, job)


def state(context: FakeContext) -> SmsProgress:
    return progress(context, EXAM, SUBJECT, SITTING)


@pytest.mark.parametrize("twice", [False, True])
def test_every_recipient_gets_one_message(
    context: FakeContext, sms_context: SmsContext, sms: FakeSmsSender, *, twice: bool
) -> None:
    enrol_candidates(context, 2 * passcode_sms.PAGE_SIZE + 5)
    context.registry.put_candidate(build.candidate("else", rooms={"another": build.ROOM}))
    for _ in range(2 if twice else 1):
        start_batch(context, ADMIN, REQUEST)
    run_jobs(context, sms_context, twice=twice)
    start_batch(context, ADMIN, REQUEST)
    run_jobs(context, sms_context)
    recipient_count = 2 * passcode_sms.PAGE_SIZE + 5 + 3  # and the context's own three
    assert len(sms.sent) == recipient_count
    assert {f"+86{phone_of(number)}" for number in range(205)} < {
        message.phone_number for message in sms.sent
    }
    current = state(context)
    assert current.counts[DeliveryStatus.SENT] == recipient_count
    assert current.batch is not None
    assert current.batch.enqueued_at is not None
    assert current.batch.started_by == "proctor:admin"


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("正式考试口令", "尾号")), ("en", ("OFFICIAL", "ending in"))]
)
def test_message_names_exam_and_passcode_only(
    context: FakeContext,
    sms_context: SmsContext,
    sms: FakeSmsSender,
    language: str,
    words: tuple[str, ...],
) -> None:
    start_batch(context, ADMIN, replace(REQUEST, language=language))
    run_jobs(context, sms_context)
    message = sms.sent[0]
    assert build.exam().title.for_language(language) in message.text
    assert build.subject().title.for_language(language) in message.text
    assert all(word in message.text for word in (OFFICIAL, *words))
    assert "ID-" not in message.text
    assert message.template_name == f"passcode-official-{language}"
    assert message.template_values["passcode"] == OFFICIAL


def test_new_passcode_starts_a_new_batch_and_stops_the_old_one(
    context: FakeContext, sms_context: SmsContext, sms: FakeSmsSender
) -> None:
    start_batch(context, ADMIN, REQUEST)
    old = context.jobs.waiting.pop()
    run_job(sms_context, old)
    sends = list(context.jobs.waiting)
    context.jobs.waiting.clear()
    _, passcode = new_passcode(context, EditContext(ADMIN, EXAM, 1), PasscodeForm(SUBJECT, SITTING))
    for job in sends:
        run_job(sms_context, job)
    assert sms.sent == []
    start_batch(context, ADMIN, REQUEST)
    run_jobs(context, sms_context)
    assert len(sms.sent) == 3
    assert passcode
    assert all(passcode in message.text for message in sms.sent)


class TestFailures:
    def test_failures_show_their_reason_and_can_be_resent(
        self, context: FakeContext, sms_context: SmsContext, sms: FakeSmsSender
    ) -> None:
        context.registry.put_candidate(build.candidate("bad", phone_number="none"))
        context.registry.put_candidate(build.candidate("no", phone_number=phone_of(1)))
        sms.refused = {f"+86{phone_of(1)}"}
        start_batch(context, ADMIN, REQUEST)
        run_jobs(context, sms_context)
        failures = {
            (candidate.candidate_id, reason) for candidate, reason in state(context).failures
        }
        assert failures == {
            ("candidate-bad", DeliveryFailure.BAD_NUMBER),
            ("candidate-no", DeliveryFailure.REFUSED),
        }
        sent = len(sms.sent)
        sms.refused.clear()
        start_batch(context, ADMIN, REQUEST)
        run_jobs(context, sms_context)
        assert len(sms.sent) == sent, "resent without request"
        start_batch(context, ADMIN, replace(REQUEST, resend=True))
        run_jobs(context, sms_context, twice=True)
        assert [message.phone_number for message in sms.sent[sent:]] == [f"+86{phone_of(1)}"]
        assert state(context).counts[DeliveryStatus.FAILED] == 1

    def test_busy_gateway_retries_the_job(
        self, context: FakeContext, sms_context: SmsContext, sms: FakeSmsSender
    ) -> None:
        context.registry.put_candidate(build.candidate("busy", phone_number=phone_of(1)))
        sms.busy = {f"+86{phone_of(1)}"}
        start_batch(context, ADMIN, REQUEST)
        run_job(sms_context, context.jobs.waiting.pop(0))
        [job] = context.jobs.waiting
        with pytest.raises(NotSent):
            run_job(sms_context, job)
        sms.busy.clear()
        run_job(sms_context, job)
        assert len({message.phone_number for message in sms.sent}) == 2
        assert state(context).counts[DeliveryStatus.SENT] == 4

    def test_interrupted_sending_is_marked_unclear(
        self, context: FakeContext, sms_context: SmsContext, sms: FakeSmsSender
    ) -> None:
        batch = start_batch(context, ADMIN, REQUEST)
        run_job(sms_context, context.jobs.waiting.pop(0))
        waiting = Recipient(batch.batch_id, "candidate-one")
        context.sms_batches.put_recipient(with_status(waiting, DeliveryStatus.SENDING))
        run_jobs(context, sms_context)
        assert [reason for _, reason in state(context).failures] == [DeliveryFailure.UNCLEAR]
        assert len(sms.sent) == 2

    def test_candidate_no_longer_enrolled_gets_no_message(
        self, context: FakeContext, sms_context: SmsContext, sms: FakeSmsSender
    ) -> None:
        start_batch(context, ADMIN, REQUEST)
        run_job(sms_context, context.jobs.waiting.pop(0))
        candidate = context.registry.candidate("candidate-one")
        context.registry.put_candidate(replace(candidate, rooms={}, version=2))
        run_jobs(context, sms_context)
        assert len(sms.sent) == 2
        assert [reason for _, reason in state(context).failures] == [DeliveryFailure.NOT_ENROLLED]


class TestStarting:
    def test_start_after_the_end_is_rejected(self, context: FakeContext) -> None:
        context.clock.now = build.window(OFFICIAL).ends_at
        with pytest.raises(WrongState):
            start_batch(context, ADMIN, REQUEST)
        assert context.jobs.waiting == []

    @pytest.mark.parametrize("stored", [None, "ANOTHER1"])
    def test_start_without_the_passcode_is_rejected(
        self, context: FakeContext, stored: str | None
    ) -> None:
        request = replace(REQUEST, subject_id="subject-2")
        context.registry.put_exam(build.exam(build.subject(subject_id="subject-2")))
        if stored:
            context.passcodes.keep("subject-2", SITTING, "another$hash", stored)
        with pytest.raises(WrongState) as refusal:
            start_batch(context, ADMIN, request)
        assert refusal.value.code == "no_passcode"

    def test_start_for_an_unknown_subject_is_not_found(self, context: FakeContext) -> None:
        with pytest.raises(NotFound):
            start_batch(context, ADMIN, replace(REQUEST, subject_id="none"))

    def test_unsent_passcode_has_no_progress(self, context: FakeContext) -> None:
        assert state(context) == SmsProgress(None, dict.fromkeys(DeliveryStatus, 0), [])

    def test_jobs_contain_no_passcode_and_no_phone_number(
        self, context: FakeContext, sms_context: SmsContext
    ) -> None:
        start_batch(context, ADMIN, REQUEST)
        run_job(sms_context, context.jobs.waiting[0])
        assert isinstance(context.jobs.waiting[1], SendToRecipients)
        assert OFFICIAL not in repr(context.jobs.waiting)
        assert "10000000001" not in repr(context.jobs.waiting)
