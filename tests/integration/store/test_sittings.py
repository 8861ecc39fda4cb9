"""The port `SessionStore`: a sitting's attempts, acts of staff, claims; on the fake and the table."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

import pytest

from chalicelib.domain.errors import Conflict, NotFound
from chalicelib.domain.messaging.calls import Calls
from chalicelib.domain.monitoring.claims import Claim
from chalicelib.domain.rules.sign_in_throttling import key_for_number
from chalicelib.domain.sessions.attempts import CurrentAttempt, attempt_id
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.types import MINUTE, Millis
from chalicelib.services.ports import Nonce, SessionStore, StaffAct
from tests.integration.store.conftest import BOTH
from tests.support import builders as build

pytestmark = BOTH


def open_attempt(sessions: SessionStore, sitting_id: str, attempt: int, now: Millis) -> Session:
    session = build.session(
        attempt_id(sitting_id, attempt), room_id=f"room-{sitting_id}", ends_at=now + 60 * MINUTE
    )
    sessions.commit(*build.opening_records(session))
    return sessions.session(session.session_id)


class TestAttempts:
    def test_first_attempt_is_current_while_nothing_is_written(
        self, sessions: SessionStore, unique_id: str
    ) -> None:
        assert sessions.current_attempt(unique_id) == CurrentAttempt(unique_id)

    def test_attempts_follow_each_other(self, sessions: SessionStore, unique_id: str) -> None:
        second = CurrentAttempt(unique_id, attempt=2, version=1)
        sessions.commit(second)
        assert sessions.current_attempt(unique_id) == second
        with pytest.raises(Conflict):
            sessions.commit(second)
        third = CurrentAttempt(unique_id, attempt=3, version=2)
        sessions.commit(third)
        assert sessions.current_attempt(unique_id) == third

    def test_sitting_nobody_signed_in_to_has_no_session(
        self, sessions: SessionStore, unique_id: str
    ) -> None:
        key = key_for_number("exam", unique_id)
        records = sessions.sitting_with_attempts(unique_id, [key])
        assert (records.current, records.bundle, records.calls) == (
            CurrentAttempt(unique_id), None, None,
        )  # fmt: skip
        assert [attempts.failures for attempts in records.attempts.values()] == [0]

    @pytest.mark.parametrize("attempt", [1, 2])
    def test_sitting_is_read_with_its_current_session_and_calls(
        self, sessions: SessionStore, unique_id: str, now: Millis, attempt: int
    ) -> None:
        first = open_attempt(sessions, unique_id, 1, now)
        if attempt > 1:
            open_attempt(sessions, unique_id, attempt, now)
            sessions.commit(CurrentAttempt(unique_id, attempt, version=1))
        session_id = attempt_id(unique_id, attempt)
        calls = Calls(session_id, first.room_id, version=1)
        sessions.commit(calls)
        key = key_for_number("exam", unique_id)
        sessions.count_failure(key, now)
        records = sessions.sitting_with_attempts(unique_id, [key])
        assert records.bundle is not None
        assert records.bundle.session.session_id == session_id == records.current.session_id
        assert records.calls == calls
        assert records.attempts[key.name].failures == 1

    def test_sessions_are_read_in_the_order_asked_for(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        opened = [open_attempt(sessions, unique_id, attempt, now) for attempt in (1, 2)]
        ids = [attempt_id(unique_id, attempt) for attempt in (2, 3, 1)]
        assert sessions.sessions(ids) == opened[::-1]
        assert sessions.sessions([]) == []


class TestCarriedAnswers:
    def test_answers_are_copied_once_and_newer_ones_stay(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        session = open_attempt(sessions, unique_id, 1, now)
        newer = build.answer(unique_id, "q001", 7, "B", at=now)
        sessions.save_answer(newer, session.generation)
        carried = [build.answer(unique_id, f"q{number:03d}", 3, "A") for number in range(95)]
        for _ in range(2):
            sessions.carry_answers(carried)
        stored = {answer.question_id: answer for answer in sessions.answers(unique_id)}
        assert stored.pop("q001") == newer
        assert list(stored.values()) == [
            answer for answer in carried if answer.question_id != "q001"
        ]

    def test_nothing_to_carry_is_no_error(self, sessions: SessionStore, unique_id: str) -> None:
        sessions.carry_answers([])
        assert sessions.answers(unique_id) == []


class TestActs:
    def act(self, unique_id: str) -> StaffAct:
        return StaffAct(unique_id, "act", "proctor:a", "extend", build.NOW, "result")

    def test_act_is_read_by_its_id(self, sessions: SessionStore, unique_id: str) -> None:
        act = self.act(unique_id)
        assert sessions.staff_act(unique_id, "act") is None
        sessions.commit(act)
        assert sessions.staff_act(unique_id, "act") == act
        assert sessions.staff_act(unique_id, "another") is None
        assert sessions.staff_act(f"{unique_id}x", "act") is None

    def test_act_is_written_once_with_what_it_changes(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        session = open_attempt(sessions, unique_id, 1, now)
        act = self.act(unique_id)
        sessions.commit(act)
        later = replace(session, version=2, credit=MINUTE)
        with pytest.raises(Conflict) as conflict:
            sessions.commit(later, replace(act, at=now))
        assert conflict.value.records == (replace(act, at=now),)
        assert sessions.session(unique_id) == session


class TestClaims:
    def claim(self, unique_id: str, now: Millis, session_id: str = "5e55") -> Claim:
        return Claim(f"exam/content/{unique_id}", session_id, "candidate-one", "ADM-one", now)

    def test_first_claim_holds(self, sessions: SessionStore, unique_id: str, now: Millis) -> None:
        first = self.claim(unique_id, now)
        assert sessions.claim(first) == first
        assert sessions.claim(self.claim(unique_id, now + 1, "07e7")) == first
        assert sessions.claim(first) == first
        assert sessions.claim(self.claim(f"{unique_id}x", now, "07e7")).session_id == "07e7"

    def test_one_of_two_concurrent_claims_holds(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        claims = [self.claim(unique_id, now, name) for name in ("one", "two", "three", "four")]
        with ThreadPoolExecutor(len(claims)) as pool:
            holders = list(pool.map(partial(sessions.claim), claims))
        assert len({holder.session_id for holder in holders}) == 1


class TestNonces:
    def test_nonce_is_consumed_once_and_before_it_expires(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        nonce = Nonce(unique_id, "5e55", now + MINUTE)
        sessions.commit(nonce)
        assert sessions.consume_nonce(unique_id, now) == nonce
        with pytest.raises(NotFound):
            sessions.consume_nonce(unique_id, now)
        sessions.commit(replace(nonce, expires_at=now))
        with pytest.raises(NotFound):
            sessions.consume_nonce(unique_id, now)


class TestObservationOfABundle:
    def test_bundle_is_read_with_one_observation(
        self, sessions: SessionStore, unique_id: str, now: Millis
    ) -> None:
        session = open_attempt(sessions, unique_id, 1, now)
        observation = build.observation(unique_id, now)
        bundle, stored = sessions.bundle_with_observation(unique_id, observation.capture_id)
        assert (bundle.session, stored) == (session, None)
        sessions.commit(observation)
        bundle, stored = sessions.bundle_with_observation(unique_id, observation.capture_id)
        assert (bundle, stored) == (sessions.bundle(unique_id), observation)
