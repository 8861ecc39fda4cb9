"""Signing in on another device, or elsewhere: what is written, what ends, and how it goes on."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import NotFound, NotSignedIn, WrongState
from chalicelib.domain.exams.exams import SittingClosed
from chalicelib.domain.identity.verification import (
    Consent,
    FaceComparison,
    IdentityStatus,
    LivenessMovement,
)
from chalicelib.domain.messaging.calls import CallKind, Endpoint
from chalicelib.domain.recording.recording_rule import RecordingMode, RecordingRule
from chalicelib.domain.recording.screen_sharing import ScreenStatus
from chalicelib.domain.rules.device_changes import DeviceChangeRule, Origin
from chalicelib.domain.sessions.sessions import OtherDevice, Session
from chalicelib.domain.sessions.states import VERIFIED_STATES, State
from chalicelib.domain.types import MINUTE, Role
from chalicelib.services.core.tokens import SOCKET_AUDIENCE
from chalicelib.services.identity.verification import (
    decide_identity,
    record_comparison,
    start_verification,
)
from chalicelib.services.messaging.calls import SignalStep, request_call
from chalicelib.services.monitoring.origins import note_origin_of
from chalicelib.services.monitoring.screen_sharing import report_screen
from chalicelib.services.ports import Claims
from chalicelib.services.realtime import connect, relay_signal
from chalicelib.services.sign_in.candidate import CandidateCredentials, SignInResult, sign_in
from chalicelib.services.sitting.answers import read_paper, submit_answers
from chalicelib.services.sitting.check_in import answer_pledge
from tests.support import builders as build
from tests.support.builders import EMBEDDING, EXAM, NOW, OFFICIAL, SUBJECT
from tests.support.fake_context import FakeContext, act_by, fake_context, update_identity

MOVED = LivenessMovement.MOVED
HERE, THERE = "203.0.113.7", "198.51.100.9"


def enter(
    context: FakeContext, browser_id: str = "own", address: str = HERE, agent: str = "Firefox"
) -> SignInResult:
    return sign_in(
        context,
        CandidateCredentials(
            EXAM, SUBJECT, "ADM-one", OFFICIAL, address, browser_id, user_agent=agent
        ),
    )


def sitting(
    context: FakeContext, state: State = State.ANSWERING, consent: Consent = Consent.GIVEN
) -> Session:
    """Somebody who signed in on their own device and stands at a state."""
    session = enter(context).view.session
    now = context.clock()
    times: dict[str, Any] = {"started_at": now, "ends_at": now + 60 * MINUTE, "paused_at": now}
    moved = replace(session, version=session.version + 1, state=state, **times)
    context.sessions.commit(moved)
    update_identity(
        context, session.session_id, status=IdentityStatus.VERIFIED, consent=consent, attempts=1
    )
    return moved


def flags(context: FakeContext, session: Session) -> list[tuple[str, bool]]:
    found = context.sessions.flags(session.session_id)
    return [(flag.kind, flag.ended_at is None) for flag in found]


@pytest.mark.parametrize("state", sorted(VERIFIED_STATES))
def test_another_device_stands_before_the_photo_check(context: FakeContext, state: State) -> None:
    session = sitting(context, state)
    seen = enter(context, "other", THERE).view
    assert (seen.session.state, seen.session.place) == (State.REVERIFYING, state)
    assert (seen.identity.status, seen.identity.attempts) == (IdentityStatus.NONE, 0)
    with pytest.raises(NotFound):
        read_paper(context, session.session_id)
    with pytest.raises(WrongState):
        submit_answers(context, session.session_id)
    [flag] = context.sessions.flags(session.session_id)
    assert (flag.kind, flag.detail) == ("device_changed", f"{HERE} → {THERE}")
    assert first_break(context.sessions.audit(session.session_id)) is None
    assert context.sessions.session(session.session_id) == seen.session


def test_another_computer_shares_its_screen_anew(context: FakeContext) -> None:
    session = sitting(context)
    recording = RecordingRule(screen=RecordingMode.ALL)
    changes: dict[str, Any] = {"recording": recording, "recording_consent": True}
    context.sessions.commit(replace(session, version=session.version + 1, **changes))
    report_screen(context, session.session_id, ScreenStatus.SHARED)
    enter(context)
    assert flags(context, session) == []
    enter(context, "other", THERE)
    assert sorted(flags(context, session)) == [
        ("device_changed", True),
        ("screen_not_shared", True),
    ]
    report_screen(context, session.session_id, ScreenStatus.SHARED)
    assert ("screen_not_shared", False) in flags(context, session)


def test_it_takes_no_call_more_than_any_sign_in(context: FakeContext) -> None:
    sitting(context)
    context.registry.calls.clear()
    context.sessions.calls.clear()
    enter(context, "other", THERE)
    assert len(context.registry.calls + context.sessions.calls) == 3


def verify(context: FakeContext, session_id: str, similarity: float = 0.7) -> None:
    capture_id = start_verification(context, session_id).attempt.capture_id
    record_comparison(
        context, session_id, capture_id, FaceComparison(1, similarity, EMBEDDING, movement=MOVED)
    )


def test_verified_person_goes_on_where_they_stood(context: FakeContext) -> None:
    before = sitting(context)
    enter(context, "other", THERE)
    context.clock.advance(MINUTE)
    verify(context, before.session_id)
    after = context.sessions.session(before.session_id)
    assert (after.state, after.ends_at) == (State.ANSWERING, before.ends_at)
    assert flags(context, before) == [("device_changed", False)]
    assert context.sessions.bundle(before.session_id).monitor.reference == EMBEDDING
    assert read_paper(context, before.session_id)[0] == build.paper()
    assert first_break(context.sessions.audit(before.session_id)) is None


def test_stranger_is_not_let_on(context: FakeContext) -> None:
    session = sitting(context)
    enter(context, "other", THERE)
    verify(context, session.session_id, similarity=0.1)
    assert context.sessions.session(session.session_id).state is State.REVERIFYING
    assert flags(context, session) == [("device_changed", True)]


def test_way_back_to_the_own_device_is_a_change_as_well(context: FakeContext) -> None:
    session = sitting(context)
    enter(context, "other", THERE)
    seen = enter(context).view.session
    assert (seen.state, seen.place, seen.generation) == (State.REVERIFYING, State.ANSWERING, 3)
    verify(context, session.session_id)
    assert flags(context, session) == [("device_changed", False)] * 2


def test_time_that_is_up_ends_it_all_the_same(context: FakeContext) -> None:
    session = sitting(context)
    enter(context, "other", THERE)
    context.clock.now = session.ends_at or 0
    assert submit_answers(context, session.session_id).state is State.TIMED_OUT


class TestAProctorDecides:
    def test_where_the_subject_says_so(self) -> None:
        context = fake_context(build.subject(device_change=DeviceChangeRule.PROCTOR))
        session = sitting(context, State.WAITING)
        seen = enter(context, "other", THERE).view
        assert seen.identity.status is IdentityStatus.PENDING
        with pytest.raises(WrongState):
            start_verification(context, session.session_id)
        proctor = act_by(context.registry.staff("proctor"), session.session_id)
        assert decide_identity(context, proctor, None, accept=True).state is State.WAITING

    def test_and_for_whoever_does_not_consent(self, context: FakeContext) -> None:
        session = sitting(context, consent=Consent.REFUSED)
        assert enter(context, "other", THERE).view.identity.status is IdentityStatus.PENDING
        admin = act_by(context.registry.staff("admin"), session.session_id)
        assert decide_identity(context, admin, None, accept=True).state is State.ANSWERING

    def test_once_with_one_id(self, context: FakeContext) -> None:
        session = sitting(context, consent=Consent.REFUSED)
        enter(context, "other", THERE)
        admin = act_by(context.registry.staff("admin"), session.session_id)
        first = decide_identity(context, admin, None, accept=True)
        assert decide_identity(context, admin, None, accept=True) == first


class TestTheSameDevice:
    @pytest.mark.parametrize(("address", "agent"), [(THERE, "Firefox"), (HERE, "Chrome")])
    def test_elsewhere_is_told_and_goes_on(
        self, context: FakeContext, address: str, agent: str
    ) -> None:
        session = sitting(context)
        for _ in range(2):
            seen = enter(context, "own", address, agent).view.session
            assert (seen.state, seen.generation) == (State.ANSWERING, 1)
        assert flags(context, session) == [("origin_changed", False)]

    def test_with_a_copied_token_is_told_once_for_each_place(self, context: FakeContext) -> None:
        session = sitting(context)
        for _ in range(3):
            current = context.sessions.session(session.session_id)
            note_origin_of(context, current, Origin(THERE, "somebody's own program"))
        assert flags(context, session) == [("origin_changed", False)]
        assert first_break(context.sessions.audit(session.session_id)) is None

    def test_after_the_end_nothing_is_told(self, context: FakeContext) -> None:
        session = replace(sitting(context), state=State.SUBMITTED)
        note_origin_of(context, session, Origin(THERE, "Firefox"))
        assert flags(context, session) == []


class TestTheOldDevice:
    def test_calls_signals_and_tickets_end(self, context: FakeContext) -> None:
        session = sitting(context)
        proctor = context.registry.staff("proctor")
        request_call(context, proctor, session.session_id, "look", CallKind.FIRST, None)
        ticket = context.tokens.issue(
            Claims(Role.CANDIDATE, session.session_id, NOW + MINUTE), SOCKET_AUDIENCE
        )
        connect(context, "old", "http://socket.test", ticket)
        enter(context, "other", THERE)
        calls = context.messages.calls(session.session_id)
        assert calls is not None
        assert [call.endpoint for call in calls.open] == []
        assert calls.find("look").endpoint is Endpoint.EXAM
        with pytest.raises(OtherDevice):
            connect(context, "late", "http://socket.test", ticket)
        with pytest.raises(NotFound):
            context.connections.get("late")
        step = SignalStep("p", 0, "offer", "v=0", ())
        with pytest.raises(NotSignedIn):
            relay_signal(context, "old", session.session_id, "look", step)
        assert first_break(context.sessions.audit(session.session_id)) is None


class TestDeclining:
    def test_leaves_and_the_pledge_is_answered_anew(self, context: FakeContext) -> None:
        session = sitting(context, State.INFO_CONFIRMED)
        declined = answer_pledge(context, session.session_id, agreed=False)
        assert (declined.state, declined.generation) == (State.DECLINED, 2)
        back = enter(context).view.session
        assert back.state is State.INFO_CONFIRMED
        assert answer_pledge(context, session.session_id, agreed=True).state is State.PLEDGED
        actions = [entry.action for entry in context.sessions.audit(session.session_id)]
        assert actions[-3:] == ["decline", "come_back", "agree"]

    def test_by_a_stranger_ends_nobodys_exam(self, context: FakeContext) -> None:
        session = sitting(context, State.INFO_CONFIRMED)
        enter(context, "thief", THERE)
        answer_pledge(context, session.session_id, agreed=False)
        assert enter(context).view.session.state is State.INFO_CONFIRMED
        assert flags(context, session) == []

    def test_is_not_taken_back_after_the_window(self, context: FakeContext) -> None:
        session = sitting(context, State.INFO_CONFIRMED)
        answer_pledge(context, session.session_id, agreed=False)
        context.clock.advance(10_000 * MINUTE)
        with pytest.raises(SittingClosed):
            enter(context)
