"""Device checks: stored with the session, and required for entry."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.exams import SittingClosed
from chalicelib.domain.rules.device_checks import (
    CheckMeasure,
    CheckOutcome,
    CheckRules,
    DeviceCheck,
)
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, Requirement
from chalicelib.services.sign_in.candidate import CandidateCredentials, sign_in
from chalicelib.services.sitting import check_in, device_checks
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, add_session, fake_context

GOOD = [CheckMeasure(check, CheckRules().threshold(check).pass_at) for check in DeviceCheck]


def test_summary_is_stored_in_the_session(context: FakeContext) -> None:
    session_id = add_session(context, state=State.SIGNED_IN, check_summary=None).session_id
    device_checks.record_checks(context, session_id, GOOD)
    assert device_checks.read_checks(context, session_id).results.results.keys() == set(DeviceCheck)
    session = context.sessions.session(session_id)
    assert session.check_summary is not None
    assert (session.check_summary.outcome, session.check_summary.ready) == (CheckOutcome.PASS, True)
    device_checks.record_checks(context, session_id, GOOD)
    assert context.sessions.session(session_id) == session, "unchanged summary was written again"
    audit = context.sessions.audit(session_id)
    assert [entry.action for entry in audit] == ["signed_in", "checked"]
    assert first_break(audit) is None


def test_concurrent_results_are_all_kept(context: FakeContext) -> None:
    session_id = add_session(context, state=State.SIGNED_IN, check_summary=None).session_id
    context.sessions.before_commit.append(
        lambda: device_checks.record_checks(context, session_id, GOOD[:2])
    )
    report = device_checks.record_checks(context, session_id, GOOD[2:4])
    assert len(report.results.results) == 4


@pytest.mark.parametrize("state", sorted(set(State) - device_checks.STATES_BEFORE_PAPER))
def test_checks_after_the_start_are_rejected(context: FakeContext, state: State) -> None:
    session_id = add_session(context, state=state).session_id
    with pytest.raises(WrongState):
        device_checks.record_checks(context, session_id, GOOD)
    with pytest.raises(WrongState):
        device_checks.start_transfer_test(context, session_id)


def test_transfer_test_uses_the_sessions_own_file(context: FakeContext) -> None:
    session_id = add_session(context, state=State.SIGNED_IN).session_id
    test = device_checks.start_transfer_test(context, session_id)
    assert test.name == session_id
    assert test.upload.fields["key"] == f"lines/{session_id}.bin"
    assert test.upload.fields["key"] in test.download_url


class TestEntry:
    def test_entry_without_checks_is_rejected(self, context: FakeContext) -> None:
        session_id = add_session(context, state=State.SIGNED_IN, check_summary=None).session_id
        with pytest.raises(WrongState) as refusal:
            check_in.confirm_info(context, session_id)
        assert refusal.value.code == "no_checks"
        device_checks.record_checks(context, session_id, GOOD)
        assert check_in.confirm_info(context, session_id).state is State.INFO_CONFIRMED

    def test_entry_with_a_failed_check_is_rejected(self, context: FakeContext) -> None:
        session_id = add_session(context, state=State.SIGNED_IN, check_summary=None).session_id
        device_checks.record_checks(
            context, session_id, [*GOOD, CheckMeasure(DeviceCheck.SCREENS, 2)]
        )
        with pytest.raises(WrongState) as refusal:
            check_in.confirm_info(context, session_id)
        assert refusal.value.code == "no_checks"

    def test_required_second_view_must_join_before_entry(self) -> None:
        context = fake_context(build.subject(second_view=Requirement.REQUIRED))
        session = add_session(context, state=State.SIGNED_IN)
        with pytest.raises(WrongState) as refusal:
            check_in.confirm_info(context, session.session_id)
        assert refusal.value.code == "no_second_view"
        context.sessions.commit(replace(session, version=2, second_view_joined_at=NOW))
        # Joining early allows entry; the second-view step still comes later.
        assert check_in.confirm_info(context, session.session_id).state is State.INFO_CONFIRMED


class TestSignInAfterTheWindow:
    def sign_in(self, context: FakeContext) -> str:
        credentials = CandidateCredentials(
            build.EXAM, build.SUBJECT, "ADM-one", build.TRIAL, "192.0.2.1"
        )
        result = sign_in(context, credentials)
        return result.view.session.session_id

    def test_ended_session_can_be_read(self, context: FakeContext) -> None:
        session_id = self.sign_in(context)
        session = context.sessions.session(session_id)
        context.sessions.commit(replace(session, version=2, state=State.SUBMITTED))
        context.clock.advance(700 * MINUTE)
        assert self.sign_in(context) == session_id

    def test_unfinished_session_stays_closed(self, context: FakeContext) -> None:
        context.clock.advance(700 * MINUTE)
        with pytest.raises(SittingClosed):
            self.sign_in(context)
        context.clock.now = NOW
        self.sign_in(context)
        context.clock.advance(700 * MINUTE)
        with pytest.raises(SittingClosed):
            self.sign_in(context)
