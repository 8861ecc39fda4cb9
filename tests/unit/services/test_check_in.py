"""Check-in of candidates, and proctors' control of the session."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.capture.captures import PICTURES_FIRST
from chalicelib.domain.errors import Conflict, NotFound, WrongState
from chalicelib.domain.exams.exams import Staff
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND, Requirement
from chalicelib.retry import MAX_ATTEMPTS, retry_on_conflict
from chalicelib.services.core import access
from chalicelib.services.monitoring.capture_plans import plan_captures
from chalicelib.services.monitoring.observations import record_observation
from chalicelib.services.monitoring.scheduler import bring_up_to_date
from chalicelib.services.proctoring import session_control
from chalicelib.services.sitting import check_in
from chalicelib.services.sitting.check_in import confirm_info
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, act_by, add_session, fake_context

type Step = Callable[[FakeContext, str], Session]

STEPS: list[tuple[State, Step, State]] = [
    (State.SIGNED_IN, check_in.confirm_info, State.INFO_CONFIRMED),
    (
        State.INFO_CONFIRMED,
        lambda context, session_id: check_in.answer_pledge(context, session_id, agreed=True),
        State.PLEDGED,
    ),
    (
        State.INFO_CONFIRMED,
        lambda context, session_id: check_in.answer_pledge(context, session_id, agreed=False),
        State.DECLINED,
    ),
    (State.IDENTITY_VERIFIED, check_in.confirm_second_view, State.SECOND_VIEW_READY),
    (State.SECOND_VIEW_READY, check_in.enter_waiting_room, State.WAITING),
    (State.WAITING, check_in.start_answering, State.ANSWERING),
]


@pytest.mark.parametrize(("start", "step", "target"), STEPS)
def test_steps_are_idempotent(
    context: FakeContext, start: State, step: Step, target: State
) -> None:
    session = add_session(context, state=start)
    assert step(context, session.session_id).state is target
    after = context.sessions.session(session.session_id)
    assert after.version == session.version + 1
    step(context, session.session_id)
    assert context.sessions.session(session.session_id) == after
    assert first_break(context.sessions.audit(session.session_id)) is None


@pytest.mark.parametrize(("start", "step", "target"), STEPS)
def test_step_in_another_state_is_rejected(
    context: FakeContext, start: State, step: Step, target: State
) -> None:
    for number, state in enumerate(set(State) - {start, target}):
        session = add_session(context, f"{number}", state=state)
        with pytest.raises(WrongState):
            step(context, session.session_id)
        assert context.sessions.session(session.session_id) == session


def test_concurrent_tabs_take_a_step_once(context: FakeContext) -> None:
    session = add_session(context, state=State.SIGNED_IN)
    context.sessions.before_commit.append(lambda: confirm_info(context, session.session_id))
    with pytest.raises(WrongState):
        confirm_info(context, session.session_id)
    assert context.sessions.session(session.session_id).version == 2


def test_required_second_view_must_be_joined() -> None:
    context = fake_context(build.subject(second_view=Requirement.REQUIRED))
    session = add_session(context, state=State.IDENTITY_VERIFIED)
    with pytest.raises(WrongState) as refusal:
        check_in.confirm_second_view(context, session.session_id)
    assert refusal.value.code == "no_second_view"
    joined = replace(session, version=2, second_view_joined_at=NOW)
    context.sessions.commit(joined)
    assert check_in.confirm_second_view(context, session.session_id).state == "second_view_ready"


def test_start_before_the_window_is_rejected(context: FakeContext) -> None:
    session = add_session(context, state=State.WAITING)
    context.clock.now = NOW - 2 * MINUTE
    with pytest.raises(WrongState) as refusal:
        check_in.start_answering(context, session.session_id)
    assert refusal.value.code == "not_started"


class TestMissingCapturesFromTheStart:
    def test_session_without_a_capture_plan_is_flagged(self, context: FakeContext) -> None:
        session_id = add_session(context, state=State.WAITING).session_id
        check_in.start_answering(context, session_id)
        context.clock.advance(MINUTE)
        assert session_id in context.sessions.due_sessions(context.clock())
        bring_up_to_date(context, session_id)
        [flag] = context.sessions.flags(session_id)
        assert (flag.kind, flag.began_at) == ("no_snapshot", NOW)


class TestSessionControl:
    @pytest.fixture
    def proctor(self, context: FakeContext) -> Staff:
        return context.registry.staff("proctor")

    def test_pause_is_credited(self, context: FakeContext, proctor: Staff) -> None:
        session = add_session(context)
        paused = session_control.pause_session(context, act_by(proctor, session.session_id), "断网")
        assert (paused.state, paused.reason) == (State.PAUSED, "断网")
        context.clock.advance(10 * MINUTE)
        resumed = session_control.resume_session(context, act_by(proctor, session.session_id))
        assert resumed.ends_at == (session.ends_at or 0) + 10 * MINUTE
        assert resumed.reason is None
        audit = context.sessions.audit(session.session_id)
        assert [entry.actor for entry in audit[1:]] == ["proctor:proctor"] * 2
        assert first_break(audit) is None

    def test_pause_is_monitored_and_silence_counts_anew_after_it(
        self, context: FakeContext, proctor: Staff
    ) -> None:
        session_id = add_session(context).session_id
        plan_captures(context, session_id, (PICTURES_FIRST,))
        session_control.pause_session(context, act_by(proctor, session_id), "看一下桌面")
        context.clock.advance(10 * MINUTE)
        bring_up_to_date(context, session_id)
        [silent] = context.sessions.flags(session_id)
        assert (silent.kind, silent.ended_at) == ("no_snapshot", None)
        session_control.resume_session(context, act_by(proctor, session_id))
        record_observation(context, build.observation(session_id, context.clock()))
        resumed_at = context.clock()
        bring_up_to_date(context, session_id)
        context.clock.advance(MINUTE)
        bring_up_to_date(context, session_id)
        [before, after] = context.sessions.flags(session_id)
        assert before.ended_at == resumed_at
        assert (after.kind, after.ended_at) == ("no_snapshot", None)
        assert after.began_at >= resumed_at

    def test_expired_session_cannot_be_paused(self, context: FakeContext, proctor: Staff) -> None:
        session = add_session(context)
        context.clock.now = session.ends_at or 0
        with pytest.raises(WrongState):
            session_control.pause_session(context, act_by(proctor, session.session_id), "reason")
        assert context.sessions.session(session.session_id).state is State.TIMED_OUT

    def test_termination_closes_open_flags(self, context: FakeContext, proctor: Staff) -> None:
        session = add_session(context)
        flag = build.flag(session.session_id)
        monitor = context.sessions.bundle(session.session_id).monitor
        context.sessions.commit(replace(monitor, version=2, open_flags=(flag,)), flag)
        context.clock.advance(SECOND)
        ended = session_control.terminate_session(
            context, act_by(proctor, session.session_id), "代考"
        )
        assert (ended.state, ended.reason) == (State.TERMINATED, "代考")
        assert context.sessions.flags(session.session_id) == [replace(flag, ended_at=NOW + SECOND)]

    def test_detail_shows_the_newest_flag_first(self, context: FakeContext, proctor: Staff) -> None:
        session_id = add_session(context).session_id
        old, new = build.flag(session_id), build.flag(session_id, NOW + MINUTE)
        context.sessions.commit(old)
        context.sessions.commit(new)
        detail = session_control.session_detail(context, proctor, session_id)
        assert detail.flags == [new, old]

    def test_session_of_another_room_is_not_found(self, context: FakeContext) -> None:
        session = add_session(context)
        before = context.sessions.stored_records(session.session_id)
        for name in ("elsewhere", "support"):
            staff = context.registry.staff(name)
            for step in (
                lambda staff: session_control.pause_session(
                    context, act_by(staff, session.session_id), "reason"
                ),
                lambda staff: session_control.resume_session(
                    context, act_by(staff, session.session_id)
                ),
                lambda staff: session_control.terminate_session(
                    context, act_by(staff, session.session_id), "reason"
                ),
                lambda staff: session_control.session_detail(context, staff, session.session_id),
                lambda staff: access.authorized_room(context, staff, build.ROOM),
            ):
                with pytest.raises(NotFound):
                    step(staff)
        assert context.sessions.stored_records(session.session_id) == before

    def test_rooms_are_limited_to_the_staff_member(self, context: FakeContext) -> None:
        room_ids = {
            name: {
                room.room_id for room, _ in access.rooms_for(context, context.registry.staff(name))
            }
            for name in ("proctor", "elsewhere", "admin", "support")
        }
        assert room_ids == {
            "proctor": {build.ROOM},
            "elsewhere": {build.OTHER_ROOM},
            "admin": {build.ROOM, build.OTHER_ROOM},
            "support": set(),
        }


def test_persistent_conflict_is_raised_after_all_attempts() -> None:
    attempts: list[int] = []

    def attempt() -> None:
        attempts.append(1)
        raise Conflict

    with pytest.raises(Conflict):
        retry_on_conflict(attempt)
    assert len(attempts) == MAX_ATTEMPTS
