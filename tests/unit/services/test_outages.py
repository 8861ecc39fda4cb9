"""Outages as the server sees them: no contact with the first view's device, and its return."""

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
    """A candidate who has just started, with the page's first capture plan."""
    waiting = add_session(context, state=State.WAITING)
    started = check_in.start_answering(context, waiting.session_id)
    plan(context, started)
    see_picture(context, started)
    return started


def see_picture(context: FakeContext, session: Session) -> None:
    """A picture of the start: the device was there."""
    record_observation(context, build.observation(session.session_id, context.clock()))


def plan(context: FakeContext, session: Session) -> None:
    plan_captures(context, session.session_id, (PICTURES_FIRST, CLIPS_FIRST))


def ends_at(context: FakeContext, session: Session) -> int:
    return context.sessions.session(session.session_id).ends_at or 0


def returns(context: FakeContext, session: Session) -> None:
    bring_up_to_date(context, session.session_id, generation=1)


def answer(context: FakeContext, session: Session, question: str, value: str) -> None:
    sitting = ClaimedSitting(SUBJECT, SittingKind.OFFICIAL)
    claims = Claims(Role.CANDIDATE, session.session_id, context.clock() + MINUTE, sitting)
    save_answer(context, claims, question, AnswerInput(1, [value]), build.ORIGIN)


@pytest.mark.parametrize("contact", ["the session", "a plan"])
def test_outage_of_ten_minutes_is_credited(
    context: FakeContext, session: Session, contact: str
) -> None:
    context.clock.advance(10 * MINUTE)
    for _ in range(2):
        (returns if contact == "the session" else plan)(context, session)
    assert ends_at(context, session) == (session.ends_at or 0) + 10 * MINUTE
    audit = context.sessions.audit(session.session_id)
    assert [entry.action for entry in audit].count("outage") == 1
    assert first_break(audit) is None


def test_queued_answers_do_not_hide_the_outage(context: FakeContext, session: Session) -> None:
    context.clock.advance(5 * MINUTE)
    answer(context, session, "q1", "A")
    context.clock.advance(SECOND)
    returns(context, session)
    assert ends_at(context, session) == (session.ends_at or 0) + 5 * MINUTE + SECOND


def test_picture_after_the_return_does_not_hide_the_outage(
    context: FakeContext, session: Session
) -> None:
    context.clock.advance(5 * MINUTE)
    record_observation(context, build.observation(session.session_id, context.clock()))
    returns(context, session)
    assert ends_at(context, session) == (session.ends_at or 0) + 5 * MINUTE


def test_last_picture_marks_the_begin_of_the_outage(context: FakeContext, session: Session) -> None:
    for _ in range(6):
        context.clock.advance(5 * SECOND)
        record_observation(context, build.observation(session.session_id, context.clock()))
    context.clock.advance(4 * MINUTE)
    returns(context, session)
    assert ends_at(context, session) == (session.ends_at or 0) + 4 * MINUTE


def test_connected_device_gets_no_credit(context: FakeContext, session: Session) -> None:
    for _ in range(10):
        context.clock.advance(50 * SECOND)
        plan(context, session)
        returns(context, session)
    assert ends_at(context, session) == session.ends_at


def test_saved_answers_count_as_contact(context: FakeContext, session: Session) -> None:
    for question, value in (("q1", "A"), ("q2", "A"), ("q3", "true"), ("q4", "text")):
        context.clock.advance(MINUTE)
        answer(context, session, question, value)
    context.clock.advance(10 * SECOND)
    returns(context, session)
    assert ends_at(context, session) == session.ends_at


def test_phone_and_proctor_requests_are_no_contact(context: FakeContext, session: Session) -> None:
    context.clock.advance(5 * MINUTE)
    plan_captures(context, session.session_id, (PICTURES_SECOND,))
    bring_up_to_date(context, session.session_id)
    assert ends_at(context, session) == session.ends_at
    with pytest.raises(OtherDevice):
        bring_up_to_date(context, session.session_id, generation=2)
    returns(context, session)
    assert ends_at(context, session) == (session.ends_at or 0) + 5 * MINUTE


def test_pause_is_no_outage(context: FakeContext, session: Session) -> None:
    before = context.sessions.session(session.session_id)
    paused = replace(
        before, version=before.version + 1, state=State.PAUSED, paused_at=context.clock()
    )
    context.sessions.commit(paused)
    context.clock.advance(5 * MINUTE)
    returns(context, session)
    after = context.sessions.session(session.session_id)
    assert (after.state, after.ends_at, after.outage) == (State.PAUSED, paused.ends_at, None)
    assert "outage" not in {entry.action for entry in context.sessions.audit(session.session_id)}


def test_session_expiring_in_an_outage_ends_after_the_credit(
    context: FakeContext, session: Session
) -> None:
    end = session.ends_at or 0
    while context.clock.now < end - 5 * MINUTE:
        context.clock.advance(50 * SECOND)
        plan(context, session)
    last_contact_at = context.clock.now
    context.clock.now = end
    run_due_sessions(context)
    assert ends_at(context, session) == end + (end - last_contact_at)
    while context.sessions.session(session.session_id).state is State.ANSWERING:
        context.clock.advance(MINUTE)
        run_due_sessions(context)
    timed_out = context.sessions.session(session.session_id)
    assert timed_out.state is State.TIMED_OUT
    assert timed_out.ends_at == end + timed_out.outages.max_credit
    assert first_break(context.sessions.audit(session.session_id)) is None


def test_update_without_changes_reads_once_and_writes_nothing(
    context: FakeContext, session: Session
) -> None:
    context.sessions.calls.clear()
    returns(context, session)
    assert context.sessions.calls == ["bundle"]


def test_device_that_never_sent_a_picture_is_credited_nothing(context: FakeContext) -> None:
    waiting = add_session(context, state=State.WAITING)
    started = check_in.start_answering(context, waiting.session_id)
    plan(context, started)
    context.clock.advance(10 * MINUTE)
    returns(context, started)
    assert ends_at(context, started) == started.ends_at
    see_picture(context, started)
    context.clock.advance(10 * MINUTE)
    returns(context, started)
    assert ends_at(context, started) == (started.ends_at or 0) + 10 * MINUTE
