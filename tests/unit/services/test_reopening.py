"""The ways back from every end, walked through the use cases; and acts that are carried out once."""

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.errors import BadInput, NotAllowed, NotFound, WrongState
from chalicelib.domain.exams.exams import SittingClosed
from chalicelib.domain.rules.page_exits import (
    ExitConsequence,
    ExitSignal,
    PageExitReport,
    PageLockRule,
)
from chalicelib.domain.sessions.endings import WAYS_BACK, Ending, WayBack, ending_of
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import MINUTE, Role, SittingKind
from chalicelib.schemas.serializers.staff import attempt_out
from chalicelib.services.core.tokens import API_AUDIENCE
from chalicelib.services.monitoring.page_exits import report_page_exit
from chalicelib.services.monitoring.scheduler import bring_up_to_date
from chalicelib.services.ports import ClaimedSitting, Claims
from chalicelib.services.proctoring import reopening, session_control
from chalicelib.services.sign_in import practice
from chalicelib.services.sign_in.candidate import CandidateCredentials, SignInResult, sign_in
from chalicelib.services.sitting.answers import AnswerInput, save_answer, submit_answers
from chalicelib.services.sitting.check_in import answer_pledge, start_answering
from tests.support import builders as build
from tests.support.builders import EXAM, NOW, OFFICIAL, SUBJECT, TRIAL
from tests.support.fake_context import FakeContext, act_by, add_session, fake_context

PASSCODES = {SittingKind.TRIAL: TRIAL, SittingKind.OFFICIAL: OFFICIAL}
HERE = "203.0.113.7"


def enter(context: FakeContext, kind: SittingKind = SittingKind.OFFICIAL) -> SignInResult:
    return sign_in(
        context, CandidateCredentials(EXAM, SUBJECT, "ADM-one", PASSCODES[kind], HERE, "own")
    )


def sitting(context: FakeContext, kind: SittingKind = SittingKind.OFFICIAL) -> Session:
    """Somebody who is answering, with one answer saved."""
    session = enter(context, kind).view.session
    now = context.clock()
    running = replace(
        session,
        version=session.version + 1,
        state=State.ANSWERING,
        started_at=now,
        ends_at=now + 60 * MINUTE,
    )
    context.sessions.commit(running)
    save(context, session.session_id, kind, 5)
    return running


def save(context: FakeContext, session_id: str, kind: SittingKind, sequence: int) -> None:
    claims = Claims(Role.CANDIDATE, session_id, NOW + MINUTE, ClaimedSitting(SUBJECT, kind))
    save_answer(context, claims, "q1", AnswerInput(sequence, ["A"]), build.ORIGIN)


def decline(context: FakeContext, session: Session) -> None:
    asked = context.sessions.session(session.session_id)
    context.sessions.commit(
        replace(asked, version=asked.version + 1, state=State.INFO_CONFIRMED, ends_at=None)
    )
    answer_pledge(context, session.session_id, agreed=False)


def time_out(context: FakeContext, session: Session) -> None:
    context.clock.now = session.ends_at or 0
    bring_up_to_date(context, session.session_id)


def terminate(context: FakeContext, session: Session) -> None:
    proctor = act_by(context.registry.staff("proctor"), session.session_id)
    session_control.terminate_session(context, proctor, "代考")


def leave_page(context: FakeContext, session: Session) -> None:
    report = PageExitReport(1, away=True, signal=ExitSignal.HIDDEN)
    report_page_exit(context, session.session_id, report)


ENDS: dict[Ending, Callable[[FakeContext, Session], object]] = {
    Ending.DECLINED: decline,
    Ending.SUBMITTED: lambda context, session: submit_answers(context, session.session_id),
    Ending.TIMED_OUT: time_out,
    Ending.TERMINATED_BY_PERSON: terminate,
    Ending.TERMINATED_BY_RULE: leave_page,
}


@pytest.fixture
def context() -> FakeContext:
    lock = PageLockRule(max_exits=0, consequence=ExitConsequence.END)
    return fake_context(build.subject(lock=lock))


def reopen(context: FakeContext, session_id: str) -> Session:
    admin, proctor = (
        act_by(context.registry.staff(name), session_id) for name in ("admin", "proctor")
    )
    reopening.ask_to_reopen(context, admin, "误触交卷", 30)
    return reopening.reopen(context, proctor)


