"""Every combination of state and action."""

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

CELLS = [(state, action) for state in State for action in Action]

# Repeated by hand: a change of the table must be made here too.
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
    ("declined", "come_back", "info_confirmed"),
    ("identity_verified", "change_device", "reverifying"),
    ("second_view_ready", "change_device", "reverifying"),
    ("waiting", "change_device", "reverifying"),
    ("answering", "change_device", "reverifying"),
    ("paused", "change_device", "reverifying"),
}


def test_transition_table_is_as_intended() -> None:
    table = {(state.value, action.value, to.value) for (state, action), to in TRANSITIONS.items()}
    assert table == LEGAL


@pytest.mark.parametrize(("state", "action"), CELLS)
def test_action_follows_the_table_or_is_rejected(state: State, action: Action) -> None:
    targets = {to for before, by, to in LEGAL if (before, by) == (state, action)}
    if targets:
        assert {next_state(state, action)} == targets
    else:
        with pytest.raises(WrongState) as refusal:
            next_state(state, action)
        assert STATE_NAMES[state].zh in refusal.value.text.zh
        assert STATE_NAMES[state].en in refusal.value.text.en


def test_final_states_have_no_transitions() -> None:
    assert {state.value for state in FINAL_STATES} == {"submitted", "timed_out", "terminated"}
    assert not FINAL_STATES & {state for state, _ in TRANSITIONS}
    # Out of reverifying leads what the session remembers, not the table; see test_device_takeover.
    assert set(State) - FINAL_STATES - {State.REVERIFYING} == {state for state, _ in TRANSITIONS}


def test_every_state_is_reachable_and_has_a_name() -> None:
    assert set(TRANSITIONS.values()) | {State.SIGNED_IN} == set(State)
    assert STATE_NAMES.keys() == set(State)
    assert not MONITORED_STATES & FINAL_STATES
