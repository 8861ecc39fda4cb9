"""Monitoring: capture plans, observations, and the scheduler."""

from dataclasses import replace

import pytest

from chalicelib.domain.audit import first_break
from chalicelib.domain.capture.captures import (
    CLIPS_FIRST,
    LEAD_TIME,
    PICTURES_FIRST,
    PICTURES_SECOND,
)
from chalicelib.domain.errors import Conflict, NotFound, WrongState
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.rules.findings import FindingKind, Observation
from chalicelib.domain.rules.rule_overrides import RuleOverride
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import FINAL_STATES, MONITORED_STATES, State
from chalicelib.domain.types import MINUTE, SECOND, Medium, View
from chalicelib.services.monitoring.capture_plans import plan_captures
from chalicelib.services.monitoring.observations import end_monitoring, record_observation
from chalicelib.services.monitoring.scheduler import bring_up_to_date, run_due_sessions
from tests.support import builders as build
from tests.support.builders import NOW
from tests.support.fake_context import FakeContext, add_session


@pytest.fixture
def session(context: FakeContext) -> Session:
    return add_session(context)


def observe(second: int, *kinds: FindingKind, session_id: str = "5e55") -> Observation:
    return build.observation(session_id, NOW + second * SECOND, *kinds)


ABSENT_THEN_BACK = [
    observe(0, FindingKind.ABSENT),
    observe(5, FindingKind.ABSENT),
    observe(10),
    observe(15),
]


class TestRuleOverrides:
    def test_disabled_flag_type_raises_no_flag(self, context: FakeContext) -> None:
        add_session(context, rule_overrides={FindingKind.ABSENT: RuleOverride(on=False)})
        for observation in ABSENT_THEN_BACK:
            record_observation(context, observation)
        assert context.sessions.flags("5e55") == []

    def test_stricter_rule_opens_a_flag_sooner(self, context: FakeContext) -> None:
        add_session(context, rule_overrides={FindingKind.ABSENT: RuleOverride(hits=1, window=1)})
        record_observation(context, ABSENT_THEN_BACK[0])
        assert [flag.kind for flag in context.sessions.flags("5e55")] == [FindingKind.ABSENT]

    def test_disabled_missing_capture_rule_sets_no_wakeup(self, context: FakeContext) -> None:
        off = RuleOverride(on=False)
        kinds = (FindingKind.NO_SNAPSHOT, FindingKind.CAPTURES_MISSING)
        add_session(context, rule_overrides=dict.fromkeys(kinds, off))
        plan_captures(context, "5e55", (PICTURES_FIRST,))
        assert context.sessions.bundle("5e55").monitor.wake_at is None


class TestPlans:
    def test_plan_holds_pictures_and_clips_in_order(
        self, context: FakeContext, session: Session
    ) -> None:
        plan = plan_captures(context, session.session_id, (PICTURES_FIRST, CLIPS_FIRST))
        assert len(plan.captures) == 12 + 2
        moments = [upload.capture.due_at for upload in plan.captures]
        assert moments == sorted(moments)
        assert (plan.now, plan.next_at) == (NOW, NOW + LEAD_TIME + 50 * SECOND)
        for upload in plan.captures:
            capture, form = upload.capture, upload.form
            sound = capture.medium is Medium.SOUND
            folder = "clips/5e55" if sound else "snapshots/5e55/first"
            ending = "wav" if sound else "jpg"
            assert form.fields["key"] == f"{folder}/{capture.capture_id}.{ending}"
            assert form.content_type == ("audio/wav" if sound else "image/jpeg")
            assert int(form.fields["seconds"]) * SECOND > capture.due_at + capture.length - NOW

    def test_next_plan_continues_the_previous_one(
        self, context: FakeContext, session: Session
    ) -> None:
        first = plan_captures(context, session.session_id, (PICTURES_SECOND,))
        context.clock.now = first.next_at
        second = plan_captures(context, session.session_id, (PICTURES_SECOND,))
        assert second.captures[0].capture.due_at >= first.next_at + 10 * SECOND
        assert second.next_at == first.next_at + MINUTE

    @pytest.mark.parametrize("later", [0, 1, 15, 30])
    def test_reloaded_page_gets_a_plan_from_now(
        self, context: FakeContext, session: Session, later: int
    ) -> None:
        plan_captures(context, session.session_id, (PICTURES_FIRST,))
        context.clock.advance(later * SECOND)
        reloaded = plan_captures(context, session.session_id, (PICTURES_FIRST,))
        assert reloaded.captures[0].capture.due_at < context.clock() + LEAD_TIME + 5 * SECOND

    @pytest.mark.parametrize("state", sorted(set(State) - MONITORED_STATES))
    def test_plan_in_another_state_is_rejected(self, context: FakeContext, state: State) -> None:
        other = add_session(context, "0", state=state)
        with pytest.raises(WrongState):
            plan_captures(context, other.session_id, (PICTURES_FIRST,))

    def test_plan_makes_two_store_calls(self, context: FakeContext, session: Session) -> None:
        context.sessions.calls.clear()
        plan_captures(context, session.session_id, (PICTURES_FIRST, CLIPS_FIRST))
        assert context.sessions.calls == ["bundle", "commit"]