@pytest.mark.parametrize(("ending", "kind"), list(product(Ending, SittingKind)))
def test_every_end_can_be_come_back_from(
    context: FakeContext, ending: Ending, kind: SittingKind
) -> None:
    session = sitting(context, kind)
    ENDS[ending](context, session)
    ended = context.sessions.session(session.session_id)
    if ending is Ending.TERMINATED_BY_RULE and kind is SittingKind.TRIAL:
        assert ended.state is State.ANSWERING, "nothing follows in a practice session"
        return
    assert ending_of(ended) is ending
    listed = attempt_out(ended)
    assert (listed.ending, listed.started_at) == (ending, ended.started_at)
    assert listed.ended_at == (ended.receipt.at if ended.receipt else None)
    assert (listed.end_reason is not None) == (ended.state is State.TERMINATED)
    if ended.state in FINAL_STATES:
        assert ended.receipt is not None
        assert ended.receipt.answered == 1
    match WAYS_BACK[ending, kind]:
        case WayBack.SIGN_IN:
            assert enter(context, kind).view.session.state is State.INFO_CONFIRMED
        case WayBack.REPEAT:
            again = practice.repeat(context, session.session_id).view.session
            assert (again.state, again.attempt) == (State.SIGNED_IN, 2)
            assert enter(context, kind).view.session.session_id == again.session_id
        case WayBack.REOPEN:
            sealed = reopen(context, session.session_id)
            assert sealed.receipt == ended.receipt
            again = enter(context, kind).view.session
            assert (again.state, again.attempt) == (State.SIGNED_IN, 2)
    assert first_break(context.sessions.audit(session.session_id)) is None


class TestAReopenedSitting:
    def test_has_its_own_time_and_the_answers_of_the_sealed_one(self, context: FakeContext) -> None:
        session = sitting(context)
        submit_answers(context, session.session_id)
        context.clock.advance(10_000 * MINUTE)
        with pytest.raises(SittingClosed):
            sign_in(context, CandidateCredentials(EXAM, SUBJECT, "ADM-two", OFFICIAL, HERE, "own"))
        sealed = reopen(context, session.session_id)
        again = enter(context).view.session
        assert again.session_id == sealed.superseded_by
        [carried] = context.sessions.answers(again.session_id)
        assert (carried.question_id, carried.sequence, carried.value) == ("q1", 5, ("A",))
        assert context.sessions.bundle(again.session_id).progress.answered == {"q1"}
        context.sessions.commit(replace(again, version=again.version + 1, state=State.WAITING))
        started = start_answering(context, again.session_id)
        assert started.ends_at == context.clock() + 30 * MINUTE
        save(context, again.session_id, SittingKind.OFFICIAL, 6)
        assert [answer.sequence for answer in context.sessions.answers(session.session_id)] == [5]

    def test_is_confirmed_once_by_somebody_else(self, context: FakeContext) -> None:
        session_id = sitting(context).session_id
        submit_answers(context, session_id)
        admin = context.registry.staff("admin")
        reopening.ask_to_reopen(context, act_by(admin, session_id), "误触交卷", 30)
        with pytest.raises(NotAllowed):
            reopening.reopen(context, act_by(admin, session_id))
        proctor = act_by(context.registry.staff("proctor"), session_id)
        first = reopening.reopen(context, proctor)
        assert reopening.reopen(context, proctor) == first
        assert len(reopening.attempts_of(context, first)) == 2
        elsewhere = act_by(context.registry.staff("elsewhere"), session_id)
        with pytest.raises(NotFound):
            reopening.reopen(context, elsewhere)

    def test_a_refused_request_is_gone(self, context: FakeContext) -> None:
        session_id = sitting(context).session_id
        submit_answers(context, session_id)
        admin, proctor = (context.registry.staff(name) for name in ("admin", "proctor"))
        reopening.ask_to_reopen(context, act_by(admin, session_id), "误触交卷", 30)
        reopening.refuse_to_reopen(context, act_by(proctor, session_id), "时间已过")
        with pytest.raises(WrongState):
            reopening.reopen(context, act_by(proctor, session_id))


