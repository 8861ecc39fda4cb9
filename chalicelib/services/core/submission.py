"""Ending: the answers are counted, hashed and receipted in the very write that ends the session."""

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.exams.papers import AnswerDigest, digest_answers
from chalicelib.domain.sessions.sessions import Session, Transition, time_out
from chalicelib.domain.types import Millis
from chalicelib.services.ports import FunctionContext, SessionBundle


def finalize(
    context: FunctionContext, bundle: SessionBundle, decide: Callable[[AnswerDigest], Transition]
) -> Session:
    """End a session over all its answers. Raises WrongState, and Conflict to be tried again.

    The sheet is written too, over the version read before the answers: an answer that was saved in
    between makes this a conflict, and the receipt is made anew with it.
    """
    transition = decide(digest_answers(context.sessions.answers(bundle.session.session_id)))
    progress = replace(bundle.progress, version=bundle.progress.version + 1)
    context.sessions.commit(transition.session, transition.entry, progress)
    return transition.session


def finalize_timed_out(context: FunctionContext, bundle: SessionBundle, now: Millis) -> Session:
    """End a session whose time is up."""
    return finalize(context, bundle, lambda digest: time_out(bundle.session, now, digest))