class TestRecording:
    def test_snapshot_makes_three_store_calls(self, context: FakeContext, session: Session) -> None:
        context.sessions.calls.clear()
        record_observation(context, observe(0, FindingKind.ABSENT))
        assert context.sessions.calls == ["bundle", "commit", "commit"]
        assert context.sessions.bundle(session.session_id).monitor.latest[View.FIRST].at == NOW

    def test_opened_and_closed_flags_are_audited(
        self, context: FakeContext, session: Session
    ) -> None:
        for observation in ABSENT_THEN_BACK:
            record_observation(context, observation)
        [flag] = context.sessions.flags(session.session_id)
        assert (flag.kind, flag.began_at, flag.ended_at) == (
            "absent", NOW, NOW + 10 * SECOND,
        )  # fmt: skip
        audit = context.sessions.audit(session.session_id)
        assert [entry.action for entry in audit] == ["signed_in", "flag_opened", "flag_closed"]
        assert first_break(audit) is None
        assert context.sessions.session(session.session_id).version == 3

    def test_several_flags_of_one_picture_are_one_write_with_a_valid_chain(
        self, context: FakeContext, session: Session
    ) -> None:
        for second in (0, 5):
            record_observation(
                context,
                observe(second, FindingKind.ABSENT, FindingKind.PHONE, FindingKind.EXTRA_PERSON),
            )
        assert len(context.sessions.flags(session.session_id)) == 3
        audit = context.sessions.audit(session.session_id)
        assert len(audit) == 4
        assert first_break(audit) is None
        after = context.sessions.session(session.session_id)
        assert (after.version, after.head.count) == (2, 4)

    @pytest.mark.parametrize("position", range(4))
    def test_redelivered_observation_changes_nothing(
        self, context: FakeContext, session: Session, position: int
    ) -> None:
        for observation in ABSENT_THEN_BACK:
            record_observation(context, observation)
        before = context.sessions.stored_records(session.session_id)
        record_observation(context, ABSENT_THEN_BACK[position])
        assert context.sessions.stored_records(session.session_id) == before

    def test_capture_cut_off_between_its_two_writes_is_finished_by_the_redelivery(
        self, context: FakeContext, session: Session
    ) -> None:
        def fail() -> None:
            raise ConnectionError

        context.sessions.before_commit.extend([lambda: None, fail])
        with pytest.raises(ConnectionError):
            record_observation(context, ABSENT_THEN_BACK[0])
        assert context.sessions.observations(session.session_id, limit=9) == []
        applied = context.sessions.bundle(session.session_id).monitor
        record_observation(context, ABSENT_THEN_BACK[0])
        assert context.sessions.observations(session.session_id, limit=9) == [ABSENT_THEN_BACK[0]]
        assert context.sessions.bundle(session.session_id).monitor == applied

    def test_observation_out_of_order_is_stored_without_changing_flags(
        self, context: FakeContext, session: Session
    ) -> None:
        for observation in (observe(0), observe(20)):
            record_observation(context, observation)
        for late in (observe(10, FindingKind.ABSENT), observe(15, FindingKind.ABSENT)):
            record_observation(context, late)
        assert context.sessions.flags(session.session_id) == []
        assert len(context.sessions.observations(session.session_id, limit=9)) == 4
        assert context.sessions.bundle(session.session_id).monitor.latest[View.FIRST].at == (
            NOW + 20 * SECOND
        )

    def test_concurrent_observations_are_both_applied(
        self, context: FakeContext, session: Session
    ) -> None:
        context.sessions.before_commit.append(
            lambda: record_observation(context, observe(0, FindingKind.ABSENT))
        )
        record_observation(context, observe(5, FindingKind.ABSENT))
        assert [flag.kind for flag in context.sessions.flags(session.session_id)] == ["absent"]

    @pytest.mark.parametrize("state", sorted(FINAL_STATES))
    def test_observation_after_the_end_is_stored_without_a_flag(
        self, context: FakeContext, state: State
    ) -> None:
        ended = add_session(context, "0", state=state)
        for second in (0, 5, 5):
            record_observation(context, observe(second, FindingKind.ABSENT, session_id="0"))
        assert len(context.sessions.observations("0", limit=9)) == 2
        assert context.sessions.flags("0") == []
        assert context.sessions.session("0") == ended

    def test_unreadable_observation_is_stored_with_its_reason(
        self, context: FakeContext, session: Session
    ) -> None:
        for second in range(0, 30, 5):
            record_observation(context, replace(observe(second), error="truncated"))
        assert context.sessions.flags(session.session_id) == []
        [newest] = context.sessions.observations(session.session_id, limit=1)
        assert newest.error == "truncated"

    def test_conflict_without_redelivery_is_raised(self, context: FakeContext) -> None:
        session_id = add_session(context, "0").session_id

        def interfere() -> None:
            monitor = context.sessions.bundle(session_id).monitor
            context.sessions.commit(replace(monitor, version=monitor.version + 1))

        context.sessions.before_commit.extend([interfere, lambda: None] * 6)
        with pytest.raises(Conflict):
            record_observation(context, observe(0, session_id="0"))


