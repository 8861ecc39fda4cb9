"""Passcodes by text message: to everybody once, whatever comes twice or breaks in between."""

from dataclasses import replace

import pytest

from chalicelib.domain.errors import NotFound, WrongState
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.messaging.passcode_sms import (
    Delivery,
    Recipient,
    Undelivered,
    moved,
    normal_phone,
)
from chalicelib.domain.types import SittingKind
from chalicelib.services.admin import passcode_sms
from chalicelib.services.admin.exam_settings import Editing, new_passcode
from chalicelib.services.admin.passcode_sms import Progress, Wanted, carry_out, progress, start
from chalicelib.services.ports import Job, NotSent, PostWorld, Send
from tests.support import builders as build
from tests.support.builders import EXAM, OFFICIAL, SUBJECT
from tests.support.fake_context import FakeWorld
from tests.support.fakes import FakeSms

ADMIN = build.staff("admin")
SITTING = SittingKind.OFFICIAL
WANTED = Wanted(EXAM, SUBJECT, SITTING, "zh")


@pytest.fixture
def sms() -> FakeSms:
    return FakeSms()


@pytest.fixture
def post(world: FakeWorld, sms: FakeSms) -> PostWorld:
    return PostWorld(world.registry, world.mailings, world.passcodes, world.jobs, sms, world.clock)


def phone_of(number: int) -> str:
    return f"139{number:08d}"


def enrolled(world: FakeWorld, count: int) -> list[Candidate]:
    everybody = [
        build.candidate(f"p{number:04d}", phone=phone_of(number)) for number in range(count)
    ]
    for one in everybody:
        world.registry.put_candidate(one)
    return everybody


def carried_out(world: FakeWorld, post: PostWorld, *, twice: bool = False) -> None:
    """Carry out everything that waits; as a queue may, everything twice."""
    while world.jobs.waiting:
        job: Job = world.jobs.waiting.pop(0)
        for _ in range(2 if twice else 1):
            carry_out(post, job)


def state(world: FakeWorld) -> Progress:
    return progress(world, EXAM, SUBJECT, SITTING)


@pytest.mark.parametrize("twice", [False, True])
def test_everybody_gets_it_once(
    world: FakeWorld, post: PostWorld, sms: FakeSms, *, twice: bool
) -> None:
    enrolled(world, 2 * passcode_sms.PAGE + 5)
    world.registry.put_candidate(build.candidate("else", rooms={"another": build.ROOM}))
    for _ in range(2 if twice else 1):
        start(world, ADMIN, WANTED)
    carried_out(world, post, twice=twice)
    start(world, ADMIN, WANTED)
    carried_out(world, post)
    everybody = 2 * passcode_sms.PAGE + 5 + 3  # the world's own three
    assert len(sms.sent) == everybody
    assert {f"+86{phone_of(number)}" for number in range(205)} < {one.phone for one in sms.sent}
    done = state(world)
    assert done.counts[Delivery.SENT] == everybody
    assert done.mailing is not None
    assert done.mailing.walked_at is not None
    assert done.mailing.started_by == "proctor:admin"


@pytest.mark.parametrize(
    ("language", "words"), [("zh", ("正式考试口令", "尾号")), ("en", ("OFFICIAL", "ending in"))]
)
def test_the_message_says_what_for_and_no_more(
    world: FakeWorld, post: PostWorld, sms: FakeSms, language: str, words: tuple[str, ...]
) -> None:
    start(world, ADMIN, replace(WANTED, language=language))
    carried_out(world, post)
    message = sms.sent[0]
    assert build.exam().title.for_language(language) in message.text
    assert build.subject().title.for_language(language) in message.text
    assert all(one in message.text for one in (OFFICIAL, *words))
    assert "ID-" not in message.text
    assert message.template == f"passcode-official-{language}"
    assert message.values["passcode"] == OFFICIAL


def test_a_new_passcode_is_a_new_mailing_and_the_old_one_stops(
    world: FakeWorld, post: PostWorld, sms: FakeSms
) -> None:
    start(world, ADMIN, WANTED)
    old = world.jobs.waiting.pop()
    carry_out(post, old)
    sends = list(world.jobs.waiting)
    world.jobs.waiting.clear()
    _, passcode = new_passcode(world, Editing(ADMIN, EXAM, 1), SUBJECT, SITTING)
    for job in sends:
        carry_out(post, job)
    assert sms.sent == []
    start(world, ADMIN, WANTED)
    carried_out(world, post)
    assert len(sms.sent) == 3
    assert all(passcode in one.text for one in sms.sent)


