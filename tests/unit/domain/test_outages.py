"""Outage credit, and that unplugging on purpose gains little."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.errors import BadInput
from chalicelib.domain.rules.outages import OutageRule, credit_for, last_seen
from chalicelib.domain.sessions.session_clock import credit_outage, pause
from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import MINUTE, SECOND
from tests.support import builders as build
from tests.support.builders import NOW

RULE = OutageRule()
ANSWERING = build.session(latest_end=NOW + 600 * MINUTE)


@pytest.mark.parametrize(
    ("span", "previous_credit", "credit"),
    [
        (0, 0, 0),
        (RULE.min_outage - 1, 0, 0),
        (RULE.min_outage, 0, RULE.min_outage),
        (5 * MINUTE, 0, 5 * MINUTE),
        (30 * MINUTE, 0, RULE.max_credit),
        (5 * MINUTE, 7 * MINUTE, 3 * MINUTE),
        (5 * MINUTE, RULE.max_credit, 0),
    ],
)
def test_credit_of_one_outage(span: int, previous_credit: int, credit: int) -> None:
    assert credit_for(RULE, span, previous_credit, 90 * MINUTE) == credit


@given(st.lists(st.integers(0, 60 * MINUTE), max_size=8))
def test_total_credit_is_bounded(spans: list[int]) -> None:
    session, now = ANSWERING, NOW
    for span in spans:
        now += span
        transition = credit_outage(session, now - span, now)
        session = transition.session if transition else session
    assert session.outage_credit <= RULE.max_credit
    assert session.ends_at == (ANSWERING.ends_at or 0) + session.credit
    assert session.outage_credit == session.credit


def test_outage_is_audited_and_stored() -> None:
    transition = credit_outage(ANSWERING, NOW + MINUTE, NOW + 4 * MINUTE)
    assert transition is not None
    after = transition.session
    assert after.ends_at == (ANSWERING.ends_at or 0) + 3 * MINUTE
    assert after.outage is not None
    assert (after.outage.began_at, after.outage.credit) == (NOW + MINUTE, 3 * MINUTE)
    assert (transition.entry.actor, transition.entry.action) == ("system", "outage")
    assert transition.entry.detail == {
        "silent": 3 * MINUTE, "credit": 3 * MINUTE, "ends_at": after.ends_at,
    }  # fmt: skip


@pytest.mark.parametrize(("beyond", "credit"), [(False, MINUTE), (True, 5 * MINUTE)])
def test_credit_extends_beyond_the_window_only_if_the_rule_allows(
    *, beyond: bool, credit: int
) -> None:
    ends_at = ANSWERING.ends_at or 0
    session = replace(
        ANSWERING, latest_end=ends_at + MINUTE, outages=OutageRule(beyond_window=beyond)
    )
    transition = credit_outage(session, NOW, NOW + 5 * MINUTE)
    assert transition is not None
    assert transition.session.ends_at == ends_at + credit


def test_end_beyond_the_window_by_a_pause_is_not_shortened() -> None:
    session = replace(ANSWERING, latest_end=(ANSWERING.ends_at or 0) - MINUTE)
    transition = credit_outage(session, NOW, NOW + 5 * MINUTE)
    assert transition is not None
    assert transition.session.ends_at == ANSWERING.ends_at


@pytest.mark.parametrize(
    "session",
    [
        replace(ANSWERING, state=State.WAITING, ends_at=None),
        pause(ANSWERING, NOW, "proctor:p", "reason").session,
        replace(ANSWERING, state=State.SUBMITTED),
    ],
)
def test_no_credit_unless_answering(session: Session) -> None:
    assert credit_outage(session, NOW, NOW + 5 * MINUTE) is None


class TestLastSeen:
    def test_last_contact_counts(self) -> None:
        assert last_seen(NOW, [], NOW + 5 * MINUTE) == NOW

    def test_answer_saved_in_between_counts(self) -> None:
        """A device that stops the pictures but keeps saving answers had no outage."""
        answer_times = [NOW - MINUTE, NOW + 3 * MINUTE]
        assert last_seen(NOW, answer_times, NOW + 5 * MINUTE) == NOW + 3 * MINUTE

    def test_first_answers_after_reconnecting_do_not_count(self) -> None:
        assert last_seen(NOW, [NOW + 290 * SECOND], NOW + 5 * MINUTE) == NOW


class TestTheCeiling:
    @pytest.mark.parametrize(
        ("duration", "percent", "credit"),
        [(90 * MINUTE, 20, 10 * MINUTE), (20 * MINUTE, 20, 4 * MINUTE), (60 * MINUTE, 0, 0)],
    )
    def test_is_a_share_of_the_answering_time(
        self, duration: int, percent: int, credit: int
    ) -> None:
        rule = OutageRule(max_percent=percent)
        assert credit_for(rule, 30 * MINUTE, 0, duration) == credit

    def test_does_not_grow_with_what_was_credited(self) -> None:
        short = replace(ANSWERING, ends_at=NOW + 20 * MINUTE)
        now = NOW
        for _ in range(4):
            now += 3 * MINUTE
            transition = credit_outage(short, now - 3 * MINUTE, now)
            short = transition.session if transition else short
        assert short.outage_credit == 4 * MINUTE

    @pytest.mark.parametrize(
        "change",
        [(MINUTE - 1, 0, 20), (MINUTE, -1, 20), (MINUTE, 0, 101)],
    )
    def test_rule_out_of_bounds_is_refused(self, change: tuple[int, int, int]) -> None:
        min_outage, max_credit, max_percent = change
        with pytest.raises(BadInput):
            OutageRule(min_outage, max_credit, max_percent=max_percent)
