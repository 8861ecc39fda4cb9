"""The port `SessionStore`, on the fake and on the table."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from chalicelib.domain.audit import ChainHead, append
from chalicelib.domain.capture.cameras import CameraStatus
from chalicelib.domain.errors import Conflict, NotFound, WrongState
from chalicelib.domain.exams.papers import StaleAnswer
from chalicelib.domain.monitoring.monitor_state import MonitorState
from chalicelib.domain.rules.device_changes import MAX_ORIGINS, Origin
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.sign_in_throttling import FailedAttempts, key_for_number
from chalicelib.domain.sessions.attempts import CurrentAttempt
from chalicelib.domain.sessions.sessions import OtherDevice, Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND, Millis
from chalicelib.services.ports import AttemptReset, NewOrigin, Nonce, SessionStore
from tests.integration.store.conftest import BOTH
from tests.support import builders as build

pytestmark = BOTH


@pytest.fixture
def answering(sessions: SessionStore, unique_id: str, now: Millis) -> Session:
    """A session in its own room that ends in an hour."""
    opened = build.opening_records(
        build.session(
            unique_id, room_id=f"room-{unique_id}", created_at=now, ends_at=now + 60 * MINUTE
        )
    )
    sessions.commit(*opened)
    return sessions.session(unique_id)


def newer(session: Session, **changes: Any) -> Session:
    return replace(session, version=session.version + 1, **changes)


class TestCommit:
    def test_records_are_read_as_written(self, sessions: SessionStore, answering: Session) -> None:
        bundle = sessions.bundle(answering.session_id)
        assert bundle.session == answering
        assert (bundle.progress.version, bundle.monitor.version, bundle.identity.version) == (
            1,
            1,
            1,
        )
        assert [entry.number for entry in sessions.audit(answering.session_id)] == [1]

    def test_unknown_records_are_not_found(self, sessions: SessionStore, unique_id: str) -> None:
        for read in (sessions.session, sessions.bundle):
            with pytest.raises(NotFound):
                read(unique_id)
        assert not sessions.answers(unique_id)
        assert not sessions.flags(unique_id)
        assert not sessions.audit(unique_id)

    def test_session_is_created_once(self, sessions: SessionStore, answering: Session) -> None:
        with pytest.raises(Conflict):
            sessions.commit(*build.opening_records(answering))
        with pytest.raises(Conflict):
            sessions.commit(answering)

    def test_stale_version_conflicts(self, sessions: SessionStore, answering: Session) -> None:
        sessions.commit(newer(answering, reason="first"))
        with pytest.raises(Conflict):
            sessions.commit(newer(answering, reason="second"))
        assert sessions.session(answering.session_id).reason == "first"

    def test_skipped_version_conflicts(self, sessions: SessionStore, answering: Session) -> None:
        with pytest.raises(Conflict):
            sessions.commit(newer(newer(answering)))

    def test_change_of_an_unknown_record_conflicts(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        with pytest.raises(Conflict):
            sessions.commit(build.session(unique_id, version=2, ends_at=now + MINUTE))

    def test_commit_is_atomic(self, sessions: SessionStore, answering: Session) -> None:
        bundle = sessions.bundle(answering.session_id)
        entry, _ = append(answering.head, answering.session_id, 1, "system", "test")
        stale = replace(bundle.monitor, version=bundle.monitor.version + 2)
        with pytest.raises(Conflict):
            sessions.commit(newer(answering, reason="half"), entry, stale)
        assert sessions.session(answering.session_id) == answering
        assert len(sessions.audit(answering.session_id)) == 1

    def test_conflict_carries_the_records_whose_condition_failed(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        bundle = sessions.bundle(answering.session_id)
        monitor = replace(bundle.monitor, version=2)
        nonce = Nonce(answering.session_id, answering.session_id, now + MINUTE)
        sessions.commit(nonce)
        for records, failed in (
            ((monitor, nonce), (nonce,)),
            ((nonce,), (nonce,)),
            ((answering, monitor, nonce), (answering, nonce)),
        ):
            with pytest.raises(Conflict) as conflict:
                sessions.commit(*records)
            assert conflict.value.records == failed
        assert sessions.bundle(answering.session_id) == bundle

    def test_camera_status_is_not_found_until_written(
        self, sessions: SessionStore, answering: Session
    ) -> None:
        before = sessions.bundle(answering.session_id).cameras
        assert before == CameraStatus(answering.session_id, answering.room_id)
        first = replace(before, version=1)
        sessions.commit(first)
        with pytest.raises(Conflict):
            sessions.commit(first)
        assert sessions.bundle(answering.session_id).cameras == first
        assert [bundle.session for bundle in sessions.in_room(answering.room_id)] == [answering]

    @pytest.mark.parametrize("part", ["progress", "monitor", "identity"])
    def test_records_of_a_session_have_independent_versions(
        self, sessions: SessionStore, answering: Session, part: str
    ) -> None:
        before = getattr(sessions.bundle(answering.session_id), part)
        after = replace(before, version=2)
        sessions.commit(after)
        with pytest.raises(Conflict):
            sessions.commit(after)
        assert getattr(sessions.bundle(answering.session_id), part) == after

    def test_check_results_require_the_preceding_version(
        self, sessions: SessionStore, unique_id: str
    ) -> None:
        assert sessions.check_results(unique_id).version == 0
        first = build.checks(unique_id)
        sessions.commit(first)
        with pytest.raises(Conflict):
            sessions.commit(first)
        second = replace(first, version=2, results={})
        sessions.commit(second)
        assert sessions.check_results(unique_id) == second

    def test_records_without_version_are_created_once(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        entry, _ = append(answering.head, answering.session_id, now, "system", "test")
        observation = build.observation(answering.session_id, now)
        code = build.join_code(answering.session_id, answering.session_id[:8], now + MINUTE)
        for record in (entry, observation, code):
            sessions.commit(record)
            with pytest.raises(Conflict):
                sessions.commit(record)

    def test_flag_overwrites_the_previous_one(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        flag = build.flag(answering.session_id, now)
        closed = replace(flag, ended_at=now + MINUTE)
        sessions.commit(flag)
        sessions.commit(closed)
        assert sessions.flags(answering.session_id) == [closed]

    def test_one_of_two_concurrent_commits_is_written(
        self, sessions: SessionStore, answering: Session
    ) -> None:
        committed: list[str] = []
        barrier = threading.Barrier(4)

        def write(name: str) -> None:
            barrier.wait()
            try:
                sessions.commit(newer(answering, reason=name))
            except Conflict:
                return
            committed.append(name)

        _run_concurrently([partial(write, name) for name in "abcd"])
        assert [sessions.session(answering.session_id).reason] == committed


def _run_concurrently(acts: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class TestAnswers:
    def test_answer_is_saved_and_counted(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        answer = build.answer(answering.session_id, "q1", 1, "A", at=now)
        two = build.answer(answering.session_id, "q2", 1, "A", "C", at=now + 1)
        sessions.save_answer(answer, 1)
        sessions.save_answer(two, 1)
        assert sessions.answers(answering.session_id) == [answer, two]
        progress = sessions.bundle(answering.session_id).progress
        assert progress.answered == {"q1", "q2"}
        assert (progress.version, progress.saved_at) == (3, now + 1)

    def test_older_sequence_is_stale(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        newest = build.answer(answering.session_id, "q1", 5, "B", at=now)
        sessions.save_answer(newest, 1)
        for older in (build.answer(answering.session_id, "q1", 4, "A", at=now + 1),):
            with pytest.raises(StaleAnswer):
                sessions.save_answer(older, 1)
        assert sessions.answers(answering.session_id) == [newest]
        assert sessions.bundle(answering.session_id).progress.version == 2

    def test_repeated_answer_changes_nothing(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        first = build.answer(answering.session_id, "q1", 1, "A", at=now)
        sessions.save_answer(first, 1)
        sessions.save_answer(replace(first, saved_at=now + SECOND), 1)
        assert sessions.answers(answering.session_id) == [first]
        assert sessions.bundle(answering.session_id).progress.version == 2

    def test_different_value_with_the_same_sequence_is_stale(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        sessions.save_answer(build.answer(answering.session_id, "q1", 1, "A", at=now), 1)
        with pytest.raises(StaleAnswer):
            sessions.save_answer(build.answer(answering.session_id, "q1", 1, "B", at=now), 1)

    def test_answer_from_where_the_device_was_never_seen_is_news(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        answer = build.answer(answering.session_id, "q1", 1, "A", at=now)
        elsewhere = Origin("198.51.100.9", "Chrome")
        sessions.save_answer(answer, 1, elsewhere)  # nothing is known of where it was seen
        known = replace(answering, version=answering.version + 1, origins=(build.ORIGIN,))
        sessions.commit(known)
        sessions.save_answer(replace(answer, sequence=2), 1, build.ORIGIN)
        with pytest.raises(NewOrigin) as news:
            sessions.save_answer(replace(answer, sequence=3), 1, elsewhere)
        assert news.value.session == known
        with pytest.raises(OtherDevice):
            sessions.save_answer(replace(answer, sequence=3), 2, elsewhere)
        sessions.save_answer(replace(answer, sequence=4), 1)
        assert sessions.answers(answering.session_id)[0].sequence == 4

    def test_answer_from_many_places_is_no_news(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        origins = tuple(Origin(f"198.51.100.{n}", "Chrome") for n in range(MAX_ORIGINS))
        sessions.commit(replace(answering, version=answering.version + 1, origins=origins))
        answer = build.answer(answering.session_id, "q1", 1, "A", at=now)
        sessions.save_answer(answer, 1, build.ORIGIN)
        assert sessions.answers(answering.session_id) == [answer]

    def test_answer_can_be_cleared(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        sessions.save_answer(build.answer(answering.session_id, "q1", 1, "A", at=now), 1)
        sessions.save_answer(build.answer(answering.session_id, "q1", 2, at=now), 1)
        assert sessions.bundle(answering.session_id).progress.answered == frozenset()
        assert [answer.value for answer in sessions.answers(answering.session_id)] == [()]

    @pytest.mark.parametrize("state", [state for state in State if state is not State.ANSWERING])
    def test_answer_outside_answering_is_rejected(
        self, sessions: SessionStore, answering: Session, now: Millis, state: State
    ) -> None:
        sessions.commit(newer(answering, state=state))
        with pytest.raises(WrongState):
            sessions.save_answer(build.answer(answering.session_id, "q1", 1, "A", at=now), 1)
        assert sessions.answers(answering.session_id) == []
        assert sessions.bundle(answering.session_id).progress.version == 1

    def test_answer_after_the_end_is_rejected(
        self, sessions: SessionStore, answering: Session
    ) -> None:
        ends_at = answering.ends_at or 0
        sessions.save_answer(build.answer(answering.session_id, "q1", 1, "A", at=ends_at - 1), 1)
        for late in (ends_at, ends_at + 1):
            with pytest.raises(WrongState):
                sessions.save_answer(build.answer(answering.session_id, "q1", 2, "B", at=late), 1)

    def test_answer_without_a_session_is_rejected(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        with pytest.raises(WrongState):
            sessions.save_answer(build.answer(unique_id, "q1", 1, "A", at=now), 1)

    def test_answer_saved_during_submission_conflicts(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        progress = sessions.bundle(answering.session_id).progress
        sessions.save_answer(build.answer(answering.session_id, "q1", 1, "A", at=now), 1)
        with pytest.raises(Conflict):
            sessions.commit(replace(progress, version=progress.version + 1))

    def test_concurrent_tabs_save_the_highest_sequence(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        """Both tabs count up independently; the highest sequence of both is saved in the end."""
        stale_sequences: list[int] = []

        def tab(value: str, sequences: range) -> None:
            for sequence in sequences:
                try:
                    sessions.save_answer(
                        build.answer(answering.session_id, "q1", sequence, value, at=now), 1
                    )
                except StaleAnswer:
                    stale_sequences.append(sequence)

        _run_concurrently([lambda: tab("A", range(1, 12, 2)), lambda: tab("B", range(2, 13, 2))])
        [saved] = sessions.answers(answering.session_id)
        assert (saved.sequence, saved.value) == (12, ("B",))
        assert sessions.bundle(answering.session_id).progress.version == 1 + 12 - len(
            stale_sequences
        )


class TestReading:
    def test_observations_are_read_newest_first(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        observations = [
            build.observation(answering.session_id, now + at * SECOND, FindingKind.ABSENT)
            for at in (3, 1, 2, 4)
        ]
        for observation in observations:
            sessions.commit(observation)
        newest = sessions.observations(answering.session_id, limit=3)
        assert newest == [observations[3], observations[0], observations[2]]

    def test_observations_are_read_by_id(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        observations = [build.observation(answering.session_id, now + at) for at in (2, 1)]
        for observation in observations:
            sessions.commit(observation)
        ids = [*(observation.capture_id for observation in observations), "0000000000001-never"]
        assert sessions.observations_of(answering.session_id, ids) == [
            observations[1],
            observations[0],
        ]
        assert sessions.observations_of(answering.session_id, []) == []

    def test_audit_entries_are_read_in_order(
        self, sessions: SessionStore, answering: Session
    ) -> None:
        head = answering.head
        for number in range(2, 13):
            entry, head = append(head, answering.session_id, number, "system", "test")
            sessions.commit(entry)
        assert [entry.number for entry in sessions.audit(answering.session_id)] == [*range(1, 13)]

    def test_room_lists_complete_sessions(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        second = build.session(
            answering.session_id[::-1], room_id=answering.room_id, ends_at=now + 60 * MINUTE
        )
        elsewhere = build.session(f"{answering.session_id}0", ends_at=now + 60 * MINUTE)
        for session in (second, elsewhere):
            sessions.commit(*build.opening_records(session))
        bundles = {
            bundle.session.session_id: bundle for bundle in sessions.in_room(answering.room_id)
        }
        assert bundles.keys() == {answering.session_id, second.session_id}
        assert bundles[answering.session_id] == sessions.bundle(answering.session_id)

    def test_empty_room_has_no_sessions(self, sessions: SessionStore, unique_id: str) -> None:
        assert sessions.in_room(f"room-{unique_id}") == []


class TestJoinCodes:
    def test_spent_and_expired_codes_are_read_too(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        code = build.join_code(unique_id, unique_id[:8].upper(), now - MINUTE)
        sessions.commit(code)
        sessions.commit(spent := replace(code, version=2, spent=True))
        assert sessions.join_code(code.code) == spent

    def test_unknown_code_is_not_found(self, sessions: SessionStore, unique_id: str) -> None:
        with pytest.raises(NotFound):
            sessions.join_code(unique_id[:8].upper())

    def test_one_of_concurrent_phones_spends_the_code(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        code = build.join_code(unique_id, unique_id[:8].upper(), now + MINUTE)
        sessions.commit(code)
        outcomes: list[bool] = []

        def spend() -> None:
            try:
                sessions.commit(replace(code, version=2, spent=True))
            except Conflict:
                outcomes.append(False)
            else:
                outcomes.append(True)

        _run_concurrently([spend, spend, spend])
        assert sorted(outcomes) == [False, False, True]


class TestWakeups:
    def test_session_is_due_at_its_end(self, sessions: SessionStore, answering: Session) -> None:
        ends_at = answering.ends_at or 0
        assert answering.session_id not in sessions.due_sessions(ends_at - 1)
        assert answering.session_id in sessions.due_sessions(ends_at)

    def test_monitor_state_is_due_at_its_wakeup(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        monitor = MonitorState(
            answering.session_id, answering.room_id, 2, wake_at=(now + 30 * MINUTE)
        )
        sessions.commit(monitor)
        assert answering.session_id not in sessions.due_sessions(now + 30 * MINUTE - 1)
        assert sessions.due_sessions(now + 120 * MINUTE).count(answering.session_id) == 1

    @pytest.mark.parametrize("state", [State.PAUSED, State.SUBMITTED, State.WAITING])
    def test_sessions_that_do_not_run_are_not_due(
        self, sessions: SessionStore, answering: Session, state: State
    ) -> None:
        sessions.commit(newer(answering, state=state))
        assert answering.session_id not in sessions.due_sessions((answering.ends_at or 0) + MINUTE)


def test_current_attempts_of_several_sittings_are_read_together(
    sessions: SessionStore, unique_id: str, now: Millis
) -> None:
    ids = [f"{unique_id}-{number}" for number in range(60)]
    for session_id in ids[:59]:
        sessions.commit(*build.opening_records(build.session(session_id, created_at=now)))
    pointer = CurrentAttempt(ids[1], attempt=2, version=1)
    again = build.session(pointer.session_id, sitting_id=ids[1], attempt=2, created_at=now)
    sessions.commit(*build.opening_records(again), pointer)
    current = sessions.current_sessions(ids)
    assert [session.session_id for session in current] == [ids[0], again.session_id, *ids[2:59]]


def test_audit_chain_survives_storage(sessions: SessionStore, answering: Session) -> None:
    [entry] = sessions.audit(answering.session_id)
    assert ChainHead(entry.number, entry.hash) == answering.head


class TestFailedAttempts:
    """Failed sign-in attempts per throttling key."""

    def test_key_without_failures_has_no_attempts(
        self, sessions: SessionStore, unique_id: str
    ) -> None:
        key = key_for_number("candidate", unique_id)
        assert sessions.session_with_attempts(unique_id, [key]) == (
            None,
            {key.name: FailedAttempts(key.name)},
        )

    def test_failures_are_read_with_the_session(
        self, sessions: SessionStore, answering: Session, now: Millis
    ) -> None:
        key, other = (key_for_number("candidate", answering.session_id, number) for number in "ab")
        for count in (1, 2, 3):
            assert sessions.count_failure(key, now + count) == FailedAttempts(
                key.name, count, now + count
            )
        bundle, attempts = sessions.session_with_attempts(answering.session_id, [key, other])
        assert bundle is not None
        assert bundle.session == answering
        assert attempts == {
            key.name: FailedAttempts(key.name, 3, now + 3),
            other.name: FailedAttempts(other.name),
        }

    def test_count_restarts_after_the_policys_time(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        key = key_for_number("candidate", unique_id)
        sessions.count_failure(key, now)
        sessions.count_failure(key, now + SECOND)
        later = now + SECOND + key.policy.forget_after
        assert sessions.count_failure(key, later).failures == 1

    def test_reset_requires_the_count_that_was_read(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        key = key_for_number("candidate", unique_id)
        outdated = FailedAttempts(key.name)
        sessions.count_failure(key, now)
        with pytest.raises(Conflict):
            sessions.commit(AttemptReset(outdated, now))
        _, attempts = sessions.session_with_attempts(unique_id, [key])
        sessions.commit(AttemptReset(attempts[key.name], now))
        _, attempts = sessions.session_with_attempts(unique_id, [key])
        assert attempts[key.name].failures == 0
        sessions.commit(AttemptReset(attempts[key.name], now))
        assert sessions.count_failure(key, now).failures == 1

    def test_concurrent_failures_are_all_counted(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        key = key_for_number("candidate", unique_id)
        with ThreadPoolExecutor(8) as pool:
            counts = sorted(
                counted.failures
                for counted in pool.map(sessions.count_failure, [key] * 8, [now] * 8)
            )
        assert counts == list(range(1, 9))
