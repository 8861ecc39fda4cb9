"""An outage as the server sees it: silence of the first view's device, and its return."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.capture.captures import CLIPS_FIRST, PICTURES_FIRST, PICTURES_SECOND
from chalicelib.domain.sessions.sessions import OtherDevice, Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND, Role, SittingKind
from chalicelib.services.monitoring.capture_plans import plan_captures
from chalicelib.services.monitoring.observations import record_observation
from chalicelib.services.monitoring.scheduler import bring_up_to_date, run_due_sessions
from chalicelib.services.ports import ClaimedSitting, Claims
from chalicelib.services.sitting import check_in
from chalicelib.services.sitting.answers import AnswerInput, save_answer
from tests.support import builders as build
from tests.support.builders import SUBJECT
from tests.support.fake_context import FakeContext, add_session


@pytest.fixture
def session(context: FakeContext) -> Session:
    """Somebody who has just started, with the page's first plan."""
    seated = add_session(context, state=State.WAITING)
    started = check_in.start_answering(context, seated.session_id)
    plan(context, started)
    return started


def plan(context: FakeContext, session: Session) -> None:
    plan_captures(context, session.session_id, (PICTURES_FIRST, CLIPS_FIRST))


def ends_at(context: FakeContext, session: Session) -> int:
    return context.sessions.session(session.session_id).ends_at or 0


def returns(context: FakeContext, session: Session) -> None:
    bring_up_to_date(context, session.session_id, generation=1)


def answer(context: FakeContext, session: Session, question: str, value: str) -> None:
    sitting = ClaimedSitting(SUBJECT, SittingKind.OFFICIAL)
    who = Claims(Role.CANDIDATE, session.session_id, context.clock() + MINUTE, sitting)
    save_answer(context, who, question, AnswerInput(1, [value]))


@pytest.mark.parametrize("how", ["the session", "a plan"])
def test_ten_minutes_without_network_are_given_back(
    context: FakeContext, session: Session, how: str
) -> None:
    context.clock.advance(10 * MINUTE)
    for _ in range(2):
        (returns if how == "the session" else plan)(context, session)
    assert ends_at(context, session) == (session.ends_at or 0) + 10 * MINUTE
    audit = context.sessions.audit(session.session_id)
    assert [entry.action for entry in audit].count("outage") == 1
    assert first_break(audit) is None


def test_answers_that_arrive_before_the_first_word_hide_nothing(
    context: FakeContext, session: Session
) -> None:
    context.clock.advance(5 * MINUTE)
    answer(context, session, "q1", "A")
    context.clock.advance(SECOND)
    returns(context, session)
    assert ends_at(context, session) == (session.ends_at or 0) + 5 * MINUTE + SECOND


def test_a_picture_of_the_return_hides_nothing(context: FakeContext, session: Session) -> None:
    context.clock.advance(5 * MINUTE)
    record_observation(context, build.observation(session.session_id, context.clock()))
    returns(context, session)
    assert ends_at(context, session) == (session.ends_at or 0) + 5 * MINUTE


def test_pictures_say_when_it_began(context: FakeContext, session: Session) -> None:
    for _ in range(6):
        context.clock.advance(5 * SECOND)
        record_observation(context, build.observation(session.session_id, context.clock()))
    context.clock.advance(4 * MINUTE)
    returns(context, session)
    assert ends_at(context, session) == (session.ends_at or 0) + 4 * MINUTE


def test_who_is_there_gets_nothing(context: FakeContext, session: Session) -> None:
    for _ in range(10):
        context.clock.advance(50 * SECOND)
        plan(context, session)
        returns(context, session)
    assert ends_at(context, session) == session.ends_at


def test_who_goes_on_answering_was_not_cut_off(context: FakeContext, session: Session) -> None:
    for question, value in (("q1", "A"), ("q2", "A"), ("q3", "true"), ("q4", "text")):
        context.clock.advance(MINUTE)
        answer(context, session, question, value)
    context.clock.advance(10 * SECOND)
    returns(context, session)
    assert ends_at(context, session) == session.ends_at


def test_neither_the_phone_nor_the_proctor_speaks_for_the_computer(
    context: FakeContext, session: Session
) -> None:
    context.clock.advance(5 * MINUTE)
    plan_captures(context, session.session_id, (PICTURES_SECOND,))
    bring_up_to_date(context, session.session_id)
    assert ends_at(context, session) == session.ends_at
    with pytest.raises(OtherDevice):
        bring_up_to_date(context, session.session_id, generation=2)
    returns(context, session)
    assert ends_at(context, session) == (session.ends_at or 0) + 5 * MINUTE


def test_a_pause_is_no_outage(context: FakeContext, session: Session) -> None:
    kept = context.sessions.session(session.session_id)
    paused = replace(kept, version=kept.version + 1, state=State.PAUSED, paused_at=context.clock())
    context.sessions.commit(paused)
    context.clock.advance(5 * MINUTE)
    returns(context, session)
    assert context.sessions.session(session.session_id) == paused


def test_a_time_that_ends_in_an_outage_ends_when_the_credit_does(
    context: FakeContext, session: Session
) -> None:
    end = session.ends_at or 0
    while context.clock.now < end - 5 * MINUTE:
        context.clock.advance(50 * SECOND)
        plan(context, session)
    cut = context.clock.now
    context.clock.now = end
    run_due_sessions(context)
    assert ends_at(context, session) == end + (end - cut)
    while context.sessions.session(session.session_id).state is State.ANSWERING:
        context.clock.advance(MINUTE)
        run_due_sessions(context)
    given = context.sessions.session(session.session_id)
    assert given.state is State.TIMED_OUT
    assert given.ends_at == end + given.outages.max_credit
    assert first_break(context.sessions.audit(session.session_id)) is None


def test_looking_reads_once_and_writes_nothing(context: FakeContext, session: Session) -> None:
    context.sessions.calls.clear()
    returns(context, session)
    assert context.sessions.calls == ["bundle"]
