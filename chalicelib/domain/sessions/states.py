"""A session's states and actions, and the transition table.

    signed_in → info_confirmed → pledged → identity_verified → second_view_ready → waiting
    → answering → submitted

Declining the pledge leaves; the same person may come back and answer it anew. Answering may also end
as timed_out or terminated. A proctor may pause and resume answering; a paused session can time out
or be terminated. From identity_verified on, another device makes the session stand at reverifying,
which remembers the state it came from (its place): verifying the person leads back there, and what a
proctor or the clock does meanwhile happens to the place. Any transition that is not in TRANSITIONS
raises WrongState, and no action leaves a final state; `endings` tells the way back from each.
"""

from enum import StrEnum

from chalicelib.domain.errors import WrongState
from chalicelib.domain.types import LocalizedText


class State(StrEnum):
    """The state of a session."""

    SIGNED_IN = "signed_in"  # the passcode was correct; nothing confirmed yet
    INFO_CONFIRMED = "info_confirmed"  # 个人信息确认: the candidate confirmed the personal data
    PLEDGED = "pledged"  # 承诺书: the candidate agreed
    DECLINED = "declined"  # 承诺书: the candidate did not agree, and left
    IDENTITY_VERIFIED = "identity_verified"  # 拍照核验: matched, or accepted by a proctor
    SECOND_VIEW_READY = "second_view_ready"  # 第二视角: joined, or not required
    WAITING = "waiting"  # in the waiting room, before the exam starts
    ANSWERING = "answering"  # the paper is open and the clock runs
    PAUSED = "paused"  # a proctor stopped the clock
    REVERIFYING = "reverifying"  # 换机核验: on another device, whose person is to be verified
    SUBMITTED = "submitted"  # submitted, with a receipt (final)
    TIMED_OUT = "timed_out"  # the time was up; saved answers count (final)
    TERMINATED = "terminated"  # ended by a proctor, with a reason (final)


class Action(StrEnum):
    """An action that changes a session's state."""

    CONFIRM_INFO = "confirm_info"
    AGREE = "agree"
    DECLINE = "decline"
    COME_BACK = "come_back"
    VERIFY_IDENTITY = "verify_identity"
    READY_SECOND_VIEW = "ready_second_view"
    WAIT = "wait"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"
    SUBMIT = "submit"
    TIME_OUT = "time_out"
    TERMINATE = "terminate"
    CHANGE_DEVICE = "change_device"


VERIFIED_STATES = frozenset(
    {
        State.IDENTITY_VERIFIED,
        State.SECOND_VIEW_READY,
        State.WAITING,
        State.ANSWERING,
        State.PAUSED,
    }
)
"""States after the photo check: another device leads back to it, and from it to the same state."""

TRANSITIONS: dict[tuple[State, Action], State] = {
    (State.SIGNED_IN, Action.CONFIRM_INFO): State.INFO_CONFIRMED,
    (State.INFO_CONFIRMED, Action.AGREE): State.PLEDGED,
    (State.INFO_CONFIRMED, Action.DECLINE): State.DECLINED,
    (State.DECLINED, Action.COME_BACK): State.INFO_CONFIRMED,
    (State.PLEDGED, Action.VERIFY_IDENTITY): State.IDENTITY_VERIFIED,
    (State.IDENTITY_VERIFIED, Action.READY_SECOND_VIEW): State.SECOND_VIEW_READY,
    (State.SECOND_VIEW_READY, Action.WAIT): State.WAITING,
    (State.WAITING, Action.START): State.ANSWERING,
    (State.ANSWERING, Action.PAUSE): State.PAUSED,
    (State.PAUSED, Action.RESUME): State.ANSWERING,
    (State.ANSWERING, Action.SUBMIT): State.SUBMITTED,
    (State.ANSWERING, Action.TIME_OUT): State.TIMED_OUT,
    (State.PAUSED, Action.TIME_OUT): State.TIMED_OUT,
    (State.ANSWERING, Action.TERMINATE): State.TERMINATED,
    (State.PAUSED, Action.TERMINATE): State.TERMINATED,
    **{(state, Action.CHANGE_DEVICE): State.REVERIFYING for state in VERIFIED_STATES},
}

ACTIONS_AT_PLACE = frozenset({Action.PAUSE, Action.RESUME, Action.TIME_OUT, Action.TERMINATE})
"""What may happen to a session's place while its person is verified on another device."""

FINAL_STATES = frozenset({State.SUBMITTED, State.TIMED_OUT, State.TERMINATED})
"""Sealed: nothing leaves them."""
ENDED_STATES = FINAL_STATES | {State.DECLINED}
"""Nobody is in the session: it is sealed, or its candidate left."""
MONITORED_STATES = frozenset({State.WAITING, State.ANSWERING, State.PAUSED})
"""States in which captures are planned. Flags open in ANSWERING, and some of them in PAUSED."""

STATE_NAMES: dict[State, LocalizedText] = {
    State.SIGNED_IN: LocalizedText("已登录", "signed in"),
    State.INFO_CONFIRMED: LocalizedText("信息已确认", "information confirmed"),
    State.PLEDGED: LocalizedText("已签署承诺书", "pledge signed"),
    State.DECLINED: LocalizedText("未同意承诺书", "pledge declined"),
    State.IDENTITY_VERIFIED: LocalizedText("身份已核验", "identity verified"),
    State.SECOND_VIEW_READY: LocalizedText("第二视角就绪", "second view ready"),
    State.WAITING: LocalizedText("等待开考", "waiting"),
    State.ANSWERING: LocalizedText("作答中", "answering"),
    State.PAUSED: LocalizedText("已暂停", "paused"),
    State.REVERIFYING: LocalizedText("换机核验", "verifying again"),
    State.SUBMITTED: LocalizedText("已交卷", "submitted"),
    State.TIMED_OUT: LocalizedText("时间已到", "timed out"),
    State.TERMINATED: LocalizedText("已被终止", "terminated"),
}


def next_state(state: State, action: Action) -> State:
    """Return the state after an action. Raises WrongState if TRANSITIONS does not contain it."""
    try:
        return TRANSITIONS[state, action]
    except KeyError:
        name = STATE_NAMES[state]
        raise WrongState(
            LocalizedText(
                f"当前阶段为“{name.zh}”，不能进行此操作。",
                f"The exam is at the stage «{name.en}», which does not allow this.",
            )
        ) from None
