"""Every end seals: count, hash and receipt of all answers, by one function that all ends pass.

Handing in, the time's end, a person's decision and the page lock's rule end a session alike. What is
sealed stays: no step leaves a final state, and a way back is a new attempt beside it (`endings`).
"""

import hashlib
from dataclasses import replace

from chalicelib.domain.errors import WrongState
from chalicelib.domain.exams.exams import Subject
from chalicelib.domain.exams.papers import AnswerDigest
from chalicelib.domain.sessions.sessions import Detail, Receipt, Session, Transition, advance
from chalicelib.domain.sessions.states import Action
from chalicelib.domain.types import LocalizedText, Millis

SEALING_ACTIONS = frozenset({Action.SUBMIT, Action.TIME_OUT, Action.TERMINATE})


def seal(
    session: Session,
    ending: Action,
    digest: AnswerDigest,
    now: Millis,
    actor: str,
    *,
    at: Millis | None = None,
    **detail: Detail,
) -> Transition:
    """End a session over its answers. `at` is the receipt's moment, where it is not now.

    Raises WrongState.
    """
    receipt = Receipt(
        receipt_number(session.session_id),
        at or now,
        digest.hash,
        digest.answered,
        session.questions,
    )
    sealed = replace(session, receipt=receipt, ended_by=actor)
    return advance(
        sealed, ending, now, actor, **detail, answers_hash=digest.hash, answered=digest.answered
    )


def earliest_submit_of(session: Session, subject: Subject) -> Millis:
    """Return how long after its start a session may be submitted; a reopened attempt at once."""
    return 0 if session.reopened else subject.earliest_submit


def submit(session: Session, subject: Subject, now: Millis, digest: AnswerDigest) -> Transition:
    """Hand in. Raises WrongState, also where it is too early to."""
    earliest = earliest_submit_of(session, subject)
    if session.started_at is not None and now < session.started_at + earliest:
        raise WrongState(
            LocalizedText("未到允许交卷的时间。", "It is too early to hand in."), "too_early"
        )
    return seal(session, Action.SUBMIT, digest, now, "candidate")


def time_out(session: Session, now: Millis, digest: AnswerDigest) -> Transition:
    """End by time: what was saved counts, and is receipted at the time's end. Raises WrongState."""
    return seal(session, Action.TIME_OUT, digest, now, "system", at=session.ends_at)


def terminate(
    session: Session, now: Millis, actor: str, reason: str, digest: AnswerDigest
) -> Transition:
    """End by a person's decision, or by the page lock's rule, with a reason. Raises WrongState."""
    ended = replace(session, reason=reason)
    return seal(ended, Action.TERMINATE, digest, now, actor, reason=reason)


def receipt_number(session_id: str) -> str:
    """Return the number of a session's receipt."""
    digest = hashlib.sha256(f"receipt/{session_id}".encode()).hexdigest()[:12].upper()
    return f"{digest[:4]}-{digest[4:8]}-{digest[8:]}"