class TestScheduler:
    def test_session_times_out_once(self, context: FakeContext, session: Session) -> None:
        ends_at = session.ends_at or 0
        context.clock.now = ends_at - 1
        assert run_due_sessions(context) == 0
        context.clock.now = ends_at
        assert run_due_sessions(context) == 1
        ended = context.sessions.session(session.session_id)
        assert ended.state is State.TIMED_OUT
        for _ in range(2):
            bring_up_to_date(context, session.session_id)
        assert run_due_sessions(context) == 0
        assert context.sessions.session(session.session_id) == ended
        actions = [entry.action for entry in context.sessions.audit(session.session_id)]
        assert actions.count("time_out") == 1

    def test_concurrent_schedulers_end_a_session_once(
        self, context: FakeContext, session: Session
    ) -> None:
        context.clock.now = session.ends_at or 0
        context.sessions.before_commit.append(lambda: bring_up_to_date(context, session.session_id))
        bring_up_to_date(context, session.session_id)
        actions = [entry.action for entry in context.sessions.audit(session.session_id)]
        assert actions == ["signed_in", "time_out"]

    def test_time_out_closes_open_flags(self, context: FakeContext, session: Session) -> None:
        for observation in ABSENT_THEN_BACK[:2]:
            record_observation(context, observation)
        context.clock.now = session.ends_at or 0
        run_due_sessions(context)
        [flag] = context.sessions.flags(session.session_id)
        assert flag.ended_at == session.ends_at
        monitor = context.sessions.bundle(session.session_id).monitor
        assert (monitor.open_flags, monitor.wake_at) == ((), None)

    def test_missing_captures_are_flagged_until_a_picture_arrives(
        self, context: FakeContext, session: Session
    ) -> None:
        plan = plan_captures(context, session.session_id, (PICTURES_FIRST,))
        first = plan.captures[0].capture
        wake_at = context.sessions.bundle(session.session_id).monitor.wake_at
        assert wake_at == first.due_at + 40 * SECOND
        context.clock.now = wake_at
        assert run_due_sessions(context) == 1
        assert run_due_sessions(context) == 0
        [flag] = context.sessions.flags(session.session_id)
        assert (flag.kind, flag.began_at, flag.ended_at) == ("no_snapshot", first.due_at, None)
        late = replace(observe(0), captured_at=first.due_at, capture_id=first.capture_id)
        record_observation(context, late)
        [flag] = context.sessions.flags(session.session_id)
        assert flag.ended_at == first.due_at
        actions = [entry.action for entry in context.sessions.audit(session.session_id)]
        assert actions == ["signed_in", "flag_opened", "flag_closed"]

    def test_missing_captures_in_the_waiting_room_raise_no_flag(self, context: FakeContext) -> None:
        session_id = add_session(context, "0", state=State.WAITING).session_id
        plan_captures(context, session_id, (PICTURES_FIRST,))
        context.clock.advance(10 * MINUTE)
        assert run_due_sessions(context) == 0
        bring_up_to_date(context, session_id)
        assert context.sessions.flags(session_id) == []

    def test_failing_session_does_not_hold_up_others(
        self, context: FakeContext, session: Session
    ) -> None:
        context.sessions.commit(MonitorState("0", build.ROOM, 1, wake_at=NOW))
        context.clock.now = session.ends_at or 0
        with pytest.raises(ExceptionGroup) as failures:
            run_due_sessions(context)
        assert [type(exception) for exception in failures.value.exceptions] == [NotFound]
        assert context.sessions.session(session.session_id).state is State.TIMED_OUT

    def test_ending_monitoring_is_idempotent(self, context: FakeContext, session: Session) -> None:
        for observation in ABSENT_THEN_BACK[:2]:
            record_observation(context, observation)
        end_monitoring(context, session.session_id)
        before = context.sessions.stored_records(session.session_id)
        end_monitoring(context, session.session_id)
        assert context.sessions.stored_records(session.session_id) == before
