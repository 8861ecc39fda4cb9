"""Ending a session: the transaction that ends it stores the receipt over its answers.

All ends pass `finalize`: submission, time-out, a person's decision and the page lock's rule.
"""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.exams.papers import AnswerDigest, digest_answers
from chalicelib.domain.sessions.sealing import time_out
from chalicelib.domain.sessions.sessions import Session, Transition
from chalicelib.domain.types import Millis
from chalicelib.services.ports import FunctionContext, Record, SessionBundle


def ending_records(ending: Transition) -> tuple[Record, ...]:
    """Return what is written of an end that changes nothing but its session."""
    return ending.session, ending.entry


def finalize(
    context: FunctionContext,
    bundle: SessionBundle,
    decide: Callable[[AnswerDigest], Transition],
    records: Callable[[Transition], tuple[Record, ...]] = ending_records,
) -> Session:
    """End a session with a digest of all its answers. Raises WrongState, and Conflict to retry.

    `records` returns what is written with the end, the session among it.
    The answer progress is written too, on condition of the version read before the answers: an
    answer saved in between is a conflict, and the retry includes it in the receipt.
    """
    transition = decide(digest_answers(context.sessions.answers(bundle.session.session_id)))
    progress = replace(bundle.progress, version=bundle.progress.version + 1)
    context.sessions.commit(*records(transition), progress)
    return transition.session


def finalize_timed_out(context: FunctionContext, bundle: SessionBundle, now: Millis) -> Session:
    """End a session whose time is up. Raises Conflict to retry."""
    return finalize(context, bundle, lambda digest: time_out(bundle.session, now, digest))
