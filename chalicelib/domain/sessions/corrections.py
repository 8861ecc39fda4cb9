"""Correcting a candidate's name and numbers, and what that means for their sittings."""

from dataclasses import replace

from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.exams import Candidate
from chalicelib.domain.sessions.sessions import Session, Transition, with_audit
from chalicelib.domain.sessions.states import FINAL_STATES, State
from chalicelib.domain.types import LocalizedText, Millis


class SittingUnderWay(WrongState):
    """The candidate is answering: the record of this sitting names the present numbers."""

    code = "sitting_under_way"
    text = LocalizedText(
        "该考生正在作答，现在更改号码会使本场记录前后不一。请在交卷后再更正。",
        "This candidate is answering. With other numbers now, the record of this sitting would "
        "contradict itself. Correct them after the paper is handed in.",
    )


def is_under_way(session: Session) -> bool:
    """Return whether the candidate is answering, paused in it, or verified again in the middle."""
    return session.place in {State.ANSWERING, State.PAUSED}


def with_corrected_candidate(
    session: Session, candidate: Candidate, now: Millis, actor: str
) -> Transition | None:
    """Return a session that has not begun, with the candidate's corrected name and number.

    None where it needs no change: it has both already, or it ended and is kept as it was.
    """
    is_current = (session.candidate_name, session.admission_number) == (
        candidate.name,
        candidate.admission_number,
    )
    if is_current or session.state in FINAL_STATES:
        return None
    corrected = replace(
        session, candidate_name=candidate.name, admission_number=candidate.admission_number
    )
    return with_audit(corrected, now, actor, "candidate_corrected")
