"""Ending: the answers are counted, hashed and receipted in the very write that ends the session."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.exams.papers import AnswerDigest, digest_answers
from chalicelib.domain.sessions.sessions import Session, Transition, time_out
from chalicelib.domain.types import Millis
from chalicelib.services.ports import FunctionContext, SessionBundle


def finalize(
    world: FunctionContext, whole: SessionBundle, decide: Callable[[AnswerDigest], Transition]
) -> Session:
    """End a session over all its answers. Raises WrongState, and Conflict to be tried again.

    The sheet is written too, over the version read before the answers: an answer that was saved in
    between makes this a conflict, and the receipt is made anew with it.
    """
    change = decide(digest_answers(world.sessions.answers(whole.session.session_id)))
    sheet = replace(whole.progress, version=whole.progress.version + 1)
    world.sessions.commit(change.session, change.entry, sheet)
    return change.session


def finalize_timed_out(world: FunctionContext, whole: SessionBundle, now: Millis) -> Session:
    """End a session whose time is up."""
    return finalize(world, whole, lambda tally: time_out(whole.session, now, tally))