class TestFailures:
    def test_are_told_by_reason_and_sent_again_when_asked(
        self, world: FakeWorld, post: PostWorld, sms: FakeSms
    ) -> None:
        world.registry.put_candidate(build.candidate("bad", phone="none"))
        world.registry.put_candidate(build.candidate("no", phone=phone_of(1)))
        sms.refused = {f"+86{phone_of(1)}"}
        start(world, ADMIN, WANTED)
        carried_out(world, post)
        found = {(one.candidate_id, reason) for one, reason in state(world).failures}
        assert found == {
            ("candidate-bad", Undelivered.BAD_NUMBER),
            ("candidate-no", Undelivered.REFUSED),
        }
        sent = len(sms.sent)
        sms.refused.clear()
        start(world, ADMIN, WANTED)
        carried_out(world, post)
        assert len(sms.sent) == sent, "not without being asked"
        start(world, ADMIN, replace(WANTED, again=True))
        carried_out(world, post, twice=True)
        assert [one.phone for one in sms.sent[sent:]] == [f"+86{phone_of(1)}"]
        assert state(world).counts[Delivery.FAILED] == 1

    def test_a_busy_gateway_brings_the_job_back(
        self, world: FakeWorld, post: PostWorld, sms: FakeSms
    ) -> None:
        world.registry.put_candidate(build.candidate("busy", phone=phone_of(1)))
        sms.busy = {f"+86{phone_of(1)}"}
        start(world, ADMIN, WANTED)
        carry_out(post, world.jobs.waiting.pop(0))
        [job] = world.jobs.waiting
        with pytest.raises(NotSent):
            carry_out(post, job)
        sms.busy.clear()
        carry_out(post, job)
        assert len({one.phone for one in sms.sent}) == 2
        assert state(world).counts[Delivery.SENT] == 4

    def test_what_broke_off_while_sending_is_for_a_person_to_decide(
        self, world: FakeWorld, post: PostWorld, sms: FakeSms
    ) -> None:
        begun = start(world, ADMIN, WANTED)
        carry_out(post, world.jobs.waiting.pop(0))
        waiting = Recipient(begun.mailing_id, "candidate-one")
        world.mailings.put_recipient(moved(waiting, Delivery.SENDING))
        carried_out(world, post)
        assert [reason for _, reason in state(world).failures] == [Undelivered.UNCLEAR]
        assert len(sms.sent) == 2

    def test_who_is_signed_off_meanwhile_gets_nothing(
        self, world: FakeWorld, post: PostWorld, sms: FakeSms
    ) -> None:
        start(world, ADMIN, WANTED)
        carry_out(post, world.jobs.waiting.pop(0))
        known = world.registry.candidate("candidate-one")
        world.registry.put_candidate(replace(known, rooms={}, version=2))
        carried_out(world, post)
        assert len(sms.sent) == 2
        assert [reason for _, reason in state(world).failures] == [Undelivered.NOT_ENROLLED]


class TestStarting:
    def test_not_after_the_end(self, world: FakeWorld) -> None:
        world.clock.now = build.window(OFFICIAL).ends_at
        with pytest.raises(WrongState):
            start(world, ADMIN, WANTED)
        assert world.jobs.waiting == []

    @pytest.mark.parametrize("kept", [None, "ANOTHER1"])
    def test_not_without_the_passcode(self, world: FakeWorld, kept: str | None) -> None:
        wanted = replace(WANTED, subject_id="subject-2")
        world.registry.put_exam(build.exam(build.subject(subject_id="subject-2")))
        if kept:
            world.passcodes.keep("subject-2", SITTING, kept)
        with pytest.raises(WrongState) as refusal:
            start(world, ADMIN, wanted)
        assert refusal.value.code == "no_passcode"

    def test_not_for_a_subject_that_is_not_there(self, world: FakeWorld) -> None:
        with pytest.raises(NotFound):
            start(world, ADMIN, replace(WANTED, subject_id="none"))

    def test_what_was_never_sent_has_no_progress(self, world: FakeWorld) -> None:
        assert state(world) == Progress(None, dict.fromkeys(Delivery, 0), [])

    def test_the_jobs_hold_no_passcode_and_no_number(
        self, world: FakeWorld, post: PostWorld
    ) -> None:
        start(world, ADMIN, WANTED)
        carry_out(post, world.jobs.waiting[0])
        assert isinstance(world.jobs.waiting[1], Send)
        assert OFFICIAL not in repr(world.jobs.waiting)
        assert "10000000001" not in repr(world.jobs.waiting)


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
def test_telephone_numbers(written: str, normal: str | None) -> None:
    assert normal_phone(written) == normal
