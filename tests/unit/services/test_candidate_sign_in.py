"""Candidate sign-in: who gets in, and that a rejection reveals nothing."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import NotSignedIn
from chalicelib.domain.exams.exams import SittingClosed
from chalicelib.domain.rules.device_checks import CheckMeasure, CheckRules, DeviceCheck
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, Role, SittingKind
from chalicelib.services.core.tokens import API_AUDIENCE, SOCKET_AUDIENCE, issue_socket_ticket
from chalicelib.services.ports import ClaimedSitting
from chalicelib.services.sign_in.candidate import (
    CandidateCredentials,
    InvalidCredentials,
    SignInResult,
    sign_in,
)
from chalicelib.services.sitting.check_in import confirm_info
from chalicelib.services.sitting.device_checks import record_checks
from tests.support import builders as build
from tests.support.builders import EXAM, NOW, OFFICIAL, SUBJECT, TRIAL
from tests.support.fake_context import FakeContext

ADDRESS = "203.0.113.7"


def sign_in_candidate(
    context: FakeContext,
    number: str = "ADM-one",
    passcode: str = OFFICIAL,
    address: str = ADDRESS,
    device: str = "own",
) -> SignInResult:
    return sign_in(context, CandidateCredentials(EXAM, SUBJECT, number, passcode, address, device))


class TestSignIn:
    @pytest.mark.parametrize("number", ["ADM-one", "admone", "ID-one-0001", " id one 0001 "])
    def test_id_or_admission_number_opens_the_session(
        self, context: FakeContext, number: str
    ) -> None:
        result = sign_in_candidate(context, number)
        session = result.view.session
        assert (session.state, session.version, session.kind) == ("signed_in", 1, "official")
        assert (session.room_id, session.candidate_name, session.questions) == (
            build.ROOM, "考生 one", 4,
        )  # fmt: skip
        claims = context.tokens.read(result.token, API_AUDIENCE, NOW)
        assert (claims.role, claims.subject) == (Role.CANDIDATE, session.session_id)
        assert claims.sitting == ClaimedSitting(SUBJECT, SittingKind.OFFICIAL)
        assert first_break(context.sessions.audit(session.session_id)) is None

    def test_passcode_selects_the_sitting(self, context: FakeContext) -> None:
        trial, official = sign_in_candidate(context, passcode=TRIAL), sign_in_candidate(context)
        assert trial.view.session.kind is SittingKind.TRIAL
        assert trial.view.session.session_id != official.view.session.session_id

    def test_repeated_sign_in_resumes_the_session(self, context: FakeContext) -> None:
        first = sign_in_candidate(context).view.session
        measures = [
            CheckMeasure(check, CheckRules().threshold(check).pass_at) for check in DeviceCheck
        ]
        record_checks(context, first.session_id, measures)
        confirmed = confirm_info(context, first.session_id)
        again = sign_in_candidate(context).view
        assert again.session == confirmed
        assert again.identity.session_id == first.session_id

    @pytest.mark.parametrize("device", ["another", ""])
    def test_new_device_takes_over_and_is_audited(self, context: FakeContext, device: str) -> None:
        first = sign_in_candidate(context)
        second = sign_in_candidate(context, device=device)
        session = second.view.session
        assert session.session_id == first.view.session.session_id
        assert session.generation == 2
        assert [
            context.tokens.read(result.token, API_AUDIENCE, NOW).generation
            for result in (first, second)
        ] == [
            1,
            2,
        ]
        entry = context.sessions.audit(session.session_id)[-1]
        assert (entry.action, entry.detail) == (
            "device_changed",
            {"devices": 2, "address_before": ADDRESS, "address": ADDRESS, "browser": ""},
        )

    def test_ended_session_is_not_taken_over(self, context: FakeContext) -> None:
        session_id = sign_in_candidate(context).view.session.session_id
        session = context.sessions.session(session_id)
        context.sessions.commit(replace(session, version=2, state=State.SUBMITTED))
        sign_in_candidate(context, device="another")
        assert context.sessions.session(session_id).generation == 1

    def test_concurrent_sign_ins_open_one_session(self, context: FakeContext) -> None:
        other: list[SignInResult] = []
        context.sessions.before_commit.append(lambda: other.append(sign_in_candidate(context)))
        mine = sign_in_candidate(context)
        assert mine.view.session == other[0].view.session

    @pytest.mark.parametrize(
        ("exam_id", "subject_id", "number", "passcode"),
        [
            (EXAM, SUBJECT, "ADM-one", "WRNG2345"),
            (EXAM, SUBJECT, "ADM-nobody", OFFICIAL),
            (EXAM, "other-subject", "ADM-one", OFFICIAL),
            ("other-exam", SUBJECT, "ADM-one", OFFICIAL),
            (EXAM, SUBJECT, "ADM-elsewhere", OFFICIAL),
        ],
        ids=["passcode", "number", "subject", "exam", "not signed up for the subject"],
    )
    def test_all_invalid_credentials_get_the_same_response(
        self, context: FakeContext, exam_id: str, subject_id: str, number: str, passcode: str
    ) -> None:
        context.registry.put_candidate(build.candidate("elsewhere", rooms={"another": build.ROOM}))
        with pytest.raises(InvalidCredentials) as refusal:
            sign_in(context, CandidateCredentials(exam_id, subject_id, number, passcode, ADDRESS))
        assert (refusal.value.status, refusal.value.code) == (401, "wrong_numbers")
        assert refusal.value.text == InvalidCredentials.text
        assert "commit" not in context.sessions.calls

    def test_closed_window_is_revealed_to_valid_credentials_only(
        self, context: FakeContext
    ) -> None:
        context.clock.advance(10_000 * MINUTE)
        with pytest.raises(SittingClosed):
            sign_in_candidate(context)
        with pytest.raises(InvalidCredentials):
            sign_in_candidate(context, passcode="WRNG2345")

    def test_sign_in_makes_three_store_calls(self, context: FakeContext) -> None:
        for expected in (3, 3):
            context.registry.calls.clear()
            context.sessions.calls.clear()
            sign_in_candidate(context)
            assert len(context.registry.calls + context.sessions.calls) == expected


class TestTickets:
    def test_ticket_opens_sockets_only_and_expires_after_a_minute(
        self, context: FakeContext
    ) -> None:
        claims = context.tokens.read(sign_in_candidate(context).token, API_AUDIENCE, NOW)
        ticket, expires_at = issue_socket_ticket(context, claims)
        assert expires_at == NOW + MINUTE
        assert context.tokens.read(ticket, SOCKET_AUDIENCE, NOW).subject == claims.subject
        with pytest.raises(NotSignedIn):
            context.tokens.read(ticket, API_AUDIENCE, NOW)
