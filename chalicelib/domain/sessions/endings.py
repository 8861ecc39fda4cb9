"""Every way in which a sitting ends, and the way back from it: no mistake of a person is final.

    how it ended               practice session       official sitting
    pledge declined            sign in again          sign in again, while the window is open
    handed in                  repeat                 reopen
    time was up                repeat                 reopen
    ended by a person          repeat                 reopen
    ended by the lock's rule   repeat                 reopen

Whoever declines the pledge only leaves. A practice session is repeated by the candidate, as often
as wanted. An official one is reopened by an admin with a reason and confirmed by somebody else. Both
ways make a new attempt beside the sealed one, which stays as it is.
"""

from enum import StrEnum

from chalicelib.domain.sessions.sessions import Session
from chalicelib.domain.sessions.states import State
from chalicelib.domain.types import SittingKind


class Ending(StrEnum):
    """How a sitting ended."""

    DECLINED = "declined"
    SUBMITTED = "submitted"
    TIMED_OUT = "timed_out"
    TERMINATED_BY_PERSON = "terminated_by_person"
    TERMINATED_BY_RULE = "terminated_by_rule"


class WayBack(StrEnum):
    """What leads on from an end."""

    SIGN_IN = "sign_in"  # the same session: the pledge is answered anew
    REPEAT = "repeat"  # a new attempt, by the candidate
    REOPEN = "reopen"  # a new attempt, by an admin and a second person


_SEALED = {
    SittingKind.TRIAL: WayBack.REPEAT,
    SittingKind.OFFICIAL: WayBack.REOPEN,
}

WAYS_BACK: dict[tuple[Ending, SittingKind], WayBack] = {
    (ending, kind): WayBack.SIGN_IN if ending is Ending.DECLINED else _SEALED[kind]
    for ending in Ending
    for kind in SittingKind
}

_BY_STATE = {
    State.DECLINED: Ending.DECLINED,
    State.SUBMITTED: Ending.SUBMITTED,
    State.TIMED_OUT: Ending.TIMED_OUT,
}


def ending_of(session: Session) -> Ending | None:
    """Return how a session ended; None while it has not."""
    if session.state is State.TERMINATED:
        by_rule = session.ended_by == "system"
        return Ending.TERMINATED_BY_RULE if by_rule else Ending.TERMINATED_BY_PERSON
    return _BY_STATE.get(session.state)


def way_back(session: Session) -> WayBack | None:
    """Return the way back from a session's end; None where it has none to go, or has gone it."""
    ending = ending_of(session)
    if ending is None or session.superseded_by is not None:
        return None
    return WAYS_BACK[ending, session.kind]
