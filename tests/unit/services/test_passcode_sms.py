"""Passcodes by text message: to everybody once, whatever comes twice or breaks in between."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import NotFound, WrongState
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.messaging.passcode_sms import (
    DeliveryFailure,
    DeliveryStatus,
    Recipient,
    normalize_phone_number,
    with_status,
)
from chalicelib.domain.types import SittingKind
from chalicelib.services.admin import passcode_sms
from chalicelib.services.admin.exam_settings import EditContext, new_passcode
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
WANTED = SmsRequest(EXAM, SUBJECT, SITTING, "zh")


@pytest.fixture
def sms() -> FakeSmsSender:
    return FakeSmsSender()


@pytest.fixture
def post(context: FakeContext, sms: FakeSmsSender) -> SmsContext:
    return SmsContext(
        context.registry, context.sms_batches, context.passcodes, context.jobs, sms, context.clock
    )


def phone_of(number: int) -> str:
    return f"139{number:08d}"


def enrolled(context: FakeContext, count: int) -> list[Candidate]:
    everybody = [
        build.candidate(f"p{number:04d}", phone_number=phone_of(number)) for number in range(count)
    ]
    for candidate in everybody:
        context.registry.put_candidate(candidate)
    return everybody


def carried_out(context: FakeContext, post: SmsContext, *, twice: bool = False) -> None:
    """Carry out everything that waits; as a queue may, everything twice."""
    while context.jobs.waiting:
        job: SmsJob = context.jobs.waiting.pop(0)
        for _ in range(2 if twice else 1):
            run_job(post, job)


def state(context: FakeContext) -> SmsProgress:
    return progress(context, EXAM, SUBJECT, SITTING)


@pytest.mark.parametrize("twice", [False, True])
def test_every_recipient_gets_one_message(
    context: FakeContext, post: SmsContext, sms: FakeSmsSender, *, twice: bool
) -> None:
    enrolled(context, 2 * passcode_sms.PAGE_SIZE + 5)
    context.registry.put_candidate(build.candidate("else", rooms={"another": build.ROOM}))
    for _ in range(2 if twice else 1):
        start_batch(context, ADMIN, WANTED)
    carried_out(context, post, twice=twice)
    start_batch(context, ADMIN, WANTED)
    carried_out(context, post)
    everybody = 2 * passcode_sms.PAGE_SIZE + 5 + 3  # the world's own three
    assert len(sms.sent) == everybody
    assert {f"+86{phone_of(number)}" for number in range(205)} < {
        message.phone_number for message in sms.sent
    }
    done = state(context)
    assert done.counts[DeliveryStatus.SENT] == everybody
    assert done.batch is not None
    assert done.batch.enqueued_at is not None
    assert done.batch.started_by == "proctor:admin"


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("正式考试口令", "尾号")), ("en", ("OFFICIAL", "ending in"))]
)
def test_message_names_exam_and_passcode_only(
    context: FakeContext,
    post: SmsContext,
    sms: FakeSmsSender,
    language: str,
    words: tuple[str, ...],
) -> None:
    start_batch(context, ADMIN, replace(WANTED, language=language))
    carried_out(context, post)
    message = sms.sent[0]
    assert build.exam().title.for_language(language) in message.text
    assert build.subject().title.for_language(language) in message.text
    assert all(one in message.text for one in (OFFICIAL, *words))
    assert "ID-" not in message.text
    assert message.template_name == f"passcode-official-{language}"
    assert message.template_values["passcode"] == OFFICIAL


def test_new_passcode_starts_a_new_batch_and_stops_the_old_one(
    context: FakeContext, post: SmsContext, sms: FakeSmsSender
) -> None:
    start_batch(context, ADMIN, WANTED)
    old = context.jobs.waiting.pop()
    run_job(post, old)
    sends = list(context.jobs.waiting)
    context.jobs.waiting.clear()
    _, passcode = new_passcode(context, EditContext(ADMIN, EXAM, 1), SUBJECT, SITTING)
    for job in sends:
        run_job(post, job)
    assert sms.sent == []
    start_batch(context, ADMIN, WANTED)
    carried_out(context, post)
    assert len(sms.sent) == 3
    assert all(passcode in message.text for message in sms.sent)


class TestFailures:
    def test_failures_show_their_reason_and_can_be_resent(
        self, context: FakeContext, post: SmsContext, sms: FakeSmsSender
    ) -> None:
        context.registry.put_candidate(build.candidate("bad", phone_number="none"))
        context.registry.put_candidate(build.candidate("no", phone_number=phone_of(1)))
        sms.refused = {f"+86{phone_of(1)}"}
        start_batch(context, ADMIN, WANTED)
        carried_out(context, post)
        found = {(candidate.candidate_id, reason) for candidate, reason in state(context).failures}
        assert found == {
            ("candidate-bad", DeliveryFailure.BAD_NUMBER),
            ("candidate-no", DeliveryFailure.REFUSED),
        }
        sent = len(sms.sent)
        sms.refused.clear()
        start_batch(context, ADMIN, WANTED)
        carried_out(context, post)
        assert len(sms.sent) == sent, "not without being asked"
        start_batch(context, ADMIN, replace(WANTED, resend=True))
        carried_out(context, post, twice=True)
        assert [message.phone_number for message in sms.sent[sent:]] == [f"+86{phone_of(1)}"]
        assert state(context).counts[DeliveryStatus.FAILED] == 1

    def test_busy_gateway_retries_the_job(
        self, context: FakeContext, post: SmsContext, sms: FakeSmsSender
    ) -> None:
        context.registry.put_candidate(build.candidate("busy", phone_number=phone_of(1)))
        sms.busy = {f"+86{phone_of(1)}"}
        start_batch(context, ADMIN, WANTED)
        run_job(post, context.jobs.waiting.pop(0))
        [job] = context.jobs.waiting
        with pytest.raises(NotSent):
            run_job(post, job)
        sms.busy.clear()
        run_job(post, job)
        assert len({message.phone_number for message in sms.sent}) == 2
        assert state(context).counts[DeliveryStatus.SENT] == 4

    def test_interrupted_sending_is_marked_unclear(
        self, context: FakeContext, post: SmsContext, sms: FakeSmsSender
    ) -> None:
        begun = start_batch(context, ADMIN, WANTED)
        run_job(post, context.jobs.waiting.pop(0))
        waiting = Recipient(begun.batch_id, "candidate-one")
        context.sms_batches.put_recipient(with_status(waiting, DeliveryStatus.SENDING))
        carried_out(context, post)
        assert [reason for _, reason in state(context).failures] == [DeliveryFailure.UNCLEAR]
        assert len(sms.sent) == 2

    def test_candidate_no_longer_enrolled_gets_no_message(
        self, context: FakeContext, post: SmsContext, sms: FakeSmsSender
    ) -> None:
        start_batch(context, ADMIN, WANTED)
        run_job(post, context.jobs.waiting.pop(0))
        known = context.registry.candidate("candidate-one")
        context.registry.put_candidate(replace(known, rooms={}, version=2))
        carried_out(context, post)
        assert len(sms.sent) == 2
        assert [reason for _, reason in state(context).failures] == [DeliveryFailure.NOT_ENROLLED]


class TestStarting:
    def test_start_after_the_end_is_rejected(self, context: FakeContext) -> None:
        context.clock.now = build.window(OFFICIAL).ends_at
        with pytest.raises(WrongState):
            start_batch(context, ADMIN, WANTED)
        assert context.jobs.waiting == []

    @pytest.mark.parametrize("kept", [None, "ANOTHER1"])
    def test_start_without_the_passcode_is_rejected(
        self, context: FakeContext, kept: str | None
    ) -> None:
        request = replace(WANTED, subject_id="subject-2")
        context.registry.put_exam(build.exam(build.subject(subject_id="subject-2")))
        if kept:
            context.passcodes.keep("subject-2", SITTING, kept)
        with pytest.raises(WrongState) as refusal:
            start_batch(context, ADMIN, request)
        assert refusal.value.code == "no_passcode"

    def test_start_for_an_unknown_subject_is_not_found(self, context: FakeContext) -> None:
        with pytest.raises(NotFound):
            start_batch(context, ADMIN, replace(WANTED, subject_id="none"))

    def test_unsent_passcode_has_no_progress(self, context: FakeContext) -> None:
        assert state(context) == SmsProgress(None, dict.fromkeys(DeliveryStatus, 0), [])

    def test_jobs_contain_no_passcode_and_no_phone_number(
        self, context: FakeContext, post: SmsContext
    ) -> None:
        start_batch(context, ADMIN, WANTED)
        run_job(post, context.jobs.waiting[0])
        assert isinstance(context.jobs.waiting[1], SendToRecipients)
        assert OFFICIAL not in repr(context.jobs.waiting)
        assert "10000000001" not in repr(context.jobs.waiting)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("13900000001", "+8613900000001"),
        ("139 0000-0001", "+8613900000001"),
        ("+44 20 7946 0958", "+442079460958"),
        ("008613900000001", "+8613900000001"),
        ("none", None),
        ("+0123456789", None),
        ("", None),
        ("+" + "1" * 16, None),
    ],
)
def test_normalization_of_phone_numbers(written: str, normal: str | None) -> None:
    assert normalize_phone_number(written) == normal