class TestAPracticeSession:
    def test_is_repeated_as_often_as_wanted_and_every_attempt_is_kept(
        self, context: FakeContext
    ) -> None:
        session = sitting(context, SittingKind.TRIAL)
        ids = [session.session_id]
        for _ in range(3):
            submit_answers(context, ids[-1])
            result = practice.repeat(context, ids[-1])
            repeated = practice.repeat(context, ids[-1])
            assert repeated.view.session == result.view.session
            claims = context.tokens.read(result.token, API_AUDIENCE, context.clock())
            assert claims.subject == result.view.session.session_id
            ids.append(claims.subject)
            fresh = result.view.session
            now = context.clock()
            context.sessions.commit(
                replace(
                    fresh,
                    version=fresh.version + 1,
                    state=State.ANSWERING,
                    started_at=now,
                    ends_at=now + MINUTE,
                )
            )
        attempts = reopening.attempts_of(context, context.sessions.session(ids[0]))
        assert [attempt.session_id for attempt in attempts] == ids[::-1]
        assert [attempt.receipt is not None for attempt in attempts] == [False, True, True, True]
        assert context.sessions.answers(ids[1]) == [], "practice begins anew"

    def test_only_after_its_end_and_never_an_official_one(self, context: FakeContext) -> None:
        running = sitting(context, SittingKind.TRIAL)
        official = sitting(context)
        submit_answers(context, official.session_id)
        for session in (running, official):
            with pytest.raises(WrongState):
                practice.repeat(context, session.session_id)
        submit_answers(context, running.session_id)
        context.clock.advance(10_000 * MINUTE)
        with pytest.raises(SittingClosed):
            practice.repeat(context, running.session_id)


class TestActsOfStaff:
    @pytest.mark.parametrize("minutes", [1, 7, 90])
    def test_time_given_is_that_many_minutes(self, context: FakeContext, minutes: int) -> None:
        session = add_session(context)
        by = act_by(context.registry.staff("proctor"))
        after = session_control.extend_session(context, by, minutes, "断网")
        assert (after.ends_at or 0) - (session.ends_at or 0) == minutes * 60_000
        ended = sitting(context)
        terminate(context, ended)
        admin = act_by(context.registry.staff("admin"), ended.session_id)
        asked = reopening.ask_to_reopen(context, admin, "误触交卷", minutes)
        assert asked.reopen_request is not None
        assert asked.reopen_request.span == minutes * 60_000

    def test_five_minutes_sent_four_times_are_five(self, context: FakeContext) -> None:
        session = add_session(context)
        by = act_by(context.registry.staff("proctor"))
        for _ in range(4):
            after = session_control.extend_session(context, by, 5, "断网")
        assert after.ends_at == (session.ends_at or 0) + 5 * MINUTE
        actions = [entry.action for entry in context.sessions.audit(session.session_id)]
        assert actions.count("extended") == 1

    def test_two_at_once_with_one_id_are_one(self, context: FakeContext) -> None:
        session = add_session(context)
        by = act_by(context.registry.staff("proctor"))
        context.sessions.before_commit.append(
            lambda: session_control.extend_session(context, by, 5, "断网")
        )
        after = session_control.extend_session(context, by, 5, "断网")
        assert after.ends_at == (session.ends_at or 0) + 5 * MINUTE

    def test_a_late_repeat_does_not_undo_what_came_after(self, context: FakeContext) -> None:
        session = add_session(context)
        proctor = context.registry.staff("proctor")
        pausing = act_by(proctor)
        session_control.pause_session(context, pausing, "断网")
        session_control.resume_session(context, act_by(proctor))
        session_control.pause_session(context, pausing, "断网")
        assert context.sessions.session(session.session_id).state is State.ANSWERING

    def test_an_id_names_one_act_of_one_person(self, context: FakeContext) -> None:
        add_session(context)
        by = act_by(context.registry.staff("proctor"))
        session_control.extend_session(context, by, 5, "断网")
        with pytest.raises(BadInput) as refusal:
            session_control.terminate_session(context, by, "代考")
        assert refusal.value.code == "act_id_used"
        same = act_by(context.registry.staff("admin"), act_id=by.act_id)
        with pytest.raises(BadInput):
            session_control.extend_session(context, same, 5, "断网")
