"""Every cell of state × step."""

import pytest

from chalicelib.domain.errors import WrongState
from chalicelib.domain.sessions.states import (
    FINAL_STATES,
    MONITORED_STATES,
    STATE_NAMES,
    TRANSITIONS,
    Action,
    State,
    next_state,
)

CELLS = [(state, step) for state in State for step in Action]

# Written out once more, by hand: a change of the table is a change here too.
LEGAL = {
    ("signed_in", "confirm_info", "info_confirmed"),
    ("info_confirmed", "agree", "pledged"),
    ("info_confirmed", "decline", "declined"),
    ("pledged", "verify_identity", "identity_verified"),
    ("identity_verified", "ready_second_view", "second_view_ready"),
    ("second_view_ready", "wait", "waiting"),
    ("waiting", "start", "answering"),
    ("answering", "pause", "paused"),
    ("answering", "submit", "submitted"),
    ("answering", "time_out", "timed_out"),
    ("answering", "terminate", "terminated"),
    ("paused", "resume", "answering"),
    ("paused", "time_out", "timed_out"),
    ("paused", "terminate", "terminated"),
}


def test_the_table_is_what_is_meant() -> None:
    table = {(state.value, step.value, to.value) for (state, step), to in TRANSITIONS.items()}
    assert table == LEGAL


@pytest.mark.parametrize(("state", "step"), CELLS)
def test_a_step_leads_where_the_table_says_or_nowhere(state: State, step: Action) -> None:
    leads = {to for one, by, to in LEGAL if (one, by) == (state, step)}
    if leads:
        assert {next_state(state, step)} == leads
    else:
        with pytest.raises(WrongState) as refusal:
            next_state(state, step)
        assert STATE_NAMES[state].zh in refusal.value.text.zh
        assert STATE_NAMES[state].en in refusal.value.text.en


def test_nothing_leaves_a_final_state() -> None:
    assert {state.value for state in FINAL_STATES} == {
        "declined",
        "submitted",
        "timed_out",
        "terminated",
    }
    assert not FINAL_STATES & {state for state, _ in TRANSITIONS}
    assert set(State) - FINAL_STATES == {state for state, _ in TRANSITIONS}


def test_every_state_can_be_reached_and_named() -> None:
    assert set(TRANSITIONS.values()) | {State.SIGNED_IN} == set(State)
    assert STATE_NAMES.keys() == set(State)
    assert not MONITORED_STATES & FINAL_STATES
