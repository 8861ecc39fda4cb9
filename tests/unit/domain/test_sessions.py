"""Transitions of a session, and its clock."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.audit import AuditEntry, ChainHead, first_break
from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.papers import AnswerDigest
from chalicelib.domain.rules.findings import FindingKind
from chalicelib.domain.rules.rule_overrides import RuleOverride
from chalicelib.domain.sessions.sealing import submit, terminate
from chalicelib.domain.sessions.session_clock import is_expired, pause, resume, start
from chalicelib.domain.sessions.sessions import (
    join_second_view,
    make_session_id,
    with_audit,
)
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import MINUTE, SECOND, SittingKind
from tests.support import builders as build
from tests.support.builders import NOW

ANSWERING = build.session()
WAITING = build.session(state=State.WAITING, started_at=None, ends_at=None)
WINDOW = build.window("x")
SUBJECT = build.subject()


class TestStart:
    def test_start_sets_the_end_by_the_duration(self) -> None:
        transition = start(WAITING, SUBJECT, WINDOW, NOW)
        started = transition.session
        assert started.state is State.ANSWERING
        assert (started.started_at, started.ends_at) == (NOW, NOW + 90 * MINUTE)
        assert transition.entry.action == "start"
        assert transition.entry.detail == {
            "ends_at": started.ends_at,
            "profile": "standard",
            "adjusted": "",
        }

    def test_start_copies_the_subjects_rules(self) -> None:
        overrides = {
            FindingKind.PHONE: RuleOverride(hits=3),
            FindingKind.BOOK: RuleOverride(on=False),
        }
        strict = replace(SUBJECT, profile="strict", rule_overrides=overrides)
        transition = start(WAITING, strict, WINDOW, NOW)
        assert (transition.session.profile, transition.session.rule_overrides) == (
            "strict",
            overrides,
        )
        assert transition.entry.detail["adjusted"] == "book,phone"

    def test_end_is_not_beyond_the_window(self) -> None:
        late = WINDOW.ends_at - 10 * MINUTE
        assert start(WAITING, SUBJECT, WINDOW, late).session.ends_at == WINDOW.ends_at

    def test_start_before_the_window_is_rejected(self) -> None:
        with pytest.raises(WrongState) as refusal:
            start(WAITING, SUBJECT, WINDOW, WINDOW.starts_at - 1)
        assert refusal.value.code == "not_started"
        start(WAITING, SUBJECT, WINDOW, WINDOW.starts_at)

    def test_second_start_is_rejected(self) -> None:
        with pytest.raises(WrongState):
            start(ANSWERING, SUBJECT, WINDOW, NOW)


class TestPause:
    def test_paused_session_does_not_expire(self) -> None:
        paused = pause(ANSWERING, NOW + MINUTE, "proctor:p", "网络故障").session
        assert (paused.state, paused.paused_at) == (State.PAUSED, NOW + MINUTE)
        assert paused.reason == "网络故障"
        assert paused.wake_at is None
        assert not is_expired(paused, NOW + 1000 * MINUTE)

    @given(st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), max_size=5))
    def test_every_pause_is_fully_credited(self, spans: list[tuple[int, int]]) -> None:
        session, now = ANSWERING, NOW
        for running_for, paused_for in spans:
            now += running_for
            session = pause(session, now, "proctor:p", "reason").session
            now += paused_for
            session = resume(session, now, "proctor:p").session
        credit = sum(paused_for for _, paused_for in spans)
        assert session.credit == credit
        assert session.ends_at == (ANSWERING.ends_at or 0) + credit
        assert session.paused_at is None
        assert session.version == 1 + 2 * len(spans)

    def test_pause_credit_is_audited(self) -> None:
        paused = pause(ANSWERING, NOW, "proctor:p", "reason").session
        entry = resume(paused, NOW + 7 * SECOND, "proctor:p").entry
        assert (entry.action, entry.actor) == ("resume", "proctor:p")
        assert entry.detail == {"credit": 7 * SECOND}

    def test_pause_needs_answering_and_resume_needs_a_pause(self) -> None:
        with pytest.raises(WrongState):
            pause(WAITING, NOW, "proctor:p", "reason")
        with pytest.raises(WrongState):
            resume(ANSWERING, NOW, "proctor:p")


class TestEnd:
    def test_session_expires_at_its_end(self) -> None:
        ends_at = ANSWERING.ends_at or 0
        assert not is_expired(ANSWERING, ends_at - 1)
        assert is_expired(ANSWERING, ends_at)
        assert ANSWERING.wake_at == ends_at

    def test_receipt_contains_count_and_hash_of_the_answers(self) -> None:
        transition = submit(ANSWERING, SUBJECT, NOW + MINUTE, AnswerDigest("f" * 64, 3))
        receipt = transition.session.receipt
        assert receipt is not None
        assert (receipt.at, receipt.answers_hash) == (NOW + MINUTE, "f" * 64)
        assert (receipt.answered, receipt.questions) == (3, 4)
        assert [len(part) for part in receipt.number.split("-")] == [4, 4, 4]
        assert transition.entry.detail == {"answers_hash": "f" * 64, "answered": 3}

    def test_receipt_numbers_of_two_sessions_differ(self) -> None:
        other = replace(ANSWERING, session_id="0the4")
        numbers = {
            receipt.number
            for session in (ANSWERING, other)
            if (receipt := submit(session, SUBJECT, NOW, AnswerDigest("", 0)).session.receipt)
        }
        assert len(numbers) == 2

    def test_submission_before_the_earliest_time_is_rejected(self) -> None:
        slow = replace(SUBJECT, earliest_submit=30 * MINUTE)
        with pytest.raises(WrongState) as refusal:
            submit(ANSWERING, slow, NOW + 30 * MINUTE - 1, AnswerDigest("", 0))
        assert refusal.value.code == "too_early"
        submit(ANSWERING, slow, NOW + 30 * MINUTE, AnswerDigest("", 0))

    def test_running_or_paused_session_can_be_terminated(self) -> None:
        for session in (ANSWERING, pause(ANSWERING, NOW, "proctor:p", "wait").session):
            ended = terminate(session, NOW, "proctor:p", "代考", AnswerDigest("", 0)).session
            assert (ended.state, ended.reason) == (State.TERMINATED, "代考")

    @pytest.mark.parametrize("state", sorted(FINAL_STATES))
    def test_final_session_rejects_every_action(self, state: State) -> None:
        ended = replace(ANSWERING, state=state)
        actions: tuple[Callable[[], object], ...] = (
            lambda: start(ended, SUBJECT, WINDOW, NOW),
            lambda: pause(ended, NOW, "a", "b"),
            lambda: resume(ended, NOW, "a"),
            lambda: submit(ended, SUBJECT, NOW, AnswerDigest("", 0)),
            lambda: terminate(ended, NOW, "a", "b", AnswerDigest("", 0)),
        )
        for action in actions:
            with pytest.raises(WrongState):
                action()


def test_every_change_increases_version_and_chain() -> None:
    session = replace(ANSWERING, head=ChainHead())
    entries: list[AuditEntry] = []
    for number in (1, 2):
        transition = join_second_view(session, build.ORIGIN, NOW + number)
        assert transition.session.version == session.version + 1
        session, entries = transition.session, [*entries, transition.entry]
    transition = with_audit(session, NOW, "system", "test", one=1)
    assert first_break([*entries, transition.entry]) is None
    assert transition.session.head.count == 3


def test_session_id_is_deterministic_and_unique() -> None:
    ids = {
        make_session_id(candidate, subject, kind)
        for candidate in ("a", "b")
        for subject in ("a", "b")
        for kind in SittingKind
    }
    assert len(ids) == 8
    assert all(len(id_) == 24 and int(id_, 16) for id_ in ids)
    assert make_session_id("a", "b", SittingKind.TRIAL) in ids
