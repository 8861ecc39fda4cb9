"""Passcodes of one's own: who gets in with them, how they are sent, shown and replaced."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import Conflict, NotFound, WrongState
from chalicelib.domain.exams.exams import SittingClosed
from chalicelib.domain.messaging.passcode_sms import DeliveryStatus
from chalicelib.domain.normalization import MalformedNumber, MalformedPasscode
from chalicelib.domain.passcodes import PasscodeMode, personal_passcode
from chalicelib.domain.rules.sign_in_numbers import SecondNumberRequired, SignInNumbers
from chalicelib.domain.types import MINUTE, Role, SittingKind
from chalicelib.services.admin.candidate_passcodes import (
    EXPORT_PAGE,
    REPEAT_PAUSE,
    CandidateSitting,
    export_passcodes,
    replace_passcode,
    resend_passcode,
    show_passcode,
)
from chalicelib.services.admin.corrections import Correction, correct
from chalicelib.services.admin.exam_settings import EditContext, PasscodeForm, new_passcode
from chalicelib.services.admin.passcode_sms import SmsRequest, progress, run_job, start_batch
from chalicelib.services.ports import SmsContext
from chalicelib.services.sign_in.candidate import (
    CandidateCredentials,
    InvalidCredentials,
    SignInResult,
    sign_in,
)
from tests.support import builders as build
from tests.support.builders import EXAM, OFFICIAL, SUBJECT
from tests.support.fake_context import FakeContext
from tests.support.fakes import FakeSmsSender

ADMIN = build.staff("admin", Role.ADMIN)
KIND = SittingKind.OFFICIAL
ADDRESS = "203.0.113.7"


def make_personal(context: FakeContext, version: int = 1) -> None:
    form = PasscodeForm(SUBJECT, KIND, PasscodeMode.PERSONAL)
    _, shown = new_passcode(context, EditContext(ADMIN, EXAM, version), form)
    assert shown is None


def sitting(name: str = "one", **changes: Any) -> CandidateSitting:
    return replace(CandidateSitting(EXAM, f"candidate-{name}", SUBJECT, KIND), **changes)


def passcode_of(context: FakeContext, name: str = "one") -> str:
    return show_passcode(context, ADMIN, sitting(name))


def enter(
    context: FakeContext, passcode: str, number: str = "ADM-one", second: str = ""
) -> SignInResult:
    credentials = CandidateCredentials(
        EXAM, SUBJECT, number, passcode, ADDRESS, "own", second_number=second
    )
    return sign_in(context, credentials)


class TestSignIn:
    def test_own_passcode_opens_the_own_session_only(self, context: FakeContext) -> None:
        make_personal(context)
        own, other = passcode_of(context), passcode_of(context, "two")
        assert own != other
        assert enter(context, own).view.session.candidate_id == "candidate-one"
        for passcode, number in ((own, "ADM-two"), (own, "ID-two-0001"), (other, "ADM-one")):
            with pytest.raises(InvalidCredentials):
                enter(context, passcode, number)
        with pytest.raises(InvalidCredentials):
            enter(context, OFFICIAL)

    def test_practice_keeps_its_shared_passcode(self, context: FakeContext) -> None:
        make_personal(context)
        for number in ("ADM-one", "ADM-two"):
            entered = enter(context, build.TRIAL, number)
            assert entered.view.session.kind is SittingKind.TRIAL

    def test_without_the_kept_secret_nobody_enters(self, context: FakeContext) -> None:
        make_personal(context)
        own = passcode_of(context)
        [subject] = context.registry.exam(EXAM).subjects
        context.passcodes.forget(SUBJECT, KIND, subject.windows[KIND].passcode_hash)
        for passcode in (own, personal_passcode("", "candidate-one")):
            with pytest.raises(InvalidCredentials):
                enter(context, passcode)

    def test_it_makes_three_store_calls(self, context: FakeContext) -> None:
        make_personal(context)
        own = passcode_of(context)
        for _ in range(2):
            context.registry.calls.clear()
            context.sessions.calls.clear()
            enter(context, own)
            assert len(context.registry.calls + context.sessions.calls) == 3

    def test_new_passcode_holds_at_once_where_the_exam_is_still_cached(
        self, context: FakeContext
    ) -> None:
        context.registry.cached[EXAM] = context.registry.exam(EXAM)
        make_personal(context)
        own = passcode_of(context)
        assert enter(context, own).view.session.candidate_id == "candidate-one"
        assert context.sessions.calls.count("count_failure") == 0

    def test_old_passcode_is_refused_at_once_where_the_exam_is_still_cached(
        self, context: FakeContext
    ) -> None:
        make_personal(context)
        old = passcode_of(context)
        context.registry.cached[EXAM] = context.registry.exam(EXAM)
        object.__setattr__(context, "randbelow", lambda below: below // 3)
        new_passcode(context, EditContext(ADMIN, EXAM, 2), PasscodeForm(SUBJECT, KIND))
        with pytest.raises(InvalidCredentials):
            enter(context, old)
        assert enter(context, passcode_of(context))

    def test_window_that_was_opened_holds_at_once_where_the_exam_is_still_cached(
        self, context: FakeContext
    ) -> None:
        open_exam = context.registry.exam(EXAM)
        [subject] = open_exam.subjects
        late = replace(subject.windows[KIND], opens_at=build.NOW + MINUTE)
        closed = replace(subject, windows={**subject.windows, KIND: late})
        context.registry.cached[EXAM] = replace(open_exam, subjects=(closed,), version=0)
        assert enter(context, OFFICIAL)
        context.clock.advance(10_000 * MINUTE)
        with pytest.raises(SittingClosed):
            enter(context, OFFICIAL, "ADM-two")

    def test_refusal_reads_no_more_than_an_entry(self, context: FakeContext) -> None:
        context.registry.calls.clear()
        with pytest.raises(InvalidCredentials):
            enter(context, "WRNG2345")
        assert context.registry.calls == ["exam_and_candidate"]


class TestNumbers:
    def set_rule(self, context: FakeContext, rule: SignInNumbers) -> None:
        exam = context.registry.exam(EXAM)
        subject = build.subject(sign_in_numbers=rule)
        context.registry.put_exam(replace(exam, subjects=(subject,), version=exam.version + 1))

    @pytest.mark.parametrize(
        ("rule", "first", "second", "enters"),
        [
            (SignInNumbers.ID_NUMBER, "ID-one-0001", "", True),
            (SignInNumbers.ID_NUMBER, "ADM-one", "", False),
            (SignInNumbers.ADMISSION_NUMBER, "ADM-one", "", True),
            (SignInNumbers.ADMISSION_NUMBER, "ID-one-0001", "", False),
            (SignInNumbers.EITHER, "ID-one-0001", "", True),
            (SignInNumbers.EITHER, "ADM-one", "", True),
            (SignInNumbers.BOTH, "ID-one-0001", "ADM-one", True),
            (SignInNumbers.BOTH, "ADM-one", "ID-one-0001", True),
            (SignInNumbers.BOTH, "ADM-one", "ADM-one", False),
            (SignInNumbers.BOTH, "ADM-one", "ID-two-0001", False),
        ],
    )
    def test_subject_chooses_which_numbers_are_asked_for(
        self, context: FakeContext, rule: SignInNumbers, first: str, second: str, *, enters: bool
    ) -> None:
        self.set_rule(context, rule)
        if enters:
            assert enter(context, OFFICIAL, first, second)
        else:
            with pytest.raises(InvalidCredentials):
                enter(context, OFFICIAL, first, second)

    def test_missing_second_number_is_said_and_does_not_count(self, context: FakeContext) -> None:
        self.set_rule(context, SignInNumbers.BOTH)
        for _ in range(9):
            with pytest.raises(SecondNumberRequired):
                enter(context, OFFICIAL)
        assert context.sessions.calls.count("count_failure") == 0

    @pytest.mark.parametrize(
        ("number", "passcode", "error"),
        [
            ("9.9E+17", OFFICIAL, MalformedNumber),
            ("————", OFFICIAL, MalformedNumber),
            ("ADM-one", "EXAM567", MalformedPasscode),
            ("ADM-one", "EXAM567O", MalformedPasscode),
        ],
    )
    def test_refusal_of_shape_does_not_count(
        self, context: FakeContext, number: str, passcode: str, error: type[Exception]
    ) -> None:
        context.registry.calls.clear()
        for _ in range(9):
            with pytest.raises(error):
                enter(context, passcode, number)
        assert (context.sessions.calls.count("count_failure"), context.registry.calls) == (0, [])
        assert enter(context, OFFICIAL)

    @pytest.mark.parametrize(
        ("number", "passcode"),
        [
            ("ＡＤＭ－ｏｎｅ", "ｅｘａｍ５６７８"),
            ('="ADM-one"', "EXAM-5678"),
            ("\ufeff'adm one。", "\u200bEXAM 5678，"),
            ("\u202aADM—one\u202c", "「EXAM5678」"),
        ],
    )
    def test_typed_copied_and_exported_forms_enter(
        self, context: FakeContext, number: str, passcode: str
    ) -> None:
        assert enter(context, passcode, number)


class TestSending:
    def sms_context(self, context: FakeContext, sms: FakeSmsSender) -> SmsContext:
        return SmsContext(
            context.registry, context.sms_batches, context.passcodes, context.jobs, sms, context.clock
        )  # fmt: skip

    def run_all(self, context: FakeContext) -> FakeSmsSender:
        sms = FakeSmsSender()
        while context.jobs.waiting:
            run_job(self.sms_context(context, sms), context.jobs.waiting.pop(0))
        return sms

    def test_each_candidate_is_sent_their_own(self, context: FakeContext) -> None:
        make_personal(context)
        for number, name in enumerate(("one", "two", "new")):
            candidate = context.registry.candidate(f"candidate-{name}")
            phone_number = f"1390000000{number}"
            context.registry.put_candidate(
                replace(candidate, phone_number=phone_number, version=candidate.version + 1)
            )
        start_batch(context, ADMIN, SmsRequest(EXAM, SUBJECT, KIND, "zh"))
        sent = {message.phone_number: message.text for message in self.run_all(context).sent}
        assert len(sent) == 3
        for number, name in enumerate(("one", "two", "new")):
            assert passcode_of(context, name) in sent[f"+861390000000{number}"]

    def test_passcode_is_sent_again_whatever_became_of_the_first(
        self, context: FakeContext
    ) -> None:
        make_personal(context)
        for _ in range(2):
            resend_passcode(context, ADMIN, sitting(), "zh")
            [message] = self.run_all(context).sent
            assert passcode_of(context) in message.text
            context.clock.advance(REPEAT_PAUSE)
        assert progress(context, EXAM, SUBJECT, KIND).counts[DeliveryStatus.SENT] == 1
        audit = context.registry.audit("candidate-one")
        assert [entry.action for entry in audit].count("passcode_resent") == 2

    def test_a_request_sent_again_costs_no_second_message(self, context: FakeContext) -> None:
        make_personal(context)
        resend_passcode(context, ADMIN, sitting(), "zh")
        assert len(self.run_all(context).sent) == 1
        context.clock.advance(REPEAT_PAUSE - 1)
        resend_passcode(context, ADMIN, sitting(), "zh")
        assert self.run_all(context).sent == []
        assert len(context.registry.audit("candidate-one")) == 1
        # Another sitting's passcode is another message.
        resend_passcode(context, ADMIN, replace(sitting(), kind=SittingKind.TRIAL), "zh")
        assert len(context.jobs.waiting) == 1

    def test_nothing_is_sent_again_after_the_sitting(self, context: FakeContext) -> None:
        make_personal(context)
        context.clock.advance(10_000 * MINUTE)
        with pytest.raises(WrongState):
            resend_passcode(context, ADMIN, sitting(), "zh")
        assert context.jobs.waiting == []


class TestShowing:
    def test_showing_is_on_record_without_the_passcode(self, context: FakeContext) -> None:
        make_personal(context)
        shown = passcode_of(context)
        audit = context.registry.audit("candidate-one")
        assert [(entry.action, entry.detail) for entry in audit] == [
            ("passcode_shown", {"subject": SUBJECT, "kind": "official"})
        ]
        assert first_break(audit) is None
        assert shown not in repr(audit)

    def test_shared_passcode_is_shown_as_well(self, context: FakeContext) -> None:
        assert passcode_of(context) == OFFICIAL

    @pytest.mark.parametrize(
        "changes", [{"exam_id": "none"}, {"candidate_id": "nobody"}, {"subject_id": "none"}]
    )
    def test_what_does_not_exist_is_not_found(
        self, context: FakeContext, changes: dict[str, str]
    ) -> None:
        with pytest.raises(NotFound):
            show_passcode(context, ADMIN, sitting(**changes))

    def test_candidate_of_another_subject_has_no_passcode(self, context: FakeContext) -> None:
        context.registry.put_candidate(build.candidate("elsewhere", rooms={"another": build.ROOM}))
        with pytest.raises(NotFound):
            show_passcode(context, ADMIN, sitting("elsewhere"))

    def test_export_has_every_candidate_of_the_subject_and_is_on_record(
        self, context: FakeContext
    ) -> None:
        make_personal(context)
        context.registry.put_candidate(build.candidate("elsewhere", rooms={"another": build.ROOM}))
        page = export_passcodes(context, ADMIN, EXAM, SUBJECT, KIND, "")
        assert page.after == ""
        assert len(page.passcodes) == 3 < EXPORT_PAGE
        for row in page.passcodes:
            name = row.candidate.candidate_id.removeprefix("candidate-")
            assert row.passcode == passcode_of(context, name)
        exported = context.registry.audit(EXAM)[-1]
        assert (exported.action, exported.detail) == (
            "passcodes_exported", {"subject": SUBJECT, "kind": KIND, "candidates": 3},
        )  # fmt: skip
        assert first_break(context.registry.audit(EXAM)) is None


class TestReplacing:
    def test_new_secret_replaces_every_passcode(self, context: FakeContext) -> None:
        make_personal(context)
        before = passcode_of(context)
        object.__setattr__(context, "randbelow", lambda below: below // 3)
        new_passcode(context, EditContext(ADMIN, EXAM, 2), PasscodeForm(SUBJECT, KIND))
        assert passcode_of(context) != before
        with pytest.raises(InvalidCredentials):
            enter(context, before)

    def test_refused_change_leaves_the_passcodes_in_force(self, context: FakeContext) -> None:
        make_personal(context)
        own = passcode_of(context)
        object.__setattr__(context, "randbelow", lambda below: below // 3)
        with pytest.raises(Conflict):
            make_personal(context, version=1)
        assert passcode_of(context) == own
        assert enter(context, own)

    def test_one_candidates_passcode_is_replaced_alone(self, context: FakeContext) -> None:
        make_personal(context)
        before, others = passcode_of(context), passcode_of(context, "two")
        made = replace_passcode(context, ADMIN, sitting())
        assert made != before
        assert (passcode_of(context), passcode_of(context, "two")) == (made, others)
        with pytest.raises(InvalidCredentials):
            enter(context, before)
        assert enter(context, made)
        assert enter(context, others, "ADM-two")
        audit = context.registry.audit("candidate-one")
        assert "passcode_replaced" in [entry.action for entry in audit]
        assert first_break(audit) is None
        assert made not in repr(audit)

    def test_each_replacement_is_another_passcode(self, context: FakeContext) -> None:
        make_personal(context)
        made = {passcode_of(context)}
        for _ in range(3):
            context.clock.advance(REPEAT_PAUSE)
            made.add(replace_passcode(context, ADMIN, sitting()))
        assert len(made) == 4

    def test_request_that_is_sent_again_counts_once(self, context: FakeContext) -> None:
        make_personal(context)
        first = replace_passcode(context, ADMIN, sitting())
        resend_passcode(context, ADMIN, sitting(), "zh")
        assert replace_passcode(context, ADMIN, sitting()) == first
        actions = [entry.action for entry in context.registry.audit("candidate-one")]
        assert actions.count("passcode_replaced") == 1

    def test_message_with_the_new_passcode_is_sent_at_once(self, context: FakeContext) -> None:
        make_personal(context)
        resend_passcode(context, ADMIN, sitting(), "zh")
        replace_passcode(context, ADMIN, sitting())
        resend_passcode(context, ADMIN, sitting(), "zh")
        actions = [entry.action for entry in context.registry.audit("candidate-one")]
        assert actions.count("passcode_resent") == 2

    def test_replaced_passcode_is_sent_and_exported(self, context: FakeContext) -> None:
        make_personal(context)
        made = replace_passcode(context, ADMIN, sitting())
        resend_passcode(context, ADMIN, sitting(), "zh")
        [message] = TestSending().run_all(context).sent
        assert made in message.text
        page = export_passcodes(context, ADMIN, EXAM, SUBJECT, KIND, "")
        assert made in [row.passcode for row in page.passcodes]

    def test_shared_passcode_is_not_replaced_for_one_person(self, context: FakeContext) -> None:
        with pytest.raises(WrongState) as refused:
            replace_passcode(context, ADMIN, sitting())
        assert refused.value.code == "shared_passcode"
        assert context.registry.audit("candidate-one") == []

    def test_correcting_a_candidate_keeps_the_replaced_passcode(self, context: FakeContext) -> None:
        make_personal(context)
        made = replace_passcode(context, ADMIN, sitting())
        before = context.registry.candidate("candidate-one")
        correct(context, ADMIN, before, Correction(name="王小明"), "姓名有误")
        assert passcode_of(context) == made
